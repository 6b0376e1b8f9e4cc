package io.tern.launcher.supervise;

import io.tern.launcher.plan.Service;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * The order of the end: first who takes requests, then who works, then what they stand on. Each group gets a share of the
 * time; the next one need not wait for a slow one.
 */
record StopSequence(List<Child> children) {
    private static final Duration GATEWAY_BY = Duration.ofMillis(1200);
    private static final Duration SERVICES_BY = Duration.ofMillis(2500);
    private static final Duration KILL_AT = Duration.ofSeconds(4);
    private static final Duration GONE_BY = Duration.ofMillis(4800);

    void run() {
        long start = System.nanoTime();
        stop(service -> service == Service.GATEWAY, start, GATEWAY_BY);
        stop(Service::isModelService, start, SERVICES_BY);
        stop(service -> service == Service.KAFKA, start, KILL_AT);
        await(children, start, KILL_AT);
        children.forEach(Child::kill);
        await(children, start, GONE_BY);
    }

    private void stop(Predicate<Service> group, long start, Duration by) {
        List<Child> members = children.stream()
                .filter(child -> group.test(child.plan().service()))
                .toList();
        members.forEach(Child::stop);
        await(members, start, by);
    }

    private static void await(List<Child> members, long start, Duration by) {
        for (Child member : members) {
            try {
                var _ = member.awaitEnd(by.minusNanos(System.nanoTime() - start));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
