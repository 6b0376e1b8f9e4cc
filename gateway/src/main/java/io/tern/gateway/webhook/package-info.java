/**
 * Calls that tell the ends of jobs to who asked for it: start with {@link io.tern.gateway.webhook.HttpWebhooks}.
 */
@NullMarked
package io.tern.gateway.webhook;

import org.jspecify.annotations.NullMarked;
