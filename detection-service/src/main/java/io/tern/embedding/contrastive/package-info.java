/**
 * What contrastive learning optimises, as a measure of embeddings: {@link io.tern.embedding.contrastive.InfoNce} of van den
 * Oord et al. 2018, with its bound on mutual information.
 */
@NullMarked
package io.tern.embedding.contrastive;

import org.jspecify.annotations.NullMarked;
