package io.tern.inference.service;

import io.tern.detection.network.RawGraph;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/** What each graph was asked. It goes with its graph, so that a model that is loaded again begins anew. */
final class Activities {
    private final Map<RawGraph, Activity> activities = Collections.synchronizedMap(new WeakHashMap<>());

    Activity of(RawGraph graph) {
        return activities.computeIfAbsent(graph, _ -> new Activity());
    }
}
