/**
 * Keeps five processes alive and ends them in order: a {@link io.tern.launcher.supervise.Child} looks after one, the
 * {@link io.tern.launcher.supervise.Supervisor} after all, and a file tells other commands how they are.
 */
@NullMarked
package io.tern.launcher.supervise;

import org.jspecify.annotations.NullMarked;
