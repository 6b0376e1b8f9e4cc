package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorKind;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.PictureDetections;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * The pictures of a folder, one after another by name, each for itself or as frames of one film. A file that is none says so
 * in its place.
 */
record FolderPictures(OnnxNetworks networks, PictureWork work, PictureWork.Film film) {

    /**
     * @param progress told the part that is done, 0..1, after each picture
     * @throws TernException PAYLOAD_TOO_LARGE for more drawn than an answer holds
     */
    DetectResponse.Builder answer(
            List<Path> pictures, Priority priority, DoubleConsumer progress, Cancellation cancellation) {
        DetectResponse.Builder all = DetectResponse.newBuilder();
        long begun = System.nanoTime();
        long drawnBytes = 0;
        for (Path picture : pictures) {
            PictureDetections.Builder found = ofFile(picture, priority, cancellation);
            drawnBytes += PictureWork.drawnBytes(found);
            ResolvedRequest.requireFit(drawnBytes);
            all.addResults(found.setFile(picture.getFileName().toString()));
            progress.accept((double) all.getResultsCount() / pictures.size());
        }
        double millis = PictureWork.since(begun).toNanos() / 1e6;
        all.getTimingsBuilder().setTotalMs(millis);
        return all;
    }

    private PictureDetections.Builder ofFile(Path picture, Priority priority, Cancellation cancellation) {
        try {
            PictureFile file = new PictureFile("image", ByteString.copyFrom(PictureFolder.read(picture)));
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
