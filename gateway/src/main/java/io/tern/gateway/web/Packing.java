package io.tern.gateway.web;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import org.springframework.http.HttpHeaders;

/** How a body is packed, by the name that {@code Content-Encoding} has for it. */
public enum Packing {
    NONE,
    GZIP,
    /** Of zlib, as RFC 9110 has it. */
    DEFLATE;

    private static final int PIECE_BYTES = 1 << 16;

    /** @throws TernException UNSUPPORTED_MEDIA_TYPE for another packing, or several */
    static Packing ofBody(HttpHeaders headers) {
        List<String> encodings = headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING);
        if (encodings.isEmpty()) {
            return NONE;
        }
        String encoding = String.join(",", encodings);
        return Arrays.stream(values())
                .filter(packing -> packing != NONE && packing.wireName().equals(encoding.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TernException(
                        ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                        "content-encoding: " + encoding + " (expected: gzip, deflate or none)"));
    }

    /** The first that the caller takes: {@code Accept-Encoding: gzip, deflate;q=0.5}. */
    public static Packing ofAnswer(HttpHeaders headers) {
        for (String accepted : String.join(",", headers.getOrEmpty(HttpHeaders.ACCEPT_ENCODING))
                .split(",")) {
            String[] parts = accepted.strip().toLowerCase(Locale.ROOT).split("\\s*;\\s*", 2);
            boolean refused = parts.length == 2 && parts[1].matches("q=0(\\.0*)?");
            for (Packing packing : values()) {
                if (packing != NONE && packing.wireName().equals(parts[0]) && !refused) {
                    return packing;
                }
            }
        }
        return NONE;
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * A few bytes may unpack to any number, so what comes out is counted as it comes.
     *
     * @param share has the packed bytes already, and takes what they grow by
     * @throws TernException PAYLOAD_TOO_LARGE, OVERLOADED, INVALID_ARGUMENT for bytes that are not packed so
     */
    byte[] unpack(byte[] packed, int limit, BodyBudget.Share share) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(Math.min(limit, 2 * packed.length));
        byte[] piece = new byte[PIECE_BYTES];
        try (InputStream in = unpacking(packed)) {
            for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
                if (whole.size() + size > limit) {
                    throw RequestBody.tooLarge(limit);
                }
                int before = Math.max(whole.size(), packed.length);
                whole.write(piece, 0, size);
                share.take(Math.max(0, whole.size() - before));
            }
        } catch (IOException e) {
            throw TernException.invalid("body", "cannot be unpacked", wireName() + ", as content-encoding says");
        }
        return whole.toByteArray();
    }

    private InputStream unpacking(byte[] packed) throws IOException {
        InputStream bytes = new ByteArrayInputStream(packed);
        return switch (this) {
            case NONE -> bytes;
            case GZIP -> new GZIPInputStream(bytes, PIECE_BYTES);
            case DEFLATE -> new InflaterInputStream(bytes);
        };
    }

    /** As fast as it goes: tensors shrink little. */
    public byte[] pack(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = packing(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private OutputStream packing(OutputStream packed) throws IOException {
        return switch (this) {
            case NONE -> packed;
            case GZIP ->
                new GZIPOutputStream(packed, PIECE_BYTES) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                };
            case DEFLATE ->
                new DeflaterOutputStream(packed) {
                    {
                        def.setLevel(Deflater.BEST_SPEED);
                    }
                };
        };
    }
}
