package io.tern.generation.prompt;

import io.tern.generation.prompt.WeightedPrompt.Part;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The notation of A1111's web UI: {@code (a)} is 1.1 times as heavy, {@code [a]} as light, {@code (a:1.3)} 1.3 times; they
 * nest and multiply. {@code \(}, {@code \)}, {@code \[}, {@code \]} and {@code \\} are the characters themselves, as is a
 * closing bracket that closes nothing. What is never closed reaches to the end. Reads one text, from left to right.
 */
final class PromptParser {
    private static final double BRACKET = 1.1;
    private static final String ESCAPED = "()[]\\";
    private static final Pattern WEIGHT = Pattern.compile(":\\s*([+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+))\\s*\\)");

    private final String text;
    private final List<Part> parts = new ArrayList<>();
    private final StringBuilder run = new StringBuilder();
    // Where the parts of each open bracket begin, the innermost last.
    private final Deque<Integer> round = new ArrayDeque<>();
    private final Deque<Integer> square = new ArrayDeque<>();

    PromptParser(String text) {
        this.text = text;
    }

    List<Part> parts() {
        for (int at = 0; at < text.length(); ) {
            at = read(at);
        }
        endRun();
        round.forEach(start -> weigh(start, BRACKET));
        square.forEach(start -> weigh(start, 1 / BRACKET));
        return parts;
    }

    /** Reads what begins there. @return where it ends */
    private int read(int at) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length() && ESCAPED.indexOf(text.charAt(at + 1)) >= 0) {
            run.append(text.charAt(at + 1));
            return at + 2;
        }
        Matcher weight = WEIGHT.matcher(text).region(at, text.length());
        if (c == ':' && !round.isEmpty() && weight.lookingAt()) {
            close(round, Double.parseDouble(weight.group(1)));
            return weight.end();
        }
        if (c == '(') {
            open(round);
        } else if (c == '[') {
            open(square);
        } else if (c == ')' && !round.isEmpty()) {
            close(round, BRACKET);
        } else if (c == ']' && !square.isEmpty()) {
            close(square, 1 / BRACKET);
        } else {
            run.append(c);
        }
        return at + 1;
    }

    private void open(Deque<Integer> brackets) {
        endRun();
        brackets.addLast(parts.size());
    }

    private void close(Deque<Integer> brackets, double factor) {
        endRun();
        weigh(brackets.removeLast(), factor);
    }

    private void endRun() {
        if (!run.isEmpty()) {
            parts.add(new Part(run.toString(), 1));
            run.setLength(0);
        }
    }

    private void weigh(int start, double factor) {
        for (int i = start; i < parts.size(); i++) {
            parts.set(i, new Part(parts.get(i).text(), parts.get(i).weight() * factor));
        }
    }
}
