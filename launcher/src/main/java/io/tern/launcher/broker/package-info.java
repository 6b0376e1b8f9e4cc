/**
 * A Kafka broker and controller in one process (KRaft), on loopback, with a durable log. Start reading at
 * {@link io.tern.launcher.broker.BrokerProcess}.
 */
@NullMarked
package io.tern.launcher.broker;

import org.jspecify.annotations.NullMarked;
