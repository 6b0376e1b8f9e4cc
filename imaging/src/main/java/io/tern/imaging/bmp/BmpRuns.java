package io.tern.imaging.bmp;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;

/** RLE8 and RLE4: pairs of a count and a value, with escapes for row ends, jumps and literal runs. */
final class BmpRuns {
    private final ByteCursor in;
    private final Size size;
    private final boolean nibbles;
    private final byte[] indices;
    private int x; // at most the width: what a run has beyond the end of its row is dropped
    private int row;

    BmpRuns(ByteCursor in, Size size, int depth) {
        this.in = in;
        this.size = size;
        this.nibbles = depth == 4;
        this.indices = new byte[size.pixels()];
    }

    /** Indices row by row as stored; pixels that are jumped over have index 0. */
    byte[] unpack() throws PictureException {
        boolean more = true;
        while (more) {
            int count = in.u8();
            int value = in.u8();
            if (count > 0) {
                int inRow = Math.min(count, size.width() - x);
                for (int i = 0; i < inRow; i++) {
                    put(nibbles ? i % 2 == 0 ? value >> 4 : value & 15 : value);
                }
            } else {
                more = escape(value);
            }
        }
        return indices;
    }

    private boolean escape(int code) throws PictureException {
        switch (code) {
            case 0 -> {
                x = 0;
                row++;
            }
            case 1 -> {
                return false;
            }
            case 2 -> {
                x = Math.min(size.width(), x + in.u8());
                row += in.u8();
            }
            default -> literals(code);
        }
        return row < size.height();
    }

    /** A literal run is padded to an even number of bytes. */
    private void literals(int count) throws PictureException {
        int bytes = nibbles ? (count + 1) / 2 : count;
        ByteCursor run = in.slice(bytes);
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (!nibbles || i % 2 == 0) {
                value = run.u8();
            }
            put(nibbles ? i % 2 == 0 ? value >> 4 : value & 15 : value);
        }
        in.skip(bytes + (bytes & 1));
    }

    private void put(int index) {
        if (x < size.width() && row < size.height()) {
            indices[row * size.width() + x] = (byte) index;
            x++;
        }
    }
}
