package io.tern.serving;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers a gRPC call with code in reading order: the body returns a value or sends values one after another, and may
 * throw. Its {@link Cancellation} follows the client's cancel and deadline.
 */
public final class ServerCalls {
    private static final Logger log = LoggerFactory.getLogger(ServerCalls.class);

    private ServerCalls() {}

    /** Body of a server stream. */
    @FunctionalInterface
    public interface StreamBody<T> {
        /** @param send waits while the client reads too slowly; throws CANCELLED once it has gone */
        void run(Consumer<T> send, Cancellation cancellation);
    }

    /** Body of a stream in both directions. */
    @FunctionalInterface
    public interface BothWaysBody<Q, A> {
        /**
         * @param receive the client's messages
         * @param send waits while the client reads too slowly; throws CANCELLED once it has gone
         */
        void run(BoundedReceiver<Q> receive, Consumer<A> send, Cancellation cancellation);
    }

    /** Runs on the calling thread, which is a virtual one. */
    public static <T> void unary(StreamObserver<T> observer, Function<Cancellation, T> body) {
        Cancellation cancellation = ofCall(Context.current());
        try (Cancellation.Registration _ = LiveCalls.register(cancellation)) {
            T answer = body.apply(cancellation);
            observer.onNext(answer);
            observer.onCompleted();
        } catch (Throwable error) {
            fail(observer, error);
        }
    }

    /**
     * Returns at once and runs the body on a thread of its own, so that readiness and cancel of this call, which gRPC
     * tells on the calling thread, are heard while the body works.
     */
    public static <T> void stream(StreamObserver<T> observer, StreamBody<T> body) {
        Cancellation cancellation = ofCall(Context.current());
        run((ServerCallStreamObserver<T>) observer, cancellation, () -> false, send -> body.run(send, cancellation));
    }

    /** @param closed whether somebody else has answered the call */
    private static <T> void run(
            ServerCallStreamObserver<T> call,
            Cancellation cancellation,
            BooleanSupplier closed,
            Consumer<Consumer<T>> body) {
        BoundedSender<T> sender = new BoundedSender<>(call, cancellation);
        call.setOnReadyHandler(sender::wakeUp);
        // gRPC asks for it: with a handler, sending after a cancel is ignored instead of thrown.
        call.setOnCancelHandler(cancellation::cancel);
        Thread.ofVirtual().name("call").start(Context.current().wrap(() -> {
            try (Cancellation.Registration _ = LiveCalls.register(cancellation)) {
                body.accept(sender);
                call.onCompleted();
            } catch (Throwable error) {
                if (!closed.getAsBoolean()) {
                    fail(call, error);
                }
            }
        }));
    }

    /** As {@link #stream}; returns what takes the client's messages, which are asked for one at a time. */
    public static <Q, A> StreamObserver<Q> bothWays(StreamObserver<A> observer, BothWaysBody<Q, A> body) {
        ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) observer;
        Cancellation cancellation = ofCall(Context.current());
        call.disableAutoRequest();
        // A later message may be refused before it comes here; that closes the call, and the body has to hear of it.
        AtomicBoolean closed = new AtomicBoolean();
        call.setOnCloseHandler(() -> {
            closed.set(true);
            cancellation.cancel();
        });
        BoundedReceiver<Q> receiver = new BoundedReceiver<>(call::request, cancellation);
        run(call, cancellation, closed::get, send -> body.run(receiver, send, cancellation));
        return receiver;
    }

    private static Cancellation ofCall(Context context) {
        Deadline deadline = context.getDeadline();
        Cancellation cancellation = deadline == null
                ? new Cancellation()
                : Cancellation.withTimeout(deadline.timeRemaining(TimeUnit.NANOSECONDS));
        context.addListener(_ -> cancellation.cancel(), Runnable::run);
        return cancellation;
    }

    private static void fail(StreamObserver<?> observer, Throwable error) {
        if (StatusMapping.isOurFault(error)) {
            log.error("a call failed", error);
        }
        if (observer instanceof ServerCallStreamObserver<?> call && call.isCancelled()) {
            return; // nobody listens, and closing a cancelled call would harm its connection
        }
        observer.onError(StatusMapping.toStatus(error));
    }
}
