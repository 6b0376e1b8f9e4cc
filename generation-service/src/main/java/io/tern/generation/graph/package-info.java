/**
 * The files of a model's folder: its configurations, and its graphs, of which equal ones are loaded once. A graph is checked
 * against what will be bound to it ({@link io.tern.generation.graph.GraphFile}) and runs in memory of its own ({@link
 * io.tern.generation.graph.BoundGraph}) where {@link io.tern.generation.graph.Inference} says.
 */
@NullMarked
package io.tern.generation.graph;

import org.jspecify.annotations.NullMarked;
