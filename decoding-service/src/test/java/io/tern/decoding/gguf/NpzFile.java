package io.tern.decoding.gguf;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Arrays that numpy has saved: C order, little-endian float32, int64 or bytes. */
public record NpzFile(Path file) {
    private static final int HEADER_LENGTH_AT = 8;

    public byte[] bytes(String name) throws IOException {
        return values(name, "|u1").array();
    }

    public float[] floats(String name) throws IOException {
        ByteBuffer values = values(name, "<f4");
        float[] floats = new float[values.remaining() / Float.BYTES];
        values.asFloatBuffer().get(floats);
        return floats;
    }

    public int[] integers(String name) throws IOException {
        ByteBuffer values = values(name, "<i8");
        int[] integers = new int[values.remaining() / Long.BYTES];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = Math.toIntExact(values.getLong());
        }
        return integers;
    }

    private ByteBuffer values(String name, String type) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry(name + ".npy");
            try (InputStream in = zip.getInputStream(entry)) {
                ByteBuffer npy = ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN);
                int begin = HEADER_LENGTH_AT + 2 + npy.getShort(HEADER_LENGTH_AT);
                String header = new String(npy.array(), 0, begin, StandardCharsets.ISO_8859_1);
                if (!header.contains("'descr': '" + type + "'") || !header.contains("'fortran_order': False")) {
                    throw new IOException(name + ": " + header + " (expected: " + type + " in C order)");
                }
                byte[] values = new byte[npy.capacity() - begin];
                npy.get(begin, values);
                return ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
    }
}
