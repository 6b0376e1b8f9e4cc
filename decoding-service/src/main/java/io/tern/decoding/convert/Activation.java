package io.tern.decoding.convert;

import static io.tern.decoding.convert.Operator.Attribute.real;
import static io.tern.decoding.convert.Operator.Attribute.text;

import io.tern.base.TernException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What opens the gate of a feed-forward network. Shazeer 2020. */
enum Activation {
    /** x · sigmoid(x) */
    SILU(Operator.microsoft("QuickGelu", real("alpha", 1)), "silu", "swish"), // x · sigmoid(alpha · x)
    /** x · Φ(x), by the approximation with tanh. */
    GELU_TANH(Operator.onnx("Gelu", text("approximate", "tanh")), "gelu_pytorch_tanh", "gelu_new", "gelu_fast"),
    /** x · Φ(x) */
    GELU(Operator.onnx("Gelu", text("approximate", "none")), "gelu", "gelu_python"),
    /** x · Φ(x), by the approximation with a sigmoid. */
    QUICK_GELU(Operator.microsoft("QuickGelu", real("alpha", 1.702f)), "quick_gelu"),
    /** max(0, x) */
    RELU(Operator.onnx("Relu"), "relu");

    private final Operator operator;
    private final List<String> names;

    Activation(Operator operator, String... names) {
        this.operator = operator;
        this.names = List.of(names);
    }

    Operator operator() {
        return operator;
    }

    /**
     * @param field where it stands
     * @param name as a config.json has it
     * @throws TernException INVALID_ARGUMENT with the names of those that are built
     */
    static Activation named(String field, String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst()
                .orElseThrow(() -> TernException.invalid(
                        field,
                        name,
                        Arrays.stream(values())
                                .flatMap(activation -> activation.names.stream())
                                .collect(Collectors.joining(", "))));
    }
}
