/** Embeddings over gRPC, in the process of the detection service and on its workers. */
@NullMarked
package io.tern.embedding.service;

import org.jspecify.annotations.NullMarked;
