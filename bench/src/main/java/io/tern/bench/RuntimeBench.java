package io.tern.bench;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.onnx.SessionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The overhead of {@code io.tern.onnx} against Microsoft's Java API on the same library: a model of two nodes, where the
 * binding is nearly all there is to measure, and thirty attention layers, where it decides whether the key-value cache is
 * copied. One thread on both sides.
 */
final class RuntimeBench {
    private static final Duel.Settings TINY = new Duel.Settings(20, 101, 10_000_000);
    private static final Duel.Settings LARGE = new Duel.Settings(3, 31, 60_000_000);

    Report measure() throws Exception {
        List<Duel.Outcome> outcomes = new ArrayList<>();
        // Ours first: both share one copy of the library, and what its environment is like is for us to say.
        try (OnnxRuntime runtime = OnnxRuntime.open(1);
                OrtEnvironment official = OrtEnvironment.getEnvironment()) {
            tiny(runtime, official, outcomes);
            attention(runtime, official, outcomes);
            return new Report(Machine.describe(), settings(runtime), outcomes);
        }
    }

    private static void tiny(OnnxRuntime runtime, OrtEnvironment environment, List<Duel.Outcome> outcomes)
            throws Exception {
        byte[] model = model("affine.onnx");
        try (Session session = runtime.load(model, SessionConfig.cpu());
                OrtSession official = environment.createSession(model, oneThread());
                TinyOurs ours = new TinyOurs(runtime, session);
                TinyOfficial theirs = new TinyOfficial(environment, official)) {
            String returned = "official, output returned";
            String pinned = "official, pinned output";
            String fresh = "official, new tensor, output returned";
            outcomes.add(new Duel("tiny, all bound", returned, theirs::returned, ours::bound).fight(TINY));
            outcomes.add(new Duel("tiny, all bound", pinned, theirs::pinned, ours::bound).fight(TINY));
            outcomes.add(
                    new Duel("tiny, new input tensor, bound again", fresh, theirs::fresh, ours::rebound).fight(TINY));
            outcomes.add(
                    new Duel("tiny, run(inputs) without a binding", fresh, theirs::fresh, ours::simple).fight(TINY));
        }
    }

    private static void attention(OnnxRuntime runtime, OrtEnvironment environment, List<Duel.Outcome> outcomes)
            throws Exception {
        byte[] model = model("attention.onnx");
        for (int past : new int[] {256, 1024}) {
            try (Session session = runtime.load(model, SessionConfig.cpu());
                    OrtSession official = environment.createSession(model, oneThread());
                    AttentionOurs ours = new AttentionOurs(runtime, session, past);
                    AttentionOfficial theirs = new AttentionOfficial(environment, official, past)) {
                String name = "30 attention layers in place, past " + past;
                outcomes.add(new Duel(name, "official, fed back", theirs::fedBack, ours::inPlace).fight(LARGE));
                outcomes.add(
                        new Duel(name, "official, pinned over the past", theirs::inPlace, ours::inPlace).fight(LARGE));
            }
        }
    }

    private static Map<String, String> settings(OnnxRuntime runtime) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("onnxruntime", runtime.version());
        settings.put("threads", "1");
        settings.put("pairs of turns, tiny", TINY.toString());
        settings.put("pairs of turns, attention", LARGE.toString());
        return settings;
    }

    private static OrtSession.SessionOptions oneThread() throws Exception {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        return options;
    }

    private static byte[] model(String name) throws IOException {
        try (var in = RuntimeBench.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return in.readAllBytes();
        }
    }
}
