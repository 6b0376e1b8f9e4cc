package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Expressions by recursive descent, from what binds least to what binds most; precedence as in Jinja. */
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
        if (cursor.peek().is(Kind.OPERATOR)
                && COMPARISONS.containsKey(cursor.peek().text())) {
            return COMPARISONS.get(cursor.next().text());
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
        Expression left = join();
        for (Operator operator = operator(SUMS); operator != null; operator = operator(SUMS)) {
            left = new Expression.Binary(operator, left, join(), left.line());
        }
        return left;
    }

    private Expression join() {
        Expression left = product();
        for (Operator operator = operator(JOINS); operator != null; operator = operator(JOINS)) {
            left = new Expression.Binary(operator, left, product(), left.line());
        }
        return left;
    }

    private Expression product() {
        Expression left = unary();
        for (Operator operator = operator(PRODUCTS); operator != null; operator = operator(PRODUCTS)) {
            left = new Expression.Binary(operator, left, unary(), left.line());
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
            value = postfix(primary());
        }
        cursor.leave();
        return value;
    }

    private Expression filter(Expression input) {
        Token name = cursor.expect(Kind.NAME);
        Filters filter = Filters.named(name.text())
                .orElseThrow(() -> new TemplateException(name.line(), "filter: " + name.text() + " is not supported"));
        Expression.Arguments arguments = cursor.takeOperator("(") ? arguments() : Expression.Arguments.NONE;
        return postfix(new Expression.Filter(input, filter, arguments, name.line()));
    }

    private Expression test(Expression input) {
        boolean negated = cursor.takeName("not");
        Token name = cursor.expect(Kind.NAME);
        Tests test = Tests.named(name.text())
                .orElseThrow(() -> new TemplateException(name.line(), "test: " + name.text() + " is not supported"));
        return new Expression.Test(input, test, negated, name.line());
    }

    private Expression postfix(Expression start) {
        Expression value = start;
        while (true) {
            int line = cursor.line();
            if (cursor.takeOperator(".")) {
                value = new Expression.Attribute(value, cursor.expect(Kind.NAME).text(), line);
            } else if (cursor.takeOperator("[")) {
                value = subscript(value, line);
            } else if (cursor.takeOperator("(")) {
                value = new Expression.Call(value, arguments(), line);
            } else {
                return value;
            }
        }
    }

    private Expression subscript(Expression object, int line) {
        Expression start = cursor.peek().isOperator(":") ? null : expression();
        if (start != null && cursor.takeOperator("]")) {
            return new Expression.Item(object, start, line);
        }
        cursor.expectOperator(":");
        Expression stop = endsBound() ? null : expression();
        Expression step = cursor.takeOperator(":") && !endsBound() ? expression() : null;
        cursor.expectOperator("]");
        return new Expression.Slice(object, start, stop, step, line);
    }

    private boolean endsBound() {
        return cursor.peek().isOperator(":") || cursor.peek().isOperator("]");
    }

    private Expression.Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!cursor.takeOperator(")")) {
            if (cursor.peek().is(Kind.NAME) && cursor.peek(1).isOperator("=")) {
                String name = cursor.next().text();
                cursor.next();
                named.put(name, expression());
            } else if (named.isEmpty()) {
                positional.add(expression());
            } else {
                throw cursor.unexpected("name=value");
            }
            endOfItem(")");
        }
        return new Expression.Arguments(List.copyOf(positional), named);
    }

    private void endOfItem(String close) {
        if (!cursor.takeOperator(",") && !cursor.peek().isOperator(close)) {
            throw cursor.unexpected(", or " + close);
        }
    }

    private Expression primary() {
        Token token = cursor.next();
        int line = token.line();
        return switch (token.kind()) {
            case STRING -> new Expression.Literal(Value.Text.trusted(joinedStrings(token.text())), line);
            case INTEGER -> new Expression.Literal(new Value.Whole(whole(token)), line);
            case FLOAT -> new Expression.Literal(new Value.Real(Double.parseDouble(token.text())), line);
            case NAME -> name(token);
            case OPERATOR -> bracketed(token);
            default -> throw new TemplateException(line, token.kind() + " (expected: a value)");
        };
    }

    /** Strings side by side are one. */
    private String joinedStrings(String first) {
        StringBuilder joined = new StringBuilder(first);
        while (cursor.peek().is(Kind.STRING)) {
            joined.append(cursor.next().text());
        }
        return joined.toString();
    }

    private static long whole(Token token) {
        try {
            return Long.parseLong(token.text());
        } catch (NumberFormatException e) {
            throw new TemplateException(token.line(), "number: " + token.text() + " (expected: below 2^63)");
        }
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> new Expression.Literal(new Value.Bool(true), token.line());
            case "false", "False" -> new Expression.Literal(new Value.Bool(false), token.line());
            case "none", "None" -> new Expression.Literal(Value.None.INSTANCE, token.line());
            default -> new Expression.Name(token.text(), token.line());
        };
    }

    private Expression bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> parenthesised(open.line());
            case "[" -> new Expression.ListOf(items("]"), open.line());
            case "{" -> map(open.line());
            default -> throw new TemplateException(open.line(), open.text() + " (expected: a value)");
        };
    }

    private Expression parenthesised(int line) {
        if (cursor.takeOperator(")")) {
            return new Expression.ListOf(List.of(), line);
        }
        Expression first = expression();
        if (cursor.takeOperator(")")) {
            return first;
        }
        cursor.expectOperator(",");
        List<Expression> items = new ArrayList<>(List.of(first));
        items.addAll(items(")"));
        return new Expression.ListOf(List.copyOf(items), line);
    }

    private List<Expression> items(String close) {
        List<Expression> items = new ArrayList<>();
        while (!cursor.takeOperator(close)) {
            items.add(expression());
            endOfItem(close);
        }
        return List.copyOf(items);
    }

    private Expression map(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!cursor.takeOperator("}")) {
            keys.add(expression());
            cursor.expectOperator(":");
            values.add(expression());
            endOfItem("}");
        }
        return new Expression.MapOf(List.copyOf(keys), List.copyOf(values), line);
    }
}
