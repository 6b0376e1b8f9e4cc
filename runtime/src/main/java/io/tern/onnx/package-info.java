/**
 * ONNX Runtime 1.29.0 through its C API: the only package that calls native code. Start reading at {@link
 * io.tern.onnx.OnnxRuntime}, then {@link io.tern.onnx.Session}, {@link io.tern.onnx.Binding} and {@link
 * io.tern.onnx.Tensor}; {@link io.tern.onnx.InferenceExecutor} is where sessions run.
 *
 * <p>Three layers: {@code OrtNatives} and {@code OrtLibrary} find and load the library of Microsoft's jar; {@code OrtApi}
 * calls its functions by the table {@code OrtFunction}; the public classes give them owners and lifetimes.
 *
 * <pre>{@code
 * try (OnnxRuntime runtime = OnnxRuntime.open(2);
 *         Session session = runtime.load(model, SessionConfig.cpu());
 *         Binding binding = session.bind();
 *         Arena arena = Arena.ofConfined()) {
 *     Tensor x = Tensor.copyOf(runtime, arena, Shape.of(1, 3), 1f, 2f, 3f);
 *     Tensor y = Tensor.allocate(runtime, arena, ElementType.FLOAT32, Shape.of(1, 2));
 *     binding.input("x", x).output("y", y);
 *     session.run(binding, Cancellation.none());   // y.segment() has the result; run again after writing x.segment()
 * }
 * }</pre>
 */
@NullMarked
package io.tern.onnx;

import org.jspecify.annotations.NullMarked;
