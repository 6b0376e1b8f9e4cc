package io.tern.generation.pipeline;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.graph.Graphs;
import io.tern.generation.graph.Inference;
import io.tern.generation.graph.Opened;
import io.tern.generation.latent.LatentSpace;
import io.tern.generation.latent.PictureCodec;
import io.tern.generation.latent.PictureSize;
import io.tern.generation.latent.Windows;
import io.tern.generation.prompt.WeightedPrompt;
import io.tern.generation.schedule.SamplingSchedule;
import io.tern.generation.score.Guidance;
import io.tern.machine.Exactness;
import io.tern.tensor.Shape;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;

/** A model of pictures, loaded and checked. Safe for many threads; each request opens a {@link Conditioning}. */
public final class DiffusionPipeline implements AutoCloseable {
    private final Inference inference;
    private final SchedulerConfig scheduler;
    private final Denoiser denoiser;
    private final Conditioner conditioner;
    private final PictureCodec codec;
    private final Exactness rows;
    private final SharedDenoiser sharedDenoiser;
    // Read-locked while a request is open, so that closing waits for it.
    private final ReadWriteLock open = new ReentrantReadWriteLock();

    private DiffusionPipeline(
            Inference inference,
            SchedulerConfig scheduler,
            Denoiser denoiser,
            Conditioner conditioner,
            PictureCodec codec,
            Exactness rows) {
        this.inference = inference;
        this.scheduler = scheduler;
        this.denoiser = denoiser;
        this.conditioner = conditioner;
        this.codec = codec;
        this.rows = rows;
        this.sharedDenoiser = new SharedDenoiser(inference, denoiser, rows);
    }

    /** As {@link #load(Path, Inference, Function)}, with nothing remembered. */
    public static DiffusionPipeline load(Path folder, Inference inference) {
        return load(folder, inference, Supplier::get);
    }

    /**
     * Reads a folder in the layout of diffusers' ONNX pipelines, and sees whether the network's rows are equal in batches of
     * different sizes.
     *
     * @param known gives what is remembered of this network on this machine, or else asks what it is given, which runs it
     * @throws io.tern.base.TernException INVALID_ARGUMENT with file, finding and expectation if we cannot run it
     *     faithfully
     */
    public static DiffusionPipeline load(
            Path folder, Inference inference, Function<Supplier<Exactness>, Exactness> known) {
        ModelIndex index = ModelIndex.read(folder);
        SchedulerConfig scheduler = index.family().scheduler(folder);
        try (Opened opened = new Opened()) {
            Denoiser denoiser = opened.add(Denoiser.load(folder, index.family(), inference));
            Conditioner conditioner = opened.add(index.family().conditioner(folder, denoiser, index, inference));
            PictureCodec codec = opened.add(index.family().codec(folder, denoiser.space(), index, inference));
            Exactness rows = known.apply(() -> RowEquality.measure(inference, denoiser, conditioner, scheduler));
            DiffusionPipeline pipeline =
                    new DiffusionPipeline(inference, scheduler, denoiser, conditioner, codec, rows);
            opened.keep();
            return pipeline;
        }
    }

    /**
     * Of the network's graph and whatever weights lie beside it, which stands for the model.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it is no folder of a model that we know, or has no network
     */
    public static String sha256(Path folder) {
        NetworkKind network = ModelIndex.read(folder).family().network();
        return Graphs.sha256(ConfigFile.requireFile(folder, network.graph()).resolveSibling(""));
    }

    /** The same for pictures that the network is given as a whole. */
    public Conditioning open(
            WeightedPrompt prompt,
            WeightedPrompt negativePrompt,
            Guidance guidance,
            PictureSize size,
            Cancellation cancellation) {
        return open(new Told(prompt, negativePrompt, guidance), size, size, Priority.LIVE, cancellation);
    }

    /**
     * Opens the model for one request; the same thread closes it.
     *
     * @param size of the pictures
     * @param window what the network is given of them at once; their size for all
     * @param priority whose turn its steps have
     */
    public Conditioning open(
            Told told, PictureSize size, PictureSize window, Priority priority, Cancellation cancellation) {
        return new Conditioning(this, told, size, window, priority, cancellation);
    }

    /** The levels of noise that it knows, and which of them are visited. */
    public SamplingSchedule schedule() {
        return scheduler.schedule();
    }

    /** How it is drawn with where a request does not say. */
    public UsualSettings usual() {
        // A network that is told guidance can be led by any; what leads a distilled one else is within it.
        return conditioner.tellsGuidance() ? scheduler.usual().withGuidance(UsualSettings.GUIDANCE) : scheduler.usual();
    }

    /** Whether its pictures are of 8-bit colours, and not of 16-bit grey. */
    public boolean drawsColours() {
        return codec.drawsColours();
    }

    /**
     * What only the model can say of what it is told.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it cannot be led by that
     */
    public void check(Told told) {
        conditioner.check(told);
    }

    /**
     * The size that is asked for, or the model's own.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it cannot draw that
     */
    public PictureSize size(OptionalInt width, OptionalInt height) {
        return space().size(width, height);
    }

    /**
     * The size of a picture that is enlarged and drawn over in windows of the model's own size: the multiple of what a latent
     * spans that is nearest.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it is smaller than a window, or has too many of them
     */
    public PictureSize enlarged(PictureSize picture, double factor) {
        return Windows.size(space(), picture, factor);
    }

    /** Shape of one sample: [1, channels, height, width]. */
    public Shape latents(PictureSize size) {
        return space().latents(1, size);
    }

    /** Whether it can start from a picture. */
    public boolean encodesPictures() {
        return codec.encodes();
    }

    /** Whether a picture has the same bits whatever else is computed with it, as tried at load on this machine. */
    public boolean isBitExact() {
        return rows.bitExact();
    }

    /** What the network computes in: {@code fp32}, or {@code fp16}. */
    public String precision() {
        return denoiser.isHalfPrecision() ? "fp16" : "fp32";
    }

    SchedulerConfig scheduler() {
        return scheduler;
    }

    LatentSpace space() {
        return denoiser.space();
    }

    Inference inference() {
        return inference;
    }

    Denoiser denoiser() {
        return denoiser;
    }

    /** What requests call. */
    SharedDenoiser sharedDenoiser() {
        return sharedDenoiser;
    }

    Conditioner conditioner() {
        return conditioner;
    }

    PictureCodec codec() {
        return codec;
    }

    Exactness rows() {
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
            codec.close();
            sharedDenoiser.close();
            conditioner.close();
            denoiser.close();
        } finally {
            alone.unlock();
        }
    }
}
