/**
 * Pictures from addresses, which are fetched only from hosts that the operator has named: start with {@link
 * io.tern.gateway.fetch.PictureFetcher}.
 */
@NullMarked
package io.tern.gateway.fetch;

import org.jspecify.annotations.NullMarked;
