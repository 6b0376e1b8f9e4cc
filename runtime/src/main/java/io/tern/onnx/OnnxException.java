package io.tern.onnx;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer of ONNX Runtime other than "ok", as it came: its text may hold paths, so it is for logs. Callers get a
 * {@link TernException} with this as its cause.
 */
public final class OnnxException extends RuntimeException {
    static final int FAIL = 1;
    static final int INVALID_ARGUMENT = 2;

    /** How allocators of ONNX Runtime, of C++, of the system and of CUDA say that there is no memory. */
    private static final List<String> NO_MEMORY =
            List.of("Failed to allocate memory", "bad_alloc", "Cannot allocate memory", "out of memory");

    /** A place in ONNX Runtime's own source, with the function's signature: of no use to who brings a model. */
    private static final Pattern SOURCE =
            Pattern.compile("\\S*/\\S+\\.(?:cc|cpp|h):\\d+ (?:[^()]*\\([^()]*\\)(?: const)? )?");

    private static final int LONGEST_LINE = 500;

    private final String text;
    private final String function;
    private final int ortCode;
    private final boolean noMemory;

    OnnxException(String function, int ortCode, String text) {
        super(function + ": " + text + " (code " + ortCode + ")");
        this.noMemory = NO_MEMORY.stream().anyMatch(text::contains);
        this.text = text;
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

    /** Whether the machine or the device had no memory left: the same may go well later. */
    boolean isOfMemory() {
        return noMemory;
    }

    /**
     * What it says of a model that it does not load: the first line, without paths.
     *
     * @param file where the model lies, absolute; null if it came as bytes
     */
    String ofModel(@Nullable Path file) {
        String told = text;
        if (file != null) {
            String folder = file.getParent() + file.getFileSystem().getSeparator();
            told = told.replace("Load model from " + file + " failed:", "").replace(folder, "");
        }
        String line = SOURCE.matcher(told)
                .replaceAll("")
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }

    /** What the caller of a run is told of it. */
    TernException ofRun() {
        if (noMemory) {
            return new TernException(ErrorCode.OVERLOADED, "memory: not enough for this run now", null, this);
        }
        if (ortCode == INVALID_ARGUMENT) {
            String message = "inputs: refused by the model (expected: as its signature)";
            return new TernException(ErrorCode.INVALID_ARGUMENT, message, "inputs", this);
        }
        return new TernException(ErrorCode.INTERNAL_ERROR, "the model failed to run", null, this);
    }
}
