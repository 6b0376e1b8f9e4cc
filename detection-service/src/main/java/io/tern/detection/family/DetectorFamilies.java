package io.tern.detection.family;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.detection.network.Network;
import io.tern.detection.network.NetworkSignature;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the family of a model by what it takes and gives. */
public final class DetectorFamilies {
    /** A kind of detector and what its models look like. */
    private record Kind(Function<Evidence, Optional<? extends DetectorFamily>> recognise, String expected) {}

    /** In this order: what is told by its names comes before what is told by its shapes alone. */
    private static final List<Kind> KNOWN = List.of(
            new Kind(NanoDet::recognise, NanoDet.EXPECTED),
            new Kind(CenterNet::recognise, CenterNet.EXPECTED),
            new Kind(RFcn::recognise, RFcn.EXPECTED),
            new Kind(TensorFlowSsd::recognise, TensorFlowSsd.EXPECTED),
            new Kind(TensorFlowEfficientDet::recognise, TensorFlowEfficientDet.EXPECTED),
            new Kind(PaddleDetection::recognise, PaddleDetection.EXPECTED),
            new Kind(SelectedBoxes::recognise, SelectedBoxes.EXPECTED),
            new Kind(UltralyticsRtDetr::recognise, UltralyticsRtDetr.EXPECTED),
            new Kind(YoloEndToEnd::recognise, YoloEndToEnd.EXPECTED),
            new Kind(YoloV8::recognise, YoloV8.EXPECTED),
            new Kind(NanoDetPlus::recognise, NanoDetPlus.EXPECTED),
            new Kind(YoloV5::recognise, YoloV5.EXPECTED),
            new Kind(YoloX::recognise, YoloX.EXPECTED),
            new Kind(YoloHeads::recognise, YoloHeads.EXPECTED),
            new Kind(RtDetrDeploy::recognise, RtDetrDeploy.EXPECTED),
            new Kind(MmDetection::recognise, MmDetection.EXPECTED),
            new Kind(FinalBoxes::recognise, FinalBoxes.EXPECTED),
            new Kind(RegionScores::recognise, RegionScores.EXPECTED),
            new Kind(DecodedBoxes::recognise, DecodedBoxes.EXPECTED),
            new Kind(RfDetr::recognise, RfDetr.EXPECTED),
            new Kind(LwDetr::recognise, LwDetr.EXPECTED),
            new Kind(DeformableDetr::recognise, DeformableDetr.EXPECTED),
            new Kind(RtDetr::recognise, RtDetr.EXPECTED),
            new Kind(Detr::recognise, Detr.EXPECTED));

    /** Tasks of Ultralytics' models that have upright boxes; masks and points beside them are left alone. */
    private static final List<String> BOXED = List.of("detect", "segment", "pose");

    private static final String OTHERWISE = "; or, for a graph of any other kind, to be served --as tensors";

    private DetectorFamilies() {}

    /**
     * Where the signature leaves open what the model is, it is asked with a grey picture. Call it on a platform thread.
     *
     * @throws TernException INVALID_ARGUMENT with the model's inputs and outputs if it is of no family, or with its task if
     *     that has no upright boxes
     */
    public static DetectorFamily recognise(Network network, NetworkSignature signature) {
        String task = signature.metadata().getOrDefault("task", BOXED.getFirst());
        TernException.require(BOXED.contains(task), "task of the model", task, "one of " + BOXED + OTHERWISE);
        Evidence evidence = new Evidence(network, signature);
        for (Kind kind : KNOWN) {
            Optional<? extends DetectorFamily> recognised = kind.recognise.apply(evidence);
            if (recognised.isPresent()) {
                return recognised.get();
            }
        }
        throw new TernException(
                ErrorCode.INVALID_ARGUMENT,
                "model: " + signature.describe()
                        + " (expected: a picture [1, 3, height, width] and what one of these gives: "
                        + KNOWN.stream().map(Kind::expected).collect(Collectors.joining("; ")) + OTHERWISE + ")",
                "model",
                null);
    }
}
