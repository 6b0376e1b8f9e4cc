/** Errors as clients see them: one value, two JSON shapes, and the mappings that lead to it. */
@NullMarked
package io.tern.gateway.problem;

import org.jspecify.annotations.NullMarked;
