package io.tern.imaging;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The unpacked bytes of consecutive IDAT chunks, given out only as far as they are asked for. */
final class PngData implements AutoCloseable {
    private final ByteCursor in;
    private final Inflater inflater;
    private boolean ended;

    /** @param in at the data of the first IDAT chunk, which is {@code length} bytes long; moved past the last one */
    PngData(ByteCursor in, int length) throws PictureException {
        this.in = in;
        PngDecoder.checkChecksum(in.array(), in.position(), length, "IDAT");
        this.inflater = new Inflater(); // only now, as nobody would close it if the chunk were refused
        feed(length);
    }

    /** Fills {@code row} to {@code length}. */
    void read(byte[] row, int length) throws PictureException {
        int done = 0;
        while (done < length) {
            int count = inflate(row, done, length - done);
            if (count == 0 && (inflater.finished() || inflater.needsDictionary() || !feedNext())) {
                throw PictureException.truncated();
            }
            done += count;
        }
    }

    private int inflate(byte[] row, int offset, int length) throws PictureException {
        try {
            return inflater.inflate(row, offset, length);
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
