package io.tern.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.png.PngWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MutationTest {
    private static final Set<ErrorCode> REFUSALS =
            Set.of(ErrorCode.INVALID_ARGUMENT, ErrorCode.PAYLOAD_TOO_LARGE, ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    private static final int MUTATIONS = 5_000;

    @Test
    void givesAPictureOrAnErrorForWhateverBytes() {
        List<byte[]> files = new ArrayList<>();
        Fixtures.ALL.forEach(name -> files.add(Fixtures.file(name)));
        for (String name : List.of("baseline.jpg", "lossy.webp", "palette.gif")) {
            files.add(Fixtures.file(name + ".expected.png"));
        }
        assertTimeoutPreemptively(Duration.ofMinutes(3), () -> {
            for (int seed = 0; seed < MUTATIONS; seed++) {
                check(files.get(seed % files.size()), seed);
            }
        });
    }

    private static void check(byte[] file, int seed) {
        byte[] mutated = mutate(file, new Random(seed));
        if (seed % 3 != 0) {
            PngWriter.repairChecksums(mutated); // or every change of a PNG would end at its checksum
        }
        try {
            RgbImage image = ImageDecoder.decode(mutated);
            assertThat(image.width() * image.height()).isPositive();
        } catch (TernException e) {
            assertThat(e.code()).as("seed %d", seed).isIn(REFUSALS);
            assertThat(e).as("seed %d", seed).hasMessageContaining("(expected: ");
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] mutate(byte[] file, Random random) {
        byte[] bytes = file.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            // Half of the changes hit the headers.
            int at = random.nextInt(random.nextBoolean() ? Math.min(64, bytes.length) : bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) 0xff);
                case 3 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(8)), (byte) 0);
                case 4 -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length - random.nextInt(bytes.length)));
                default -> {
                    int from = random.nextInt(bytes.length);
                    int count = Math.min(random.nextInt(40), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, Math.max(0, count));
                }
            }
            if (bytes.length < 2) {
                break;
            }
        }
        return bytes;
    }
}
