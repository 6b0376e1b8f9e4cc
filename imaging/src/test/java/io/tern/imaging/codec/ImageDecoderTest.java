package io.tern.imaging.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.imaging.RgbImage;
import io.tern.imaging.exif.Orientation;
import io.tern.imaging.png.PngEncoder;
import io.tern.imaging.png.PngWriter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class ImageDecoderTest {
    @ParameterizedTest
    @FieldSource("io.tern.imaging.codec.Fixtures#EXACT")
    void readsExactlyThePixelsThatPillowReads(String name) {
        RgbImage image = ImageDecoder.decode(Fixtures.file(name));
        assertThat(Fixtures.largestDifference(image, Fixtures.expected(name))).isZero();
    }

    /** The reader repeats colour samples where libwebp interpolates between them. */
    @ParameterizedTest
    @FieldSource("io.tern.imaging.codec.Fixtures#LOSSY_WEBP")
    void readsLossyWebpWithinTheErrorOfItsColourSampling(String name) {
        RgbImage image = ImageDecoder.decode(Fixtures.file(name));
        assertThat(Fixtures.largestDifference(image, Fixtures.expected(name))).isLessThanOrEqualTo(20);
        assertThat(Fixtures.meanDifference(image, Fixtures.expected(name))).isLessThan(2.0);
    }

    @ParameterizedTest
    @FieldSource("io.tern.imaging.codec.Fixtures#ALL")
    void refusesAFileThatEndsInTheMiddleOfItsPixels(String name) {
        byte[] file = Fixtures.file(name);
        Fixtures.assertRefused(Arrays.copyOf(file, file.length * 2 / 5), ErrorCode.INVALID_ARGUMENT);
        Fixtures.assertRefused(Arrays.copyOf(file, 12), ErrorCode.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @EnumSource
    void appliesTheOrientationOfExif(Orientation orientation) {
        RgbImage stored = ImageDecoder.decode(Fixtures.file("baseline.jpg"));
        for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
            byte[] jpeg = withExif(Fixtures.file("baseline.jpg"), orientation.ordinal() + 1, order);
            RgbImage upright = ImageDecoder.decode(jpeg);
            int w = stored.width() - 1;
            int h = stored.height() - 1;
            // Where the stored picture's corner at the top left is to be seen, and its neighbour at the top right.
            int[] corners = switch (orientation) {
                case UPRIGHT -> new int[] {0, 0, w, 0};
                case MIRRORED -> new int[] {w, 0, 0, 0};
                case ROTATED_180 -> new int[] {w, h, 0, h};
                case FLIPPED -> new int[] {0, h, w, h};
                case TRANSPOSED -> new int[] {0, 0, 0, w};
                case ROTATED_90 -> new int[] {h, 0, h, w};
                case TRANSVERSED -> new int[] {h, w, h, 0};
                case ROTATED_270 -> new int[] {0, w, 0, 0};
            };
            assertThat(upright.pixel(corners[0], corners[1])).isEqualTo(stored.pixel(0, 0));
            assertThat(upright.pixel(corners[2], corners[3])).isEqualTo(stored.pixel(w, 0));
        }
    }

    @ParameterizedTest
    @FieldSource("io.tern.imaging.codec.Fixtures#ALL")
    void endsWhenItIsCancelled(String name) {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        byte[] file = Fixtures.file(name);
        byte[] png = Fixtures.file(name + ".expected.png");
        for (byte[] picture : List.of(file, png)) {
            assertThatThrownBy(() -> ImageDecoder.decode("image", picture, cancellation))
                    .isInstanceOfSatisfying(
                            TernException.class, end -> assertThat(end.code()).isEqualTo(ErrorCode.CANCELLED));
        }
    }

    @Test
    void takesDamagedExifForUpright() {
        byte[] jpeg = withExif(Fixtures.file("baseline.jpg"), 6, ByteOrder.BIG_ENDIAN);
        jpeg[19] = 127; // offset of the first directory
        assertThat(ImageDecoder.decode(jpeg).width()).isEqualTo(48);
    }

    @Test
    void refusesAHugePictureByItsHeaderAlone() {
        int side = 100_000;
        byte[] png = PngEncoder.encode(new RgbImage(1, 1, new byte[3]));
        ByteBuffer.wrap(png).putInt(16, side).putInt(20, side);
        PngWriter.repairChecksums(png);
        Fixtures.assertRefused(png, ErrorCode.PAYLOAD_TOO_LARGE);

        byte[] bmp = Fixtures.file("colour.bmp");
        ByteBuffer.wrap(bmp).order(ByteOrder.LITTLE_ENDIAN).putInt(18, side).putInt(22, side);
        Fixtures.assertRefused(bmp, ErrorCode.PAYLOAD_TOO_LARGE);

        byte[] gif = Fixtures.file("palette.gif");
        Arrays.fill(gif, 6, 10, (byte) 0xff);
        Fixtures.assertRefused(gif, ErrorCode.PAYLOAD_TOO_LARGE);

        byte[] jpeg = Fixtures.file("baseline.jpg");
        int frame = indexOf(jpeg, 0xff, 0xc0);
        Arrays.fill(jpeg, frame + 5, frame + 9, (byte) 0xff);
        Fixtures.assertRefused(jpeg, ErrorCode.PAYLOAD_TOO_LARGE);

        byte[] lossless = Fixtures.file("lossless.webp");
        Arrays.fill(lossless, 21, 25, (byte) 0xff);
        Fixtures.assertRefused(lossless, ErrorCode.PAYLOAD_TOO_LARGE);

        byte[] lossy = Fixtures.file("lossy.webp");
        Arrays.fill(lossy, 26, 30, (byte) 0xff);
        Fixtures.assertRefused(lossy, ErrorCode.PAYLOAD_TOO_LARGE);
    }

    /** A few bytes that promise 16 million pixels; the time is that of an accident, a minute without the check. */
    @Test
    void refusesAPictureThatEndsLongBeforeItsPixelsSoon() {
        byte[] lossless = Fixtures.file("lossless.webp");
        Arrays.fill(lossless, 21, 24, (byte) 0xff);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> Fixtures.assertRefused(lossless, ErrorCode.INVALID_ARGUMENT));
    }

    @Test
    void refusesASmallCanvasWithAHugeFrame() {
        byte[] webp = Fixtures.file("lossy-alpha.webp");
        int frame = new String(webp, StandardCharsets.ISO_8859_1).indexOf("VP8 ");
        Arrays.fill(webp, frame + 14, frame + 18, (byte) 0xff);
        Fixtures.assertRefused(webp, ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void refusesAPictureWithoutExtent() {
        byte[] gif = Fixtures.file("palette.gif");
        Arrays.fill(gif, 6, 10, (byte) 0);
        Fixtures.assertRefused(gif, ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void refusesMoreThan20MiB() {
        Fixtures.assertRefused(new byte[ImageDecoder.MOST_BYTES + 1], ErrorCode.PAYLOAD_TOO_LARGE);
    }

    @Test
    void refusesOtherFormats() {
        Fixtures.assertRefused("%PDF-1.7".getBytes(StandardCharsets.US_ASCII), ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        Fixtures.assertRefused("<svg/>".getBytes(StandardCharsets.US_ASCII), ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        Fixtures.assertRefused(new byte[0], ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void namesTheFieldAndWhatItExpects() {
        assertThatThrownBy(() -> ImageDecoder.decode("images[2]", new byte[] {1, 2}))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("images[2]"))
                .hasMessage("images[2]: a file that begins with 01 02 (expected: a PNG, JPEG, WebP, GIF or BMP file)");
    }

    @Test
    void refusesAProgressivePictureOfEndlessScans() {
        byte[] jpeg = Fixtures.file("progressive.jpg");
        int scan = indexOf(jpeg, 0xff, 0xda);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        bomb.write(jpeg, 0, scan);
        for (int i = 0; i < 1000; i++) {
            bomb.write(jpeg, scan, 14);
        }
        bomb.write(jpeg, scan, jpeg.length - scan);
        Fixtures.assertRefused(bomb.toByteArray(), ErrorCode.UNSUPPORTED_MEDIA_TYPE);
    }

    /** 20 MiB of runs with never an end of row come to more pixels than an int counts. */
    @Test
    void refusesRunsThatLeaveTheirRowForEver() {
        ByteBuffer bmp = ByteBuffer.allocate(ImageDecoder.MOST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').position(10);
        bmp.putInt(58).putInt(40).putInt(1).putInt(1).putShort((short) 1).putShort((short) 8);
        bmp.putInt(1).position(46); // RLE8
        bmp.putInt(1).position(58); // one colour
        while (bmp.remaining() >= 2) {
            bmp.put((byte) 255).put((byte) 0);
        }
        Fixtures.assertRefused(bmp.array(), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void refusesAnimationFramesInsideOneAnother() {
        int depth = 400_000;
        int chunkBytes = 24; // tag, length and what stands before the chunks of a frame
        ByteBuffer webp = ByteBuffer.allocate(12 + chunkBytes * depth).order(ByteOrder.LITTLE_ENDIAN);
        webp.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(webp.capacity() - 8);
        webp.put("WEBP".getBytes(StandardCharsets.US_ASCII));
        while (webp.hasRemaining()) {
            webp.put("ANMF".getBytes(StandardCharsets.US_ASCII)).putInt(webp.remaining() - 4);
            webp.put(new byte[16]);
        }
        Fixtures.assertRefused(webp.array(), ErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void ignoresWhatFollowsTheEnd() {
        for (String name : List.of("baseline.jpg", "palette.gif", "lossless.webp")) {
            byte[] file = Fixtures.file(name);
            byte[] longer = Arrays.copyOf(file, file.length + 1000);
            assertThat(ImageDecoder.decode(longer).rgb())
                    .isEqualTo(ImageDecoder.decode(file).rgb());
        }
    }

    private static byte[] withExif(byte[] jpeg, int orientation, ByteOrder order) {
        ByteBuffer exif = ByteBuffer.allocate(36).order(ByteOrder.BIG_ENDIAN);
        exif.putShort((short) 0xffe1).putShort((short) 34);
        exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII));
        exif.order(order).putShort((short) 42).putInt(8);
        exif.putShort((short) 1);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(exif.array());
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    private static int indexOf(byte[] file, int first, int second) {
        for (int i = 0; i < file.length - 1; i++) {
            if ((file[i] & 0xff) == first && (file[i + 1] & 0xff) == second) {
                return i;
            }
        }
        throw new AssertionError("no such bytes");
    }
}
