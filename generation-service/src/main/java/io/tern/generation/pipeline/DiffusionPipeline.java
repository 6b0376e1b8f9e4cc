package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.score.Guidance;
import io.tern.generation.score.Parameterization;
import io.tern.onnx.Session;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A text-to-image model, loaded and checked. Safe for many threads; each request opens a {@link Conditioning}. */
public final class DiffusionPipeline implements AutoCloseable {
    private static final String UNET = "unet/model.onnx";
    private static final String DECODER = "vae_decoder/model.onnx";

    private final Inference inference;
    private final SchedulerConfig scheduler;
    private final PipelineConfig config;
    private final TextEncoder textEncoder;
    private final Session unet;
    private final SharedUnet sharedUnet;
    private final Session decoder;
    private final @Nullable PictureEncoder encoder;
    private final RowEquality rows;
    // Read-locked while a request is open, so that closing waits for it.
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private DiffusionPipeline(
            Inference inference,
            SchedulerConfig scheduler,
            PipelineConfig config,
            TextEncoder textEncoder,
            Session unet,
            Session decoder,
            @Nullable PictureEncoder encoder) {
        this.inference = inference;
        this.scheduler = scheduler;
        this.config = config;
        this.textEncoder = textEncoder;
        this.unet = unet;
        this.decoder = decoder;
        this.encoder = encoder;
        this.rows = RowEquality.measure(inference, unet, config.latentRow(), textEncoder.textRow());
        this.sharedUnet =
                new SharedUnet(inference, unet, config.latentRow(), textEncoder.textRow(), rows.minimumRows());
    }

    /**
     * Reads a folder in the layout of diffusers' ONNX pipelines, and runs the U-Net on batches of different sizes to see
     * whether its rows are equal.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT with file, finding and expectation if we cannot run it
     *     faithfully
     */
    public static DiffusionPipeline load(Path folder, Inference inference) {
        boolean encodes = ModelIndex.check(folder);
        SchedulerConfig scheduler = SchedulerConfig.read(folder);
        PipelineConfig config = PipelineConfig.read(folder);
        try (Opened opened = new Opened()) {
            TextEncoder text = opened.add(TextEncoder.load(folder, config.textWidth(), inference));
            long[] row = config.latentRow();
            long[] textRow = text.textRow();
            Session unet = opened.add(Graphs.load(folder, UNET, inference, graph -> {
                graph.requireInputsOnly("sample", "timestep", "encoder_hidden_states");
                graph.requireInput("sample", ElementType.FLOAT32, row);
                graph.requireInput("timestep", ElementType.FLOAT32);
                graph.requireInput("encoder_hidden_states", ElementType.FLOAT32, textRow);
                graph.requireOutput("out_sample", ElementType.FLOAT32, row);
            }));
            Session decoder = opened.add(Graphs.load(folder, DECODER, inference, graph -> {
                graph.requireInputsOnly("latent_sample");
                graph.requireInput("latent_sample", ElementType.FLOAT32, row);
                graph.requireOutput("sample", ElementType.FLOAT32, 3, config.pictureSize(), config.pictureSize());
            }));
            PictureEncoder encoder = encodes ? opened.add(PictureEncoder.load(folder, config, inference)) : null;
            DiffusionPipeline pipeline =
                    new DiffusionPipeline(inference, scheduler, config, text, unet, decoder, encoder);
            opened.keep();
            return pipeline;
        }
    }

    /** Opens the model for one request; the same thread closes it. */
    public Conditioning open(String prompt, String negativePrompt, Guidance guidance, Cancellation cancellation) {
        return new Conditioning(this, prompt, negativePrompt, guidance, cancellation);
    }

    /** The levels of noise that it knows, and which of them are visited. */
    public SamplingSchedule schedule() {
        return scheduler.schedule();
    }

    /** Shape of one sample: [1, channels, height, width]. */
    public Shape latents() {
        return config.latents();
    }

    /** Width and height of its pictures in pixels. */
    public int pictureSize() {
        return config.pictureSize();
    }

    /** Whether it can start from a picture. */
    public boolean encodesPictures() {
        return encoder != null;
    }

    /** Whether a picture has the same bits whatever else is computed with it, as tried at load on this machine. */
    public boolean isBitExact() {
        return rows.bitExact();
    }

    Parameterization parameterization() {
        return scheduler.parameterization();
    }

    PipelineConfig config() {
        return config;
    }

    Inference inference() {
        return inference;
    }

    TextEncoder textEncoder() {
        return textEncoder;
    }

    SharedUnet unet() {
        return sharedUnet;
    }

    Session decoder() {
        return decoder;
    }

    /** Only where {@link #encodesPictures()}. */
    PictureEncoder encoder() {
        return Objects.requireNonNull(encoder, "this model has no encoder");
    }

    RowEquality rows() {
        return rows;
    }

    /** Held by whoever uses the sessions. */
    Lock requestLock() {
        return open.readLock();
    }

    /** Waits until no request is open. */
    @Override
    public void close() {
        Lock alone = open.writeLock();
        alone.lock();
        try {
            if (encoder != null) {
                encoder.close();
            }
            decoder.close();
            sharedUnet.close();
            unet.close();
            textEncoder.close();
        } finally {
            alone.unlock();
        }
    }
}
