package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tern.base.Cancellation;
import io.tern.tensor.ElementType;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StringsTest {
    private static OnnxRuntime runtime;

    @BeforeAll
    static void open() {
        runtime = OnnxRuntime.open(2);
    }

    @AfterAll
    static void close() {
        runtime.close();
    }

    @Test
    void goThroughASession() {
        try (Session session = runtime.load(Models.WORDS, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            assertThat(session.signature().input("text").type()).isEqualTo(ElementType.STRING);
            for (int run = 0; run < 2; run++) {
                Tensor text = Strings.copyOf(runtime, arena, Shape.of(4), strings("TERN", "Größe", "", "Möwe"));
                Map<String, Tensor> outputs = session.run(Map.of("text", text), arena, Cancellation.none());
                assertThat(bytes(outputs.get("lower"), arena)).isEqualTo(bytes("tern", "größe", "", "möwe"));
                assertThat(outputs.get("label").toLongs()).containsExactly(0, 2, -1, -1);
                assertThat(bytes(outputs.get("name"), arena)).isEqualTo(bytes("tern", "größe", "none", "none"));
            }
        }
    }

    /** Zeros, what is no UTF-8, and more than a small string holds by itself. */
    @Test
    void anyBytesComeBackAsTheyWere() {
        byte[] odd = new byte[100_000];
        for (int i = 0; i < odd.length; i++) {
            odd[i] = (byte) i;
        }
        ByteBuffer framed = ByteBuffer.allocate(odd.length + 13).order(ByteOrder.LITTLE_ENDIAN);
        framed.putInt(1).put((byte) 0).putInt(odd.length).put(odd).putInt(0);
        try (Session session = runtime.load(Models.STRINGS, SessionConfig.cpu());
                Arena arena = Arena.ofConfined()) {
            MemorySegment sent = arena.allocateFrom(ValueLayout.JAVA_BYTE, framed.array());
            Tensor text = Strings.copyOf(runtime, arena, Shape.of(3), sent);
            Tensor same = session.run(Map.of("text", text), arena, Cancellation.none())
                    .get("same");
            assertThat(same.shape()).isEqualTo(Shape.of(3));
            assertThat(bytes(same, arena)).isEqualTo(framed.array());
            Tensor none = Strings.copyOf(runtime, arena, Shape.of(0), arena.allocate(0));
            Tensor noneAgain = session.run(Map.of("text", none), arena, Cancellation.none())
                    .get("same");
            assertThat(bytes(noneAgain, arena)).isEmpty();
        }
    }

    @Test
    void asManyAsTheShapeHasAndEachWhole() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment two = strings("a", "bc");
            for (MemorySegment wrong : List.of(two.asSlice(0, 10), two.asSlice(0, 6), two.asSlice(0, 0))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Strings.copyOf(runtime, arena, Shape.of(2), wrong))
                        .withMessageContaining("(expected: a whole one)");
            }
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Strings.copyOf(runtime, arena, Shape.of(1), two))
                    .withMessage("strings: 6 bytes more (expected: 1 strings for [1])");
            Tensor tensor = Strings.copyOf(runtime, arena, Shape.of(2, 1), two);
            assertThat(tensor).hasToString("STRING [2, 1]");
            assertThatIllegalStateException().isThrownBy(tensor::segment);
            Tensor number = Tensor.copyOf(runtime, arena, Shape.of(1), 1f);
            assertThatIllegalArgumentException().isThrownBy(() -> Strings.of(runtime, number, arena));
        }
    }

    private static byte[] bytes(Tensor tensor, Arena arena) {
        return Strings.of(runtime, tensor, arena).toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment strings(String... texts) {
        return MemorySegment.ofArray(bytes(texts));
    }

    private static byte[] bytes(String... texts) {
        ByteBuffer framed = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            framed.putInt(utf8.length).put(utf8);
        }
        byte[] bytes = new byte[framed.flip().limit()];
        framed.get(bytes);
        return bytes;
    }
}
