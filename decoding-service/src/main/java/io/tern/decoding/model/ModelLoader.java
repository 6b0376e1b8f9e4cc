package io.tern.decoding.model;

import io.tern.base.TernException;
import io.tern.decoding.convert.ConversionCache;
import io.tern.decoding.convert.ConvertedModel;
import io.tern.decoding.convert.KvScales;
import io.tern.decoding.convert.ModelPart;
import io.tern.decoding.convert.ModelSource;
import io.tern.decoding.convert.Precision;
import io.tern.decoding.convert.PrecisionChoice;
import io.tern.decoding.exported.ExportedDecoder;
import io.tern.decoding.tokenizer.EndTokens;
import io.tern.machine.Exactness;
import io.tern.machine.ExactnessRecord;
import io.tern.machine.Machine;
import io.tern.onnx.InferenceExecutor;
import io.tern.onnx.OnnxRuntime;
import io.tern.onnx.Session;
import io.tern.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * From a file or folder to a running model: convert (or find the conversion), load, and find out whether it is bit-exact on
 * this machine (or find that out from the last time).
 */
public final class ModelLoader {
    private final OnnxRuntime runtime;
    private final int threads;
    private final InferenceExecutor executor;
    private final DecoderDevice device;
    private final ConversionCache conversions;
    private final BatchCounters batches = new BatchCounters();

    /**
     * @param threads with which the runtime was opened; results are probed for each number
     * @param device of models that are converted; exported graphs run on the processor
     * @param cacheFolder for converted models
     */
    public ModelLoader(
            OnnxRuntime runtime, int threads, InferenceExecutor executor, DecoderDevice device, Path cacheFolder) {
        this.runtime = runtime;
        this.threads = threads;
        this.executor = executor;
        this.device = device;
        this.conversions = new ConversionCache(cacheFolder);
    }

    /** Of all models that were loaded here. */
    public BatchCounters batches() {
        return batches;
    }

    /**
     * In which precision a model is to be served here.
     *
     * @throws TernException INVALID_ARGUMENT for a precision that was named and is none of the device's
     */
    public Precision precision(PrecisionChoice choice, ModelSource source) throws IOException {
        return device.precision(choice, source);
    }

    /**
     * Takes seconds the first time.
     *
     * @throws TernException INVALID_ARGUMENT for a file that is broken or of a kind that is not built
     */
    public OnnxLanguageModel load(String id, ModelSource source, Precision precision, KvBudget budget)
            throws IOException {
        return load(id, source, precision, conversions.convert(source, precision), budget);
    }

    /**
     * The same with keys and values that are kept as 8-bit integers, a fourth of the memory; tens of seconds the first time.
     *
     * @param tokenizer of the model, for the text from which their steps are found
     * @throws TernException INVALID_ARGUMENT as {@link #load(String, ModelSource, Precision, KvBudget)}; on a GPU, whose
     *     attention does not take them with the mask of a tree
     */
    public OnnxLanguageModel loadWithInt8Cache(
            String id, ModelSource source, Precision precision, Tokenizer tokenizer, KvBudget budget)
            throws IOException {
        return load(id, source, precision, withInt8Cache(id, source, precision, tokenizer), budget);
    }

    private ConvertedModel withInt8Cache(String id, ModelSource source, Precision precision, Tokenizer tokenizer)
            throws IOException {
        TernException.require(!device.ownMemory(), "tern.decoding.kv-cache", "int8 on " + device.label(), "full");
        KvCalibration calibration = new KvCalibration(tokenizer);
        KvScales.Source scales = full -> {
            Opened opened = open(id, source, precision, full, new BatchCounters());
            try (OnnxLanguageModel model = trial(opened.engine(), opened.info())) {
                return calibration.run(model);
            }
        };
        return conversions.convert(source, precision, scales, calibration.version());
    }

    private OnnxLanguageModel load(
            String id, ModelSource source, Precision precision, ConvertedModel converted, KvBudget budget)
            throws IOException {
        Opened opened = open(id, source, precision, converted, batches);
        return proven(
                opened.engine(), trial(opened.engine(), opened.info()), opened.info(), converted.folder(), budget);
    }

    /**
     * A graph that another tool has exported, run as it is.
     *
     * @throws TernException INVALID_ARGUMENT for a graph that is no decoder, or whose results depend on how a text is cut
     */
    public OnnxLanguageModel load(String id, ExportedDecoder exported, KvBudget budget) throws IOException {
        ExportedLoader.Opened opened = new ExportedLoader(runtime).open(id, exported);
        ModelInfo info = opened.info();
        DecoderEngine engine = new DecoderEngine(opened.graph(), info, executor, batches);
        // What fills a run up lies behind its tokens, and may not lie behind the last place that the graph knows.
        ModelInfo shortened = info.withContextLength(info.contextLength() - Exactness.MAX_MINIMUM_ROWS + 1);
        OnnxLanguageModel trial = trial(engine, shortened);
        Path facts;
        try {
            ExportedLoader.requireSameHoweverCut(new ModelTrial(trial), info);
            facts = conversions.facts(exported.sha256());
        } catch (IOException | RuntimeException | Error e) {
            engine.close();
            throw e;
        }
        OnnxLanguageModel model = proven(engine, trial, shortened, facts, budget);
        return model.info().bitExact() ? model : model.withoutSharedBeginnings();
    }

