package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tern.base.Cancellation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Beginnings that texts share: the same bits as without, each tenant for itself, never more than there is room for. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrefixStoreTest {
    private static final int BUDGET = 1024;
    private static final int PREFIXES = 256;

    private TinyModel tiny;

    @BeforeAll
    void load() throws IOException {
        tiny = TinyModel.load(BUDGET, PREFIXES);
    }

    @AfterAll
    void close() throws IOException {
        tiny.close();
    }

    @Test
    void aRecalledBeginningHasTheBitsOfOneThatWasRunWhereverItWasCut() {
        assumeTrue(tiny.model().info().bitExact());
        int[] text = text(1, 100);
        for (int piece : new int[] {1, 7, 33, 100}) {
            String tenant = "cut by " + piece;
            try (OnnxKvCache first = tiny.model().openCache(110)) {
                feed(first, text, piece);
                tiny.model().remember(first, tenant, text);
            }
            int[] longer = Arrays.copyOf(text, 107);
            try (OnnxKvCache plain = tiny.model().openCache(110);
                    OnnxKvCache recalled = tiny.model().openCache(110)) {
                float[] expected = feed(plain, longer, 107);
                assertThat(tiny.model().recall(recalled, tenant, longer)).isEqualTo(96);
                float[] actual = feed(recalled, longer, 5);
                assertThat(actual).isEqualTo(expected);
                assertThat(recalled.sameBits(plain, 107)).isTrue();
            }
        }
    }

    @Test
    void atLeastTheLastTokenIsRun() {
        int[] text = text(2, 32);
        keep("last", text);
        try (OnnxKvCache cache = tiny.model().openCache(40)) {
            assertThat(tiny.model().recall(cache, "last", text)).isEqualTo(16);
        }
    }

    @Test
    void textsThatPartWayShareWhatComesBefore() throws IOException {
        try (TinyModel own = TinyModel.load(BUDGET, PREFIXES)) {
            PrefixStore prefixes = own.model().budget().prefixes();
            int[] one = text(3, 64);
            int[] other = one.clone();
            other[40]++;
            keep(own, "part", one);
            assertThat(prefixes.usedBytes()).isEqualTo(64 * TinyModel.TOKEN_BYTES);
            keep(own, "part", other); // differs from the third block on
            assertThat(prefixes.usedBytes()).isEqualTo((64 + 32) * TinyModel.TOKEN_BYTES);
            try (OnnxKvCache cache = own.model().openCache(70)) {
                assertThat(own.model().recall(cache, "part", Arrays.copyOf(other, 65)))
                        .isEqualTo(64);
            }
        }
    }

    @Test
    void nobodySeesWhatAnotherTenantSent() {
        int[] text = text(4, 64);
        keep("one", text);
        try (OnnxKvCache cache = tiny.model().openCache(70)) {
            assertThat(tiny.model().recall(cache, "another", text)).isZero();
            assertThat(tiny.model().recall(cache, "one", text)).isEqualTo(48);
        }
    }

    @Test
    void beginningsGiveWayToTextsAndOldOnesToNew() throws IOException {
        try (TinyModel own = TinyModel.load(512, 256)) {
            PrefixStore prefixes = own.model().budget().prefixes();
            int[] used = text(5, 64);
            keep(own, "a", used);
            for (int seed = 6; seed < 12; seed++) {
                keep(own, "a", text(seed, 64));
                try (OnnxKvCache cache = own.model().openCache(70)) {
                    assertThat(own.model().recall(cache, "a", used)).isEqualTo(48); // used again and again
                }
                assertThat(prefixes.usedBytes()).isLessThanOrEqualTo(256 * TinyModel.TOKEN_BYTES);
            }
            assertThat(prefixes.evictions()).isPositive();
            try (OnnxKvCache cache = own.model().openCache(70)) {
                assertThat(own.model().recall(cache, "a", text(6, 64))).isZero();
            }
            List<OnnxKvCache> texts = new ArrayList<>();
            for (int i = 0; i < 4; i++) { // together all of the memory
                texts.add(own.model().openCache(110));
                assertThat(prefixes.usedBytes() + own.model().budget().usedBytes())
                        .isLessThanOrEqualTo(512 * TinyModel.TOKEN_BYTES);
            }
            assertThat(prefixes.usedBytes()).isZero();
            texts.forEach(OnnxKvCache::close);
            assertThat(own.model().budget().usedBytes()).isZero();
        }
    }

    @Test
    void manyTextsAtOnceGetTheirOwnBitsWhileBlocksComeAndGo() throws Exception {
        assumeTrue(tiny.model().info().bitExact());
        List<int[]> texts = new ArrayList<>();
        List<float[]> expected = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int[] text = text(20 + i % 3, 90);
            Arrays.fill(text, 40 + i, 90, 7); // shared at first, then not
            texts.add(text);
            try (OnnxKvCache cache = tiny.model().openCache(96)) {
                expected.add(feed(cache, text, 90));
            }
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                SplittableRandom random = new SplittableRandom(worker);
                all.add(threads.submit(() -> {
                    for (int round = 0; round < 25; round++) {
                        int which = random.nextInt(texts.size());
                        try (OnnxKvCache cache = tiny.model().openCache(96)) {
                            tiny.model().recall(cache, "crowd", texts.get(which));
                            assertThat(feed(cache, texts.get(which), 40)).isEqualTo(expected.get(which));
                            tiny.model().remember(cache, "crowd", texts.get(which));
                        }
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        PrefixStore prefixes = tiny.model().budget().prefixes();
        assertThat(prefixes.evictions()).isPositive();
        assertThat(prefixes.foundTokens()).isPositive();
        assertThat(prefixes.usedBytes()).isBetween(1L, PREFIXES * TinyModel.TOKEN_BYTES);
        assertThat(tiny.model().budget().usedBytes()).isZero();
    }

    private void keep(String tenant, int[] text) {
        keep(tiny, tenant, text);
    }

    private static void keep(TinyModel tiny, String tenant, int[] text) {
        try (OnnxKvCache cache = tiny.model().openCache(text.length)) {
            feed(tiny, cache, text, text.length);
            tiny.model().remember(cache, tenant, text);
        }
    }

    private float[] feed(OnnxKvCache cache, int[] text, int piece) {
        return feed(tiny, cache, text, piece);
    }

    /** Runs the rest of a text; logits of its last token. */
    private static float[] feed(TinyModel tiny, OnnxKvCache cache, int[] text, int piece) {
        float[] row = new float[tiny.model().info().vocabularySize()];
        while (cache.length() < text.length) {
            int[] part = Arrays.copyOfRange(text, cache.length(), Math.min(text.length, cache.length() + piece));
            tiny.model().forward(cache, part, 1, Cancellation.none()).copyRow(0, row);
            cache.commit(part.length);
        }
        return row;
    }

    private int[] text(int seed, int length) {
        return new SplittableRandom(seed)
                .ints(length, 0, tiny.model().info().vocabularySize() - 1)
                .toArray();
    }
}
