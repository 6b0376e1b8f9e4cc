package io.tern.gateway.passthrough;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the messages of all calls take together. gRPC gathers each message before anybody sees it, whatever the
 * windows of its connection; a few dozen large ones at once would take all memory for buffers, and the connection of
 * everybody with it. A message counts from its first byte until its call's next message or end, so an idle stream keeps its
 * last one counted. Counted is what comes over the wire, packed or not. Safe for many threads.
 */
public final class MessageBudget extends ServerStreamTracer.Factory {
    private static final Context.Key<Share> SHARE = Context.key("share-of-message-budget");

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    /** @param bytes that messages may have together; should allow for at least one of the largest */
    public MessageBudget(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return new Share();
    }

    /** Bytes of messages that are held now. */
    long taken() {
        return taken.get();
    }

    /** Tells the current call, if it is counted, when it is too much. Before its first message. */
    static void onExceeded(Runnable refusal) {
        Share share = SHARE.get();
        if (share != null) {
            share.refuseBy(refusal);
        }
    }

    /** What one call has taken. All is guarded by this: bytes come on one thread, the end may come on another. */
    private final class Share extends ServerStreamTracer {
        private long mine;
        private boolean ended;
        private @Nullable Runnable refusal;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(SHARE, this);
        }

        private synchronized void refuseBy(Runnable how) {
            refusal = how;
        }

        @Override
        public synchronized void inboundMessage(int number) {
            giveBack(); // the one before has gone on
        }

        @Override
        public void inboundWireSize(long more) {
            Runnable refuse = take(more);
            if (refuse != null) {
                refuse.run();
            }
        }

        /** Gives what is to be done if it is too much, once. */
        private synchronized @Nullable Runnable take(long more) {
            if (ended) {
                return null;
            }
            mine += more;
            if (taken.addAndGet(more) <= bytes || refusal == null) {
                return null;
            }
            return end();
        }

        @Override
        public synchronized void streamClosed(Status status) {
            var _ = end();
        }

        private @Nullable Runnable end() {
            ended = true;
            giveBack();
            return refusal;
        }

        private void giveBack() {
            taken.addAndGet(-mine);
            mine = 0;
        }
    }
}
