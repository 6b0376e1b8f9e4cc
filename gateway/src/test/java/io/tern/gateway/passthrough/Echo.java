package io.tern.gateway.passthrough;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service of bytes with a method of each type. What it does is in the header {@code script}: {@code echo} (each message
 * back, then OK), {@code fail} (two messages, then ABORTED with details), {@code refuse} (details in the only frame),
 * {@code hang}, {@code flood} (messages as long as there is room), {@code deaf} (reads nothing).
 */
final class Echo {
    static final Metadata.Key<String> SCRIPT = Metadata.Key.of("script", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<String> TEXT = Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
    static final Metadata.Key<byte[]> BYTES = Metadata.Key.of("x-bytes-bin", Metadata.BINARY_BYTE_MARSHALLER);
    static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
    /** Not even a protobuf: nobody on the way may look into it. */
    static final byte[] DETAIL_BYTES = {0, (byte) 0xFF, 7, 0, (byte) 0x80, 13, 10};

    static final String TEXT_WITH_SPECIALS = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
    static final int FLOOD_BYTES = 64 << 10;

    static final Map<MethodType, MethodDescriptor<byte[], byte[]>> METHODS = Map.of(
            MethodType.UNARY, method(MethodType.UNARY, "Unary"),
            MethodType.SERVER_STREAMING, method(MethodType.SERVER_STREAMING, "Server"),
            MethodType.CLIENT_STREAMING, method(MethodType.CLIENT_STREAMING, "Client"),
            MethodType.BIDI_STREAMING, method(MethodType.BIDI_STREAMING, "Bidi"));
    static final ServiceDescriptor DESCRIPTOR = descriptor();

    final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    final AtomicLong sent = new AtomicLong();
    final Map<String, String> headersSeen = new ConcurrentHashMap<>();

    void await(String what) throws InterruptedException {
        String next = seen.poll(10, TimeUnit.SECONDS);
        while (next != null && !next.equals(what)) {
            next = seen.poll(10, TimeUnit.SECONDS);
        }
        if (next == null) {
            throw new AssertionError(what + " was not seen");
        }
    }

    ServerServiceDefinition service() {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(DESCRIPTOR);
        METHODS.values().forEach(method -> service.addMethod(method, this::call));
        return ServerInterceptors.intercept(service.build(), new Deadlines());
    }

    private ServerCall.Listener<byte[]> call(ServerCall<byte[], byte[]> call, Metadata headers) {
        String script = headers.get(SCRIPT);
        if (headers.containsKey(TEXT)) {
            Metadata answer = new Metadata();
            answer.put(TEXT, headers.get(TEXT));
            answer.put(BYTES, headers.get(BYTES));
            call.sendHeaders(answer);
        } else if (!script.equals("refuse")) {
            call.sendHeaders(new Metadata());
        }
        if (!script.equals("deaf")) {
            call.request(100_000);
        }
        Metadata trailers = new Metadata();
        trailers.put(BYTES, new byte[] {9});
        return new ServerCall.Listener<>() {
            private boolean closed;

            @Override
            public void onMessage(byte[] message) {
                if (script.equals("echo") && !closed) {
                    call.sendMessage(message);
                    closed = call.getMethodDescriptor().getType().serverSendsOneMessage();
                    if (closed) {
                        call.close(Status.OK.withDescription(""), trailers);
                    }
                }
            }

            @Override
            public void onHalfClose() {
                switch (script) {
                    case "echo" -> {
                        if (!closed) {
                            call.close(Status.OK, trailers);
                        }
                    }
                    case "fail" -> {
                        call.sendMessage(new byte[] {1});
                        call.sendMessage(new byte[] {2});
                        refuse();
                    }
                    case "refuse" -> refuse();
                    default -> {}
                }
                seen.add("half-closed");
            }

            @Override
            public void onReady() {
                while (script.equals("flood") && call.isReady()) {
                    call.sendMessage(new byte[FLOOD_BYTES]);
                    sent.incrementAndGet();
                }
            }

            @Override
            public void onCancel() {
                seen.add("cancelled");
            }

            private void refuse() {
                trailers.put(DETAILS, DETAIL_BYTES);
                call.close(Status.ABORTED.withDescription(TEXT_WITH_SPECIALS), trailers);
            }
        };
    }

    /** Notes the deadline with which a call arrives. */
    private final class Deadlines implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            var deadline = Context.current().getDeadline();
            headersSeen.put("authority", String.valueOf(call.getAuthority()));
            if (deadline != null) {
                seen.add("deadline");
                headersSeen.put("deadline-ms", Long.toString(deadline.timeRemaining(TimeUnit.MILLISECONDS)));
            }
            return Contexts.interceptCall(Context.current(), call, headers, next);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
        return MethodDescriptor.newBuilder(BytesMarshaller.BYTES, BytesMarshaller.BYTES)
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .build();
    }

    private static ServiceDescriptor descriptor() {
        ServiceDescriptor.Builder descriptor = ServiceDescriptor.newBuilder("test.Echo");
        List.copyOf(METHODS.values()).forEach(descriptor::addMethod);
        return descriptor.build();
    }
}
