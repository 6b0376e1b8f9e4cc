package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.FrameTopics;
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
        TernException.require(
                !request.getStream().getDropOldest(), "stream.drop_oldest", "true", "only in DetectStream");
        ObjectNode answer = request.hasFrames()
                ? ofTopic(request, priority, progress, cancellation)
                : request.getFolder().isEmpty()
                        ? DetectionsJson.answer(ofRequest(request, priority, progress, cancellation))
                        : ofFolder(request, priority, progress, cancellation);
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

    private ObjectNode ofFolder(
            DetectRequest request, Priority priority, JobProgress progress, Cancellation cancellation) {
        DetectionProtos.requireNoPictures("folder", request);
        PictureFolder.Contents contents = folder.contents(request.getFolder());
        DetectResponse answer = request.hasStream()
                ? ofFilm(request, contents.pictures(), priority, progress, cancellation)
                : ofStills(request, contents.pictures(), priority, progress, cancellation);
        return DetectionsJson.folder(answer, contents.skipped(), contents.skippedNames());
    }

    private DetectResponse ofFilm(
            DetectRequest request,
            List<Path> pictures,
            Priority priority,
            JobProgress progress,
            Cancellation cancellation) {
        try (ResolvedStream film = models.resolveStream(request)) {
            JobPictures frames = new JobPictures(networks, film.work(), priority, cancellation);
            return new FolderPictures(frames, new Tracked(film.tracking()))
                    .answer(pictures, progress::fraction)
                    .setModel(film.lease().id())
                    .build();
        }
    }

    private DetectResponse ofStills(
            DetectRequest request,
            List<Path> pictures,
            Priority priority,
            JobProgress progress,
            Cancellation cancellation) {
        try (ResolvedRequest stills = models.resolveFolder(request)) {
            JobPictures each = new JobPictures(networks, stills.work(), priority, cancellation);
            return new FolderPictures(each, PictureWork.Film.STILLS)
                    .answer(pictures, progress::fraction)
                    .setModel(stills.lease().id())
                    .build();
        }
    }
}
