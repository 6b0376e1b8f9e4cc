package io.tern.text.call;

/** What stands before a stretch of an answer. */
enum Place {
    /** Nothing, or white space. */
    BEGINNING,
    /** Words. */
    WITHIN,
    BEHIND_CALL
}
