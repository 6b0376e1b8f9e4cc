/**
 * {@code /v1/files}: what batches read and write, kept on disk. Start at {@link io.tern.gateway.files.FileStore}; uploads and
 * downloads pass in pieces, so that no file is ever whole in memory.
 */
@NullMarked
package io.tern.gateway.files;

import org.jspecify.annotations.NullMarked;
