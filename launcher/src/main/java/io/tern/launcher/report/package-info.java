/** What people read: progress, tables, and lines to copy. */
@NullMarked
package io.tern.launcher.report;

import org.jspecify.annotations.NullMarked;
