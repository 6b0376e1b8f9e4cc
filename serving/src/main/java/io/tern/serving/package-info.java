/**
 * What the three servers share: how they start ({@link io.tern.serving.ServiceApplication}), how a call is answered
 * ({@link io.tern.serving.ServerCalls}), how errors become statuses ({@link io.tern.serving.StatusMapping}), and how much
 * work is let in ({@link io.tern.serving.Admission}). Of the services only
 * {@code *.service} packages import it; the gateway takes what calls and errors need for the calls that it answers itself.
 */
@NullMarked
package io.tern.serving;

import org.jspecify.annotations.NullMarked;