    private static OnnxLanguageModel trial(DecoderEngine engine, ModelInfo info) {
        return new OnnxLanguageModel(engine, probeBudget(), info, 1);
    }

    /** @param facts folder for what was found out */
    private OnnxLanguageModel proven(
            DecoderEngine engine, OnnxLanguageModel plain, ModelInfo unproven, Path facts, KvBudget budget)
            throws IOException {
        try {
            String conditions = conditions(unproven.device());
            Exactness exactness = new ExactnessRecord(facts, conditions)
                    .readOr(() -> new ExactnessProbe(new ModelTrial(plain)).run());
            ModelInfo info = unproven.withBitExact(exactness.bitExact());
            ModelTrial trial = new ModelTrial(plain.paddedTo(exactness.minimumRows()));
            StepCosts costs = new CostProbe(facts, conditions).readOr(trial::nanos);
            engine.watch(costs);
            return new OnnxLanguageModel(engine, budget, info, exactness.minimumRows(), costs);
        } catch (IOException | RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    /**
     * A part of a model that drafts for it. What it computes is only guessed from, so that its bits are not tried.
     *
     * @throws TernException INVALID_ARGUMENT if the part does not fit the model
     */
    public OnnxLanguageModel loadPart(
            String id, ModelSource source, Precision precision, KvBudget budget, ModelPart part) throws IOException {
        return drafting(id, source, precision, conversions.convert(source, precision, part), budget);
    }

    /**
     * A whole model that drafts for another one; its bits are not tried either.
     *
     * @throws TernException INVALID_ARGUMENT as {@link #load(String, ModelSource, Precision, KvBudget)}
     */
    public OnnxLanguageModel loadDraft(String id, ModelSource source, Precision precision, KvBudget budget)
            throws IOException {
        return drafting(id, source, precision, conversions.convert(source, precision), budget);
    }

    /**
     * The same with keys and values that are kept as 8-bit integers.
     *
     * @throws TernException INVALID_ARGUMENT as {@link #loadWithInt8Cache}
     */
    public OnnxLanguageModel loadDraftWithInt8Cache(
            String id, ModelSource source, Precision precision, Tokenizer tokenizer, KvBudget budget)
            throws IOException {
        return drafting(id, source, precision, withInt8Cache(id, source, precision, tokenizer), budget);
    }

    private OnnxLanguageModel drafting(
            String id, ModelSource source, Precision precision, ConvertedModel converted, KvBudget budget)
            throws IOException {
        // Its runs are no batches of a served model.
        Opened opened = open(id, source, precision, converted, new BatchCounters());
        return new OnnxLanguageModel(opened.engine(), budget, opened.info(), 1);
    }

    private record Opened(DecoderEngine engine, ModelInfo info) {}

    private Opened open(
            String id, ModelSource source, Precision precision, ConvertedModel converted, BatchCounters counters)
            throws IOException {
        DecoderSessions sessions = sessions(converted, precision);
        try {
            Session session = sessions.single();
            List<Integer> endTokens = EndTokens.of(source, vocabularySize(session));
            ModelInfo info = info(id, session, endTokens, precision, converted);
            SlotGraph graph = new SlotGraph(runtime, sessions, info, device);
            return new Opened(new DecoderEngine(graph, info, executor, counters), info);
        } catch (IOException | RuntimeException | Error e) {
            sessions.close();
            throw e;
        }
    }

    private DecoderSessions sessions(ConvertedModel converted, Precision precision) throws IOException {
        return new DecoderSessions(runtime, converted, device.slotCounts(), device.config(precision));
    }

    /** The probe runs before anyone is served, and must not fail for a budget that is smaller than its texts. */
    private static KvBudget probeBudget() {
        return new KvBudget(Long.MAX_VALUE);
    }

    private String conditions(String deviceLabel) throws IOException {
        return "probes " + ExactnessProbe.VERSION + " and " + CostProbe.VERSION + ", "
                + Machine.conditions(runtime.version(), deviceLabel, threads);
    }

    private ModelInfo info(
            String id, Session session, List<Integer> endTokens, Precision precision, ConvertedModel converted) {
        return new ModelInfo(
                id,
                vocabularySize(session),
                width(session, "logits"),
                width(session, "hidden"),
                ConvertedModel.contextLength(session.signature().metadata()),
                endTokens,
                precision.wireName(),
                KvLayout.of(session.signature()).wireName(),
                device.label(),
                false,
                true,
                converted.sourceSha256());
    }

    private static int vocabularySize(Session session) {
        return ConvertedModel.vocabularySize(session.signature().metadata());
    }

    private static int width(Session session, String output) {
        return Math.toIntExact(session.signature().output(output).shape().dimension(1));
    }
}
