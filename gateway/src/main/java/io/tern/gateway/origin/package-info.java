/** Whose requests are answered: those of the server's own pages and names, and not what other sites make a browser send. */
@NullMarked
package io.tern.gateway.origin;

import org.jspecify.annotations.NullMarked;
