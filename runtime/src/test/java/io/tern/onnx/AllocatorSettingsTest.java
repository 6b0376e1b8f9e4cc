package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import org.junit.jupiter.api.Test;

class AllocatorSettingsTest {
    private static final long MEGABYTE = 1 << 20;
    private static final int BLOCKS = 256;

    @Test
    void largeBlocksAreGivenBackThoughSmallOnesLieBesideThem() {
        assumeTrue(Linker.nativeLinker().defaultLookup().find("mallopt").isPresent(), "not glibc");
        AllocatorSettings.apply();
        try (Arena larger = Arena.ofConfined()) {
            larger.allocate(32 * MEGABYTE); // freed, it would raise what glibc maps by itself to its size
        }
        try (Arena small = Arena.ofConfined()) {
            long full;
            try (Arena large = Arena.ofConfined()) {
                for (int block = 0; block < BLOCKS; block++) {
                    large.allocate(MEGABYTE);
                    small.allocate(64);
                }
                full = ResidentMemory.anonymousBytes();
            }
            assertThat(full - ResidentMemory.anonymousBytes()).isGreaterThan(BLOCKS * MEGABYTE / 2);
        }
    }
}
