package io.tern.wire;

import tools.jackson.databind.node.ObjectNode;

/** One server-sent event: its name and its data. */
public record NamedEvent(String name, ObjectNode data) {}
