package io.tern.generation.latent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.Cancellation;
import io.tern.imaging.RgbImage;
import io.tern.tensor.FloatTensor;
import io.tern.tensor.Shape;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class PixelCodecTest {
    /** Those of three channels lie plane by plane. */
    @Test
    void takesSamplesForColouredPictures() {
        PixelCodec codec = new PixelCodec(new LatentSpace(3, 1, new PictureSize(2, 1), 0, 1, 0));
        try (Arena arena = Arena.ofConfined()) {
            FloatTensor sample = FloatTensor.copyOf(arena, Shape.of(1, 3, 1, 2), new float[] {1, 0, 0, 1, 0, 1});
            RgbImage image = codec.decode(sample);
            assertThat(image.rgb()).isEqualTo(new byte[] {(byte) 255, 0, 0, 0, (byte) 255, (byte) 255});
            assertThat(codec.encode(image, arena, Cancellation.none()).mean().toArray())
                    .isEqualTo(sample.toArray());
        }
    }
}
