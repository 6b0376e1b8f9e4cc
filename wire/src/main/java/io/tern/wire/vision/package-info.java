/**
 * Pictures looked at: detections in them, embeddings of them and of texts, and which are alike. Start with {@link
 * io.tern.wire.vision.DetectionsJson}.
 */
@NullMarked
package io.tern.wire.vision;

import org.jspecify.annotations.NullMarked;
