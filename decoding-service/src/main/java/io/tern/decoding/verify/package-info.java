/**
 * Which drafted tokens stand ({@link io.tern.decoding.verify.Acceptance}). Speculative decoding: Leviathan et al. 2023;
 * Chen et al. 2023.
 */
@NullMarked
package io.tern.decoding.verify;

import org.jspecify.annotations.NullMarked;
