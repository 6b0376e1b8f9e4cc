/**
 * The space that a model samples in, and how pictures lie in it. Start with {@link
 * io.tern.generation.latent.LatentSpace}; a {@link io.tern.generation.latent.PictureCodec} is an autoencoder (Rombach et al.
 * 2022), or the samples are pixels or heights themselves. Large pictures are encoded and decoded in tiles, and drawn in
 * {@link io.tern.generation.latent.Windows} (Bar-Tal et al. 2023).
 */
@NullMarked
package io.tern.generation.latent;

import org.jspecify.annotations.NullMarked;
