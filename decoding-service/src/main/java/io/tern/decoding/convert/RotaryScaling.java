package io.tern.decoding.convert;

import static io.tern.base.TernException.require;

/** How a model stretches the rotary embedding to contexts longer than it was first trained on. */
@FunctionalInterface
interface RotaryScaling {
    RotaryScaling NONE = (_, frequency) -> frequency;

    /** @param pair index of the pair of elements */
    double scaled(int pair, double frequency);

    /** Position interpolation: every frequency by the same factor. Chen et al. 2023. */
    record Linear(double factor) implements RotaryScaling {
        public Linear {
            require(factor >= 1 && factor < 1e6, "rope scaling factor", factor, "1 or more");
        }

        @Override
        public double scaled(int pair, double frequency) {
            return frequency / factor;
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
            require(factor >= 1 && factor < 1e6, "rope scaling factor", factor, "1 or more");
            require(
                    lowFrequencyFactor > 0 && lowFrequencyFactor < highFrequencyFactor,
                    "rope scaling low_freq_factor, high_freq_factor",
                    lowFrequencyFactor + ", " + highFrequencyFactor,
                    "above 0, the second above the first");
            require(
                    originalContext >= 1,
                    "rope scaling original_max_position_embeddings",
                    originalContext,
                    "1 or more");
        }

        @Override
        public double scaled(int pair, double frequency) {
            double turns = originalContext * frequency / (2 * Math.PI);
            double kept = (turns - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            kept = Math.clamp(kept, 0, 1);
            return frequency * (kept + (1 - kept) / factor);
        }
    }

    /** A divisor for each pair, as GGUF files have it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Divisors(float[] divisors) implements RotaryScaling {
        public Divisors {
            for (float divisor : divisors) {
                require(divisor >= 1 && divisor < 1e6, "rope factor", divisor, "1 or more");
            }
        }

        @Override
        public double scaled(int pair, double frequency) {
            require(pair < divisors.length, "rope factors", divisors.length, "one for each pair of a head");
            return frequency / divisors[pair];
        }
    }
}
