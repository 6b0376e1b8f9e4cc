package io.tern.text.chat;

import io.tern.text.chat.Token.Kind;
import java.util.List;

/** A place in the tokens of a template. Owned by one parse. */
final class Cursor {
    /** Deeper nesting could end the stack; no template needs it. */
    private static final int DEEPEST = 200;

    private final List<Token> tokens;
    private int at;
    private int depth;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    int line() {
        return peek().line();
    }

    boolean takeOperator(String symbol) {
        boolean fits = peek().isOperator(symbol);
        at += fits ? 1 : 0;
        return fits;
    }

    boolean takeName(String name) {
        boolean fits = peek().isName(name);
        at += fits ? 1 : 0;
        return fits;
    }

    Token expect(Kind kind) {
        if (!peek().is(kind)) {
            throw unexpected(kind.toString());
        }
        return next();
    }

    void expectOperator(String symbol) {
        if (!takeOperator(symbol)) {
            throw unexpected(symbol);
        }
    }

    void expectName(String name) {
        if (!takeName(name)) {
            throw unexpected(name);
        }
    }

    TemplateException unexpected(String expected) {
        Token token = peek();
        String found = token.text().isEmpty() ? token.kind().toString() : token.text();
        return new TemplateException(token.line(), found + " (expected: " + expected + ")");
    }

    void enter() {
        if (++depth > DEEPEST) {
            throw new TemplateException(line(), "nested deeper than " + DEEPEST);
        }
    }

    void leave() {
        depth--;
    }
}
