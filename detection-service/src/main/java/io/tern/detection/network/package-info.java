/**
 * Networks as this engine sees them: named inputs and outputs of float32. {@code OnnxNetwork} and {@code OnnxNetworks}
 * alone know ONNX Runtime.
 */
@NullMarked
package io.tern.detection.network;

import org.jspecify.annotations.NullMarked;
