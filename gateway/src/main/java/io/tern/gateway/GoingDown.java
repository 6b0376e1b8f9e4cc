package io.tern.gateway;

import io.tern.gateway.health.HealthWatch;
import io.tern.gateway.web.LastCall;
import java.time.Duration;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import reactor.core.publisher.Mono;

/**
 * What happens on SIGTERM before the servers stop: not ready at once, and after a while the last call, on which whatever
 * is still under way ends with a typed error. Then the connections close.
 */
final class GoingDown implements ApplicationListener<ContextClosedEvent> {
    private final HealthWatch watch;
    private final LastCall lastCall;
    private final Duration patience;

    GoingDown(HealthWatch watch, LastCall lastCall, Duration patience) {
        this.watch = watch;
        this.lastCall = lastCall;
        this.patience = patience;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent closed) {
        if (closed.getApplicationContext().getParent() != null) {
            return; // only the management server's own context
        }
        watch.goDown();
        Mono.delay(patience).subscribe(_ -> lastCall.announce());
    }
}
