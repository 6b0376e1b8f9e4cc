package io.tern.imaging.png;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.base.ErrorCode;
import io.tern.imaging.RgbImage;
import io.tern.imaging.codec.Fixtures;
import io.tern.imaging.codec.ImageDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PngDecoderTest {
    private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};

    /** Each colour type and depth, with each filter, whole and interlaced, in sizes with empty passes and odd ends. */
    @ParameterizedTest
    @CsvSource({
        "0, 1", "0, 2", "0, 4", "0, 8", "0, 16", "2, 8", "2, 16", "3, 1", "3, 2", "3, 4", "3, 8", "4, 8", "4, 16",
        "6, 8", "6, 16"
    })
    void readsEveryColourTypeAndDepth(int colourType, int depth) {
        Random random = new Random(31L * colourType + depth);
        for (int[] size : new int[][] {{1, 1}, {2, 3}, {4, 1}, {5, 9}, {13, 11}, {33, 8}}) {
            for (int filter = 0; filter < 5; filter++) {
                for (boolean interlaced : new boolean[] {false, true}) {
                    check(random, size[0], size[1], depth, colourType, filter, interlaced);
                }
            }
        }
    }

    private static void check(
            Random random, int width, int height, int depth, int colourType, int filter, boolean interlaced) {
        int[][][] samples = new int[height][width][CHANNELS[colourType]];
        for (int[][] row : samples) {
            for (int[] pixel : row) {
                Arrays.setAll(pixel, _ -> random.nextInt(1 << depth));
            }
        }
        byte[] palette = new byte[3 << Math.min(depth, 8)];
        random.nextBytes(palette);
        byte[] alphas = new byte[1 << Math.min(depth, 8)];
        random.nextBytes(alphas);
        PngWriter png = new PngWriter().header(width, height, depth, colourType, interlaced);
        if (colourType == 3) {
            png.chunk("PLTE", palette).chunk("tRNS", alphas);
        } else if (colourType <= 2) {
            ByteBuffer first = ByteBuffer.allocate(2 * CHANNELS[colourType]);
            Arrays.stream(samples[0][0]).forEach(sample -> first.putShort((short) sample));
            png.chunk("tRNS", first.array());
        }
        RgbImage image = ImageDecoder.decode(
                png.data(PngWriter.rows(samples, depth, interlaced, filter), 40).end());
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int expected = expected(samples[y][x], samples[0][0], depth, colourType, palette, alphas);
                assertThat(image.pixel(x, y)).isEqualTo(expected);
            }
        }
    }

    private static int expected(int[] pixel, int[] transparent, int depth, int type, byte[] palette, byte[] alphas) {
        int[] rgba = new int[4];
        if (type == 3) {
            for (int c = 0; c < 3; c++) {
                rgba[c] = palette[3 * pixel[0] + c] & 0xff;
            }
            rgba[3] = alphas[pixel[0]] & 0xff;
        } else {
            boolean grey = type == 0 || type == 4;
            for (int c = 0; c < 3; c++) {
                rgba[c] = to8(pixel[grey ? 0 : c], depth);
            }
            rgba[3] = type >= 4 ? to8(pixel[pixel.length - 1], depth) : Arrays.equals(pixel, transparent) ? 0 : 255;
        }
        int packed = 0;
        for (int c = 0; c < 3; c++) {
            packed = packed << 8 | Math.round((rgba[c] * rgba[3] + 255f * (255 - rgba[3])) / 255f);
        }
        return packed;
    }

    private static int to8(int sample, int depth) {
        return depth == 16 ? sample / 256 : Math.round(sample * 255f / ((1 << depth) - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"astronaut", "chelsea", "flower", "grace_hopper"})
    void readsTheGoldenPicturesExactly(String name) throws Exception {
        Path golden = Path.of(System.getProperty("tern.root"), "models", "golden", "detection");
        RgbImage image = ImageDecoder.decode(Files.readAllBytes(golden.resolve("pictures/" + name + ".png")));
        String json = Files.readString(golden.resolve("boxes/" + name + ".json"));
        var digest = Pattern.compile("\"sha256_rgb\": \"([0-9a-f]{64})\"").matcher(json);
        assertThat(digest.find()).isTrue();
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(image.rgb());
        assertThat(HexFormat.of().formatHex(sha256)).isEqualTo(digest.group(1));
    }

    @Test
    void readsWhatTheEncoderWrites() {
        RgbImage image = Fixtures.expected("baseline.jpg");
        assertThat(ImageDecoder.decode(PngEncoder.encode(image)).rgb()).isEqualTo(image.rgb());
    }

    @Test
    void turnsAPictureWithExif() {
        byte[] exif = {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0};
        byte[] png = new PngWriter()
                .header(3, 1, 8, 0, false)
                .chunk("eXIf", exif)
                .data(new byte[] {0, 10, 20, 30}, 100)
                .end();
        RgbImage image = ImageDecoder.decode(png);
        assertThat(image.height()).isEqualTo(3);
        assertThat(image.pixel(0, 2)).isEqualTo(0x1e1e1e);
    }

    /** 16 MiB of packed zeros would be 16 GiB of text; nobody unpacks it. */
    @Test
    void leavesPackedTextsPacked() {
        byte[] bomb = new byte[16 << 20];
        System.arraycopy("Comment\0\0".getBytes(StandardCharsets.ISO_8859_1), 0, bomb, 0, 9);
        byte[] png = new PngWriter()
                .header(1, 1, 8, 0, false)
                .chunk("zTXt", bomb)
                .chunk("iCCP", bomb(1 << 20))
                .data(new byte[] {0, 7}, 100)
                .end();
        assertThat(ImageDecoder.decode(png).pixel(0, 0)).isEqualTo(0x070707);
    }

    @Test
    void unpacksNoMoreThanThePictureNeeds() {
        byte[] png = new PngWriter()
                .header(1, 1, 8, 0, false)
                .data(new byte[50_000_000], 1 << 20)
                .end();
        assertThat(ImageDecoder.decode(png).pixel(0, 0)).isZero();
    }

    @Test
    void refusesWhatNoWriterMayWrite() {
        PngWriter writer = new PngWriter();
        Fixtures.assertRefused(writer.end(), ErrorCode.INVALID_ARGUMENT);
        byte[] rows = {0, 5};
        assertRefused(new PngWriter().header(1, 1, 3, 0, false).data(rows, 9));
        assertRefused(new PngWriter().header(1, 1, 8, 5, false).data(rows, 9));
        assertRefused(new PngWriter().header(1, 1, 8, 3, false).data(rows, 9));
        assertRefused(new PngWriter().header(1, 1, 8, 0, false).data(new byte[] {5, 5}, 9));
        assertRefused(new PngWriter().header(2, 2, 8, 0, false).data(rows, 9));
        assertRefused(new PngWriter().header(1, 1, 8, 0, false).header(1, 1, 8, 2, false));
        assertRefused(new PngWriter().header(1, 1, 8, 0, false).chunk("IDAT", new byte[50]));
        assertRefused(new PngWriter().data(rows, 9));
    }

    private static void assertRefused(PngWriter png) {
        Fixtures.assertRefused(png.end(), ErrorCode.INVALID_ARGUMENT);
    }

    private static byte[] bomb(int size) {
        return PngWriter.pack(new byte[size]);
    }

    @Test
    void showsHowOpaqueAPictureIs() {
        int[][][] samples = {{{10, 20, 30, 0}, {10, 20, 30, 128}, {10, 20, 30, 255}}};
        byte[] png = new PngWriter()
                .header(3, 1, 8, 6, false)
                .data(PngWriter.rows(samples, 8, false, 0), 1 << 10)
                .end();
        assertThat(ImageDecoder.opacity("mask", png).rgb())
                .containsExactly(new byte[] {0, 0, 0, -128, -128, -128, -1, -1, -1});
        byte[] opaque = PngEncoder.encode(new RgbImage(1, 1, new byte[] {1, 2, 3}));
        assertThat(ImageDecoder.opacity("mask", opaque).rgb()).containsOnly((byte) 255);
    }
}
