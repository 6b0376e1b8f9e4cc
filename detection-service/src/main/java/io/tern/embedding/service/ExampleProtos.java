package io.tern.embedding.service;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.embedding.ImageEncoder;
import io.tern.embedding.NamedExamples;
import io.tern.embedding.v1.Example;
import java.util.ArrayList;
import java.util.List;

/** Examples between the messages and the engine. */
public final class ExampleProtos {
    private static final int MOST_EXAMPLES = 256;
    private static final int LONGEST_NAME = 100;

    private ExampleProtos() {}

    /**
     * What can be said without looking at the pictures; none is right.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    public static void check(List<Example> examples) {
        int count = examples.size();
        TernException.require(count <= MOST_EXAMPLES, "examples", count + " examples", "at most " + MOST_EXAMPLES);
        for (int i = 0; i < count; i++) {
            Example example = examples.get(i);
            int length = example.getName().length();
            TernException.require(
                    1 <= length && length <= LONGEST_NAME,
                    field(i) + ".name",
                    length + " characters",
                    "1.." + LONGEST_NAME);
            if (example.hasBox()) {
                PictureVectors.box(field(i) + ".box", example.getBox());
            }
        }
    }

    /** @throws TernException INVALID_ARGUMENT outside -1..1 */
    public static double similarity(double similarity) {
        boolean cosine = -1 <= similarity && similarity <= 1; // so that NaN fails too
        TernException.require(cosine, "similarity", similarity, "-1..1");
        return similarity;
    }

    /**
     * Call it on a platform thread, after {@link #check}.
     *
     * @throws TernException INVALID_ARGUMENT for what is no picture, or a box outside of it
     */
    public static NamedExamples encode(List<Example> examples, ImageEncoder encoder, Cancellation cancellation) {
        List<NamedExamples.Example> encoded = new ArrayList<>(examples.size());
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            var boxes = example.hasBox() ? List.of(example.getBox()) : List.<io.tern.embedding.v1.Region>of();
            var views = PictureVectors.views(field(i), example.getImage(), boxes, "box", cancellation);
            float[] vector = encoder.encodeEach(views, cancellation).getFirst();
            encoded.add(new NamedExamples.Example(example.getName(), vector));
        }
        return new NamedExamples(encoded);
    }

    private static String field(int index) {
        return "examples[" + index + "]";
    }
}
