package io.tern.onnx;

/**
 * An answer of ONNX Runtime other than "ok", as it came: its text may hold paths, so it is for logs. Callers get a
 * {@link io.tern.base.TernException} with this as its cause.
 */
public final class OnnxException extends RuntimeException {
    static final int FAIL = 1;
    static final int INVALID_ARGUMENT = 2;

    private final String function;
    private final int ortCode;

    OnnxException(String function, int ortCode, String text) {
        super(function + ": " + text + " (code " + ortCode + ")");
        this.function = function;
        this.ortCode = ortCode;
    }

    /** The function of the C API that failed, in capitals: {@code RUN_WITH_BINDING}. */
    public String function() {
        return function;
    }

    /** {@code OrtErrorCode}: 1 fail, 2 invalid argument, 3 no such file, 6 runtime exception, 7 invalid protobuf, ... */
    public int ortCode() {
        return ortCode;
    }
}
