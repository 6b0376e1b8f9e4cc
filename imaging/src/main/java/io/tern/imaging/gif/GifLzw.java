package io.tern.imaging.gif;

import io.tern.base.Cancellation;
import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;

/** GIF's variant of LZW: codes of 3 to 12 bits, lowest bit first, in blocks of up to 255 bytes; GIF89a, appendix F. */
final class GifLzw {
    private static final int MOST_CODES = 4096;
    /** Between two looks at the cancellation. */
    private static final int CODES_A_LOOK = 1024;

    private final ByteCursor in;
    private final Cancellation cancellation;
    private int blockRemaining;
    private int bits;
    private int bitCount;

    /** The string of a code is that of its prefix and one more byte. */
    private final short[] prefix = new short[MOST_CODES];

    private final byte[] last = new byte[MOST_CODES];
    private final byte[] string = new byte[MOST_CODES];

    GifLzw(ByteCursor in, Cancellation cancellation) {
        this.in = in;
        this.cancellation = cancellation;
    }

    /** Exactly so many bytes; what follows them is not read. */
    byte[] unpack(int count) throws PictureException {
        int literalBits = in.u8();
        if (literalBits < 1 || literalBits > 8) {
            throw PictureException.damaged("a GIF picture with codes of " + literalBits + " bits");
        }
        int clear = 1 << literalBits;
        int end = clear + 1;
        byte[] out = new byte[count];
        int done = 0;
        int next = end + 1;
        int width = literalBits + 1;
        int previous = -1;
        int codes = 0;
        while (done < count) {
            if (codes++ % CODES_A_LOOK == 0) {
                cancellation.throwIfCancelled();
            }
            int code = readCode(width);
            if (code == clear) {
                next = end + 1;
                width = literalBits + 1;
                previous = -1;
                continue;
            }
            if (code == end) {
                throw PictureException.truncated();
            }
            if (code > next || (code == next && previous < 0)) {
                throw PictureException.damaged("a GIF picture whose pixels do not unpack");
            }
            // A code that is only now defined is the previous string and its own first byte.
            int length = code < next ? spell(code, clear) : spell(previous, clear) + 1;
            byte first = string[MOST_CODES - (code < next ? length : length - 1)];
            if (code == next) {
                System.arraycopy(string, MOST_CODES - length + 1, string, MOST_CODES - length, length - 1);
                string[MOST_CODES - 1] = first;
            }
            if (previous >= 0 && next < MOST_CODES) {
                prefix[next] = (short) previous;
                last[next] = first;
                next++;
                if (next == 1 << width && width < 12) {
                    width++;
                }
            }
            int take = Math.min(length, count - done);
            System.arraycopy(string, MOST_CODES - length, out, done, take);
            done += take;
            previous = code;
        }
        return out;
    }

    /** Writes the code's string to the end of {@link #string}; its length. */
    private int spell(int code, int clear) {
        int at = MOST_CODES;
        int rest = code;
        while (rest > clear) {
            string[--at] = last[rest];
            rest = prefix[rest];
        }
        string[--at] = (byte) rest;
        return MOST_CODES - at;
    }

    private int readCode(int width) throws PictureException {
        while (bitCount < width) {
            bits |= nextByte() << bitCount;
            bitCount += 8;
        }
        int code = bits & ((1 << width) - 1);
        bits >>>= width;
        bitCount -= width;
        return code;
    }

    private int nextByte() throws PictureException {
        if (blockRemaining == 0) {
            blockRemaining = in.u8();
            if (blockRemaining == 0) {
                throw PictureException.truncated();
            }
        }
        blockRemaining--;
        return in.u8();
    }
}
