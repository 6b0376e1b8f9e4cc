/**
 * Side-by-side measurements against peers. Start reading at {@link io.tern.bench.Bench}; what a ratio means is in {@link
 * io.tern.bench.Duel}.
 */
@NullMarked
package io.tern.bench;

import org.jspecify.annotations.NullMarked;
