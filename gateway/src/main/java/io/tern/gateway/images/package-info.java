/**
 * {@code /v1/images/...}: pictures from texts, from pictures and from recipes, whole, as a stream of events or behind signed
 * links ({@link io.tern.gateway.images.ImagesHandler}); and {@code /sdapi/v1/...}, the same in the words of A1111's web UI
 * ({@link io.tern.gateway.images.WebUiHandler}).
 */
@NullMarked
package io.tern.gateway.images;

import org.jspecify.annotations.NullMarked;
