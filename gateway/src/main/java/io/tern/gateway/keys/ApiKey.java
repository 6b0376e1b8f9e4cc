package io.tern.gateway.keys;

/**
 * A caller's key; the key itself is not kept.
 *
 * @param name of the caller
 * @param sha256 of the key, in hexadecimal
 */
record ApiKey(String name, String sha256, KeyLimits limits) {}
