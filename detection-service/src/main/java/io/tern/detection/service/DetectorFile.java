package io.tern.detection.service;

import io.tern.base.Cancellation;
import io.tern.catalogue.ModelGate;
import io.tern.catalogue.OnnxGraph;
import io.tern.detection.Detector;
import io.tern.detection.family.DetectorFamilies;
import io.tern.detection.family.DetectorFamily;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature.Graph;
import io.tern.detection.network.OnnxNetworks;
import java.nio.file.Path;
import java.util.function.BiFunction;

/** Opens detectors of whatever family. */
final class DetectorFile {
    private DetectorFile() {}

    /**
     * The caller closes the detector.
     *
     * @throws io.tern.base.TernException INVALID_ARGUMENT if it is no model, or of no known family
     */
    static Detector open(Path file, OnnxNetworks networks) {
        return open(file, networks, (network, _) -> network);
    }

    /**
     * The same with a hand on the network before it is used.
     *
     * @param wrap called on a worker; what it gives is closed in the network's place
     */
    static Detector open(Path file, OnnxNetworks networks, BiFunction<Network, DetectorFamily, Network> wrap) {
        ModelGate.check(file);
        OnnxGraph graph = OnnxGraph.read(file);
        Graph inside = new Graph(graph.operators(), graph.parts(), graph.triples(), graph.extents());
        // On a worker, since a model that leaves open what it is has to be run.
        return networks.onWorker(
                () -> networks.load(file, (network, signature) -> {
                    DetectorFamily family = DetectorFamilies.recognise(network, signature.with(inside));
                    return new Detector(wrap.apply(network, family), family);
                }),
                Cancellation.none());
    }
}
