package io.tern.gateway.batches;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.gateway.upstream.CallHead;
import io.tern.gateway.upstream.JsonCall;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * A route that says back what it is told as {@code text}: "bad" is refused, "busy" too at its first two times, "full" until
 * it is let go, "gone" always takes the service away, "empty" has no answer, and "hold" is answered when it is let go.
 */
final class ScriptedEndpoint {
    static final String PATH = "/v1/echo";

    /** In the order of their coming. */
    final List<String> asked = new CopyOnWriteArrayList<>();

    final List<String> cancelled = new CopyOnWriteArrayList<>();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private volatile CountDownLatch gate = new CountDownLatch(1);

    BatchEndpoint endpoint(int linesAtOnce) {
        JsonCall call = (body, _) -> {
            Fields fields = Fields.of(body);
            String text = fields.text("text").orElseThrow(() -> fields.invalid("text", "a string"));
            fields.text("model");
            fields.refuseUnknown();
            return head -> Mono.fromCallable(() -> answer(text, head))
                    .subscribeOn(Schedulers.boundedElastic())
                    .doOnCancel(() -> cancelled.add(text));
        };
        return new BatchEndpoint(PATH, "echo", linesAtOnce, 2_000_000, call);
    }

    void letGo() {
        gate.countDown();
    }

    long times(String text) {
        return Collections.frequency(asked, text);
    }

    private JsonNode answer(String text, CallHead head) throws InterruptedException {
        mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        try {
            asked.add(text);
            if (text.startsWith("bad")) {
                throw TernException.invalid("text", text, "a good one");
            }
            if (text.startsWith("busy") && times(text) < 3) {
                throw new TernException(ErrorCode.OVERLOADED, "queue: full");
            }
            if (text.startsWith("full") && gate.getCount() > 0) {
                throw new TernException(ErrorCode.OVERLOADED, "queue: full");
            }
            if (text.startsWith("empty")) {
                return null; // no item at all, then
            }
            if (text.startsWith("gone")) {
                throw new TernException(ErrorCode.UNAVAILABLE, "the service has ended");
            }
            if (text.startsWith("hold")) {
                gate.await();
            }
            var node = StrictJson.newObject().put("text", text).put("caller", head.authorization());
            node.put("priority", head.priority().name());
            node.putObject("usage").put("prompt_tokens", 2).put("completion_tokens", 3);
            return node;
        } finally {
            atOnce.decrementAndGet();
        }
    }
}
