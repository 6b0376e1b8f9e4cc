package io.tern.imaging.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/** The formats that are read, by the bytes that their files begin with. */
public enum ImageFormat {
    PNG,
    JPEG,
    WEBP,
    GIF,
    BMP;

    /** Null if the file is of none of them. */
    public static @Nullable ImageFormat of(byte[] file) {
        String start = new String(file, 0, Math.min(12, file.length), ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return PNG;
        } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return JPEG;
        } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
            return WEBP;
        } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return GIF;
        }
        return start.startsWith("BM") ? BMP : null;
    }
}
