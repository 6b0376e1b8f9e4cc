package io.tern.wire.text;

import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.Speculation;
import io.tern.decoding.v1.SpeculationMetrics;
import io.tern.wire.Fields;
import io.tern.wire.StrictJson;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How tokens are drafted, and what came of it. */
final class SpeculationJson {
    private static final String FIELD = "speculation";
    private static final List<String> DRAFTERS =
            List.of("auto", "none", "ngram", "retrieval", "draft-model", "early-exit", "medusa", "mtp", "eagle");
    private static final List<String> ACCEPTANCES = List.of("greedy", "rejection", "typical");

    private SpeculationJson() {}

    static Optional<Speculation> read(Fields fields) {
        Optional<JsonNode> node = fields.node(FIELD);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        if (node.get().isObject()) {
            return fields.object(FIELD).map(SpeculationJson::readObject);
        }
        String drafter = switch (node.get().asString()) {
            case "off" -> "none";
            case "auto" -> "auto";
            default -> throw fields.invalid(FIELD, "\"off\", \"auto\" or an object");
        };
        return Optional.of(Speculation.newBuilder().setDrafter(drafter).build());
    }

    private static Speculation readObject(Fields fields) {
        Speculation.Builder speculation = Speculation.newBuilder();
        fields.text("drafter").ifPresent(name -> speculation.setDrafter(oneOf(DRAFTERS, fields, "drafter", name)));
        fields.int32("max_draft").ifPresent(speculation::setMaxDraft);
        fields.flag("tree").ifPresent(speculation::setTree);
        fields.flag("exact").ifPresent(speculation::setExact);
        fields.text("acceptance")
                .ifPresent(name -> speculation.setAcceptance(oneOf(ACCEPTANCES, fields, "acceptance", name)));
        fields.number("typical_threshold").ifPresent(speculation::setTypicalThreshold);
        fields.number("typical_alpha").ifPresent(speculation::setTypicalAlpha);
        fields.refuseUnknown();
        return speculation.build();
    }

    private static String oneOf(List<String> names, Fields fields, String field, String name) {
        if (!names.contains(name)) {
            throw fields.invalid(field, String.join(", ", names));
        }
        return name;
    }

    /** {@code metrics} of an answer: vLLM's place for it. Of several choices the counts are added up. */
    static ObjectNode metrics(List<Finished> finished) {
        SpeculationMetrics speculation = finished.size() == 1
                ? finished.getFirst().getSpeculation()
                : sum(finished.stream().map(Finished::getSpeculation).toList());
        ObjectNode metrics = StrictJson.newObject();
        ObjectNode node = metrics.putObject("speculative_decoding");
        node.put("drafter", speculation.getDrafter());
        node.put("steps", speculation.getSteps());
        node.put("drafted_tokens", speculation.getDraftedTokens());
        node.put("accepted_tokens", speculation.getAcceptedTokens());
        node.put("mean_acceptance_length", speculation.getMeanAcceptanceLength());
        node.put("draft_acceptance_rate", speculation.getDraftAcceptanceRate());
        ArrayNode perPosition = node.putArray("accepted_per_position");
        speculation.getAcceptedPerPositionList().forEach(perPosition::add);
        metrics.put("first_token_seconds", least(finished, Finished::getFirstTokenSeconds));
        metrics.put("total_seconds", -least(finished, one -> -one.getTotalSeconds()));
        return metrics;
    }

    private static double least(List<Finished> finished, ToDoubleFunction<Finished> seconds) {
        return finished.stream().mapToDouble(seconds).min().orElse(0);
    }

    private static SpeculationMetrics sum(List<SpeculationMetrics> all) {
        int steps = all.stream().mapToInt(SpeculationMetrics::getSteps).sum();
        int drafted =
                all.stream().mapToInt(SpeculationMetrics::getDraftedTokens).sum();
        int accepted =
                all.stream().mapToInt(SpeculationMetrics::getAcceptedTokens).sum();
        int deepest = all.stream()
                .mapToInt(SpeculationMetrics::getAcceptedPerPositionCount)
                .max()
                .orElse(0);
        SpeculationMetrics.Builder sum = SpeculationMetrics.newBuilder()
                .setDrafter(all.getFirst().getDrafter())
                .setSteps(steps)
                .setDraftedTokens(drafted)
                .setAcceptedTokens(accepted)
                .setMeanAcceptanceLength(steps == 0 ? 0 : 1 + (double) accepted / steps)
                .setDraftAcceptanceRate(drafted == 0 ? 0 : (double) accepted / drafted);
        for (int position = 0; position < deepest; position++) {
            int place = position;
            sum.addAcceptedPerPosition(all.stream()
                    .mapToInt(one -> place < one.getAcceptedPerPositionCount() ? one.getAcceptedPerPosition(place) : 0)
                    .sum());
        }
        return sum.build();
    }
}
