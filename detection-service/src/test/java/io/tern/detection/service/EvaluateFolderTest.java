package io.tern.detection.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.detection.Golden;
import io.tern.detection.eval.CocoFolder;
import io.tern.detection.eval.CocoScores;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class EvaluateFolderTest {
    @TempDir
    Path folder;

    /** What the reference finds with a score from 0.3 on is the truth: all of it is found, and what is less sure comes later. */
    @Test
    void aDetectorAgreesWithItself() throws IOException {
        write(Golden.PICTURES, "");
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        Evaluation evaluation = evaluate(0.05f, told);
        CocoScores scores = evaluation.scores();
        assertThat(scores.ap()).isGreaterThan(0.99);
        assertThat(scores.ar100()).isEqualTo(1);
        assertThat(scores.apSmall()).isNaN();
        assertThat(scores.byClass().keySet().stream().map(evaluation.labels()::get))
                .contains("cat", "cake")
                .doesNotContain("unicorn");
        assertThat(scores.byClass().values()).allMatch(ap -> ap > 0.95);
        JsonNode json = JsonMapper.shared().readTree(evaluation.json());
        assertThat(json.get("AP").asDouble()).isEqualTo(scores.ap());
        assertThat(json.get("AP small").isNull()).isTrue();
        assertThat(json.at("/classes/cat").asDouble()).isGreaterThan(0.95);
        assertThat(evaluation.classTable()).contains("cat       ");
        assertThat(told.toString(StandardCharsets.UTF_8)).doesNotContain("left out");
        assertThat(evaluate(1f, told).scores().ap()).isZero();
    }

    private Evaluation evaluate(float threshold, ByteArrayOutputStream told) {
        return EvaluateFolder.of(
                CocoFolder.read(folder),
                Golden.MODEL,
                threshold,
                folder.resolve("cache"),
                new PrintStream(told, true, StandardCharsets.UTF_8));
    }

    @Test
    void labelsMayLieElsewhereAndNameWhatTheModelDoesNotKnow() throws IOException {
        write(List.of("flower"), "");
        Path labels = folder.resolve("labels.json");
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(Files.readAllBytes(labels));
        ((ArrayNode) root.get("categories")).addObject().put("id", 1000).put("name", "unicorn");
        ((ArrayNode) root.get("annotations"))
                .addObject()
                .put("image_id", 100)
                .put("category_id", 1000)
                .putArray("bbox")
                .add(1)
                .add(1)
                .add(9)
                .add(9);
        Path elsewhere = Files.createDirectory(folder.resolve("annotations")).resolve("instances.json");
        Files.delete(labels);
        Files.write(elsewhere, JsonMapper.shared().writeValueAsBytes(root));
        CocoFolder read = CocoFolder.read(folder, elsewhere);
        assertThat(read.unknownTo(List.of("cake", "dog"))).containsExactly("unicorn");
        assertThat(read.inClassesOf(List.of("cake", "dog"))
                        .pictures()
                        .getFirst()
                        .truths())
                .extracting("classId")
                .containsExactly(0);
    }

    @Test
    void namesWhatIsWrongWithALabel() throws IOException {
        write(List.of("flower"), "");
        Path labels = folder.resolve("labels.json");
        String good = Files.readString(labels);
        Map<String, String> faults = Map.of(
                good.replaceFirst("\"bbox\":\\[([^,]*),([^,]*),([^,]*)", "\"bbox\":[$1,$2,-4"), "bbox: [",
                good.replace("flower.png", "nope.png"), "file_name: nope.png",
                good.replaceFirst("\"bbox\"", "\"box\""), "labels: labels.json: ");
        for (Map.Entry<String, String> fault : faults.entrySet()) {
            assertThat(fault.getKey()).isNotEqualTo(good);
            Files.writeString(labels, fault.getKey());
            assertThatThrownBy(() -> CocoFolder.read(folder))
                    .isInstanceOf(TernException.class)
                    .hasMessageStartingWith(fault.getValue());
        }
    }

    @Test
    void labelsAreTakenByNameOrInTheirOrder() throws IOException {
        write(List.of("flower"), "");
        CocoFolder read = CocoFolder.read(folder);
        assertThat(read.categories()).containsExactly("cake");
        assertThat(read.inClassesOf(List.of("dog", "cake"))
                        .pictures()
                        .getFirst()
                        .truths())
                .extracting("classId")
                .containsExactly(1);
        assertThat(read.inClassesOf(List.of("class 0")).pictures().getFirst().truths())
                .extracting("classId")
                .containsExactly(0);
        assertThatThrownBy(() -> read.inClassesOf(List.of())).hasMessageContaining("categories: [cake]");
    }

    @Test
    void refusesAFolderThatIsNone() throws IOException {
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("0 JSON files");
        assertThatThrownBy(() -> CocoFolder.read(folder.resolve("none"))).isInstanceOf(TernException.class);
        write(List.of("chelsea"), "../");
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("file_name");
        Files.writeString(folder.resolve("labels.json"), "{\"images\": 1}");
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("labels as COCO writes them");
    }

    /** COCO's ids begin anywhere and have holes. */
    private void write(List<String> pictures, String prefix) throws IOException {
        ObjectNode root = JsonMapper.shared().createObjectNode();
        ArrayNode images = root.putArray("images");
        ArrayNode annotations = root.putArray("annotations");
        ObjectNode ids = JsonMapper.shared().createObjectNode();
        for (String picture : pictures) {
            int id = 100 + 7 * images.size();
            images.addObject().put("id", id).put("file_name", prefix + picture + ".png");
            Files.write(folder.resolve(picture + ".png"), Golden.file(picture));
            for (Golden.Reference one : Golden.references(picture)) {
                if (one.score() >= 0.3) {
                    ids.put(one.className(), 3 + 2 * one.classId());
                    ObjectNode annotation =
                            annotations.addObject().put("image_id", id).put("category_id", 3 + 2 * one.classId());
                    annotation
                            .putArray("bbox")
                            .add(one.xyxy().x1())
                            .add(one.xyxy().y1())
                            .add(one.xyxy().x2() - one.xyxy().x1())
                            .add(one.xyxy().y2() - one.xyxy().y1());
                }
            }
        }
        ArrayNode categories = root.putArray("categories");
        ids.forEachEntry(
                (name, id) -> categories.addObject().put("id", id.intValue()).put("name", name));
        Files.write(folder.resolve("labels.json"), JsonMapper.shared().writeValueAsBytes(root));
    }
}
