package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Statements of a template. Everything that is not supported is refused here, before a template is used. */
final class Parser {
    private final Cursor cursor;
    private final ExpressionParser expressions;
    /** How many loops the place is in. */
    private int loops;

    private Parser(List<Token> tokens) {
        cursor = new Cursor(tokens);
        expressions = new ExpressionParser(cursor);
    }

    /** @throws TemplateException if the template is wrong or uses what is not supported */
    static List<Statement> parse(List<Token> template) {
        Parser parser = new Parser(template);
        List<Statement> statements = parser.statements(Set.of());
        if (!parser.cursor.peek().is(Kind.END)) {
            throw parser.cursor.unexpected("no end of a block that has not begun");
        }
        return statements;
    }

    /** Up to a block tag with one of these names, whose opening has been read then. */
    private List<Statement> statements(Set<String> ends) {
        cursor.enter();
        List<Statement> statements = new ArrayList<>();
        while (!cursor.peek().is(Kind.END)) {
            Token token = cursor.next();
            if (token.is(Kind.DATA)) {
                statements.add(new Statement.Data(token.text()));
            } else if (token.is(Kind.OUTPUT_BEGIN)) {
                statements.add(new Statement.Output(expressions.tuple()));
                cursor.expect(Kind.OUTPUT_END);
            } else if (ends.contains(cursor.peek().text())) {
                cursor.leave();
                return List.copyOf(statements);
            } else {
                statements.add(block());
            }
        }
        if (!ends.isEmpty()) {
            throw cursor.unexpected("one of " + ends.stream().sorted().toList());
        }
        cursor.leave();
        return List.copyOf(statements);
    }

    private Statement block() {
        Token name = cursor.expect(Kind.NAME);
        return switch (name.text()) {
            case "if" -> condition();
            case "for" -> loop(name.line());
            case "set" -> set(name.line());
            case "macro" -> macro(name.line());
            case "generation" -> generation();
            case "break", "continue" -> leave(name);
            default ->
                throw new TemplateException(
                        name.line(),
                        "tag: " + name.text() + " (expected: for, if, set, macro, generation, break or continue)");
        };
    }

    private Statement condition() {
        Expression condition = expressions.tuple();
        cursor.expect(Kind.BLOCK_END);
        List<Statement> then = statements(Set.of("elif", "else", "endif"));
        if (cursor.takeName("elif")) {
            cursor.enter();
            Statement rest = condition();
            cursor.leave();
            return new Statement.If(condition, then, List.of(rest));
        }
        return new Statement.If(condition, then, otherwise("endif"));
    }

    private Statement loop(int line) {
        List<String> names = names();
        cursor.expectName("in");
        Expression items = expressions.withoutCondition();
        Expression filter = cursor.takeName("if") ? expressions.expression() : null;
        cursor.expect(Kind.BLOCK_END);
        loops++;
        List<Statement> body = statements(Set.of("else", "endfor"));
        loops--;
        return new Statement.For(names, items, filter, body, otherwise("endfor"), line);
    }

    private List<Statement> otherwise(String end) {
        List<Statement> statements = List.of();
        if (cursor.takeName("else")) {
            cursor.expect(Kind.BLOCK_END);
            statements = statements(Set.of(end));
        }
        endBlock(end);
        return statements;
    }

    private Statement set(int line) {
        if (cursor.peek(1).isOperator(".")) {
            String namespace = cursor.expect(Kind.NAME).text();
            cursor.expectOperator(".");
            String attribute = cursor.expect(Kind.NAME).text();
            cursor.expectOperator("=");
            return new Statement.SetAttribute(namespace, attribute, assigned(), line);
        }
        List<String> names = names();
        if (cursor.takeOperator("=")) {
            return new Statement.Set(names, assigned(), line);
        }
        cursor.expect(Kind.BLOCK_END);
        List<Statement> body = statements(Set.of("endset"));
        endBlock("endset");
        return new Statement.SetBlock(names.getFirst(), body);
    }

    private Statement leave(Token name) {
        if (loops == 0) {
            throw new TemplateException(name.line(), name.text() + " (expected: within a loop)");
        }
        cursor.expect(Kind.BLOCK_END);
        return new Statement.Leave(name.text().equals("break"), name.line());
    }

    /** Marks what an assistant has said, for training; it is written like all else. */
    private Statement generation() {
        cursor.expect(Kind.BLOCK_END);
        List<Statement> body = statements(Set.of("endgeneration"));
        endBlock("endgeneration");
        return new Statement.If(new Expression.Literal(new Value.Bool(true), cursor.line()), body, List.of());
    }

    private Statement macro(int line) {
        String name = cursor.expect(Kind.NAME).text();
        cursor.expectOperator("(");
        List<String> parameters = new ArrayList<>();
        Map<String, Expression> absent = new LinkedHashMap<>();
        while (!cursor.takeOperator(")")) {
            String parameter = cursor.expect(Kind.NAME).text();
            parameters.add(parameter);
            if (cursor.takeOperator("=")) {
                absent.put(parameter, expressions.expression());
            }
            if (!cursor.peek().isOperator(")")) {
                cursor.expectOperator(",");
            }
        }
        cursor.expect(Kind.BLOCK_END);
        int outside = loops;
        loops = 0;
        List<Statement> body = statements(Set.of("endmacro"));
        loops = outside;
        endBlock("endmacro");
        return new Statement.Macro(name, List.copyOf(parameters), absent, body, line);
    }

    private Expression assigned() {
        Expression value = expressions.tuple();
        cursor.expect(Kind.BLOCK_END);
        return value;
    }

    /** {@code a} or {@code a, b} or {@code (a, b)}. */
    private List<String> names() {
        boolean bracketed = cursor.takeOperator("(");
        List<String> names = new ArrayList<>();
        do {
            names.add(cursor.expect(Kind.NAME).text());
        } while (cursor.takeOperator(","));
        if (bracketed) {
            cursor.expectOperator(")");
        }
        return List.copyOf(names);
    }

    private void endBlock(String name) {
        cursor.expectName(name);
        cursor.expect(Kind.BLOCK_END);
    }
}
