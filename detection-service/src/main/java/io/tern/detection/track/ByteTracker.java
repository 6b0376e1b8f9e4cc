package io.tern.detection.track;

import io.tern.detection.Detection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gives the boxes of a film's frames the ids of their objects. Zhang et al. 2022 (ByteTrack), algorithm 1: first the sure
 * boxes are paired with all tracks, then the unsure ones, which are often objects that are half hidden, with the tracks
 * that are left; what is left of the sure ones begins new tracks. A track has one class. One thread at a time.
 */
public final class ByteTracker {
    /** Largest costs of a pair, 1 - IoU; those of the paper's code. In the first round the IoU is weighted by the score. */
    private static final double SURE_LIMIT = 0.8;

    private static final double UNSURE_LIMIT = 0.5;
    private static final double TENTATIVE_LIMIT = 0.7;
    /** Two tracks that overlap by more are one object. */
    private static final double DUPLICATE_IOU = 0.85;

    private final TrackSettings settings;
    private List<Track> tracks = new ArrayList<>();
    private long frame;
    private long lastId;

    public ByteTracker(TrackSettings settings) {
        this.settings = settings;
    }

    /**
     * The next frame.
     *
     * @param detections with scores from the low threshold on
     * @return those that are an object's or sure, in the same order
     */
    public List<Detection> update(List<Detection> detections) {
        frame++;
        tracks.forEach(Track::predict);
        Matches matches = new Matches(detections);
        List<Track> known = having(tracks, Track.State.TRACKED, Track.State.LOST);
        matches.pair(known, matches.sure(), ByteTracker::weightedDistance, SURE_LIMIT);
        List<Track> unseen = matches.unseen(having(known, Track.State.TRACKED));
        matches.pair(unseen, matches.unsure(), ByteTracker::distance, UNSURE_LIMIT);
        List<Track> tentative = having(tracks, Track.State.TENTATIVE);
        matches.pair(tentative, matches.sure(), ByteTracker::weightedDistance, TENTATIVE_LIMIT);
        matches.unseen(having(known, Track.State.TRACKED)).forEach(Track::lose);
        tracks.removeAll(matches.unseen(tentative));
        matches.see();
        matches.sure().forEach(index -> begin(detections, index, matches));
        forget();
        return matches.told();
    }

    /** In a stream's first frame there is no earlier one in which a box could have been missing. */
    private void begin(List<Detection> detections, int index, Matches matches) {
        Track track = new Track(detections.get(index), frame);
        if (frame == 1) {
            track.confirm(++lastId);
        }
        matches.tracks[index] = track;
        tracks.add(track);
    }

    private void forget() {
        tracks.removeIf(
                track -> track.state() == Track.State.LOST && frame - track.lastFrame() > settings.lostFrames());
        List<Track> kept = new ArrayList<>(tracks);
        for (Track seen : having(tracks, Track.State.TRACKED)) {
            for (Track lost : having(tracks, Track.State.LOST)) {
                if (seen.classId() == lost.classId() && seen.box().iou(lost.box()) > DUPLICATE_IOU) {
                    kept.remove(seen.age() > lost.age() ? lost : seen);
                }
            }
        }
        tracks = kept;
    }

    private static List<Track> having(List<Track> tracks, Track.State... states) {
        return tracks.stream()
                .filter(track -> List.of(states).contains(track.state()))
                .toList();
    }

    private static double distance(Track track, Detection detection) {
        return track.classId() == detection.classId() ? 1 - track.box().iou(detection.box()) : Double.POSITIVE_INFINITY;
    }

    private static double weightedDistance(Track track, Detection detection) {
        return track.classId() == detection.classId()
                ? 1 - track.box().iou(detection.box()) * detection.score()
                : Double.POSITIVE_INFINITY;
    }

    /** Which track each box of a frame belongs to. */
    private final class Matches {
        private final List<Detection> detections;
        private final @Nullable Track[] tracks;

        Matches(List<Detection> detections) {
            this.detections = detections;
            this.tracks = new Track[detections.size()];
        }

        /** Indices of the free boxes with scores from the threshold on. */
        List<Integer> sure() {
            return free(true);
        }

        /** Of the other free ones. */
        List<Integer> unsure() {
            return free(false);
        }

        private List<Integer> free(boolean sure) {
            List<Integer> indices = new ArrayList<>();
            for (int i = 0; i < tracks.length; i++) {
                float score = detections.get(i).score();
                if (tracks[i] == null && score >= settings.lowThreshold() && score >= settings.threshold() == sure) {
                    indices.add(i);
                }
            }
            return indices;
        }

        void pair(
                List<Track> candidates, List<Integer> boxes, ToDoubleBiFunction<Track, Detection> cost, double limit) {
            double[][] costs = new double[candidates.size()][boxes.size()];
            for (int row = 0; row < costs.length; row++) {
                for (int column = 0; column < boxes.size(); column++) {
                    costs[row][column] = cost.applyAsDouble(candidates.get(row), detections.get(boxes.get(column)));
                }
            }
            int[] columns = Assignment.solve(costs, boxes.size(), limit);
            for (int row = 0; row < columns.length; row++) {
                if (columns[row] != Assignment.NONE) {
                    tracks[boxes.get(columns[row])] = candidates.get(row);
                }
            }
        }

        List<Track> unseen(List<Track> candidates) {
            List<@Nullable Track> seen = Arrays.asList(tracks);
            return candidates.stream().filter(track -> !seen.contains(track)).toList();
        }

        void see() {
            for (int i = 0; i < tracks.length; i++) {
                Track track = tracks[i];
                if (track != null) {
                    if (track.state() == Track.State.TENTATIVE) {
                        track.confirm(++lastId);
                    }
                    track.see(detections.get(i), frame);
                }
            }
        }

        List<Detection> told() {
            List<Detection> told = new ArrayList<>();
            for (int i = 0; i < tracks.length; i++) {
                Track track = tracks[i];
                if (track != null) {
                    Detection detection = detections.get(i);
                    told.add(track.id() == 0 ? detection : detection.onTrack(track.id()));
                }
            }
            return told;
        }
    }
}
