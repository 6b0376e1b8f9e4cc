/** One class per subcommand: reads options, calls the packages that do the work, prints. */
@NullMarked
package io.tern.launcher.command;

import org.jspecify.annotations.NullMarked;
