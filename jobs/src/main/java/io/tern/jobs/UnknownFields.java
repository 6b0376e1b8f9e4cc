package io.tern.jobs;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import io.tern.base.TernException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what a message says in fields that this version does not know: it must be refused, not ignored. */
public final class UnknownFields {
    private UnknownFields() {}

    /**
     * A field that the message has and its type has not.
     *
     * @param number of the field
     * @param type of the message that it stands in
     */
    public record Unknown(int number, Descriptor type) {
        /** For instance {@code field 99 of tern.generation.v1.GenerateRequest}. */
        @Override
        public String toString() {
            return "field " + number + " of " + type.getFullName();
        }
    }

    /** The first one, in this message or any message within it. */
    public static Optional<Unknown> first(Message message) {
        var unknown = message.getUnknownFields().asMap().keySet();
        if (!unknown.isEmpty()) {
            return Optional.of(new Unknown(unknown.iterator().next(), message.getDescriptorForType()));
        }
        return message.getAllFields().entrySet().stream()
                .filter(field -> field.getKey().getJavaType() == JavaType.MESSAGE)
                .flatMap(field -> messages(field.getValue()).stream())
                .flatMap(inner -> first(inner).stream())
                .findFirst();
    }

    /** @throws TernException INVALID_ARGUMENT if a request says what this version would not hear */
    public static void refuse(Message request) {
        first(request).ifPresent(unknown -> {
            throw TernException.invalid("request", unknown, "only fields that this version knows");
        });
    }

    private static Collection<Message> messages(Object value) {
        return value instanceof Collection<?> many
                ? many.stream().map(Message.class::cast).toList()
                : List.of((Message) value);
    }
}
