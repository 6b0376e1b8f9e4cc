package io.tern.decoding.convert;

import java.util.List;
import java.util.function.IntPredicate;

/** What a checkpoint says of its network. A value that makes no sense is refused as INVALID_ARGUMENT with its key. */
interface DecoderSettings {
    boolean has(Setting setting);

    /** A whole number in {@code min..max}. */
    int whole(Setting setting, int min, int max);

    default int whole(Setting setting, int min, int max, int absent) {
        return has(setting) ? whole(setting, min, max) : absent;
    }

    double real(Setting setting);

    default double real(Setting setting, double absent) {
        return has(setting) ? real(setting) : absent;
    }

    /** Number of tokens. */
    int vocabulary();

    /**
     * Of layers that see everything; heads are turned as a whole.
     *
     * @param base where the checkpoint is silent
     */
    Rotary rotary(double base, int headSize);

    /**
     * The same in families that may turn a part of each head.
     *
     * @param base where the checkpoint is silent
     */
    Rotary partialRotary(double base, int headSize);

    /**
     * Of layers that see a window, in families that give them another one.
     *
     * @param base where the checkpoint is silent
     */
    Rotary windowedRotary(double base, int headSize);

    /**
     * For each layer whether it sees a window only.
     *
     * @param usual of a layer by its index, where the checkpoint is silent
     */
    List<Boolean> windowed(int layers, IntPredicate usual);

    /**
     * For each layer whether it has a rotary embedding, in families where some have none.
     *
     * @param interval each so many-th has none, where the checkpoint is silent
     */
    List<Boolean> turned(int layers, int interval);

    /** @param usual where the checkpoint is silent */
    Activation activation(Activation usual);
}
