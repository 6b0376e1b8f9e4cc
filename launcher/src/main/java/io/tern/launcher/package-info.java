/**
 * The command line: starts everything on one machine and keeps it running. Start reading at {@link io.tern.launcher.Tern};
 * what is started is {@link io.tern.launcher.plan}, how it is kept alive {@link io.tern.launcher.supervise}.
 */
@NullMarked
package io.tern.launcher;

import org.jspecify.annotations.NullMarked;
