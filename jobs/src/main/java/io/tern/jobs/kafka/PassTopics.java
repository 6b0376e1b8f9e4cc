package io.tern.jobs.kafka;

import io.tern.base.TernException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The two topics of a pass, as the cluster knows them. Who makes it closes the client. */
record PassTopics(Admin admin, String in, String out) {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /**
     * Makes the topic of results where it is missing, and otherwise looks whether it fits.
     *
     * @return the most bytes that a record of it may have, with all that is around it
     * @throws TernException INVALID_ARGUMENT if there is nothing to read, or the results have no place for each partition
     */
    int prepare() {
        int wanted = partitions("frames.in", in);
        try {
            NewTopic missing = new NewTopic(out, Optional.of(wanted), Optional.empty());
            return mostBytes(await(admin.createTopics(List.of(missing)).config(out)));
        } catch (KafkaException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        int there = partitions("frames.out", out);
        TernException.require(
                there >= wanted,
                "frames.out",
                out + " with " + there + " partitions",
                "at least " + wanted + ", as " + in + " has");
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, out);
        return mostBytes(only(await(admin.describeConfigs(List.of(resource)).all())));
    }

    /** @throws TernException INVALID_ARGUMENT if one of them has been deleted */
    void requireThere() {
        partitions("frames.in", in);
        partitions("frames.out", out);
    }

    private int partitions(String field, String topic) {
        try {
            return only(await(admin.describeTopics(List.of(topic)).allTopicNames()))
                    .partitions()
                    .size();
        } catch (KafkaException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw TernException.invalid(field, topic, "a topic that is there");
            }
            throw e;
        }
    }

    private static <T> T only(Map<?, T> one) {
        return one.values().iterator().next();
    }

    /** Of the topic and of our own client, which takes no larger one. */
    private static int mostBytes(Config topic) {
        int configured =
                Integer.parseInt(topic.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG).value());
        return Math.min(configured, KafkaClients.MOST_REQUEST_BYTES);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("no answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
