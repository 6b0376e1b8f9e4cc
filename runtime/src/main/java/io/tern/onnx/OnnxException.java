package io.tern.onnx;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;

/**
 * An answer of ONNX Runtime other than "ok", as it came: its text may hold paths, so it is for logs. Callers get a
 * {@link TernException} with this as its cause.
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

    /** What the caller of a run is told of it. */
    TernException ofRun() {
        if (ortCode == INVALID_ARGUMENT) {
            String message = "inputs: refused by the model (expected: as its signature)";
            return new TernException(ErrorCode.INVALID_ARGUMENT, message, "inputs", this);
        }
        return new TernException(ErrorCode.INTERNAL_ERROR, "the model failed to run", null, this);
    }
}
