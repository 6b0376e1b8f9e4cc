/**
 * Addresses that callers name and the gateway calls, only where the operator lets it: pictures, by {@link
 * io.tern.gateway.fetch.PictureFetcher}, and what other calls share with them.
 */
@NullMarked
package io.tern.gateway.fetch;

import org.jspecify.annotations.NullMarked;
