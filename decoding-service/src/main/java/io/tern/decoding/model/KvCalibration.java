package io.tern.decoding.model;

import io.tern.base.Cancellation;
import io.tern.decoding.convert.KvScales;
import io.tern.tensor.ElementType;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Finds how large the keys and values of a model become, channel by channel, by a text of several kinds and languages; once
 * as it is, and once behind the control tokens that chats are made of. A model without a tokenizer reads tokens by chance.
 */
final class KvCalibration {
    /** What the scales depend on: to be raised when another text, or another margin, would give others. */
    private static final String OF_TEXT = "calibration 1";

    private static final String OF_CHANCE = "calibration 1 by chance";

    private static final String TEXT = "calibration.txt";
    /** Other texts go a little beyond what this one reaches; what goes further is cut. */
    private static final float MARGIN = 1.25f;

    private static final int STEP = 64;
    private static final int MOST_CONTROL_TOKENS = 32;
    /** As many as the text has. */
    private static final int TOKENS_BY_CHANCE = 1024;

    private static final long SEED = 1;

    private final Tokenizer tokenizer;

    KvCalibration(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** What the scales depend on beside the model. */
    String version() {
        return hasText() ? OF_TEXT : OF_CHANCE;
    }

    private boolean hasText() {
        return tokenizer.vocabularySize() > 0;
    }

    /** @param model whose keys and values are float32 */
    KvScales run(OnnxLanguageModel model) throws IOException {
        KvLayout layout = model.layout();
        if (layout.type() != ElementType.FLOAT32) {
            throw new IllegalArgumentException("layout: " + layout.type() + " (expected: FLOAT32)");
        }
        List<float[]> largest = new ArrayList<>();
        for (int tensor = 0; tensor < layout.tensors(); tensor++) {
            largest.add(new float[layout.heads() * layout.headSize()]);
        }
        for (int[] text : texts(model.info().vocabularySize())) {
            int[] fitting =
                    Arrays.copyOf(text, Math.min(text.length, model.info().contextLength()));
            try (OnnxKvCache cache = model.openCache(fitting.length)) {
                feed(model, cache, fitting);
                widen(largest, (HostKvMemory) cache.memory(), fitting.length);
            }
        }
        largest.forEach(KvCalibration::addMargin);
        return new KvScales(layout.heads(), layout.headSize(), largest);
    }

    /** @param vocabulary tokens that the model knows: its tokenizer may have more */
    private List<int[]> texts(int vocabulary) throws IOException {
        if (!hasText()) {
            return List.of(
                    new Random(SEED).ints(TOKENS_BY_CHANCE, 0, vocabulary).toArray());
        }
        int[] text = tokenizer.encodeOrdinary(text());
        int[] control = IntStream.range(0, tokenizer.vocabularySize())
                .filter(tokenizer::isControl)
                .limit(MOST_CONTROL_TOKENS)
                .toArray();
        return Stream.of(joined(tokenizer.beginning(), text), joined(control, text))
                .map(ids -> Arrays.stream(ids).filter(id -> id < vocabulary).toArray())
                .toList();
    }

    private static String text() throws IOException {
        try (InputStream resource = KvCalibration.class.getResourceAsStream(TEXT)) {
            return new String(Objects.requireNonNull(resource, TEXT).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    private static void feed(OnnxLanguageModel model, OnnxKvCache cache, int[] text) {
        while (cache.length() < text.length) {
            int from = cache.length();
            int to = Math.min(from + STEP, text.length);
            var _ = model.forward(cache, Arrays.copyOfRange(text, from, to), 0, Cancellation.none());
            cache.commit(to - from);
        }
    }

    private static void widen(List<float[]> largest, HostKvMemory memory, int positions) {
        KvLayout layout = memory.layout();
        for (int tensor = 0; tensor < layout.tensors(); tensor++) {
            float[] channels = largest.get(tensor);
            for (int head = 0; head < layout.heads(); head++) {
                MemorySegment rows = memory.head(tensor, head);
                for (long i = 0; i < (long) positions * layout.headSize(); i++) {
                    int channel = head * layout.headSize() + (int) (i % layout.headSize());
                    float value = Math.abs(rows.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i));
                    channels[channel] = Math.max(channels[channel], value);
                }
            }
        }
    }

    private static void addMargin(float[] channels) {
        for (int i = 0; i < channels.length; i++) {
            channels[i] *= MARGIN;
        }
    }
}
