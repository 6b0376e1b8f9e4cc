package io.tern.text.call;

/** Finds the first calls of a text. Without state. */
@FunctionalInterface
interface CallSyntax {
    /**
     * @param text of an answer, from behind what was read before; not empty
     * @param whole whether nothing follows: then all of it is settled
     */
    Reading read(String text, Place before, boolean whole);
}
