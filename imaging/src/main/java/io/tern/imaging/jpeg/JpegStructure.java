package io.tern.imaging.jpeg;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tern.imaging.exif.Orientation;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JPEG file taken apart by its markers (T.81, annex B), so that the native decoder is given the coded picture alone:
 * no profiles, texts or thumbnails, nothing behind the end, and no more work than the size of the picture explains.
 */
final class JpegStructure {
    private static final int START_OF_IMAGE = 0xd8;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int JFIF = 0xe0;
    private static final int EXIF = 0xe1;
    private static final int ADOBE = 0xee;
    /** Each scan of a progressive picture visits all of it, however few bytes the scan has. Encoders use about ten. */
    private static final int MOST_SCANS = 32;

    private static final long MOST_SCANNED_PIXELS = 16L * Size.MOST_PIXELS;

    private final ByteCursor in;
    private final ByteArrayOutputStream essence = new ByteArrayOutputStream();
    private @Nullable JpegFrame frame;
    private Orientation orientation = Orientation.UPRIGHT;
    private @Nullable ByteCursor exif;
    private boolean jfif;
    private boolean adobe;
    private int adobeTransform;
    private int scans;

    private JpegStructure(byte[] file) {
        this.in = ByteCursor.bigEndian(file);
    }

    static JpegStructure of(byte[] file) throws PictureException {
        JpegStructure structure = new JpegStructure(file);
        structure.essence.write(0xff);
        structure.essence.write(START_OF_IMAGE);
        structure.in.skip(2);
        structure.walk();
        return structure;
    }

    /** The file without what the pixels do not need. */
    byte[] essence() {
        return essence.toByteArray();
    }

    JpegFrame frame() throws PictureException {
        if (frame == null) {
            throw PictureException.damaged("a JPEG picture without frame");
        }
        return frame;
    }

    Orientation orientation() {
        return orientation;
    }

    /** A TIFF structure. */
    Optional<ByteCursor> exif() {
        return Optional.ofNullable(exif);
    }

    /** The components are luminance and colour differences (and black), not RGB (or CMYK); decided as libjpeg does. */
    boolean isYcc() throws PictureException {
        boolean three = frame().components() == 3;
        if (three && jfif) {
            return true; // whatever Adobe's marker says
        } else if (adobe) {
            return adobeTransform != 0;
        }
        return three && !frame().isNamedRgb();
    }

    private void walk() throws PictureException {
        while (true) {
            int marker = nextMarker();
            if (marker == END_OF_IMAGE) {
                essence.write(0xff);
                essence.write(END_OF_IMAGE);
                break;
            }
            readSegment(marker);
        }
        if (scans == 0) {
            throw PictureException.damaged("a JPEG picture without pixels");
        }
    }

    /** Skips fill bytes; T.81, B.1.1.2. */
    private int nextMarker() throws PictureException {
        if (in.u8() != 0xff) {
            throw PictureException.damaged("a JPEG picture with no marker where one belongs");
        }
        int marker = in.u8();
        while (marker == 0xff) {
            marker = in.u8();
        }
        return marker;
    }

    private void readSegment(int marker) throws PictureException {
        ByteCursor segment = in.slice(Math.max(2, in.slice(2).u16()));
        int start = segment.position();
        int length = segment.remaining();
        segment.skip(2);
        if (marker == EXIF) {
            readExif(segment);
        } else if (marker == JFIF) {
            jfif |= startsWith(segment, "JFIF\0");
        } else if (marker == ADOBE) {
            readAdobe(segment);
        } else if (JpegFrame.isFrame(marker)) {
            readFrame(marker, segment);
        }
        in.skip(length);
        if (isNeeded(marker)) {
            essence.write(0xff);
            essence.write(marker);
            essence.write(in.array(), start, length);
        }
        if (marker == START_OF_SCAN) {
            readScan();
        }
    }

    /** Tables, frame and scans; not application data (E0..EF), comments and reserved markers. */
    private static boolean isNeeded(int marker) {
        return marker >= 0xc0 && marker <= 0xdf;
    }

    private void readFrame(int marker, ByteCursor segment) throws PictureException {
        if (frame != null) {
            throw PictureException.damaged("a JPEG picture with two frames");
        }
        frame = JpegFrame.read(marker, segment);
    }

    private void readExif(ByteCursor segment) throws PictureException {
        if (exif == null && startsWith(segment, "Exif\0\0")) {
            segment.skip(6);
            exif = segment;
            orientation = Orientation.ofExif(segment);
        }
    }

    private void readAdobe(ByteCursor segment) throws PictureException {
        if (segment.remaining() >= 12 && startsWith(segment, "Adobe")) {
            segment.skip(11);
            adobe = true;
            adobeTransform = segment.u8();
        }
    }

    private static boolean startsWith(ByteCursor segment, String text) {
        int from = segment.position();
        int to = from + Math.min(text.length(), segment.remaining());
        return Arrays.equals(segment.array(), from, to, text.getBytes(ISO_8859_1), 0, text.length());
    }

    /** Coded data up to the next marker that is neither a stuffed zero nor a restart. */
    private void readScan() throws PictureException {
        scans++;
        if (scans > MOST_SCANS || (long) scans * frame().size().pixels() > MOST_SCANNED_PIXELS) {
            throw PictureException.unsupported(
                    "a JPEG picture with more than " + (scans - 1) + " scans", "fewer scans for its size");
        }
        byte[] file = in.array();
        int start = in.position();
        int end = start;
        while (end + 1 < file.length && !(file[end] == (byte) 0xff && isMarker(file[end + 1] & 0xff))) {
            end++;
        }
        in.skip(end - start);
        essence.write(file, start, end - start);
    }

    private static boolean isMarker(int second) {
        return second != 0 && !(second >= 0xd0 && second <= 0xd7);
    }
}
