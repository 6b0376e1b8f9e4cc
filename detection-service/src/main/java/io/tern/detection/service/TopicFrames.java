package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.ErrorKind;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.service.DetectionProtos.PictureFile;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.detection.v1.PictureDetections;
import io.tern.jobs.kafka.TopicPass;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The frames of a topic: each key is a film of its own, and frames without a key are one as well. Used by one thread. */
final class TopicFrames implements TopicPass.Work {
    /** Films that are followed at once; of more the one that was seen least lately begins anew. */
    private static final int MOST_FILMS = 1000;

    private final OnnxNetworks networks;
    private final ResolvedStream resolved;
    private final Priority priority;
    private final Cancellation cancellation;
    private final Map<@Nullable ByteString, Film> films = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<@Nullable ByteString, Film> eldest) {
            return size() > MOST_FILMS;
        }
    };

    private static final class Film {
        private final Tracked tracked;
        private long frames;

        Film(Tracked tracked) {
            this.tracked = tracked;
        }
    }

    TopicFrames(OnnxNetworks networks, ResolvedStream resolved, Priority priority, Cancellation cancellation) {
        this.networks = networks;
        this.resolved = resolved;
        this.priority = priority;
        this.cancellation = cancellation;
    }

    @Override
    public byte[] apply(byte @Nullable [] key, byte[] value, int mostBytes) {
        // As bytes: keys need be no text, and those that are none all look alike as text.
        ByteString name = key == null ? null : ByteString.copyFrom(key);
        Film film = films.computeIfAbsent(name, _ -> new Film(new Tracked(resolved.tracking())));
        DetectStreamResponse.Builder answer = DetectStreamResponse.newBuilder()
                .setModel(resolved.lease().id())
                .setFrame(film.frames++)
                .setResult(result(film, value));
        int bytes = answer.build().getSerializedSize();
        if (bytes > mostBytes) {
            answer.setResult(DetectionProtos.error(tooLarge(bytes, mostBytes)));
        }
        return answer.build().toByteArray();
    }

    private PictureDetections.Builder result(Film film, byte[] value) {
        try {
            PictureFile file = new PictureFile("image", ByteString.copyFrom(value));
            return networks
                    .onWorker(() -> resolved.work().run(file, film.tracked, cancellation), priority, cancellation)
                    .detections()
                    .toBuilder();
        } catch (TernException e) {
            if (e.code().kind() != ErrorKind.CALLER || cancellation.isCancelled()) {
                throw e;
            }
            return DetectionProtos.error(e);
        }
    }

    private static TernException tooLarge(int bytes, int mostBytes) {
        return new TernException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "frames.out: a result of " + bytes + " bytes (expected: at most " + mostBytes
                        + ", what a record of the topic holds)");
    }
}
