package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

/** How a model stretches the rotary embedding to contexts longer than it was first trained on. */
@FunctionalInterface
interface RotaryScaling {
    double MAX_FACTOR = 1e6;
    RotaryScaling NONE = (frequencies, _) -> frequencies;

    /**
     * Frequencies as the model uses them.
     *
     * @param frequencies radians a position, pair by pair; frequency i is base^(-i / pairs)
     */
    double[] scaled(double[] frequencies, double base);

    /** What cosines and sines are multiplied with. */
    default double magnitude() {
        return 1;
    }

    /** How many positions it is made for. */
    default int longest() {
        return Integer.MAX_VALUE;
    }

    private static void requireFactor(double factor) {
        require(factor >= 1 && factor < MAX_FACTOR, "rope scaling factor", factor, "1 or more");
    }

    private static void requireContext(double originalContext) {
        require(originalContext >= 1, "rope scaling original_max_position_embeddings", originalContext, "1 or more");
    }

    /** Position interpolation: every frequency by the same factor. Chen et al. 2023. */
    record Linear(double factor) implements RotaryScaling {
        public Linear {
            requireFactor(factor);
        }

        @Override
        public double[] scaled(double[] frequencies, double base) {
            double[] scaled = new double[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = frequencies[i] / factor;
            }
            return scaled;
        }
    }

    /**
     * Llama 3.1: long wavelengths are stretched by the factor, short ones stay, and between the two it fades.
     *
     * @param lowFrequencyFactor wavelengths above originalContext by this are stretched wholly
     * @param highFrequencyFactor wavelengths below originalContext by this stay
     * @param originalContext before the stretching
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements RotaryScaling {
        public Llama3 {
            requireFactor(factor);
            require(
                    lowFrequencyFactor > 0 && lowFrequencyFactor < highFrequencyFactor,
                    "rope scaling low_freq_factor, high_freq_factor",
                    lowFrequencyFactor + ", " + highFrequencyFactor,
                    "above 0, the second above the first");
            requireContext(originalContext);
        }

        @Override
        public double[] scaled(double[] frequencies, double base) {
            double[] scaled = new double[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                double turns = originalContext * frequencies[i] / (2 * Math.PI);
                double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
                kept = Math.clamp(kept, 0, 1);
                scaled[i] = frequencies[i] * (kept + (1 - kept) / factor);
            }
            return scaled;
        }
    }

    /**
     * YaRN: pairs that turn often within the original context stay, those that turn seldom are stretched by the factor,
     * between the two it fades pair by pair; and attention is sharpened. Peng et al. 2023, §3.
     *
     * @param fastTurns pairs that turn more often than this stay
     * @param slowTurns pairs that turn less often than this are stretched wholly
     * @param wholePairs whether the fading begins and ends at whole pairs
     * @param magnitude of cosines and sines, which sharpens the attention by its square
     */
    record Yarn(
            double factor,
            double originalContext,
            double fastTurns,
            double slowTurns,
            boolean wholePairs,
            double magnitude)
            implements RotaryScaling {
        static final double FAST_TURNS = 32;
        static final double SLOW_TURNS = 1;
        /** Of a fading that begins where it ends, as the reference has it. */
        private static final double NARROWEST = 0.001;

        public Yarn {
            requireFactor(factor);
            requireContext(originalContext);
            require(
                    slowTurns > 0 && slowTurns <= fastTurns,
                    "rope scaling beta_slow, beta_fast",
                    slowTurns + ", " + fastTurns,
                    "above 0, the second not below the first");
            require(magnitude > 0 && magnitude < MAX_FACTOR, "rope scaling attention_factor", magnitude, "above 0");
        }

        /** The paper's temperature for a factor; eq. 22. */
        static double sharpening(double factor, double weight) {
            return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
        }

        @Override
        public double[] scaled(double[] frequencies, double base) {
            double begin = pairOf(fastTurns, frequencies.length, base);
            double end = pairOf(slowTurns, frequencies.length, base);
            begin = Math.max(0, wholePairs ? Math.floor(begin) : begin);
            end = Math.min(2.0 * frequencies.length - 1, wholePairs ? Math.ceil(end) : end);
            double width = end == begin ? NARROWEST : end - begin;
            double[] scaled = new double[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                double stretched = Math.clamp((i - begin) / width, 0, 1);
                scaled[i] = frequencies[i] * (1 - stretched + stretched / factor);
            }
            return scaled;
        }

        /** Which pair, as a fraction, turns so often within the original context. */
        private double pairOf(double turns, int pairs, double base) {
            return pairs * Math.log(originalContext / (turns * 2 * Math.PI)) / Math.log(base);
        }
    }

    /**
     * A divisor for each pair: Llama 3.1 in GGUF files, and LongRoPE. Ding et al. 2024. Of LongRoPE's two lists the one for
     * texts within the original context is used, and no text is longer: with the other one, short texts would be other ones.
     *
     * @param magnitude of cosines and sines
     * @param longest how many positions these divisors are for
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Divisors(float[] divisors, double magnitude, int longest) implements RotaryScaling {
        public Divisors {
            for (float divisor : divisors) {
                require(divisor > 0 && divisor < MAX_FACTOR, "rope factor", divisor, "above 0");
            }
            require(magnitude > 0 && magnitude < MAX_FACTOR, "rope scaling attention_factor", magnitude, "above 0");
            require(longest >= 1, "rope scaling original_max_position_embeddings", longest, "1 or more");
        }

        /** What LongRoPE sharpens the attention with, by the square of this; §3.3. */
        static double sharpening(double factor, double originalContext) {
            return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
        }

        @Override
        public double[] scaled(double[] frequencies, double base) {
            require(
                    divisors.length == frequencies.length,
                    "rope factors",
                    divisors.length,
                    frequencies.length + ", one for each pair of a head");
            double[] scaled = new double[frequencies.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = frequencies[i] / divisors[i];
            }
            return scaled;
        }
    }
}
