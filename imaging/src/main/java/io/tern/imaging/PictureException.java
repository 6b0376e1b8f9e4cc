package io.tern.imaging;

import io.tern.base.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Why a file gives no picture. Checked, so that no decoder can forget it; {@link ImageDecoder} alone adds the field. */
final class PictureException extends Exception {
    private final ErrorCode code;
    private final String expected;

    PictureException(ErrorCode code, String found, String expected) {
        this(code, found, expected, null);
    }

    private PictureException(ErrorCode code, String found, String expected, @Nullable Throwable cause) {
        super(found, cause);
        this.code = code;
        this.expected = expected;
    }

    static PictureException truncated() {
        return damaged("a picture that ends too early");
    }

    static PictureException damaged(String found) {
        return new PictureException(ErrorCode.INVALID_ARGUMENT, found, "a complete and undamaged file");
    }

    /** A reader that is not ours gave up, in whichever way. */
    static PictureException unreadable(ImageFormat format, Exception cause) {
        return new PictureException(
                ErrorCode.INVALID_ARGUMENT, "a damaged " + format + " picture", "a complete and undamaged file", cause);
    }

    static PictureException unsupported(String found, String expected) {
        return new PictureException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, found, expected);
    }

    ErrorCode code() {
        return code;
    }

    String found() {
        return String.valueOf(getMessage());
    }

    String expected() {
        return expected;
    }
}
