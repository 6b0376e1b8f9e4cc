package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Operators by recursive descent, from what binds least to what binds most; precedence as in Jinja. What they stand
 * between is read by {@link OperandParser}.
 */
record ExpressionParser(Cursor cursor) {
    private static final Map<String, Operator> COMPARISONS = Map.of(
            "==",
            Operator.EQUAL,
            "!=",
            Operator.NOT_EQUAL,
            "<",
            Operator.LESS,
            "<=",
            Operator.LESS_OR_EQUAL,
            ">",
            Operator.GREATER,
            ">=",
            Operator.GREATER_OR_EQUAL);
    /** Names behind a test that go on with the expression. */
    private static final Set<String> AFTER_TEST = Set.of("else", "or", "and", "is", "if", "in", "not");

    private static final Map<String, Operator> SUMS = Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
    private static final Map<String, Operator> JOINS = Map.of("~", Operator.CONCATENATE);
    private static final Map<String, Operator> PRODUCTS =
            Map.of("*", Operator.MULTIPLY, "/", Operator.DIVIDE, "//", Operator.FLOOR_DIVIDE, "%", Operator.MODULO);

    /** {@code a if b else c} and all below. */
    Expression expression() {
        cursor.enter();
        Expression value = or();
        while (cursor.peek().isName("if")) {
            int line = cursor.next().line();
            Expression condition = or();
            Expression otherwise = cursor.takeName("else") ? expression() : null;
            value = new Expression.Conditional(condition, value, otherwise, line);
        }
        cursor.leave();
        return value;
    }

    /** What a loop runs over: its {@code if} is the loop's own. */
    Expression withoutCondition() {
        return or();
    }

    /** {@code a, b} is a list. */
    Expression tuple() {
        Expression first = expression();
        if (!cursor.peek().isOperator(",")) {
            return first;
        }
        List<Expression> items = new ArrayList<>(List.of(first));
        while (cursor.takeOperator(",")) {
            items.add(expression());
        }
        return new Expression.ListOf(List.copyOf(items), first.line());
    }

    private Expression or() {
        Expression left = and();
        while (cursor.peek().isName("or")) {
            int line = cursor.next().line();
            left = new Expression.Or(left, and(), line);
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (cursor.peek().isName("and")) {
            int line = cursor.next().line();
            left = new Expression.And(left, not(), line);
        }
        return left;
    }

    private Expression not() {
        if (!cursor.peek().isName("not")) {
            return comparison();
        }
        cursor.enter();
        int line = cursor.next().line();
        Expression negation = new Expression.Not(not(), line);
        cursor.leave();
        return negation;
    }

    /** {@code a < b < c} is a chain: both comparisons must hold. */
    private Expression comparison() {
        Expression left = sum();
        @Nullable Expression chain = null;
        for (Operator operator = comparisonOperator(); operator != null; operator = comparisonOperator()) {
            int line = cursor.line();
            Expression right = sum();
            Expression one = new Expression.Binary(operator, left, right, line);
            chain = chain == null ? one : new Expression.And(chain, one, line);
            left = right;
        }
        return chain == null ? left : chain;
    }

    private @Nullable Operator comparisonOperator() {
        Operator symbol = operator(COMPARISONS);
        if (symbol != null) {
            return symbol;
        }
        if (cursor.takeName("in")) {
            return Operator.IN;
        }
        if (cursor.peek().isName("not") && cursor.peek(1).isName("in")) {
            cursor.next();
            cursor.next();
            return Operator.NOT_IN;
        }
        return null;
    }

    private Expression sum() {
        return chain(SUMS, this::join);
    }

    private Expression join() {
        return chain(JOINS, this::product);
    }

    private Expression product() {
        return chain(PRODUCTS, this::unary);
    }

    /** Operators of one rank, from left to right. */
    private Expression chain(Map<String, Operator> operators, Supplier<Expression> operand) {
        Expression left = operand.get();
        for (Operator operator = operator(operators); operator != null; operator = operator(operators)) {
            left = new Expression.Binary(operator, left, operand.get(), left.line());
        }
        return left;
    }

    private @Nullable Operator operator(Map<String, Operator> operators) {
        Token token = cursor.peek();
        return token.is(Kind.OPERATOR) && operators.containsKey(token.text())
                ? operators.get(cursor.next().text())
                : null;
    }

    /** A sign binds less than dots and brackets, but more than filters and tests. */
    private Expression unary() {
        Expression value = signed();
        while (cursor.peek().isOperator("|") || cursor.peek().isName("is")) {
            value = cursor.next().isOperator("|") ? filter(value) : test(value);
        }
        return value;
    }

    private Expression signed() {
        cursor.enter();
        int line = cursor.line();
        Expression value;
        if (cursor.takeOperator("-")) {
            value = new Expression.Negative(signed(), line);
        } else if (cursor.takeOperator("+")) {
            value = signed();
        } else {
            value = operands().operand();
        }
        cursor.leave();
        return value;
    }

    private OperandParser operands() {
        return new OperandParser(cursor, this);
    }

    private Expression filter(Expression input) {
        Token name = cursor.expect(Kind.NAME);
        Filter filter = Filter.named(name.text())
                .orElseThrow(() -> new TemplateException(name.line(), "filter: " + name.text() + " is not supported"));
        Expression.Arguments arguments = cursor.takeOperator("(") ? operands().arguments() : Expression.Arguments.NONE;
        return operands().postfix(new Expression.Filtered(input, name.text(), filter, arguments, name.line()));
    }

    private Expression test(Expression input) {
        boolean negated = cursor.takeName("not");
        Token name = cursor.expect(Kind.NAME);
        Tests test = Tests.named(name.text())
                .orElseThrow(() -> new TemplateException(name.line(), "test: " + name.text() + " is not supported"));
        return new Expression.Test(input, test, testArguments(), negated, name.line());
    }

    /** In brackets, or one operand without them. */
    private Expression.Arguments testArguments() {
        if (cursor.takeOperator("(")) {
            return operands().arguments();
        }
        Token next = cursor.peek();
        boolean operand = switch (next.kind()) {
            case STRING, INTEGER, FLOAT -> true;
            case NAME -> !AFTER_TEST.contains(next.text());
            case OPERATOR -> next.isOperator("[") || next.isOperator("{");
            default -> false;
        };
        return operand ? new Expression.Arguments(List.of(operands().operand()), Map.of()) : Expression.Arguments.NONE;
    }
}
