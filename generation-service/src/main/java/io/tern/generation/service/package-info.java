/**
 * The generation service: the engine behind gRPC and behind jobs. {@link
 * io.tern.generation.service.GenerationConfiguration} puts it together, {@link io.tern.generation.service.ImageModels}
 * turns messages into requests of a model; both ways in end there.
 */
@NullMarked
package io.tern.generation.service;

import org.jspecify.annotations.NullMarked;
