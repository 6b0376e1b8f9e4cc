package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.linear.LinearCombination;
import io.tern.imaging.RgbImage;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.Session;
import io.tern.tensor.ElementType;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The VAE encoder: pixels to latents. Exporters disagree on what it gives: {@code latent_sample} are the latents,
 * {@code latent_parameters} the mean and the log-variance of each. Safe for many threads.
 */
final class PictureEncoder implements AutoCloseable {
    static final String GRAPH = "vae_encoder/model.onnx";

    private static final String LATENTS = "latent_sample";
    private static final String DISTRIBUTION = "latent_parameters";
    /** As in diffusers, so that no variance is infinite. */
    private static final float LEAST_LOG_VARIANCE = -30;

    private static final float MOST_LOG_VARIANCE = 20;

    private final Inference inference;
    private final Session session;
    private final PipelineConfig config;
    private final String output;

    private PictureEncoder(Inference inference, Session session, PipelineConfig config) {
        this.inference = inference;
        this.session = session;
        this.config = config;
        this.output = output(session.signature());
    }

    static PictureEncoder load(Path folder, PipelineConfig config, Inference inference) {
        Session session = Graphs.load(folder, GRAPH, inference, graph -> {
            graph.requireInputsOnly("sample");
            graph.requireInput("sample", ElementType.FLOAT32, 3, config.pictureSize(), config.pictureSize());
            String output = output(graph.signature());
            long[] row = config.latentRow();
            row[0] *= output.equals(DISTRIBUTION) ? 2 : 1;
            graph.requireOutput(output, ElementType.FLOAT32, row);
        });
        return new PictureEncoder(inference, session, config);
    }

    private static String output(ModelSignature signature) {
        boolean distribution =
                signature.outputs().stream().anyMatch(info -> info.name().equals(DISTRIBUTION));
        return distribution ? DISTRIBUTION : LATENTS;
    }

    /** @return allocated from the arena */
    EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation) {
        long[] row = config.latentRow();
        long channels = row[0];
        row[0] *= output.equals(DISTRIBUTION) ? 2 : 1;
        // Shared, since the graph runs on the executor's thread while this one waits.
        try (Arena call = Arena.ofShared();
                BoundGraph graph = new BoundGraph(inference, session, call)) {
            write(image, graph.floatInput("sample", Shape.of(1, 3, image.height(), image.width())));
            FloatTensor given = graph.floatOutput(output, GraphFile.batchOf(1, row));
            graph.run(cancellation);
            FloatTensor mean = FloatTensor.allocate(arena, config.latents());
            FloatTensor first = FloatTensor.over(given.segment(), config.latents());
            LinearCombination.scale(mean, config.scalingFactor(), first);
            if (row[0] == channels) {
                return new EncodedPicture(mean, null);
            }
            FloatTensor deviation = FloatTensor.allocate(arena, config.latents());
            for (long i = 0; i < deviation.size(); i++) {
                float logVariance = Math.clamp(given.get(mean.size() + i), LEAST_LOG_VARIANCE, MOST_LOG_VARIANCE);
                deviation.set(i, (float) (config.scalingFactor() * StrictMath.exp(0.5 * logVariance)));
            }
            return new EncodedPicture(mean, deviation);
        }
    }

    /** 0..255 to [-1, 1], plane by plane. */
    private static void write(RgbImage image, FloatTensor pixels) {
        byte[] rgb = image.rgb();
        int plane = rgb.length / 3;
        for (int pixel = 0; pixel < plane; pixel++) {
            for (int channel = 0; channel < 3; channel++) {
                pixels.set((long) channel * plane + pixel, (rgb[3 * pixel + channel] & 0xff) / 127.5f - 1);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
