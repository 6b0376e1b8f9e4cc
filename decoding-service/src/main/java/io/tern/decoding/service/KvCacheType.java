package io.tern.decoding.service;

import io.tern.base.TernException;

/** How keys and values of texts are kept. */
enum KvCacheType {
    /** As they are computed. */
    FULL,
    /** As 8-bit integers, in models that are converted. */
    INT8;

    /** @throws TernException INVALID_ARGUMENT for another name than {@code full} and {@code int8} */
    static KvCacheType of(String name) {
        return switch (name) {
            case "full" -> FULL;
            case "int8" -> INT8;
            default -> throw TernException.invalid("tern.decoding.kv-cache", name, "full or int8");
        };
    }
}
