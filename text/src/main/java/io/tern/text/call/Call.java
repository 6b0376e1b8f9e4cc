package io.tern.text.call;

import java.util.List;
import java.util.Optional;

/**
 * A call of a tool as a model has written it.
 *
 * @param arguments a JSON object as text
 */
public record Call(String name, String arguments) {
    /** Of an object with a name and arguments; empty for anything else. */
    public static Optional<Call> ofJson(String json) {
        List<Call> calls = JsonCalls.parse(json);
        return calls.size() == 1 ? Optional.of(calls.getFirst()) : Optional.empty();
    }
}
