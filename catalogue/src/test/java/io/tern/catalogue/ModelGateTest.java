package io.tern.catalogue;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelGateTest {
    @TempDir
    Path folder;

    @Test
    void letsTheShippedModelsPass() {
        Path models = Path.of(System.getProperty("tern.root"), "models");
        for (String model : new String[] {"detection/nanodet_g_416.onnx", "emoji/unet/model.onnx"}) {
            assertThatCode(() -> ModelGate.check(models.resolve(model)))
                    .as(model)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void refusesACustomOperatorDomain() {
        byte[] node = bytes(7, "evil.so");
        assertRefused(message(7, message(1, node)), "operator domain 'evil.so'");
    }

    @Test
    void refusesACustomDomainInASubgraph() {
        byte[] inner = message(1, bytes(7, "evil"));
        byte[] node = message(5, message(6, inner));
        assertRefused(message(7, message(1, node)), "operator domain 'evil'");
    }

    @Test
    void refusesExternalDataWhereverAModelCanHaveATensor() {
        byte[] tensor = entry("location", "../weights");
        byte[] node = message(5, message(22, message(1, tensor)));
        assertRefused(message(7, message(1, node)), "external data");
        byte[] nodeOfSeveral = message(5, message(23, message(2, tensor)));
        assertRefused(message(7, message(1, nodeOfSeveral)), "external data");
        byte[] function = message(11, message(5, tensor));
        assertRefused(message(25, function), "external data");
        byte[] training = message(1, message(5, tensor));
        assertRefused(message(20, training), "external data");
    }

    /** Protobuf's own parser drops the bits above the 32nd, and so would read a field 7 that we had not looked into. */
    @Test
    void refusesAFieldNumberThatParsersReadDifferently() {
        byte[] hidden = message(1, bytes(7, "evil"));
        byte[] tag = {(byte) 0xba, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10, (byte) hidden.length};
        assertRefused(join(message(7, new byte[0]), tag, hidden), "a field number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../weights", "/etc/passwd", "a/b", "a\\b", "*/_ORT_MEM_ADDR_/1", ""})
    void refusesExternalDataOutsideOfTheFolder(String location) {
        assertRefused(withExternalData(location, "0", "1"), "external data");
    }

    @ParameterizedTest
    @CsvSource({"0, 11", "11, 0", "5, 6", "-1, 1", "0, -1", "9223372036854775807, 9223372036854775807", "x, 1"})
    void refusesExternalDataBeyondTheFile(String offset, String length) throws Exception {
        Files.write(folder.resolve("weights"), new byte[10]);
        assertRefused(withExternalData("weights", offset, length), "external data");
    }

    @Test
    void refusesSymbolicAndHardLinks() throws Exception {
        Path elsewhere =
                Files.write(Files.createDirectory(folder.resolve("elsewhere")).resolve("w"), new byte[10]);
        Files.createSymbolicLink(folder.resolve("soft"), elsewhere);
        Files.createLink(folder.resolve("hard"), elsewhere);
        assertRefused(withExternalData("soft", "0", "10"), "a link");
        assertRefused(withExternalData("hard", "0", "10"), "a link");
    }

    @Test
    void letsExternalDataOfItsOwnFolderPass() throws Exception {
        Files.write(folder.resolve("weights"), new byte[10]);
        Path model = Files.write(folder.resolve("m.onnx"), withExternalData("weights", "2", "8"));
        assertThatCode(() -> ModelGate.check(model)).doesNotThrowAnyException();
    }

    @Test
    void neverThrowsAnythingButARefusal() throws Exception {
        Files.write(folder.resolve("weights"), new byte[10]);
        byte[] good = withExternalData("weights", "2", "8");
        Random random = new Random(11);
        for (int round = 0; round < 2000; round++) {
            byte[] mutated = good.clone();
            for (int change = 0; change <= random.nextInt(4); change++) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            Path model = Files.write(folder.resolve("m.onnx"), mutated);
            try {
                ModelGate.check(model);
            } catch (TernException expected) {
                // any refusal will do; another exception fails the test
            }
        }
    }

    private void assertRefused(byte[] model, String because) {
        assertThatThrownBy(() -> ModelGate.check(Files.write(folder.resolve("m.onnx"), model)))
                .isInstanceOf(TernException.class)
                .hasMessageContaining(because);
    }

    private static byte[] withExternalData(String location, String offset, String length) {
        byte[] tensor = join(entry("location", location), entry("offset", offset), entry("length", length));
        return message(7, message(5, tensor));
    }

    private static byte[] entry(String key, String value) {
        return message(13, join(bytes(1, key), bytes(2, value)));
    }

    private static byte[] bytes(int field, String text) {
        return message(field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] message(int field, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        varint(out, field << 3 | 2);
        varint(out, content.length);
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while (rest > 127) {
            out.write(rest & 127 | 128);
            rest >>>= 7;
        }
        out.write(rest);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
