package io.tern.wire.images;

import com.google.protobuf.ByteString;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.Preview;
import io.tern.wire.Base64Text;

/**
 * A drawn picture as it is sent.
 *
 * @param format as requests name it: {@code png}, {@code jpeg} or {@code webp}
 */
public record PictureFile(String format, ByteString bytes) {
    private static final String PNG = "png";
    private static final String JPEG = "jpeg";
    private static final String WEBP = "webp";

    public static PictureFile of(GeneratedImage image) {
        return switch (image.getFileCase()) {
            case PNG, FILE_NOT_SET -> new PictureFile(PNG, image.getPng());
            case JPEG -> new PictureFile(JPEG, image.getJpeg());
            case WEBP -> new PictureFile(WEBP, image.getWebp());
        };
    }

    public static PictureFile of(Preview preview) {
        return switch (preview.getFileCase()) {
            case PNG, FILE_NOT_SET -> new PictureFile(PNG, preview.getPng());
            case JPEG -> new PictureFile(JPEG, preview.getJpeg());
            case WEBP -> new PictureFile(WEBP, preview.getWebp());
        };
    }

    /** {@code image/webp} */
    public String contentType() {
        return "image/" + format;
    }

    String base64() {
        return Base64Text.encode(bytes.toByteArray());
    }
}
