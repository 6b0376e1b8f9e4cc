/**
 * The safetensors format of Hugging Face: a header in JSON, then the tensors' bytes. Start with {@link
 * io.tern.decoding.safetensors.SafetensorsFile}; a model that is cut into several files is put together by {@link
 * io.tern.decoding.safetensors.SafetensorsFolder}.
 */
@NullMarked
package io.tern.decoding.safetensors;

import org.jspecify.annotations.NullMarked;
