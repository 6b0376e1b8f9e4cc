package io.tern.launcher.broker;

import java.nio.file.Path;
import java.util.Map;

/**
 * One broker for one machine: nothing is replicated, and nobody but this machine can connect.
 *
 * @param port clients' port
 * @param controllerPort the controller's
 * @param directory holds the log; it outlives the process
 */
record BrokerSettings(int port, int controllerPort, Path directory) {
    static final int NODE_ID = 1;
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String HOST = "127.0.0.1:";

    Map<String, String> properties() {
        String clients = "PLAINTEXT://" + HOST + port;
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", String.valueOf(NODE_ID)),
                Map.entry("controller.quorum.voters", NODE_ID + "@" + HOST + controllerPort),
                Map.entry("listeners", clients + "," + CONTROLLER_LISTENER + "://" + HOST + controllerPort),
                Map.entry("advertised.listeners", clients),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("controller.listener.names", CONTROLLER_LISTENER),
                Map.entry("log.dirs", directory.toString()),
                // Topics are made on purpose, with the settings that their users need.
                Map.entry("auto.create.topics.enable", "false"),
                // After a kill the old registration must lapse before the new process is let in: 2.5 s, not 9.
                Map.entry("broker.session.timeout.ms", "2500"),
                Map.entry("broker.heartbeat.interval.ms", "500"),
                // One broker: one copy.
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                // Fifty partitions are for clusters; each costs files and start-up time.
                Map.entry("offsets.topic.num.partitions", "3"),
                Map.entry("transaction.state.log.num.partitions", "3"),
                Map.entry("share.coordinator.state.topic.num.partitions", "3"),
                // A worker may hold a job as briefly as its test wants; the default floor is 15 s.
                Map.entry("group.share.min.record.lock.duration.ms", "1000"),
                // A first poll is not held back to wait for other members.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                // Default 128 MB would not fit the heap.
                Map.entry("log.cleaner.dedupe.buffer.size", "8388608"),
                Map.entry("num.io.threads", "2"),
                Map.entry("num.network.threads", "2"));
    }
}
