package io.tern.text.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tern.text.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ClipTokenizerTest {
    private static final Path FOLDER = Golden.MODELS.resolve("golden/generation/tiny-sd/tokenizer");
    private static final int BEGIN = 49406;
    private static final int END = 49407;

    @TempDir
    Path folder;

    @Test
    void givesTheIdsOfTheReferenceLibraryForTextsOfAllScripts() throws IOException {
        ClipTokenizer tokenizer = ClipTokenizer.load(FOLDER);
        JsonNode cases = Golden.read("text/clip.json").get("cases");
        assertThat(cases.size()).isGreaterThan(300);
        for (JsonNode one : cases) {
            String text = one.get(0).asString();
            assertThat(tokenizer.pieces(text)).as(text).isEqualTo(Golden.ids(one.get(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsTheOneFileOfNewerFolders(boolean pairs) throws IOException {
        copy("tokenizer_config.json");
        JsonMapper mapper = JsonMapper.shared();
        ObjectNode json = mapper.createObjectNode();
        ObjectNode model = json.putObject("model").put("type", "BPE").put("end_of_word_suffix", "</w>");
        model.set("vocab", mapper.readTree(Files.readAllBytes(FOLDER.resolve("vocab.json"))));
        ArrayNode merges = model.putArray("merges");
        Files.readAllLines(FOLDER.resolve("merges.txt")).stream()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    if (pairs) {
                        String[] symbols = line.split(" ");
                        merges.addArray().add(symbols[0]).add(symbols[1]);
                    } else {
                        merges.add(line);
                    }
                });
        Files.write(folder.resolve("tokenizer.json"), mapper.writeValueAsBytes(json));
        FramedTokenizer loaded = FramedTokenizer.load(folder);
        assertThat(loaded).isInstanceOf(ClipTokenizer.class);
        ClipTokenizer whole = (ClipTokenizer) loaded;
        ClipTokenizer two = ClipTokenizer.load(FOLDER);
        for (JsonNode one : Golden.read("text/clip.json").get("cases")) {
            String text = one.get(0).asString();
            assertThat(whole.encode(text).ids())
                    .as(text)
                    .isEqualTo(two.encode(text).ids());
        }
    }

    @Test
    void framesCutsAndPads() throws IOException {
        ClipTokenizer tokenizer = ClipTokenizer.load(FOLDER);
        Encoding empty = tokenizer.encode("");
        assertThat(empty.ids()).hasSize(77).startsWith(BEGIN, END).endsWith(END);
        assertThat(Arrays.stream(empty.attentionMask()).sum()).isEqualTo(2);
        Encoding apple = tokenizer.encode("a red apple");
        assertThat(apple.ids()).startsWith(BEGIN, 320, 736, 3055, END, END);
        assertThat(Arrays.stream(apple.attentionMask()).sum()).isEqualTo(5);
        int[] cut = tokenizer.encode("a ".repeat(200)).ids();
        assertThat(cut).hasSize(77).endsWith(320, END);
    }

    /** The second encoder of SDXL pads with "!", which is symbol 0. */
    @Test
    void padsAsItsSettingsSay() throws IOException {
        copy("vocab.json");
        copy("merges.txt");
        settings("{\"pad_token\": {\"content\": \"!\"}, \"model_max_length\": 16}");
        ClipTokenizer tokenizer = ClipTokenizer.load(folder);
        assertThat(tokenizer.encode("apple").ids())
                .containsExactly(BEGIN, 3055, END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void refusesFilesThatDoNotBelongTogether() throws IOException {
        copy("vocab.json");
        settings("{\"model_max_length\": 2}");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\ni n\nzz qqq\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClipTokenizer.load(folder))
                .withMessage("vocab.json: no id of qqq (expected: one for each symbol)");
        Files.writeString(folder.resolve("merges.txt"), "#version: 0.2\ni n t\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClipTokenizer.load(folder))
                .withMessage("merges.txt: line 2: i n t (expected: two symbols)");
        copy("merges.txt");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClipTokenizer.load(folder))
                .withMessage("tokenizer_config.json: model_max_length 2 (expected: 3..1024)");
    }

    private void copy(String file) throws IOException {
        Files.write(folder.resolve(file), Files.readAllBytes(FOLDER.resolve(file)));
    }

    private void settings(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer_config.json"), json);
    }
}
