/**
 * Makes an ONNX model of a GGUF file or of a folder with safetensors, without Python: {@link
 * io.tern.decoding.convert.ConversionCache} is the way in, {@code DecoderGraph} the network, {@code WeightFormat} how its
 * matrices are stored, {@code DecoderFamily} what one architecture does differently, {@code DecoderCheckpoint} the two
 * formats. Operators: ONNX opset 21 and ONNX Runtime's {@code com.microsoft} contributions.
 */
@NullMarked
package io.tern.decoding.convert;

import org.jspecify.annotations.NullMarked;
