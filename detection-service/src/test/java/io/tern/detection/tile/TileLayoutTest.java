package io.tern.detection.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileLayoutTest {
    @Test
    void cutsInColumnsAndRowsThatOverlap() {
        assertThat(TileLayout.parse("2x2").of(450, 300, 0.2))
                .containsExactly(
                        new Tile(0, 0, 250, 167),
                        new Tile(200, 0, 250, 167),
                        new Tile(0, 133, 250, 167),
                        new Tile(200, 133, 250, 167));
        assertThat(TileLayout.parse("3x1").of(90, 10, 0)).extracting(Tile::x).containsExactly(0, 30, 60);
    }

    @Test
    void cutsInSquares() {
        assertThat(TileLayout.parse("100").of(180, 100, 0.2))
                .containsExactly(new Tile(0, 0, 100, 100), new Tile(80, 0, 100, 100));
        assertThat(TileLayout.parse("100").of(181, 60, 0.2))
                .as("a last tile that would stick out moves all closer together")
                .containsExactly(new Tile(0, 0, 100, 60), new Tile(41, 0, 100, 60), new Tile(81, 0, 100, 60));
        assertThat(TileLayout.parse("451").of(451, 300, 0.5)).containsExactly(new Tile(0, 0, 451, 300));
    }

    @Test
    void coversEachPixelAndNoMore() {
        for (String layout : List.of("1x1", "2x3", "7x1", "5", "16", "31")) {
            for (double overlap : new double[] {0, 0.2, 0.5}) {
                int width = 53;
                int height = 31;
                boolean[] covered = new boolean[width * height];
                List<Tile> tiles;
                try {
                    tiles = TileLayout.parse(layout).of(width, height, overlap);
                } catch (TernException tooMany) {
                    assertThat(layout).isEqualTo("5");
                    continue;
                }
                for (Tile tile : tiles) {
                    for (int y = tile.y(); y < tile.y() + tile.height(); y++) {
                        for (int x = tile.x(); x < tile.x() + tile.width(); x++) {
                            covered[y * width + x] = true;
                        }
                    }
                }
                assertThat(covered).as("%s, %s", layout, overlap).doesNotContain(false);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0x0", "0x2", "2x0", "17x1", "9x9", "-1", "2x2x2", "axb", "1.5", "9999999", "２x２"})
    void refusesWhatIsNoLayout(String text) {
        assertThatThrownBy(() -> TileLayout.parse(text))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("tiles"));
    }

    @Test
    void refusesTilesThatDoNotSuitThePicture() {
        assertThatThrownBy(() -> TileLayout.parse("452").of(451, 300, 0.2))
                .hasMessage("tiles: 452 (expected: no larger than the picture, 451 x 300)");
        assertThatThrownBy(() -> TileLayout.parse("20").of(451, 300, 0.2))
                .hasMessageContaining("(28 x 19 tiles) (expected: at most 64 tiles)");
        assertThatThrownBy(() -> TileLayout.parse("4x4").of(3, 300, 0.2)).hasMessageContaining("3 x 300");
        for (double wrong : new double[] {Double.NaN, -0.1, 0.91}) {
            assertThatThrownBy(() -> new Tiling(TileLayout.parse("2x2"), wrong, TileMerge.NMM))
                    .isInstanceOfSatisfying(
                            TernException.class, e -> assertThat(e.field()).isEqualTo("tile_overlap"));
        }
    }
}
