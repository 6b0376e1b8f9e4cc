package io.tern.gateway.batches;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How a batch that runs is stopped. Safe for use by many threads. */
final class Reins {
    /** Why; the first reason stays. */
    enum Reason {
        /** Lines that are being asked may end. */
        CANCELLED("batch_cancelled", "the batch was cancelled before this line was asked"),
        EXPIRED("batch_expired", "the line could not be answered within the completion window"),
        /** This process goes; another one goes on. */
        CLOSING("", "");

        private final String code;
        private final String message;

        Reason(String code, String message) {
            this.code = code;
            this.message = message;
        }

        /** What is said of lines that have no answer. */
        String code() {
            return code;
        }

        String message() {
            return message;
        }
    }

    private final AtomicReference<@Nullable Reason> reason = new AtomicReference<>();
    private final CountDownLatch pulled = new CountDownLatch(1);
    private final Sinks.Empty<Void> cut = Sinks.empty();

    void pull(Reason why) {
        boolean first = reason.compareAndSet(null, why);
        pulled.countDown();
        if (first && why != Reason.CANCELLED) {
            cut.tryEmitEmpty();
        }
    }

    /** Completes when calls that are under way are to end, too. Threads are not interrupted: that would close files. */
    Mono<Void> cut() {
        return cut.asMono();
    }

    @Nullable
    Reason reason() {
        return reason.get();
    }

    boolean isPulled() {
        return reason.get() != null;
    }

    boolean isCut() {
        return isPulled() && reason() != Reason.CANCELLED;
    }

    /** Rests so long, or until the reins are pulled. */
    void rest(Duration time) throws InterruptedException {
        pulled.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
