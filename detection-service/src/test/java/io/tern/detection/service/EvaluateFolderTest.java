package io.tern.detection.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import io.tern.detection.Golden;
import io.tern.detection.eval.CocoFolder;
import io.tern.detection.eval.CocoScores;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
        CocoScores scores = EvaluateFolder.scores(
                folder, Golden.MODEL, 2, folder.resolve("cache"), new PrintStream(OutputStream.nullOutputStream()));
        assertThat(scores.ap()).isGreaterThan(0.99);
        assertThat(scores.ar100()).isEqualTo(1);
        assertThat(scores.apSmall()).isNaN();
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
        assertThatThrownBy(() -> read.inClassesOf(List.of())).hasMessageContaining("category: cake");
    }

    @Test
    void refusesAFolderThatIsNone() throws IOException {
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("0 JSON files");
        assertThatThrownBy(() -> CocoFolder.read(folder.resolve("none"))).isInstanceOf(TernException.class);
        write(List.of("chelsea"), "../");
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("file_name");
        Files.writeString(folder.resolve("labels.json"), "{\"images\": 1}");
        assertThatThrownBy(() -> CocoFolder.read(folder)).hasMessageContaining("COCO's JSON");
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
