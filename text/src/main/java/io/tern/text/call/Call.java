package io.tern.text.call;

/**
 * A call of a tool as a model has written it.
 *
 * @param arguments a JSON object as text, or what has come of one
 */
public record Call(String name, String arguments) {}
