package io.tern.wire.inference;

import io.tern.inference.v2.InferBatchStatistics;
import io.tern.inference.v2.InferStatistics;
import io.tern.inference.v2.ModelStatistics;
import io.tern.inference.v2.ModelStatisticsResponse;
import io.tern.inference.v2.StatisticDuration;
import io.tern.wire.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What models were asked, under the names that the messages have; zeros are told. */
public final class StatisticsJson {
    private StatisticsJson() {}

    public static JsonNode of(ModelStatisticsResponse statistics) {
        ObjectNode node = StrictJson.newObject();
        var models = node.putArray("model_stats");
        statistics.getModelStatsList().forEach(model -> model(models.addObject(), model));
        return node;
    }

    private static void model(ObjectNode node, ModelStatistics model) {
        node.put("name", model.getName())
                .put("version", model.getVersion())
                .put("last_inference", model.getLastInference())
                .put("inference_count", model.getInferenceCount())
                .put("execution_count", model.getExecutionCount());
        requests(node.putObject("inference_stats"), model.getInferenceStats());
        var batches = node.putArray("batch_stats");
        model.getBatchStatsList().forEach(batch -> batch(batches.addObject(), batch));
    }

    private static void requests(ObjectNode node, InferStatistics requests) {
        put(node, "success", requests.getSuccess());
        put(node, "fail", requests.getFail());
        put(node, "queue", requests.getQueue());
        put(node, "compute_input", requests.getComputeInput());
        put(node, "compute_infer", requests.getComputeInfer());
        put(node, "compute_output", requests.getComputeOutput());
        put(node, "cache_hit", requests.getCacheHit());
        put(node, "cache_miss", requests.getCacheMiss());
    }

    private static void batch(ObjectNode node, InferBatchStatistics batch) {
        node.put("batch_size", batch.getBatchSize());
        put(node, "compute_input", batch.getComputeInput());
        put(node, "compute_infer", batch.getComputeInfer());
        put(node, "compute_output", batch.getComputeOutput());
    }

    private static void put(ObjectNode node, String name, StatisticDuration duration) {
        node.putObject(name).put("count", duration.getCount()).put("ns", duration.getNs());
    }
}
