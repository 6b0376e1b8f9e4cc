/** Facts about this machine: processes and their memory, ports and who holds them, programs, and the checks of doctor. */
@NullMarked
package io.tern.launcher.host;

import org.jspecify.annotations.NullMarked;
