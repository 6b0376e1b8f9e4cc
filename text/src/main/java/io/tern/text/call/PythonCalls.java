package io.tern.text.call;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Calls that are written as Python: {@code weather(city="Oslo", days=2)}, by lines or in a list, with named literals alone. */
final class PythonCalls {
    private final PythonCursor in;

    private PythonCalls(PythonCursor in) {
        this.in = in;
    }

    /** Empty for what is anything else. */
    static List<Call> parse(String text) {
        try {
            return new PythonCalls(new PythonCursor(text)).calls();
        } catch (PythonCursor.NoLiteralException _) {
            return List.of();
        }
    }

    private List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        boolean list = in.take('[');
        while (calls.isEmpty() || !in.atEnd()) {
            calls.add(printed());
            in.take(list ? ',' : ';');
            if (list && in.take(']')) {
                in.requireEnd();
            }
        }
        return calls;
    }

    /** What is printed is called, too: {@code print(weather(city="Oslo"))}. */
    private Call printed() {
        String name = in.name();
        in.require('(');
        if (!name.equals("print")) {
            return call(name);
        }
        String printed = in.name();
        in.require('(');
        Call inner = call(printed);
        in.require(')');
        return inner;
    }

    private Call call(String name) {
        ObjectNode arguments = JsonCalls.newObject();
        while (!in.take(')')) {
            String argument = in.name();
            in.require('=');
            arguments.set(argument, in.literal());
            if (!in.take(',')) {
                in.require(')');
                break;
            }
        }
        return new Call(name, JsonCalls.written(arguments));
    }
}
