package io.tern.generation.sampler;

import io.tern.tensor.FloatTensor;
import java.util.function.Supplier;

/** The last few tensors of a multistep method, in memory that is used again. */
final class History {
    private final FloatTensor[] tensors;
    private int added;

    History(Supplier<FloatTensor> buffer, int capacity) {
        tensors = new FloatTensor[capacity];
        for (int i = 0; i < capacity; i++) {
            tensors[i] = buffer.get();
        }
    }

    /** Room for the newest, in place of the oldest. */
    FloatTensor next() {
        return tensors[added++ % tensors.length];
    }

    /** Number of tensors remembered. */
    int size() {
        return Math.min(added, tensors.length);
    }

    /** The tensor of {@code back} steps ago; 0 is the newest. */
    FloatTensor get(int back) {
        return tensors[(added - 1 - back) % tensors.length];
    }
}
