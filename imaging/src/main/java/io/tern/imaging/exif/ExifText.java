package io.tern.imaging.exif;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two texts that image programs put into the EXIF data of a JPEG or WebP, as both formats have none of their own; CIPA
 * DC-008, 4.6.
 *
 * @param description in ASCII, as ImageDescription
 * @param comment in any characters, as UserComment
 */
public record ExifText(String description, String comment) {
    private static final int DESCRIPTION = 0x010e;
    private static final int EXIF_DIRECTORY = 0x8769;
    private static final int COMMENT = 0x9286;
    private static final int ASCII = 2;
    private static final int LONG = 4;
    private static final int UNDEFINED = 7;
    private static final int ENTRY_BYTES = 12;
    private static final int MAGIC = 42;
    /** In front of a comment in UTF-16; CIPA DC-008, table 9. */
    private static final byte[] UNICODE = "UNICODE\0".getBytes(US_ASCII);

    public ExifText {
        if (!description.chars().allMatch(c -> 0 < c && c < 0x80)) {
            throw new IllegalArgumentException("description: " + description + " (expected: ASCII)");
        }
    }

    /** Reads a TIFF structure; a text that is missing is empty. Empty if it cannot be read. */
    public static Optional<ExifText> of(ByteCursor exif) {
        try {
            return Optional.of(read(exif));
        } catch (PictureException _) {
            return Optional.empty();
        }
    }

    /** A TIFF structure of two directories: the first has the description and the place of the second, which has the comment. */
    public byte[] tiff() {
        byte[] said = (description + '\0').getBytes(US_ASCII);
        byte[] commented = comment.getBytes(UTF_16BE);
        int second = 8 + 2 + 2 * ENTRY_BYTES + 4;
        int texts = second + 2 + ENTRY_BYTES + 4;
        // Values of up to four bytes lie in the entry itself; these are longer, or are filled up, to an even number.
        int saidBytes = Math.max(6, said.length + 1 & ~1);
        ByteBuffer tiff = ByteBuffer.allocate(texts + saidBytes + UNICODE.length + commented.length);
        tiff.put("MM".getBytes(US_ASCII)).putShort((short) MAGIC).putInt(8);
        tiff.putShort((short) 2);
        entry(tiff, DESCRIPTION, ASCII, saidBytes, texts);
        entry(tiff, EXIF_DIRECTORY, LONG, 1, second);
        tiff.putInt(0).putShort((short) 1);
        entry(tiff, COMMENT, UNDEFINED, UNICODE.length + commented.length, texts + saidBytes);
        tiff.putInt(0);
        tiff.put(said).position(texts + saidBytes);
        return tiff.put(UNICODE).put(commented).array();
    }

    private static void entry(ByteBuffer tiff, int tag, int type, int count, int value) {
        tiff.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
    }

    private static ExifText read(ByteCursor exif) throws PictureException {
        int order = exif.slice(2).u16();
        ByteCursor tiff = exif.withOrder(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        Directory first = new Directory(tiff, at(tiff, 4).u32());
        byte[] said = first.value(DESCRIPTION);
        byte[] commented = new Directory(tiff, first.number(EXIF_DIRECTORY)).value(COMMENT);
        return new ExifText(new String(said, ISO_8859_1).replaceAll("[\0\u0080-\u00ff]", ""), commented(commented));
    }

    private static String commented(byte[] value) {
        int from = UNICODE.length;
        if (value.length < from) {
            return "";
        }
        boolean unicode = Arrays.equals(value, 0, from, UNICODE, 0, from);
        return new String(value, from, value.length - from, unicode ? UTF_16BE : ISO_8859_1);
    }

    private static ByteCursor at(ByteCursor tiff, long offset) throws PictureException {
        ByteCursor there = tiff.slice(tiff.remaining());
        there.skip(offset);
        return there;
    }

    /** @param offset of its number of entries; 0: there is none, and it has no values */
    private record Directory(ByteCursor tiff, long offset) {
        byte[] value(int wanted) throws PictureException {
            ByteCursor entry = find(wanted);
            if (entry == null) {
                return new byte[0];
            }
            long count = entry.u32();
            ByteCursor value = count <= 4 ? entry : at(tiff, entry.u32());
            ByteCursor bytes = value.slice(count);
            return Arrays.copyOfRange(bytes.array(), bytes.position(), bytes.position() + (int) count);
        }

        long number(int wanted) throws PictureException {
            ByteCursor entry = find(wanted);
            if (entry == null) {
                return 0;
            }
            entry.skip(4);
            return entry.u32();
        }

        /** Behind tag and type; null if there is none. */
        private @Nullable ByteCursor find(int wanted) throws PictureException {
            if (offset == 0) {
                return null;
            }
            ByteCursor entries = at(tiff, offset);
            for (int left = entries.u16(); left > 0; left--) {
                int tag = entries.u16();
                entries.skip(2);
                if (tag == wanted) {
                    return entries;
                }
                entries.skip(ENTRY_BYTES - 4);
            }
            return null;
        }
    }
}
