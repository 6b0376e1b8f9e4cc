/**
 * The decoding service: the engine behind gRPC and behind jobs. {@link io.tern.decoding.service.DecodingConfiguration}
 * puts it together; {@link io.tern.decoding.service.LanguageModels} turns messages into requests of a model, and both
 * ways in end there.
 */
@NullMarked
package io.tern.decoding.service;

import org.jspecify.annotations.NullMarked;
