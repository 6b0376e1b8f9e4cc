package io.tern.wire;

import io.tern.decoding.v1.GenerateResponse;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Turns the events of one decoding stream into the chunks of an OpenAI stream, in order. One thread at a time. */
public interface TextChunks {
    List<ObjectNode> of(GenerateResponse event);
}
