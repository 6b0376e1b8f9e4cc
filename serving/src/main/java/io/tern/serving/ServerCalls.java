package io.tern.serving;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tern.base.Cancellation;
import java.util.concurrent.TimeUnit;
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
        ServerCallStreamObserver<T> call = (ServerCallStreamObserver<T>) observer;
        Context context = Context.current();
        Cancellation cancellation = ofCall(context);
        BoundedSender<T> sender = new BoundedSender<>(call, cancellation);
        call.setOnReadyHandler(sender::wakeUp);
        // gRPC asks for it: with a handler, sending after a cancel is ignored instead of thrown.
        call.setOnCancelHandler(cancellation::cancel);
        Thread.ofVirtual().name("call").start(context.wrap(() -> {
            try (Cancellation.Registration _ = LiveCalls.register(cancellation)) {
                body.run(sender, cancellation);
                call.onCompleted();
            } catch (Throwable error) {
                fail(call, error);
            }
        }));
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
