package io.tern.decoding.convert;

import java.util.List;

/** What a node does: an operator of a domain ("" is ONNX's own) with its attributes. */
record Operator(String domain, String name, List<Attribute> attributes) {
    static final String MICROSOFT = "com.microsoft";

    static Operator onnx(String name, Attribute... attributes) {
        return new Operator("", name, List.of(attributes));
    }

    static Operator microsoft(String name, Attribute... attributes) {
        return new Operator(MICROSOFT, name, List.of(attributes));
    }

    /** A named value in the form of {@code AttributeProto}. */
    record Attribute(String name, ProtoMessage message) {
        private static final int TYPE_FLOAT = 1;
        private static final int TYPE_INT = 2;
        private static final int TYPE_STRING = 3;

        static Attribute whole(String name, long value) {
            return new Attribute(
                    name, new ProtoMessage().text(1, name).whole(3, value).whole(20, TYPE_INT));
        }

        static Attribute text(String name, String value) {
            return new Attribute(
                    name, new ProtoMessage().text(1, name).text(4, value).whole(20, TYPE_STRING));
        }

        static Attribute real(String name, float value) {
            return new Attribute(
                    name, new ProtoMessage().text(1, name).real(2, value).whole(20, TYPE_FLOAT));
        }
    }
}
