package io.tern.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.tern.base.TernException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A picture within JSON: {@code data:image/png;base64,...}. */
public final class DataUri {
    public static final String EXPECTED = "a data: URI of a picture in base64";

    private static final Pattern URL = Pattern.compile("[a-zA-Z]{2,10}:/");
    private static final Pattern HEAD = Pattern.compile("data:image/[a-zA-Z0-9.+-]{1,40};base64,");

    private DataUri() {}

    /** @throws TernException INVALID_ARGUMENT, without the value: it may be megabytes long */
    public static ByteString picture(Fields fields, String name, JsonNode node) {
        String uri = node.isString() ? node.stringValue() : "";
        Matcher head = HEAD.matcher(uri);
        byte[] bytes = head.lookingAt() ? Base64Text.decode(uri, head.end()) : null;
        if (bytes == null) {
            String found = URL.matcher(uri).lookingAt() ? "a URL, and URLs are not fetched" : "not one";
            throw TernException.invalid(fields.path(name), found, EXPECTED);
        }
        return UnsafeByteOperations.unsafeWrap(bytes); // nobody else has the array
    }

    public static Optional<ByteString> picture(Fields fields, String name) {
        return fields.node(name).map(node -> picture(fields, name, node));
    }
}
