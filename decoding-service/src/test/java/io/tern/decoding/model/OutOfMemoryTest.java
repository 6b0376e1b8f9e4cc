package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The machine has less memory than the budget says: whichever allocation fails, the text is refused and nothing is lost. */
@Timeout(60)
class OutOfMemoryTest {
    @Test
    void whicheverAllocationFailsTheTextIsRefusedAndLaterOnesHaveTheirBits() throws IOException {
        try (TinyModel tiny = TinyModel.load()) {
            float[] before = logits(tiny.model());
            int allocations = allocationsOf(tiny);
            assertThat(allocations).isPositive();
            for (int failing = 1; failing <= allocations; failing++) {
                OnnxLanguageModel poor = failing(tiny, failing);
                assertThatThrownBy(() -> poor.openCache(64))
                        .isInstanceOfSatisfying(
                                TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
                assertThat(tiny.model().budget().usedBytes()).isZero();
                assertThat(poor.sequences()).isZero();
            }
            assertThat(logits(tiny.model())).isEqualTo(before);
        }
    }

    /** The control: with one allocation more than there are, nothing fails. */
    @Test
    void whatDoesNotFailIsNotRefused() throws IOException {
        try (TinyModel tiny = TinyModel.load();
                OnnxKvCache cache = failing(tiny, allocationsOf(tiny) + 1).openCache(64)) {
            assertThat(cache.capacity()).isGreaterThanOrEqualTo(64);
        }
    }

    private static int allocationsOf(TinyModel tiny) {
        AtomicInteger count = new AtomicInteger();
        KvMemory.Allocation real = tiny.model().allocation();
        try (OnnxKvCache _ = tiny.model()
                .allocatedBy((arena, bytes) -> {
                    count.incrementAndGet();
                    return real.allocate(arena, bytes);
                })
                .openCache(64)) {
            return count.get();
        }
    }

    private static OnnxLanguageModel failing(TinyModel tiny, int which) {
        AtomicInteger count = new AtomicInteger();
        KvMemory.Allocation real = tiny.model().allocation();
        return tiny.model().allocatedBy((arena, bytes) -> {
            if (count.incrementAndGet() == which) {
                throw new OutOfMemoryError("as malloc says it");
            }
            return real.allocate(arena, bytes);
        });
    }

    private static float[] logits(OnnxLanguageModel model) {
        int[] text = new int[40];
        Arrays.setAll(text, place -> 11 + place % 5);
        float[] row = new float[model.info().vocabularySize()];
        try (OnnxKvCache cache = model.openCache(64)) {
            model.forward(cache, text, 1, Cancellation.none()).copyRow(0, row);
        }
        return row;
    }
}
