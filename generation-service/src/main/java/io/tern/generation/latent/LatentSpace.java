package io.tern.generation.latent;

import io.tern.base.TernException;
import io.tern.generation.graph.ConfigFile;
import io.tern.generation.graph.Graphs;
import io.tern.tensor.Shape;
import java.util.OptionalInt;

/**
 * The space that a model samples in, and how pictures lie in it.
 *
 * @param channels of a latent
 * @param pixels that a latent spans in each direction
 * @param usual the size that the model was taught
 * @param step in pixels, of which width and height are multiples; 0 where the graphs know the usual size alone
 * @param scale latents are divided by it before they are decoded, after {@code shift} was added to them
 * @param shift as the VAE's configuration has it, mostly 0
 */
public record LatentSpace(int channels, int pixels, PictureSize usual, int step, double scale, double shift) {
    /** Larger pictures are repetitive with every model there is, and their attention fills the memory of most machines. */
    private static final int MAX_SIDE = 2048;

    private static final int MAX_CHANNELS = 1024;
    private static final String VAE = "vae_decoder/config.json";

    /**
     * Of a latent diffusion model.
     *
     * @param network configuration of the U-Net or transformer
     * @param fixed whether the graphs take one size alone
     * @param latentStep of how many latents a side must be a multiple
     */
    public static LatentSpace read(ConfigFile network, ConfigFile decoder, boolean fixed, int latentStep) {
        int channels = network.integer("in_channels", 1, MAX_CHANNELS);
        network.requireEqual("out_channels", channels);
        decoder.requireEqual("latent_channels", channels);
        decoder.requireEqual("out_channels", 3);
        double scale = decoder.number("scaling_factor", 1);
        if (!(scale > 0)) {
            throw decoder.refused("scaling_factor", "more than 0");
        }
        int latents = network.integer("sample_size", 1, MAX_SIDE);
        int pixels = pixels(decoder, latents);
        int side = latents * pixels;
        return new LatentSpace(
                channels,
                pixels,
                new PictureSize(side, side),
                fixed ? 0 : latentStep * pixels,
                scale,
                decoder.number("shift_factor", 0));
    }

    /** Of a model whose samples are the pictures. */
    public static LatentSpace ofPixels(ConfigFile network, boolean fixed, int step) {
        int channels = network.integer("in_channels", 1, MAX_CHANNELS);
        if (channels != 1 && channels != 3) {
            throw network.refused("in_channels", "1, grey, or 3, red, green and blue");
        }
        network.requireEqual("out_channels", channels);
        int side = network.integer("sample_size", 1, MAX_SIDE);
        return new LatentSpace(channels, 1, new PictureSize(side, side), fixed ? 0 : step, 1, 0);
    }

    /** Of a model whose samples are heights, of the one size that its graph declares: [batch, 1, height, width]. */
    public static LatentSpace ofHeights(Shape sample) {
        long height = sample.dimension(2);
        long width = sample.dimension(3);
        if (!(sample.dimension(1) == 1 && 1 <= height && height <= MAX_SIDE && 1 <= width && width <= MAX_SIDE)) {
            throw TernException.invalid(
                    Graphs.FILE + ": input noisy", sample, "[batch, 1, height, width] of 1.." + MAX_SIDE);
        }
        return new LatentSpace(1, 1, new PictureSize((int) width, (int) height), 0, 1, 0);
    }

    /** Each level but the first halves the size; where the levels are not told, the sizes must tell. */
    private static int pixels(ConfigFile decoder, int latents) {
        int levels = decoder.length("block_out_channels");
        if (levels > 0) {
            return 1 << Math.min(levels - 1, 6);
        }
        int pixels = decoder.integer("sample_size", 1, MAX_SIDE);
        if (pixels % latents != 0) {
            throw decoder.refused("sample_size", "a multiple of " + latents);
        }
        return pixels / latents;
    }

    /**
     * The size that is asked for.
     *
     * @throws TernException INVALID_ARGUMENT if this model cannot draw it
     */
    public PictureSize size(OptionalInt width, OptionalInt height) {
        return new PictureSize(
                side("width", width.orElse(usual.width()), usual.width()),
                side("height", height.orElse(usual.height()), usual.height()));
    }

    private int side(String field, int side, int usualSide) {
        if (step == 0) {
            TernException.require(side == usualSide, field, side, usualSide + ", the model's size");
        } else {
            TernException.require(
                    1 <= side && side <= MAX_SIDE && side % step == 0,
                    field,
                    side,
                    "a multiple of " + step + " up to " + MAX_SIDE);
        }
        return side;
    }

    /**
     * A picture's side that is enlarged, in whole latents.
     *
     * @throws TernException INVALID_ARGUMENT if it is less than a window's, or more than anybody can draw
     */
    int enlarged(String field, int side, double factor, int window) {
        double enlarged = Math.rint(side * factor / pixels) * pixels;
        TernException.require(
                window <= enlarged && enlarged <= MAX_SIDE,
                "upscale",
                factor,
                "a " + field + " of " + window + ".." + MAX_SIDE + " pixels, of " + side + " now");
        return (int) enlarged;
    }

    /** When its pictures are encoded and decoded in tiles: where graphs know one size alone, all that are larger. */
    Tiling tiling() {
        return step == 0
                ? new Tiling((long) usual.width() * usual.height(), usual.width(), usual.width() / pixels / 4 * pixels)
                : Tiling.LARGE_PICTURES;
    }

    /** The smallest picture, for trying things out. */
    public PictureSize smallest() {
        return step == 0 ? usual : new PictureSize(step, step);
    }

    /** Of so many samples: [rows, channels, height, width]. */
    public Shape latents(long rows, PictureSize size) {
        return Shape.of(rows, channels, size.height() / pixels, size.width() / pixels);
    }

    /** Of one sample as a graph may declare it: any size, or the one. */
    public long[] declaredRow() {
        return step == 0
                ? new long[] {channels, usual.height() / pixels, usual.width() / pixels}
                : new long[] {channels, -1, -1};
    }

    /** Of one picture as a graph may declare it. */
    long[] declaredPicture() {
        return step == 0 ? new long[] {3, usual.height(), usual.width()} : new long[] {3, -1, -1};
    }
}
