package io.tern.wire.text;

import io.tern.decoding.v1.GenerateResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Turns the events of one decoding stream a choice into the chunks of one OpenAI stream. One thread at a time. */
public interface TextChunks {
    /** @param choice its index */
    List<ObjectNode> of(int choice, GenerateResponse event);
}
