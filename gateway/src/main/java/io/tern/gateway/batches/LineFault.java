package io.tern.gateway.batches;

import org.jspecify.annotations.Nullable;

/**
 * Why a file is no batch.
 *
 * @param code OpenAI's word where it has one
 * @param message with the value and what was expected
 * @param param the line's field, as {@code body.temperature}; null: the line or the file as a whole
 * @param line counted from 1; null: the file as a whole
 */
record LineFault(
        String code,
        String message,
        @Nullable String param,
        @Nullable Integer line) {}
