package io.tern.gateway.web;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Bounds what the bodies of all requests under way take together. A picture's base64 is held several times over while it
 * is read; a few at once would fill the heap of this process, and end the requests of everybody.
 */
public final class BodyBudget implements WebFilter {
    private static final String ATTRIBUTE = BodyBudget.class.getName();

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    /** @param bytes that bodies may have together; should allow for at least one of the largest */
    public BodyBudget(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Share share = new Share();
        exchange.getAttributes().put(ATTRIBUTE, share);
        return chain.filter(exchange).doFinally(_ -> share.end());
    }

    /**
     * Counts what is held of an answer too, until its request ends.
     *
     * @throws TernException OVERLOADED if there is not so much left
     */
    public static void take(ServerWebExchange exchange, long more) {
        shareOf(exchange).take(more);
    }

    static Share shareOf(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** What one request has taken, given back when it ends. */
    final class Share {
        private final AtomicLong mine = new AtomicLong();
        private volatile boolean hasEnded;

        /** @throws TernException OVERLOADED if there is not so much left; all that was taken is given back then */
        void take(long more) {
            long before = taken.getAndUpdate(now -> now + more > bytes ? now : now + more);
            if (before + more > bytes) {
                giveBack();
                throw new TernException(ErrorCode.OVERLOADED, "body: too many large ones at once; try again");
            }
            mine.addAndGet(more);
            if (hasEnded) {
                giveBack(); // whoever reads on knows nothing of the end yet
            }
        }

        /** Its request has ended, and all that it takes from here on goes back at once. */
        void end() {
            hasEnded = true;
            giveBack();
        }

        private void giveBack() {
            taken.addAndGet(-mine.getAndSet(0));
        }
    }
}
