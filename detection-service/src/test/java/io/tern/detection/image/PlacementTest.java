package io.tern.detection.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tern.detection.Golden;
import io.tern.detection.Npz;
import io.tern.detection.box.Box;
import io.tern.imaging.RgbImage;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PlacementTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4})
    void rendersTheGoldenInputsBitForBit(int number) {
        JsonNode about = Golden.json("ops/letterbox_" + number + ".json");
        Path arrays = Golden.folder().resolve("ops/letterbox_" + number + ".npz");
        JsonNode shape = about.at("/arrays/rgb/1");
        double[] values = Npz.read(arrays, "rgb");
        byte[] rgb = new byte[values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i];
        }
        RgbImage picture = new RgbImage(shape.get(1).intValue(), shape.get(0).intValue(), rgb);
        int size = about.get("size").intValue();

        Placement letterbox = Placement.centred(picture.width(), picture.height(), size, size);
        assertThat(letterbox.scaleX()).isEqualTo(about.get("scale").doubleValue());
        assertThat(letterbox.left()).isEqualTo(about.get("dx").intValue());
        assertThat(letterbox.top()).isEqualTo(about.get("dy").intValue());
        assertThat(letterbox.width()).isEqualTo(about.at("/new_wh/0").intValue());
        assertThat(letterbox.height()).isEqualTo(about.at("/new_wh/1").intValue());

        double[] expected = Npz.read(arrays, "expected");
        float padding = about.get("pad").floatValue();
        float[] rendered =
                Pixels.of(size, size, rows -> letterbox.render(picture, BilinearResize::resize, padding, rows));
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) rendered[i]).as("value %d", i).isEqualTo(expected[i]);
        }
    }

    @Test
    void mapsBoxesBackIntoThePicture() {
        Placement letterbox = Placement.centred(800, 400, 416, 416);
        Box box = letterbox.toPicture(new Box(52, 156, 104, 208));
        assertThat(box.x1()).isCloseTo(100, within(1e-9));
        assertThat(box.y1()).isCloseTo(100, within(1e-9));
        assertThat(box.x2()).isCloseTo(200, within(1e-9));
        assertThat(box.y2()).isCloseTo(200, within(1e-9));
        assertThat(letterbox.toPicture(new Box(0, 0, 416, 416))).isEqualTo(new Box(0, 0, 800, 400));
    }

    @Test
    void takesPicturesAsThinAsAThread() {
        for (int[] size : new int[][] {{1, 1}, {10_000, 1}, {1, 10_000}}) {
            Placement letterbox = Placement.centred(size[0], size[1], 416, 416);
            RgbImage picture = new RgbImage(size[0], size[1], new byte[3 * size[0] * size[1]]);
            assertThat(Pixels.of(416, 416, rows -> letterbox.render(picture, BilinearResize::resize, 0, rows)))
                    .containsOnly(0);
        }
    }
}
