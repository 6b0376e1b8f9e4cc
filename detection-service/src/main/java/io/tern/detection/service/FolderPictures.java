package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.TernException;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.PictureDetections;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleConsumer;

/**
 * The pictures of a folder, one after another by name, each for itself or as frames of one film. A file that is none says so
 * in its place.
 */
record FolderPictures(JobPictures pictures, PictureWork.Film film) {

    /**
     * @param progress told the part that is done, 0..1, after each picture
     * @throws TernException PAYLOAD_TOO_LARGE for more drawn than an answer holds
     */
    DetectResponse.Builder answer(List<Path> files, DoubleConsumer progress) {
        DetectResponse.Builder all = DetectResponse.newBuilder();
        long begun = System.nanoTime();
        long drawnBytes = 0;
        for (Path file : files) {
            PictureDetections.Builder found = pictures.found(() -> ByteString.copyFrom(PictureFolder.read(file)), film);
            drawnBytes += PictureWork.drawnBytes(found);
            ResolvedRequest.requireFit(drawnBytes);
            all.addResults(found.setFile(file.getFileName().toString()));
            progress.accept((double) all.getResultsCount() / files.size());
        }
        double millis = PictureWork.since(begun).toNanos() / 1e6;
        all.getTimingsBuilder().setTotalMs(millis);
        return all;
    }
}
