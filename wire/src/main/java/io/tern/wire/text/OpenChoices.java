package io.tern.wire.text;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.Started;
import io.tern.decoding.v1.Step;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** The choices of a stream, of which each ends when it does. One thread at a time. */
final class OpenChoices {
    private final int count;
    private final StreamUsage usage;
    /** By choice: what they have taken so far. */
    private final int[] promptTokens;

    private final int[] completionTokens;
    private final SortedMap<Integer, Finished> finished = new TreeMap<>();

    OpenChoices(TextRequest request) {
        this.count = request.choices().size();
        this.usage = request.usage();
        this.promptTokens = new int[count];
        this.completionTokens = new int[count];
    }

    void start(int choice, Started event) {
        promptTokens[choice] = event.getPromptTokens();
    }

    void step(int choice, Step event) {
        completionTokens[choice] += event.getTokensCount();
    }

    /** What a chunk of this choice says of the usage. */
    void putUsage(ObjectNode chunk, int choice) {
        switch (usage) {
            case NONE -> {}
            case AT_END -> chunk.putNull("usage");
            case CONTINUOUS -> chunk.set("usage", TextJson.usage(promptTokens[choice], completionTokens[choice]));
        }
    }

    void finish(int choice, Finished event) {
        finished.put(choice, event);
    }

    boolean allFinished() {
        return finished.size() == count;
    }

    /** In the order of the choices. */
    List<Finished> finished() {
        return List.copyOf(finished.values());
    }
}
