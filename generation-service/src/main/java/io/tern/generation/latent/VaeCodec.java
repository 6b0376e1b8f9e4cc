package io.tern.generation.latent;

import io.tern.base.Cancellation;
import io.tern.generation.graph.GraphLease;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.generation.graph.Opened;
import io.tern.imaging.RgbImage;
import io.tern.onnx.Session;
import io.tern.tensor.FloatTensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Of a latent diffusion model: a variational autoencoder, whose encoder may be left out. Rombach et al. 2022, section 3.1. */
final class VaeCodec implements PictureCodec {
    private static final String DECODER = "vae_decoder/model.onnx";
    /** Up to here a preview is decoded. */
    private static final int DECODED_PREVIEW_PIXELS = 128 * 128;

    private final Inference inference;
    private final LatentSpace space;
    private final GraphLease lease;
    private final Session decoder;
    private final @Nullable PictureEncoder encoder;
    private final LatentProjection projection;

    private VaeCodec(Inference inference, LatentSpace space, GraphLease lease, @Nullable PictureEncoder encoder) {
        this.inference = inference;
        this.space = space;
        this.lease = lease;
        this.decoder = lease.session();
        this.encoder = encoder;
        this.projection = LatentProjection.fit(inference, decoder, space);
    }

    /** @param encodes whether there is an encoder */
    static VaeCodec load(Path folder, LatentSpace space, boolean encodes, Inference inference) {
        try (Opened opened = new Opened()) {
            GraphLease decoder = opened.add(Graphs.load(folder, DECODER, inference, graph -> {
                graph.requireInputsOnly("latent_sample");
                graph.requireFloats("latent_sample", space.declaredRow());
                graph.requireOutput("sample", space.declaredPicture());
            }));
            PictureEncoder encoder = encodes ? opened.add(PictureEncoder.load(folder, space, inference)) : null;
            VaeCodec codec = new VaeCodec(inference, space, decoder, encoder);
            opened.keep();
            return codec;
        }
    }

    LatentProjection projection() {
        return projection;
    }

    @Override
    public boolean encodes() {
        return encoder != null;
    }

    @Override
    public EncodedPicture encode(RgbImage image, Arena arena, Cancellation cancellation) {
        return Objects.requireNonNull(encoder, "this model has no encoder").encode(image, arena, cancellation);
    }

    @Override
    public PictureDecoder open(PictureSize size, Arena arena, Cancellation cancellation) {
        Tiling tiling = space.tiling();
        LatentPixels bound = tiling.applies(size)
                ? new TiledDecoder(inference, decoder, space, size, tiling, arena, cancellation)
                : new LatentDecoder(inference, decoder, space, size, arena, cancellation);
        return new VaeDecoder(bound, projection, size);
    }

    /** Decodes a preview only while that costs next to nothing. */
    private record VaeDecoder(LatentPixels decoder, LatentProjection projection, PictureSize size)
            implements PictureDecoder {
        @Override
        public RgbImage decode(FloatTensor sample) {
            return decoder.decode(sample);
        }

        @Override
        public RgbImage preview(FloatTensor sample) {
            return size.width() * size.height() <= DECODED_PREVIEW_PIXELS
                    ? decoder.decode(sample)
                    : projection.project(sample, size);
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    @Override
    public void close() {
        if (encoder != null) {
            encoder.close();
        }
        lease.close();
    }
}
