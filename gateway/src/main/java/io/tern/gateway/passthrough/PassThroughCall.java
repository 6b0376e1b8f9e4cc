package io.tern.gateway.passthrough;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.web.LastCall;
import io.tern.serving.StatusMapping;
import org.jspecify.annotations.Nullable;

/**
 * One call, joined with the same call on the service behind: headers, messages, the client's end, the status and its
 * trailers go through as they are. Deadline and cancel travel in gRPC's context, which is current where the call is
 * begun. Each side is asked for its next message only when the other side has room for it, so a slow reader holds at
 * most a few messages here.
 */
final class PassThroughCall {
    private final ServerCall<byte[], byte[]> in;
    private final ClientCall<byte[], byte[]> out;
    private final Object lock = new Object();
    /** A side has room again and its next message was not asked for yet; guarded by the lock. */
    private boolean inWaits;

    private boolean outWaits;
    private volatile boolean goingDown;
    private volatile @Nullable TernException refusal;

    private PassThroughCall(ServerCall<byte[], byte[]> in, ClientCall<byte[], byte[]> out) {
        this.in = in;
        this.out = out;
    }

    static ServerCall.Listener<byte[]> start(
            ServerCall<byte[], byte[]> in, Metadata headers, Channel channel, String upstream, PassThroughCalls live) {
        ClientCall<byte[], byte[]> out = channel.newCall(in.getMethodDescriptor(), CallOptions.DEFAULT);
        PassThroughCall call = new PassThroughCall(in, out);
        live.begun(call);
        MessageBudget.onExceeded(call::refuse);
        out.start(call.new FromService(upstream, live), headers);
        in.request(1);
        out.request(1);
        return call.new FromClient();
    }

    void goDown() {
        goingDown = true;
        out.cancel("the server is going down", null);
    }

    private void refuse(TernException why) {
        refusal = why;
        out.cancel("refused", null);
    }

    /** What the client sends, on its connection's thread. */
    private final class FromClient extends ServerCall.Listener<byte[]> {
        @Override
        public void onMessage(byte[] message) {
            if (refusal != null) {
                return; // it may be a part only, and its call has been cancelled
            }
            out.sendMessage(message);
            synchronized (lock) {
                inWaits = !out.isReady();
                if (!inWaits) {
                    in.request(1);
                }
            }
        }

        @Override
        public void onHalfClose() {
            if (refusal != null) {
                return;
            }
            out.halfClose();
        }

        @Override
        public void onCancel() {
            out.cancel("cancelled by the client", null);
        }

        @Override
        public void onReady() {
            synchronized (lock) {
                if (outWaits) {
                    outWaits = false;
                    out.request(1);
                }
            }
        }
    }

    /** What the service answers, on its connection's thread. */
    private final class FromService extends ClientCall.Listener<byte[]> {
        private final String upstream;
        private final PassThroughCalls live;
        private final @Nullable Deadline deadline = Context.current().getDeadline();

        FromService(String upstream, PassThroughCalls live) {
            this.upstream = upstream;
            this.live = live;
        }

        @Override
        public void onHeaders(Metadata headers) {
            if (!in.isCancelled()) {
                in.sendHeaders(headers);
            }
        }

        @Override
        public void onMessage(byte[] message) {
            if (in.isCancelled()) {
                return;
            }
            in.sendMessage(message);
            synchronized (lock) {
                outWaits = !in.isReady();
                if (!outWaits) {
                    out.request(1);
                }
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            live.ended(PassThroughCall.this);
            // Closing a cancelled call would break the whole connection, with all its other calls.
            if (in.isCancelled()) {
                return;
            }
            TernException own = ownError(status);
            if (own == null) {
                in.close(status, trailers);
            } else {
                StatusMapping.close(in, own);
            }
        }

        @Override
        public void onReady() {
            synchronized (lock) {
                if (inWaits) {
                    inWaits = false;
                    in.request(1);
                }
            }
        }

        /** An error that no service sent but gRPC made on this side: its text would name our addresses. */
        private @Nullable TernException ownError(Status status) {
            if (goingDown && status.getCode() == Status.Code.CANCELLED) {
                return LastCall.goingDown();
            }
            TernException why = refusal;
            if (why != null && status.getCode() == Status.Code.CANCELLED) {
                return why;
            }
            return switch (status.getCode()) {
                // With a cause: the connection failed.
                case UNAVAILABLE ->
                    status.getCause() == null
                            ? null
                            : new TernException(
                                    ErrorCode.UNAVAILABLE, "the " + upstream + " service cannot be reached");
                case DEADLINE_EXCEEDED ->
                    deadline == null || !deadline.isExpired()
                            ? null
                            : new TernException(ErrorCode.DEADLINE_EXCEEDED, "deadline exceeded");
                default -> null;
            };
        }
    }
}
