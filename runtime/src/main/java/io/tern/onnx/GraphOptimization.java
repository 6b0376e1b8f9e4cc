package io.tern.onnx;

/** How far ONNX Runtime may rewrite a model's graph when it loads it. */
public enum GraphOptimization {
    NONE(0),
    /** Constant folding and removal of what is redundant; keeps the result's bits. */
    BASIC(1),
    /** Fusions which may round differently. */
    EXTENDED(2),
    /** And layouts for the machine's kernels. */
    ALL(99);

    private final int level;

    GraphOptimization(int level) {
        this.level = level;
    }

    /** {@code GraphOptimizationLevel} */
    int level() {
        return level;
    }
}
