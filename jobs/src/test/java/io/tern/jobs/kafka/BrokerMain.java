package io.tern.jobs.kafka;

import java.nio.file.Path;

/** A broker in a process of its own: folder, port, port of its controller. It ends when its standard input does. */
final class BrokerMain {
    private BrokerMain() {}

    public static void main(String[] arguments) throws Exception {
        new EmbeddedBroker(Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        while (System.in.read() >= 0) {
            // the parent says nothing, and its end is ours
        }
        Runtime.getRuntime().halt(0);
    }
}
