/**
 * Which models there are, where their files come from, and whether a file may be trusted. Start at {@link
 * io.tern.catalogue.Catalogue}; {@link io.tern.catalogue.ModelStore} gives verified paths and {@link
 * io.tern.catalogue.ModelGate} looks into an ONNX file before the runtime does.
 */
@NullMarked
package io.tern.catalogue;

import org.jspecify.annotations.NullMarked;
