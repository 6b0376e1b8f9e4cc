package io.tern.decoding.grammar;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names as a tree of their characters, to write what is none of them. */
final class NameTrie {
    private final Map<Integer, NameTrie> children = new TreeMap<>();
    private boolean isName;

    NameTrie(Collection<String> names) {
        names.forEach(this::add);
    }

    private void add(String name) {
        NameTrie at = this;
        for (int c : name.codePoints().toArray()) {
            at = at.children.computeIfAbsent(c, _ -> new NameTrie(List.of()));
        }
        at.isName = true;
    }

    /**
     * @param free where every further text is none of the names
     * @param end behind a text that is none of them
     */
    void writeComplement(Characters characters, int from, int free, int end) {
        if (!isName) {
            characters.builder.jump(from, end);
        }
        CodePoints others = CodePoints.ofRanges(children.keySet().stream()
                        .map(c -> new CodePoints.Range(c, c))
                        .toList())
                .complement();
        characters.write(from, others, free);
        children.forEach((c, child) -> {
            int next = characters.builder.state();
            characters.write(from, CodePoints.of(c), next);
            child.writeComplement(characters, next, free, end);
        });
    }
}
