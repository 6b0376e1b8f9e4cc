/**
 * Draft heads: small networks that read the target's last hidden states. {@link io.tern.decoding.head.MedusaDrafter}
 * proposes several places at once (Cai et al. 2024), {@link io.tern.decoding.head.FeatureDrafter} goes on from its own
 * features token by token (EAGLE: Li et al. 2024; multi-token prediction: DeepSeek-AI 2024). {@link
 * io.tern.decoding.head.HeadLoader} loads them.
 */
@NullMarked
package io.tern.decoding.head;

import org.jspecify.annotations.NullMarked;
