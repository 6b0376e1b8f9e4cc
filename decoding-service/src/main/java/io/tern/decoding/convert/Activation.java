package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.text;

/** What opens the gate of a feed-forward network. Shazeer 2020. */
enum Activation {
    /** x · sigmoid(x) */
    SILU(Operator.microsoft("QuickGelu", real("alpha", 1))), // x · sigmoid(alpha · x)
    /** x · Φ(x), by the approximation with tanh. */
    GELU_TANH(Operator.onnx("Gelu", text("approximate", "tanh")));

    private final Operator operator;

    Activation(Operator operator) {
        this.operator = operator;
    }

    Operator operator() {
        return operator;
    }
}
