package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.BoundGraph;
import io.tern.generation.graph.GraphLease;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.imaging.RgbImage;
import io.tern.onnx.ModelSignature;
import io.tern.onnx.Session;
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
    private final GraphLease lease;
    private final Session session;
    private final LatentSpace space;
    private final String output;

    private PictureEncoder(Inference inference, GraphLease lease, LatentSpace space) {
        this.inference = inference;
        this.lease = lease;
        this.session = lease.session();
        this.space = space;
        this.output = output(session.signature());
    }

    static PictureEncoder load(Path folder, LatentSpace space, Inference inference) {
        GraphLease lease = Graphs.load(folder, GRAPH, inference, graph -> {
            graph.requireInputsOnly("sample");
            graph.requireFloats("sample", space.declaredPicture());
            String output = output(graph.signature());
            long[] row = space.declaredRow();
            row[0] *= output.equals(DISTRIBUTION) ? 2 : 1;
            graph.requireOutput(output, row);
        });
        return new PictureEncoder(inference, lease, space);
    }

    private static String output(ModelSignature signature) {
        boolean distribution =
                signature.outputs().stream().anyMatch(info -> info.name().equals(DISTRIBUTION));
        return distribution ? DISTRIBUTION : LATENTS;
    }

    /** @return allocated from the arena */
    EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation) {
        return encode(image, space.tiling(), arena, cancellation);
    }

    EncodedPicture encode(RgbImage image, Tiling tiling, Arena arena, Cancellation cancellation) {
        Shape latents = space.latents(1, new PictureSize(image.width(), image.height()));
        boolean distribution = output.equals(DISTRIBUTION);
        // Shared, since the graph runs on the executor's thread while this one waits.
        try (Arena call = Arena.ofShared()) {
            FloatTensor given = FloatTensor.allocate(call, distribution ? twiceTheChannels(latents) : latents);
            run(image, given, tiling, call, cancellation);
            FloatTensor mean = FloatTensor.allocate(arena, latents);
            for (long i = 0; i < mean.size(); i++) {
                mean.set(i, (float) ((given.get(i) - space.shift()) * space.scale()));
            }
            return new EncodedPicture(mean, distribution ? deviation(given, latents, arena) : null);
        }
    }

    /** Tile by tile, which for most pictures is one. */
    private void run(RgbImage image, FloatTensor given, Tiling tiling, Arena call, Cancellation cancellation) {
        FloatTensor pixels = FloatTensor.allocate(call, Shape.of(1, 3, image.height(), image.width()));
        write(image, pixels);
        TiledMap tiles = tiling.encoding(space, new PictureSize(image.width(), image.height()));
        long[] encoded = given.shape().toArray();
        encoded[2] = tiles.mappedRows().tile();
        encoded[3] = tiles.mappedColumns().tile();
        try (BoundGraph graph = new BoundGraph(inference, session, call)) {
            Shape tile = Shape.of(1, 3, tiles.rows().tile(), tiles.columns().tile());
            FloatTensor in = graph.floatInput("sample", tile);
            FloatTensor out = graph.floatOutput(output, Shape.of(encoded));
            tiles.run(
                    pixels,
                    given,
                    cut -> {
                        in.copyFrom(cut);
                        graph.run(cancellation);
                        return out;
                    },
                    call);
        }
    }

    /** Behind the means lie the logarithms of the variances. */
    private FloatTensor deviation(FloatTensor given, Shape latents, Arena arena) {
        FloatTensor deviation = FloatTensor.allocate(arena, latents);
        for (long i = 0; i < deviation.size(); i++) {
            float logVariance = Math.clamp(given.get(deviation.size() + i), LEAST_LOG_VARIANCE, MOST_LOG_VARIANCE);
            deviation.set(i, (float) (space.scale() * StrictMath.exp(0.5 * logVariance)));
        }
        return deviation;
    }

    private static Shape twiceTheChannels(Shape latents) {
        long[] dimensions = latents.toArray();
        dimensions[1] *= 2;
        return Shape.of(dimensions);
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
        lease.close();
    }
}
