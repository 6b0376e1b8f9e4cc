/**
 * {@code /v1/batches}: the lines of a file, asked one by one as their route would be. Start at
 * {@link io.tern.gateway.batches.Batches}, who runs them, and {@link io.tern.gateway.batches.BatchRun}, one batch's life.
 * What has become of each line lies on disk: its answer first, then an entry in the {@link io.tern.gateway.batches.Journal}.
 */
@NullMarked
package io.tern.gateway.batches;

import org.jspecify.annotations.NullMarked;
