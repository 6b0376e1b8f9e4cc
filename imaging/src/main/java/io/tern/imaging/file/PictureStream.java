package io.tern.imaging.file;

import io.tern.base.Cancellation;
import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file in memory for readers of ImageIO. Some of them go on for as many pixels as the header promises when the file
 * has ended, at the price of an exception for each; here they may look past the end a few times, as reading ahead
 * does, and no more. Who reads of it is ended by its cancellation.
 */
public final class PictureStream extends ImageInputStreamImpl {
    private static final int MOST_READS_PAST_END = 64;
    /** Between two looks at the cancellation, of those for a single byte. */
    private static final int READS_A_LOOK = 4096;

    private final byte[] file;
    private final Cancellation cancellation;
    private int reads;
    private int readsPastEnd;

    public PictureStream(byte[] file, Cancellation cancellation) {
        this.file = file;
        this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
        checkClosed();
        bitOffset = 0;
        if (++reads % READS_A_LOOK == 0) {
            cancellation.throwIfCancelled();
        }
        return streamPos < file.length ? file[(int) streamPos++] & 0xff : pastEnd();
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        checkClosed();
        bitOffset = 0;
        cancellation.throwIfCancelled();
        if (length == 0) {
            return 0;
        }
        int count = (int) Math.min(length, file.length - streamPos);
        if (count <= 0) {
            return pastEnd();
        }
        System.arraycopy(file, (int) streamPos, to, offset, count);
        streamPos += count;
        return count;
    }

    /** Unchecked, since the readers mend what is an IOException. */
    private int pastEnd() {
        if (++readsPastEnd > MOST_READS_PAST_END) {
            throw new IllegalStateException("the picture ends too early");
        }
        return -1;
    }

    /**
     * Not told: the reader of WebP refuses pictures of more than 2048 times their file's length, as one of a single colour
     * is. How many pixels there may be has been checked before.
     */
    @Override
    public long length() {
        return -1;
    }
}
