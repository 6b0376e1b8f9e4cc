/** Brings models to this machine: {@link io.tern.launcher.model.ModelFetcher} asks the machine's own package client. */
@NullMarked
package io.tern.launcher.model;

import org.jspecify.annotations.NullMarked;
