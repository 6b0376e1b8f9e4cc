/**
 * Jobs of every kind, which are read and told by the bodies of their routes: so this package stands above the others.
 */
@NullMarked
package io.tern.wire.jobs;

import org.jspecify.annotations.NullMarked;
