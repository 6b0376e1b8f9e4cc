package io.tern.base;

import java.util.Comparator;
import java.util.Map;

/** What a caller calls the fields of a request that are known here by other names, so that a refusal names what was sent. */
@FunctionalInterface
public interface FieldNames {
    /** The caller knows them by the same names. */
    FieldNames SAME = path -> path;

    /** The caller's path of a field; of a message that begins with one, the message with the caller's. */
    String told(String path);

    /**
     * A field that has a name here takes its own fields along: of {@code {"tools[0]": "tools[2].function"}} also
     * {@code tools[0].parameters}.
     *
     * @param names the caller's, by those here
     */
    static FieldNames of(Map<String, String> names) {
        Map<String, String> own = Map.copyOf(names);
        return path -> own.keySet().stream()
                .filter(name -> leads(name, path))
                .max(Comparator.comparingInt(String::length))
                .map(name -> own.get(name) + path.substring(name.length()))
                .orElse(path);
    }

    private static boolean leads(String name, String path) {
        return path.startsWith(name)
                && (path.length() == name.length() || ".[:".indexOf(path.charAt(name.length())) >= 0);
    }

    /** Those of a caller who has other names for these. */
    default FieldNames then(FieldNames next) {
        return path -> next.told(told(path));
    }

    /** The same refusal by the caller's name of the field; one of no field stays as it is. */
    default TernException told(TernException refused) {
        String field = refused.field();
        return field == null || told(field).equals(field)
                ? refused
                : new TernException(
                        refused.code(), told(String.valueOf(refused.getMessage())), told(field), refused.getCause());
    }
}
