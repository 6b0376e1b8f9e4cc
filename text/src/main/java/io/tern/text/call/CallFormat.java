package io.tern.text.call;

import io.tern.text.MarkedText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a family of models was taught to write calls of tools. All of them write a name and arguments as JSON; what stands
 * around it is theirs.
 */
public enum CallFormat {
    /** Hermes, Qwen 2.5 and 3, SmolLM3; also for those that were taught nothing, and follow when told so. */
    HERMES("<tool_call>\n", "\n</tool_call>", "arguments", List.of(), new HermesCalls()),
    /** Llama 3.1 to 3.3: the object alone is the answer. */
    LLAMA("", "", "parameters", List.of(LlamaCalls.PYTHON_TAG), new LlamaCalls()),
    /** Mistral up to its third tokenizer: a list behind a mark. */
    MISTRAL(MistralCalls.MARK + "[", "]", "arguments", List.of(MistralCalls.MARK), new MistralCalls()),
    /** Mistral since then: mark, name, mark, arguments. */
    MISTRAL_NAMED(
            MistralCalls.MARK + "[",
            "]",
            "arguments",
            List.of(MistralCalls.MARK, MistralCalls.ID, MistralCalls.ARGUMENTS),
            new MistralCalls()) {
        @Override
        public MarkedText opening(String tool) {
            return new MarkedText.Builder()
                    .append(MistralCalls.MARK, true)
                    .append(tool, false)
                    .append(MistralCalls.ARGUMENTS, true)
                    .build();
        }
    },
    /** Gemma 3: a fenced block of code. */
    GEMMA("```tool_code\n", "\n```", "arguments", List.of(), new GemmaCalls());

    private final String opening;
    private final String closing;
    private final String argumentsKey;
    private final List<String> marks;
    private final CallSyntax syntax;

    CallFormat(String opening, String closing, String argumentsKey, List<String> marks, CallSyntax syntax) {
        this.opening = opening;
        this.closing = closing;
        this.argumentsKey = argumentsKey;
        this.marks = marks;
        this.syntax = syntax;
    }

    /** As {@code mistral-named}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@link #HERMES} for a name that nobody has, as a later version may send it. */
    public static CallFormat ofWireName(String name) {
        return Arrays.stream(values())
                .filter(format -> format.wireName().equals(name))
                .findFirst()
                .orElse(HERMES);
    }

    /** What stands before a call's JSON object. */
    public MarkedText opening() {
        return MarkedText.trusted(opening);
    }

    /** What stands before the arguments of a call of this tool. */
    public MarkedText opening(String tool) {
        return new MarkedText.Builder()
                .append(opening, true)
                .append("{\"name\": \"", true)
                .append(tool, false)
                .append("\", \"" + argumentsKey + "\": ", true)
                .build();
    }

    /** What stands behind a call's JSON object. */
    public String closing() {
        return closing;
    }

    /** What the object calls its arguments. */
    public String argumentsKey() {
        return argumentsKey;
    }

    /** Control tokens that are part of calls, where a vocabulary has them. */
    public List<String> marks() {
        return marks;
    }

    CallSyntax syntax() {
        return syntax;
    }
}
