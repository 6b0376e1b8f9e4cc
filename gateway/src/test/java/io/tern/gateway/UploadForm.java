package io.tern.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A multipart form, part by part. */
final class UploadForm {
    static final String TYPE = "multipart/form-data; boundary=edge";

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    static UploadForm ofLines(String lines) {
        return new UploadForm().field("purpose", "batch").file("file", "lines.jsonl", lines);
    }

    UploadForm field(String name, String value) {
        return write("--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n");
    }

    UploadForm file(String name, String filename, String content) {
        return write("--edge\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + filename
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + content + "\r\n");
    }

    byte[] bytes() {
        return new String(body.toByteArray(), StandardCharsets.UTF_8)
                .concat("--edge--\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private UploadForm write(String text) {
        body.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }
}
