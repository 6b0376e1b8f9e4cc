package io.tern.jobs;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what a message says in fields that this version does not know: it must be refused, not ignored. */
public final class UnknownFields {
    private UnknownFields() {}

    /** For instance {@code field 99 of tern.generation.v1.GenerateRequest}. */
    public static Optional<String> first(Message message) {
        var unknown = message.getUnknownFields().asMap().keySet();
        if (!unknown.isEmpty()) {
            return Optional.of("field " + unknown.iterator().next() + " of "
                    + message.getDescriptorForType().getFullName());
        }
        return message.getAllFields().entrySet().stream()
                .filter(field -> field.getKey().getJavaType() == JavaType.MESSAGE)
                .flatMap(field -> messages(field.getValue()).stream())
                .flatMap(inner -> first(inner).stream())
                .findFirst();
    }

    private static Collection<Message> messages(Object value) {
        return value instanceof Collection<?> many
                ? many.stream().map(Message.class::cast).toList()
                : List.of((Message) value);
    }
}
