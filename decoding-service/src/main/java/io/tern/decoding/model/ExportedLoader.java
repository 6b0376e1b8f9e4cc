package io.tern.decoding.model;

import io.tern.base.TernException;
import io.tern.catalogue.OnnxNode;
import io.tern.decoding.exported.ExportedDecoder;
import io.tern.decoding.tokenizer.EndTokens;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import io.tern.tensor.ElementType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Opens graphs that other tools have exported, and tries whether they are what they look like. */
final class ExportedLoader {
    private static final String DEVICE = "cpu";
    private static final int DEFAULT_BITS = 4;
    private static final Set<String> BITS = Set.of("MatMulNBits", "MatMulBnb4");
    private static final Set<String> INT8 = Set.of("MatMulInteger", "DynamicQuantizeMatMul", "QLinearMatMul", "QGemm");
    /** Least cosine of one place's logits and those in another cut: rounded activations differ, other places far more. */
    private static final double SAME = 0.9;

    private static final int PIECE = 5;

    private final OnnxRuntime runtime;

    ExportedLoader(OnnxRuntime runtime) {
        this.runtime = runtime;
    }

    /** A graph that can be run, and what is known of it before. */
    record Opened(ExportedGraph graph, ModelInfo info) {}

    /** @throws TernException INVALID_ARGUMENT for a graph that ONNX Runtime refuses, or whose ends do not fit */
    Opened open(String id, ExportedDecoder exported) throws IOException {
        Session session = runtime.load(exported.graph(), SessionConfig.cpu());
        try {
            ExportedEnds ends = ExportedEnds.of(session.signature(), exported);
            List<OnnxNode> nodes = OnnxNode.read(exported.graph());
            String precision = precision(OnnxNode.readAll(exported.graph()), ends);
            TernException.require(
                    exported.precision().isEmpty() || exported.precision().equals(precision),
                    "precision",
                    exported.precision(),
                    precision + ", in which the graph was exported");
            ModelInfo info = new ModelInfo(
                    id,
                    ends.vocabularySize(),
                    ends.vocabularySize(),
                    0,
                    exported.context(),
                    EndTokens.of(exported.source(), ends.vocabularySize()),
                    precision,
                    ends.layout().wireName(),
                    DEVICE,
                    false,
                    false,
                    exported.sha256());
            boolean inPlace =
                    InPlaceAttention.isIn(nodes, ends.names(), ends.layout().layers());
            return new Opened(new ExportedGraph(runtime, session, ends, inPlace), info);
        } catch (IOException | RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** By its products: weights of so many bits, else numbers of the type of keys and values. */
    private static String precision(List<OnnxNode> nodes, ExportedEnds ends) {
        return nodes.stream()
                .filter(node -> BITS.contains(node.type()))
                .findFirst()
                .map(node -> "int" + node.wholes().getOrDefault("bits", (long) DEFAULT_BITS))
                .orElseGet(() -> nodes.stream().anyMatch(node -> INT8.contains(node.type()))
                        ? "int8"
                        : isHalf(nodes, ends) ? "fp16" : "fp32");
    }

    /** A graph that computes in halves may take and give floats all the same. */
    private static boolean isHalf(List<OnnxNode> nodes, ExportedEnds ends) {
        return ends.layout().type() == ElementType.FLOAT16
                || nodes.stream()
                        .anyMatch(node -> node.type().equals("Cast")
                                && node.wholes().getOrDefault("to", 0L) == ElementType.FLOAT16.onnxCode());
    }

    /**
     * A graph whose places, mask or past mean something else than we think gives something else for a text in pieces.
     *
     * @throws TernException INVALID_ARGUMENT
     */
    static void requireSameHoweverCut(ModelTrial trial, ModelInfo info) {
        float[][] whole;
        float[][] pieces;
        try {
            whole = trial.whole();
            pieces = trial.window(PIECE, 1);
        } catch (TernException e) {
            throw TernException.invalid("path", "a graph that failed: " + e.getMessage(), "a decoder that runs");
        }
        for (int row = 0; row < whole.length; row++) {
            double cosine = cosine(whole[row], pieces[row]);
            TernException.require(
                    cosine >= SAME,
                    "path",
                    "%s, whose logits in pieces of %d tokens have a cosine of %.3f to those of the whole text"
                            .formatted(info.id(), PIECE, cosine),
                    "at least " + SAME);
        }
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double ones = 0;
        double others = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            ones += (double) one[i] * one[i];
            others += (double) other[i] * other[i];
        }
        return product / Math.sqrt(ones * others);
    }
}
