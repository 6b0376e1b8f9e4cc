package io.tern.gateway;

import io.grpc.stub.StreamObserver;
import io.tern.base.TernException;
import io.tern.detection.v1.Box;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.Detection;
import io.tern.detection.v1.DetectionServiceGrpc.DetectionServiceImplBase;
import io.tern.detection.v1.PictureDetections;
import io.tern.serving.StatusMapping;

/** Finds one cat in each picture, whose width is the picture's size in bytes; the picture "no picture" is refused. */
final class FakeDetection extends DetectionServiceImplBase {
    @Override
    public void detect(DetectRequest request, StreamObserver<DetectResponse> observer) {
        if (request.getImage().toStringUtf8().equals("no picture")) {
            observer.onError(StatusMapping.toStatus(
                    TernException.invalid("image", "unknown format", "PNG, JPEG, WebP, GIF or BMP")));
            return;
        }
        DetectResponse.Builder response = DetectResponse.newBuilder().setModel("nanodet");
        var pictures = request.getImagesCount() > 0 ? request.getImagesList() : java.util.List.of(request.getImage());
        pictures.forEach(picture -> response.addResults(PictureDetections.newBuilder()
                .setWidth(picture.size())
                .setHeight(1)
                .addDetections(Detection.newBuilder()
                        .setClassName("cat")
                        .setClassId(15)
                        .setScore(request.getThreshold())
                        .setBox(Box.newBuilder().setX2(5)))));
        observer.onNext(response.build());
        observer.onCompleted();
    }
}
