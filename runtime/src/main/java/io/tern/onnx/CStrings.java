package io.tern.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Zero-terminated text as the C API takes and gives it. */
final class CStrings {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    private CStrings() {}

    /** A copy of the UTF-8 text at an address that C gave us. */
    static String read(MemorySegment pointer) {
        return pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** {@code ORTCHAR_T*}: UTF-16 on Windows, UTF-8 elsewhere. */
    static MemorySegment path(Arena arena, Path path) {
        String text = path.toAbsolutePath().toString();
        return WINDOWS ? arena.allocateFrom(text, StandardCharsets.UTF_16LE) : arena.allocateFrom(text);
    }

    /** {@code const char* const*} */
    static MemorySegment array(Arena arena, Iterable<String> texts, int count) {
        MemorySegment array = arena.allocate(ValueLayout.ADDRESS, count);
        int index = 0;
        for (String text : texts) {
            array.setAtIndex(ValueLayout.ADDRESS, index++, arena.allocateFrom(text));
        }
        return array;
    }
}
