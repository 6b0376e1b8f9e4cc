/**
 * Folders with a decoder that another tool has exported as an ONNX graph: onnxruntime-genai's, told by its
 * genai_config.json, and optimum's. Start with {@link io.tern.decoding.exported.ExportedDecoder}; what the graph itself says
 * is read where it is run.
 */
@NullMarked
package io.tern.decoding.exported;

import org.jspecify.annotations.NullMarked;
