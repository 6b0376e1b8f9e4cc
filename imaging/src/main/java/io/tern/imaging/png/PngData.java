package io.tern.imaging.png;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The unpacked bytes of consecutive IDAT chunks, of which no more are unpacked than the pixels take. */
final class PngData implements AutoCloseable {
    /** Unpacked at a time: zlib is slow in the last bytes of what it is asked for, and so in each row if asked for rows. */
    private static final int BLOCK_BYTES = 1 << 16;

    /** A packed byte unpacks to no more: 258 bytes of a match from two bits. RFC 1951, 3.2.5. */
    private static final long MOST_BYTES_OF_ONE = 1032;

    private final ByteCursor in;
    private final Inflater inflater;
    private final byte[] block;
    /** Bytes that are still to be unpacked. */
    private long left;

    private int position;
    private int limit;
    private boolean ended;

    /**
     * @param in at the data of the first IDAT chunk, which is {@code length} bytes long; moved past the last one
     * @param unpacked bytes of all pixels
     */
    PngData(ByteCursor in, int length, long unpacked) throws PictureException {
        this.in = in;
        this.left = unpacked;
        this.block = new byte[(int) Math.min(BLOCK_BYTES, unpacked)];
        if (in.remaining() * MOST_BYTES_OF_ONE < unpacked) {
            throw PictureException.truncated(); // before anybody makes room for the pixels
        }
        PngDecoder.checkChecksum(in.array(), in.position(), length, "IDAT");
        this.inflater = new Inflater(); // only now, as nobody would close it if the chunk were refused
        feed(length);
    }

    /** Fills {@code row} to {@code length}. */
    void read(byte[] row, int length) throws PictureException {
        int done = 0;
        while (done < length) {
            if (position == limit) {
                unpackBlock();
            }
            int count = Math.min(length - done, limit - position);
            System.arraycopy(block, position, row, done, count);
            position += count;
            done += count;
        }
    }

    private void unpackBlock() throws PictureException {
        position = 0;
        limit = (int) Math.min(block.length, left);
        left -= limit;
        int done = 0;
        while (done < limit) {
            int count = inflate(block, done, limit - done);
            if (count == 0 && (inflater.finished() || inflater.needsDictionary() || !feedNext())) {
                throw PictureException.truncated();
            }
            done += count;
        }
    }

    private int inflate(byte[] to, int offset, int length) throws PictureException {
        try {
            return inflater.inflate(to, offset, length);
        } catch (DataFormatException _) {
            throw PictureException.damaged("a PNG picture whose pixels do not unpack");
        }
    }

    /** False if the next chunk is not IDAT; the cursor then stands before it. */
    private boolean feedNext() throws PictureException {
        if (ended || in.remaining() < 8) {
            return false;
        }
        ByteCursor ahead = in.slice(in.remaining());
        long length = ahead.u32();
        if (!ahead.tag().equals("IDAT")) {
            ended = true;
            return false;
        }
        ahead.slice(length);
        in.skip(8);
        PngDecoder.checkChecksum(in.array(), in.position(), (int) length, "IDAT");
        feed((int) length);
        return true;
    }

    private void feed(int length) throws PictureException {
        inflater.setInput(in.array(), in.position(), length);
        in.skip(length + 4L);
    }

    @Override
    public void close() {
        inflater.close();
    }
}
