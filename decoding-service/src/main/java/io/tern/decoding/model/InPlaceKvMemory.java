package io.tern.decoding.model;

import io.tern.onnx.Tensor;

/** Memory where the attention updates keys and values in place. */
sealed interface InPlaceKvMemory extends KvMemory permits FixedKvMemory, DeviceKvMemory {
    /** Past and present in one. */
    Tensor tensor(int index);
}
