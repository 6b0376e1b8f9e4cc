package io.tern.serving;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.tern.base.TernException;

/** Hands a call's messages on until one is refused: that ends the call in words, and nothing later is handed on. */
public final class RefusingListener<Q> extends SimpleForwardingServerCallListener<Q> {
    private final ServerCall<Q, ?> call;
    private final Step<Q> step;
    private boolean refused;

    /** Hands a message on, or refuses it by an exception. */
    @FunctionalInterface
    public interface Step<Q> {
        /** @throws TernException if the message is refused */
        void take(Q message, ServerCall.Listener<Q> next);
    }

    public RefusingListener(ServerCall<Q, ?> call, ServerCall.Listener<Q> next, Step<Q> step) {
        super(next);
        this.call = call;
        this.step = step;
    }

    @Override
    public void onMessage(Q message) {
        if (refused) {
            return;
        }
        try {
            step.take(message, delegate());
        } catch (TernException refusal) {
            refused = true;
            StatusMapping.close(call, refusal);
        }
    }

    @Override
    public void onHalfClose() {
        if (!refused) {
            super.onHalfClose();
        }
    }
}
