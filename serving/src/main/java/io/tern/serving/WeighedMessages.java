package io.tern.serving;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses messages that would take far more memory when they are read than they have bytes, before they are: one of 32 MB
 * may become hundreds, and end the process. All that stand in for their calls share a quarter of the heap. For calls whose
 * messages are input streams. Safe for many threads.
 */
final class WeighedMessages implements ServerInterceptor {
    /** Of one message: a picture of 32 MB, or as many bytes of numbers. */
    private static final long MOST = 48L << 20;

    private final AtomicLong taken = new AtomicLong();
    private final long together;

    WeighedMessages() {
        this(Math.max(MOST, Runtime.getRuntime().maxMemory() / 4));
    }

    WeighedMessages(long together) {
        this.together = together;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!(call.getMethodDescriptor().getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier method)) {
            return next.startCall(call, headers);
        }
        Share share = new Share();
        ServerCall.Listener<Q> giving = new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onComplete() {
                share.set(0);
                super.onComplete();
            }

            @Override
            public void onCancel() {
                share.set(0);
                super.onCancel();
            }
        };
        return new RefusingListener<>(call, giving, (message, handler) -> {
            InputStream bytes = (InputStream) message;
            share.set(excess(method, bytes));
            handler.onMessage(message);
        });
    }

    /** Memory beyond the bytes that came, which are counted where they come in. */
    private static long excess(ProtoMethodDescriptorSupplier method, InputStream bytes) {
        try {
            int size = bytes.available();
            long weight = weight(method, bytes);
            if (weight > MOST) {
                throw new TernException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "request: too many elements (expected: what takes at most " + MOST + " bytes when it is read)");
            }
            return Math.max(0, weight - size);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // they are in memory
        }
    }

    private static long weight(ProtoMethodDescriptorSupplier method, InputStream bytes) throws IOException {
        bytes.mark(Integer.MAX_VALUE);
        try {
            return MessageWeight.of(method.getMethodDescriptor().getInputType(), bytes, MOST);
        } catch (InvalidProtocolBufferException _) {
            return 0; // who reads it says what is wrong
        } finally {
            bytes.reset();
        }
    }

    /** What the last message of one call has taken. */
    private final class Share {
        private final AtomicLong mine = new AtomicLong();

        /** @throws TernException OVERLOADED if there is not so much left */
        void set(long now) {
            long more = now - mine.getAndSet(now);
            if (taken.addAndGet(more) > together && more > 0) {
                taken.addAndGet(-mine.getAndSet(0));
                throw new TernException(ErrorCode.OVERLOADED, "request: too many large ones at once; try again");
            }
        }
    }
}
