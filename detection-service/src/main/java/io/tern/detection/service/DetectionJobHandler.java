package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorKind;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.FrameTopics;
import io.tern.detection.v1.PictureDetections;
import io.tern.jobs.JobHandler;
import io.tern.jobs.JobOutput;
import io.tern.jobs.JobProgress;
import io.tern.jobs.kafka.TopicPass;
import io.tern.jobs.v1.JobRequest;
import io.tern.wire.vision.DetectionsJson;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Detects in jobs: in the pictures of a request, in those of a folder, or in the frames of a topic. The result is the JSON
 * of the synchronous route, or for a topic where its results are.
 */
final class DetectionJobHandler implements JobHandler {
    private final DetectionModels models;
    private final OnnxNetworks networks;
    private final PictureFolder folder;
    private final TopicPass topics;

    DetectionJobHandler(DetectionModels models, OnnxNetworks networks, PictureFolder folder, TopicPass topics) {
        this.models = models;
        this.networks = networks;
        this.folder = folder;
        this.topics = topics;
    }

    @Override
    public JobOutput handle(JobRequest job, Priority priority, JobProgress progress, Cancellation cancellation) {
        DetectRequest request = job.getDetection();
        ObjectNode answer = request.hasFrames()
                ? ofTopic(request, priority, progress, cancellation)
                : DetectionsJson.answer(
                        request.getFolder().isEmpty()
                                ? ofRequest(request, priority, progress, cancellation)
                                : ofFolder(request, priority, progress, cancellation));
        return new JobOutput("application/json", answer.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ObjectNode ofTopic(
            DetectRequest request, Priority priority, JobProgress progress, Cancellation cancellation) {
        DetectionProtos.requireNoPictures("frames", request);
        TernException.require(request.getFolder().isEmpty(), "frames", "set beside a folder", "either");
        FrameTopics frames = request.getFrames();
        try (ResolvedStream resolved = models.resolveStream(request)) {
            TopicFrames work = new TopicFrames(networks, resolved, priority, cancellation);
            long count = topics.run(frames.getIn(), frames.getOut(), work, progress::fraction, cancellation);
            return DetectionsJson.frames(resolved.lease().id(), frames, count);
        }
    }

    private DetectResponse ofRequest(
            DetectRequest request, Priority priority, JobProgress progress, Cancellation cancellation) {
        try (ResolvedRequest resolved = models.resolve(request)) {
            return resolved.run(networks, priority, System.nanoTime(), progress::fraction, cancellation);
        }
    }

    private DetectResponse ofFolder(
            DetectRequest request, Priority priority, JobProgress progress, Cancellation cancellation) {
        List<Path> pictures = folder.pictures(request.getFolder());
        DetectResponse.Builder all = DetectResponse.newBuilder();
        long begun = System.nanoTime();
        long drawnBytes = 0;
        try (ResolvedRequest settings = models.resolveFolder(request)) {
            for (Path picture : pictures) {
                PictureDetections.Builder found = ofFile(settings, picture, priority, all, cancellation);
                drawnBytes += PictureWork.drawnBytes(found);
                ResolvedRequest.requireFit(drawnBytes);
                all.addResults(found.setFile(picture.getFileName().toString()));
                progress.fraction((double) all.getResultsCount() / pictures.size());
            }
        }
        double millis = PictureWork.since(begun).toNanos() / 1e6;
        all.getTimingsBuilder().setTotalMs(millis);
        return all.build();
    }

    /** A file that is no picture says so in its place. */
    private PictureDetections.Builder ofFile(
            ResolvedRequest settings,
            Path picture,
            Priority priority,
            DetectResponse.Builder all,
            Cancellation cancellation) {
        try {
            PictureFile file = new PictureFile("image", ByteString.copyFrom(PictureFolder.read(picture)));
            DetectResponse one = settings.of(file).run(networks, priority, System.nanoTime(), _ -> {}, cancellation);
            all.setModel(one.getModel());
            return one.getResults(0).toBuilder();
        } catch (TernException e) {
            if (e.code().kind() != ErrorKind.CALLER || cancellation.isCancelled()) {
                throw e;
            }
            return DetectionProtos.error(e);
        }
    }
}
