package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What operators stand between: names, literals and brackets, with the dots, items and calls behind them. */
record OperandParser(Cursor cursor, ExpressionParser expressions) {

    Expression operand() {
        return postfix(primary());
    }

    Expression postfix(Expression start) {
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
        Expression start = cursor.peek().isOperator(":") ? null : expressions.expression();
        if (start != null && cursor.takeOperator("]")) {
            return new Expression.Item(object, start, line);
        }
        cursor.expectOperator(":");
        Expression stop = endsBound() ? null : expressions.expression();
        Expression step = cursor.takeOperator(":") && !endsBound() ? expressions.expression() : null;
        cursor.expectOperator("]");
        return new Expression.Slice(object, start, stop, step, line);
    }

    private boolean endsBound() {
        return cursor.peek().isOperator(":") || cursor.peek().isOperator("]");
    }

    Expression.Arguments arguments() {
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!cursor.takeOperator(")")) {
            if (cursor.peek().is(Kind.NAME) && cursor.peek(1).isOperator("=")) {
                String name = cursor.next().text();
                cursor.next();
                named.put(name, expressions.expression());
            } else if (named.isEmpty()) {
                positional.add(expressions.expression());
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
        Expression first = expressions.expression();
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
            items.add(expressions.expression());
            endOfItem(close);
        }
        return List.copyOf(items);
    }

    private Expression map(int line) {
        List<Expression> keys = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!cursor.takeOperator("}")) {
            keys.add(expressions.expression());
            cursor.expectOperator(":");
            values.add(expressions.expression());
            endOfItem("}");
        }
        return new Expression.MapOf(List.copyOf(keys), List.copyOf(values), line);
    }
}
