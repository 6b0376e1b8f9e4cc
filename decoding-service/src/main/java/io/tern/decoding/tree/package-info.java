/** Trees of tokens that one forward of the target verifies (SpecInfer: Miao et al. 2024; Medusa: Cai et al. 2024). */
@NullMarked
package io.tern.decoding.tree;

import org.jspecify.annotations.NullMarked;
