package io.tern.text.chat;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.LongStream;

/** Functions that every template can call. */
final class Functions {
    private static final int LONGEST_RANGE = 100_000;
    /** Characters: an error travels in a header, and a template may quote a whole message in it. */
    private static final int LONGEST_COMPLAINT = 256;

    private Functions() {}

    static void define(Scope scope, LocalDateTime now) {
        define(scope, "namespace", Functions::namespace);
        define(scope, "range", Functions::range);
        define(scope, "raise_exception", Functions::raise);
        define(scope, "strftime_now", call -> Value.Text.trusted(Dates.format(now, call.text(0, "format"), call)));
        define(scope, "dict", call -> new Value.Mapping(new LinkedHashMap<>(call.named())));
    }

    private static void define(Scope scope, String name, Value.Function.Body body) {
        scope.set(name, new Value.Function(name, body));
    }

    private static Value namespace(Call call) {
        if (!call.positional().isEmpty()) {
            throw call.error("values without names (expected: name=value)");
        }
        return new Value.Namespace(new HashMap<>(call.named()));
    }

    private static Value range(Call call) {
        call.accepts(3);
        boolean startGiven = call.positional().size() > 1;
        long start = startGiven ? call.whole(0, "start", 0) : 0;
        long stop = startGiven ? call.whole(1, "stop", 0) : call.whole(0, "stop", 0);
        long step = call.whole(2, "step", 1);
        if (step == 0) {
            throw call.error("step: 0 (expected: another number)");
        }
        long count = Math.max(0, Math.ceilDiv(stop - start, step));
        if (count > LONGEST_RANGE) {
            throw call.error(count + " numbers (expected: at most " + LONGEST_RANGE + ")");
        }
        List<Value> numbers = LongStream.range(0, count)
                .<Value>mapToObj(i -> new Value.Whole(start + i * step))
                .toList();
        return new Value.Sequence(numbers);
    }

    /** The template itself finds the messages wrong; so the caller must ask differently. */
    private static Value raise(Call call) {
        String message = call.text(0, "message");
        boolean fits = message.length() <= LONGEST_COMPLAINT;
        String complaint = fits ? message : message.substring(0, LONGEST_COMPLAINT) + "…";
        throw new TernException(
                ErrorCode.INVALID_ARGUMENT,
                "messages: refused by the model's chat template: " + complaint,
                "messages",
                null);
    }
}
