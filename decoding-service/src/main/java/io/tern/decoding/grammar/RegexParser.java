package io.tern.decoding.grammar;

import static io.tern.base.TernException.require;

import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the regular part of the regular expressions of ECMAScript and Python: literals, {@code .}, classes and their
 * shorthands, groups, alternation, counted repeats, the flags {@code i} and {@code s}. A match is always of the whole text,
 * so {@code ^} and {@code $} change nothing where they may stand, at the ends. Look-around, back-references and word borders
 * are refused.
 */
final class RegexParser {
    private static final int LONGEST = 8_192;
    private static final int DEEPEST = 64;
    private static final int MOST_REPEATS = 100_000;
    private static final String COUNT = "a count as {2}, {2,} or {2,5}; \\{ for the bracket itself";

    private final RegexText text;
    private final RegexCharacters characters;
    private final String field;
    private int depth;

    private RegexParser(String pattern, String field) {
        this.text = new RegexText(pattern, field);
        this.characters = new RegexCharacters(text);
        this.field = field;
    }

    /**
     * @param field of the request that holds it, for errors
     * @throws TernException INVALID_ARGUMENT if it is wrong, not regular or too long
     */
    static RegexNode parse(String pattern, String field) {
        require(pattern.length() <= LONGEST, field, pattern.length() + " characters", "at most " + LONGEST);
        RegexParser parser = new RegexParser(pattern, field);
        RegexNode node = parser.alternatives();
        if (!parser.text.isAtEnd()) {
            throw parser.text.error(
                    parser.text.place(), ") without a bracket that it closes", "\\) for the bracket itself");
        }
        return node;
    }

    private RegexNode alternatives() {
        if (++depth > DEEPEST) {
            throw text.error(text.place(), "a bracket within " + DEEPEST + " others", "fewer");
        }
        List<RegexNode> options = new ArrayList<>();
        do {
            options.add(sequence());
        } while (text.take('|'));
        depth--;
        return options.size() == 1 ? options.getFirst() : new RegexNode.Alternatives(List.copyOf(options));
    }

    private RegexNode sequence() {
        List<RegexNode> parts = new ArrayList<>();
        while (takeFlags() || (depth == 1 && text.take('^'))) {
            // which are no part of the text
        }
        while (!text.isAtEnd() && text.peek() != '|' && text.peek() != ')') {
            if (!takeFlags() && !takeEnd()) {
                parts.add(repeated());
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new RegexNode.Sequence(List.copyOf(parts));
    }

    private boolean takeEnd() {
        int place = text.place();
        if (depth > 1 || !text.take('$')) {
            return false;
        }
        if (!text.isAtEnd() && text.peek() != '|') {
            throw notAtTheEnds(place, '$');
        }
        return true;
    }

    /** As {@code (?i)}, which holds up to the end of the group that it stands in. */
    private boolean takeFlags() {
        int place = text.place();
        if (!text.take("(?")) {
            return false;
        }
        RegexFlags flags = characters.flags().read(text);
        if (flags == null || !text.take(')')) {
            text.back(place);
            return false;
        }
        characters.use(flags);
        return true;
    }

    private RegexNode repeated() {
        RegexNode node = atom();
        int place = text.place();
        if (text.take('*')) {
            node = new RegexNode.Repeated(node, 0, RegexNode.UNBOUNDED);
        } else if (text.take('+')) {
            node = new RegexNode.Repeated(node, 1, RegexNode.UNBOUNDED);
        } else if (text.take('?')) {
            node = new RegexNode.Repeated(node, 0, 1);
        } else if (text.peek() == '{') {
            node = counted(node);
        } else {
            return node;
        }
        text.take('?'); // lazy: the same texts
        if (!text.isAtEnd() && "*+?{".indexOf(text.peek()) >= 0) {
            throw text.error(place, "a repeat of a repeat", "one, or a group around what is repeated");
        }
        return node;
    }

    private RegexNode counted(RegexNode node) {
        int place = text.place();
        text.take('{');
        int least = number(place);
        int most = least;
        if (text.take(',')) {
            most = text.peek() == '}' ? RegexNode.UNBOUNDED : number(place);
        }
        if (!text.take('}')) {
            throw text.error(place, "{ without a count", COUNT);
        }
        if (most != RegexNode.UNBOUNDED && most < least) {
            throw text.error(place, "{" + least + "," + most + "}", "the least first");
        }
        return new RegexNode.Repeated(node, least, most);
    }

    private int number(int place) {
        String digits = text.run("0123456789", 7);
        if (digits.isEmpty()) {
            throw text.error(place, "{ without a count", COUNT);
        }
        int value = Integer.parseInt(digits);
        require(value <= MOST_REPEATS, field, "a count of " + value, "at most " + MOST_REPEATS);
        return value;
    }

    private RegexNode atom() {
        char c = text.peek();
        return switch (c) {
            case '(' -> group();
            case '^', '$' -> throw notAtTheEnds(text.place(), c);
            case '*', '+', '?', '{', '}', ']' ->
                throw text.error(text.place(), c + " with nothing before it", "\\" + c + " for the character itself");
            default -> new RegexNode.One(characters.next());
        };
    }

    private TernException notAtTheEnds(int place, char c) {
        return text.error(
                place, c + " within the expression", "it at the ends alone, \\" + c + " for the character itself");
    }

    private RegexNode group() {
        int place = text.place();
        RegexFlags outer = characters.flags();
        text.take('(');
        if (text.take('?')) {
            characters.use(groupKind(place));
        }
        RegexNode node = alternatives();
        if (!text.take(')')) {
            throw text.error(place, "( without a bracket that closes it", "\\( for the bracket itself");
        }
        characters.use(outer);
        return node;
    }

    /** The flags of a group, from behind its question mark to its first part. */
    private RegexFlags groupKind(int place) {
        if (text.isNext("=") || text.isNext("!")) {
            throw text.error(place, "look-ahead", "none: look-around is not built");
        }
        if (text.isNext("<=") || text.isNext("<!")) {
            throw text.error(place, "look-behind", "none: look-around is not built");
        }
        if (text.take('<') || text.take("P<")) {
            if (text.until(">").isEmpty()) {
                throw text.error(place, "a group's name without an end", "(?<name>...)");
            }
            return characters.flags();
        }
        RegexFlags flags = characters.flags().read(text);
        if (flags == null || !text.take(':')) {
            throw text.error(
                    place,
                    "a kind of group that is not built",
                    "(?:...), (?<name>...), or the flags i and s as in (?i) and (?i:...)");
        }
        return flags;
    }
}
