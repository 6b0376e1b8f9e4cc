/**
 * What the three servers share: how they start ({@link io.tern.serving.ServiceApplication}), how a call is answered
 * ({@link io.tern.serving.ServerCalls}), how errors become statuses ({@link io.tern.serving.StatusMapping}), and how much
 * work is let in ({@link io.tern.serving.Admission}). Only {@code *.service} packages import it.
 */
@NullMarked
package io.tern.serving;

import org.jspecify.annotations.NullMarked;
