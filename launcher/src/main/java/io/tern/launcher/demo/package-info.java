/** What a running Tern does, shown: start with {@link io.tern.launcher.demo.Tour} and {@link io.tern.launcher.demo.Chaos}. */
@NullMarked
package io.tern.launcher.demo;

import org.jspecify.annotations.NullMarked;
