package io.tern.detection.service;

import com.google.protobuf.ByteString;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import io.tern.detection.network.OnnxNetworks;
import io.tern.detection.v1.DetectStreamResponse;
import io.tern.jobs.kafka.TopicPass;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The frames of a topic: each key is a film of its own, and frames without a key are one as well. Used by one thread. */
final class TopicFrames implements TopicPass.Work {
    /** Films that are followed at once; of more the one that was seen least lately begins anew. */
    private static final int MOST_FILMS = 1000;

    private final ResolvedStream resolved;
    private final JobPictures frames;
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
        this.resolved = resolved;
        this.frames = new JobPictures(networks, resolved.work(), priority, cancellation);
    }

    @Override
    public byte[] apply(byte @Nullable [] key, byte[] value, int mostBytes) {
        // As bytes: keys need be no text, and those that are none all look alike as text.
        ByteString name = key == null ? null : ByteString.copyFrom(key);
        Film film = films.computeIfAbsent(name, _ -> new Film(new Tracked(resolved.tracking())));
        DetectStreamResponse.Builder answer = DetectStreamResponse.newBuilder()
                .setModel(resolved.lease().id())
                .setFrame(film.frames++)
                .setResult(frames.found(() -> ByteString.copyFrom(value), film.tracked));
        DetectStreamResponse whole = answer.build();
        int bytes = whole.getSerializedSize();
        return bytes <= mostBytes
                ? whole.toByteArray()
                : answer.setResult(DetectionProtos.error(tooLarge(bytes, mostBytes)))
                        .build()
                        .toByteArray();
    }

    private static TernException tooLarge(int bytes, int mostBytes) {
        return new TernException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "frames.out: a result of " + bytes + " bytes (expected: at most " + mostBytes
                        + ", what a record of the topic holds)");
    }
}
