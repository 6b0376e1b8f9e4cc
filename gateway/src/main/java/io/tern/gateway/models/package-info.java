/** Which models are served, gathered from the three services. */
@NullMarked
package io.tern.gateway.models;

import org.jspecify.annotations.NullMarked;
