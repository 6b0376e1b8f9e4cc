package io.tern.gateway.batches;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line that was read.
 *
 * @param line its number
 * @param model that it names; null: none, or none that could be a name
 */
record LineRequest(int line, String customId, @Nullable String model, ObjectNode body) {}
