/** Shapes, element types and float tensors: the values that engines compute with and sessions run on. */
@NullMarked
package io.tern.tensor;

import org.jspecify.annotations.NullMarked;
