package io.tern.bench;

import io.tern.onnx.OnnxRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a region costs in the head of a two-stage detector: R-FCN (Dai et al. 2016), whose regions only vote, against Faster
 * R-CNN, whose regions run through layers; and deformable convolution (Dai et al. 2017, Zhu et al. 2019) against a plain
 * one. The sizes are the paper's: a picture of 600 x 800 pixels, stride 16, 1024 channels, 80 classes, k = 7. The graphs
 * come from {@code bench/heads.py}. One thread.
 */
final class HeadBench {
    private static final Duel.Settings HEADS = new Duel.Settings(1, 7, 1);
    private static final Duel.Settings BLOCKS = new Duel.Settings(0, 3, 1); // seconds a turn
    private static final Duel.Settings CONVOLUTIONS = new Duel.Settings(3, 21, 50_000_000);
    private static final int[] REGIONS = {100, 300, 1000};

    Report measure() throws Exception {
        List<Duel.Outcome> outcomes = new ArrayList<>();
        try (OnnxRuntime runtime = OnnxRuntime.open(1)) {
            heads(runtime, outcomes);
            growth(runtime, outcomes);
            blocks(runtime, outcomes);
            convolutions(runtime, outcomes);
            Map<String, String> settings = new LinkedHashMap<>();
            settings.put("onnxruntime", runtime.version());
            settings.put("threads", "1");
            settings.put("pairs of turns, heads", HEADS.toString());
            settings.put("pairs of turns, convolutions", CONVOLUTIONS.toString());
            return new Report(Machine.describe(), settings, outcomes);
        }
    }

    private static void heads(OnnxRuntime runtime, List<Duel.Outcome> outcomes) throws Exception {
        for (int regions : REGIONS) {
            try (Graph pooled = Graph.head(runtime, "rfcn_pool.onnx", regions);
                    Graph aligned = Graph.head(runtime, "rfcn_align.onnx", regions);
                    Graph dense = Graph.head(runtime, "faster_rcnn.onnx", regions)) {
                String peer = "Faster R-CNN, two dense layers";
                outcomes.add(
                        new Duel(of("R-FCN, integral images", regions), peer, dense::run, pooled::run).compare(HEADS));
                outcomes.add(new Duel(of("R-FCN, aligned", regions), peer, dense::run, aligned::run).compare(HEADS));
            }
        }
    }

    /** How much longer a thousand regions take than a hundred: 1 / ratio. */
    private static void growth(OnnxRuntime runtime, List<Duel.Outcome> outcomes) throws Exception {
        for (String head : List.of("rfcn_pool", "rfcn_align", "faster_rcnn")) {
            try (Graph few = Graph.head(runtime, head + ".onnx", 100);
                    Graph many = Graph.head(runtime, head + ".onnx", 1000)) {
                outcomes.add(new Duel(of(head, 1000), "the same, 100 regions", few::run, many::run).compare(HEADS));
            }
        }
    }

    private static void blocks(OnnxRuntime runtime, List<Duel.Outcome> outcomes) throws Exception {
        try (Graph pooled = Graph.head(runtime, "rfcn_pool.onnx", 100);
                Graph blocks = Graph.head(runtime, "faster_rcnn_conv5.onnx", 100)) {
            outcomes.add(new Duel(
                            of("R-FCN, integral images", 100),
                            "Faster R-CNN, conv5 on each region",
                            blocks::run,
                            pooled::run)
                    .compare(BLOCKS));
        }
    }

    private static void convolutions(OnnxRuntime runtime, List<Duel.Outcome> outcomes) throws Exception {
        for (String kind : List.of("v1", "v2")) {
            try (Graph plain = Graph.convolution(runtime, "conv.onnx");
                    Graph deformable = Graph.convolution(runtime, "deform_conv_" + kind + ".onnx")) {
                outcomes.add(
                        new Duel("DeformConv " + kind + ", 256 channels, 38 x 38", "Conv", plain::run, deformable::run)
                                .compare(CONVOLUTIONS));
            }
        }
    }

    private static String of(String head, int regions) {
        return head + ", " + regions + " regions";
    }
}
