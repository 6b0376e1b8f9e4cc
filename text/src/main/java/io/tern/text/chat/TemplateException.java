package io.tern.text.chat;

/** A template that is wrong, or that asks for what is not built or more than it may use. The caller cannot help it. */
public final class TemplateException extends RuntimeException {
    TemplateException(int line, String message) {
        super("chat template, line " + line + ": " + message);
    }
}
