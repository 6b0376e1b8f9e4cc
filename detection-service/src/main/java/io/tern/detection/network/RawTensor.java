package io.tern.detection.network;

import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.MemorySegment;

/**
 * Elements of any type.
 *
 * @param data little-endian, outermost dimension first, without gaps; each string behind its length in four bytes
 */
public record RawTensor(ElementType type, Shape shape, MemorySegment data) {}
