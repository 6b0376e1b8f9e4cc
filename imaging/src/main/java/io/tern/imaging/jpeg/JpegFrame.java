package io.tern.imaging.jpeg;

import io.tern.imaging.file.ByteCursor;
import io.tern.imaging.file.PictureException;
import io.tern.imaging.file.Size;

/** The frame header (SOFn) of a JPEG file; T.81, B.2.2. {@code componentIds} in the order of the file, a byte each. */
record JpegFrame(Size size, int components, int componentIds) {
    /** C0..CF, but for the tables DHT and DAC and the reserved JPG. */
    static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    static JpegFrame read(int marker, ByteCursor in) throws PictureException {
        if (marker > 0xc2) {
            throw PictureException.unsupported(
                    "a JPEG picture of process SOF" + (marker - 0xc0),
                    "baseline, extended or progressive with Huffman codes");
        }
        int precision = in.u8();
        if (precision != 8) {
            throw PictureException.unsupported("a JPEG picture with " + precision + " bits a sample", "8");
        }
        int height = in.u16();
        Size size = Size.of(in.u16(), height);
        int components = in.u8();
        if (components != 1 && components != 3 && components != 4) {
            throw PictureException.unsupported(
                    "a JPEG picture with " + components + " components", "1 (grey), 3 (colour) or 4 (CMYK)");
        }
        int ids = 0;
        for (int i = 0; i < components; i++) {
            ids = ids << 8 | in.u8();
            in.skip(2);
        }
        return new JpegFrame(size, components, ids);
    }

    /** Some encoders say RGB by calling the components so. */
    boolean isNamedRgb() {
        return componentIds == ('R' << 16 | 'G' << 8 | 'B');
    }
}
