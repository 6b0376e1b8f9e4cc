package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LazyMemoryTest {
    private static final long LARGE = 256 << 20;
    /** What the rest of the process may take or give back meanwhile. */
    private static final long ELSEWHERE = 64 << 20;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 63, 64, 4096, 5_000_001})
    void isAlignedAndZero(long bytes) {
        for (int round = 0; round < 50; round++) { // the later ones get memory that was written to
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = LazyMemory.zeros(arena, bytes, 64);
                assertThat(memory.byteSize()).isEqualTo(bytes);
                assertThat(memory.address() % 64).isZero();
                assertThat(memory.mismatch(MemorySegment.ofArray(new byte[Math.toIntExact(bytes)])))
                        .isEqualTo(-1);
                memory.fill((byte) 1);
            }
        }
    }

    @Test
    void takesMemoryAsItIsWrittenToAndGivesItBack() {
        long before = ResidentMemory.anonymousBytes();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = LazyMemory.zeros(arena, LARGE, 64);
            assertThat(ResidentMemory.anonymousBytes() - before).isLessThan(ELSEWHERE);
            memory.asSlice(0, LARGE / 2).fill((byte) 1);
            assertThat(ResidentMemory.anonymousBytes() - before)
                    .isBetween(LARGE / 2 - ELSEWHERE, LARGE / 2 + ELSEWHERE);
        }
        assertThat(ResidentMemory.anonymousBytes() - before).isLessThan(ELSEWHERE);
    }

    @Test
    void endsWithItsArena() {
        MemorySegment memory;
        try (Arena arena = Arena.ofShared()) {
            memory = LazyMemory.zeros(arena, 8, 8);
        }
        assertThatThrownBy(() -> memory.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void saysHowMuchTheSystemHasNoRoomFor() {
        long bytes = 1L << 60;
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> LazyMemory.zeros(arena, bytes, 64))
                    .isInstanceOf(OutOfMemoryError.class)
                    .hasMessageContaining(Long.toString(bytes));
        }
    }
}
