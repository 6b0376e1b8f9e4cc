package io.tern.gateway.passthrough;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the messages of all calls take together. gRPC gathers each message before anybody sees it, whatever the
 * windows of its connection; a few dozen large ones at once would take all memory for buffers, and the connection of
 * everybody with it. A message counts from its first byte until its call's next message or end, so an idle stream keeps its
 * last one counted. Counted is what comes over the wire or, if that is more, what it has been unpacked to so far: a few
 * packed kilobytes may be as many megabytes. Safe for many threads.
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

    /** Tells the current call, if it is counted, when it is too much, and why. Before its first message. */
    static void onExceeded(Consumer<TernException> refusal) {
        Share share = SHARE.get();
        if (share != null) {
            share.refuseBy(refusal);
        }
    }

    /** Refuses the current call, if it is counted, for another reason. */
    static void refuse(TernException why) {
        Share share = SHARE.get();
        if (share != null) {
            share.refuse(why);
        }
    }

    /** Whether the current call has been refused or has ended, so that nobody wants what is left of its message. */
    static boolean isOver() {
        Share share = SHARE.get();
        return share != null && share.isOver();
    }

    /** What one call has taken. All is guarded by this: bytes come on one thread, the end may come on another. */
    private final class Share extends ServerStreamTracer {
        private long packed;
        private long unpacked;
        private boolean ended;
        private @Nullable Consumer<TernException> refusal;

        @Override
        public Context filterContext(Context context) {
            return context.withValue(SHARE, this);
        }

        private synchronized void refuseBy(Consumer<TernException> how) {
            refusal = how;
        }

        @Override
        public synchronized void inboundMessage(int number) {
            giveBack(); // the one before has gone on
        }

        @Override
        public void inboundWireSize(long more) {
            take(more, 0);
        }

        /** Of a packed message while it is unpacked. */
        @Override
        public void inboundUncompressedSize(long more) {
            take(0, more);
        }

        private void take(long morePacked, long moreUnpacked) {
            if (isTooMuch(morePacked, moreUnpacked)) {
                refuse(new TernException(ErrorCode.OVERLOADED, "message: too many large ones at once; try again"));
            }
        }

        private synchronized boolean isTooMuch(long morePacked, long moreUnpacked) {
            if (ended) {
                return false;
            }
            long before = mine();
            packed += morePacked;
            unpacked += moreUnpacked;
            return taken.addAndGet(mine() - before) > bytes && refusal != null;
        }

        private void refuse(TernException why) {
            Consumer<TernException> how = end();
            if (how != null) {
                how.accept(why);
            }
        }

        private long mine() {
            return Math.max(packed, unpacked);
        }

        private synchronized boolean isOver() {
            return ended;
        }

        @Override
        public void streamClosed(Status status) {
            var _ = end();
        }

        /** Gives what is to be told of it, once. */
        private synchronized @Nullable Consumer<TernException> end() {
            Consumer<TernException> how = ended ? null : refusal;
            ended = true;
            giveBack();
            return how;
        }

        private void giveBack() {
            taken.addAndGet(-mine());
            packed = 0;
            unpacked = 0;
        }
    }
}
