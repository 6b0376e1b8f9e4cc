package io.tern.imaging.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.ImageDecoder;
import org.junit.jupiter.api.Test;

class JpegEncoderTest {
    @Test
    void whatItWritesIsReadAsNearlyTheSame() throws Exception {
        RgbImage slope = slope(90, 70);
        RgbImage read = ImageDecoder.decode(JpegEncoder.encode(slope));
        assertThat(read.width()).isEqualTo(90);
        assertThat(read.height()).isEqualTo(70);
        for (int i = 0; i < read.rgb().length; i++) {
            assertThat(read.rgb()[i] & 0xff)
                    .as("value %d", i)
                    .isBetween((slope.rgb()[i] & 0xff) - 8, (slope.rgb()[i] & 0xff) + 8);
        }
    }

    @Test
    void writesTheSameBytesAgain() {
        assertThat(JpegEncoder.encode(slope(33, 17))).isEqualTo(JpegEncoder.encode(slope(33, 17)));
    }

    @Test
    void refusesWhatTheFormatCannotHold() {
        assertThatThrownBy(() -> JpegEncoder.encode(new RgbImage(65_501, 1, new byte[3 * 65_501])))
                .hasMessageContaining("65501 x 1");
    }

    private static RgbImage slope(int width, int height) {
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int i = 3 * (y * width + x);
                rgb[i] = (byte) (2 * x);
                rgb[i + 1] = (byte) (3 * y);
                rgb[i + 2] = (byte) (255 - x - y);
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
