package io.tern.imaging.png;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.tern.base.ErrorCode;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the texts that lie in a PNG beside its pixels: tEXt, and iTXt that is not packed; PNG specification, 11.3.3. Packed
 * texts are passed over, as a few bytes of them may unpack to gigabytes. Pixels are not looked at.
 */
public final class PngText {
    /** Of all texts together; a recipe with a picture inside it is the largest that has a use. */
    private static final int MOST_BYTES = 8 << 20;

    private PngText() {}

    /**
     * Keyword to text, in the order of the file; of equal keywords the first counts.
     *
     * @param file that begins as a PNG does
     * @throws PictureException if its chunks do not fit
     */
    public static Map<String, String> read(byte[] file) throws PictureException {
        ByteCursor in = ByteCursor.bigEndian(file);
        in.skip(PngEncoder.SIGNATURE.length);
        Map<String, String> texts = new LinkedHashMap<>();
        long bytes = 0;
        while (in.remaining() >= 12) { // length, type, checksum
            long length = in.u32();
            String type = in.tag();
            in.slice(length); // that it is there at all
            if (type.equals("tEXt") || type.equals("iTXt")) {
                bytes += length;
                if (bytes > MOST_BYTES) {
                    throw new PictureException(
                            ErrorCode.INVALID_ARGUMENT,
                            "a PNG with " + bytes + " bytes of text",
                            "at most " + MOST_BYTES);
                }
                PngDecoder.checkChecksum(file, in.position(), (int) length, type);
                add(texts, type, Arrays.copyOfRange(file, in.position(), in.position() + (int) length));
            }
            in.skip(length + 4);
            if (type.equals("IEND")) {
                break;
            }
        }
        return texts;
    }

    private static void add(Map<String, String> texts, String type, byte[] data) throws PictureException {
        int end = terminator(data, 0);
        String keyword = text(data, 0, end, ISO_8859_1);
        if (type.equals("tEXt")) {
            texts.putIfAbsent(keyword, text(data, end + 1, data.length, ISO_8859_1));
            return;
        }
        if (data.length < end + 3) {
            throw PictureException.damaged("a PNG picture with half a text");
        }
        boolean packed = data[end + 1] != 0;
        if (!packed) {
            int language = terminator(data, end + 3);
            int translated = terminator(data, language + 1);
            texts.putIfAbsent(keyword, text(data, translated + 1, data.length, UTF_8));
        }
    }

    private static int terminator(byte[] data, int from) throws PictureException {
        for (int i = from; i < data.length; i++) {
            if (data[i] == 0) {
                return i;
            }
        }
        throw PictureException.damaged("a PNG picture with half a text");
    }

    private static String text(byte[] data, int from, int to, Charset charset) {
        return new String(data, from, to - from, charset);
    }
}
