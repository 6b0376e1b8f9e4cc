package io.tern.imaging.file;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import org.jspecify.annotations.Nullable;

/** Why a file gives no picture. Checked, so that no decoder can forget it; whoever reads for a request adds its field. */
public final class PictureException extends Exception {
    private final ErrorCode code;
    private final String expected;

    public PictureException(ErrorCode code, String found, String expected) {
        this(code, found, expected, null);
    }

    private PictureException(ErrorCode code, String found, String expected, @Nullable Throwable cause) {
        super(found, cause);
        this.code = code;
        this.expected = expected;
    }

    public static PictureException truncated() {
        return damaged("a picture that ends too early");
    }

    public static PictureException damaged(String found) {
        return new PictureException(ErrorCode.INVALID_ARGUMENT, found, "a complete and undamaged file");
    }

    /** A reader that is not ours gave up, in whichever way. */
    public static PictureException unreadable(ImageFormat format, Exception cause) {
        return new PictureException(
                ErrorCode.INVALID_ARGUMENT, "a damaged " + format + " picture", "a complete and undamaged file", cause);
    }

    public static PictureException unsupported(String found, String expected) {
        return new PictureException(ErrorCode.UNSUPPORTED_MEDIA_TYPE, found, expected);
    }

    /** The same for whoever asked. @param field of the request */
    public TernException refusal(String field) {
        return new TernException(
                code, field + ": " + getMessage() + " (expected: " + expected + ")", field, getCause());
    }
}
