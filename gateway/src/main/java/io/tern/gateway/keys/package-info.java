/** Who may call, and how much: keys with limits. */
@NullMarked
package io.tern.gateway.keys;

import org.jspecify.annotations.NullMarked;
