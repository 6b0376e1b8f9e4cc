package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorKind;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.PictureDetections;
import java.util.function.Supplier;

/** The pictures of one job, each of which may be wrong without harm to the others. */
record JobPictures(OnnxNetworks networks, PictureWork work, Priority priority, Cancellation cancellation) {
    /** What is found in a picture; of one that is none, or cannot be read, what is wrong with it. */
    PictureDetections.Builder found(Supplier<ByteString> picture, PictureWork.Film film) {
        try {
            PictureFile file = new PictureFile("image", picture.get());
            return networks
                    .onWorker(() -> work.run(file, film, cancellation), priority, cancellation)
                    .detections()
                    .toBuilder();
        } catch (TernException e) {
            if (e.code().kind() != ErrorKind.CALLER || cancellation.isCancelled()) {
                throw e;
            }
            return DetectionProtos.error(e);
        }
    }
}
