package io.tern.gateway.passthrough;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One call of a client that looks at everything. */
final class TestCall extends ClientCall.Listener<byte[]> {
    final CompletableFuture<Metadata> headers = new CompletableFuture<>();
    final LinkedBlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> status = new CompletableFuture<>();
    final CompletableFuture<Metadata> trailers = new CompletableFuture<>();
    final ClientCall<byte[], byte[]> call;

    private TestCall(ClientCall<byte[], byte[]> call) {
        this.call = call;
    }

    static TestCall start(Channel channel, MethodType type, String script, CallOptions options, Metadata headers) {
        TestCall test = new TestCall(channel.newCall(Echo.METHODS.get(type), options));
        headers.put(Echo.SCRIPT, script);
        test.call.start(test, headers);
        return test;
    }

    static TestCall start(Channel channel, MethodType type, String script) {
        return start(channel, type, script, CallOptions.DEFAULT, new Metadata());
    }

    TestCall send(String... texts) {
        for (String text : texts) {
            call.sendMessage(Echo.bytes(text));
        }
        return this;
    }

    /** Ends the sending and asks for all answers. */
    TestCall end() {
        call.halfClose();
        call.request(100_000);
        return this;
    }

    Status awaitStatus() throws Exception {
        return status.get(10, TimeUnit.SECONDS);
    }

    @Override
    public void onHeaders(Metadata received) {
        headers.complete(received);
    }

    @Override
    public void onMessage(byte[] message) {
        messages.add(message);
    }

    @Override
    public void onClose(Status closed, Metadata received) {
        trailers.complete(received);
        status.complete(closed);
    }
}
