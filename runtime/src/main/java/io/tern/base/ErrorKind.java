package io.tern.base;

/** Who must act on an error. */
public enum ErrorKind {
    /** The caller: ask differently. */
    CALLER,
    /** Nobody: ask again later. */
    CAPACITY,
    /** We: it is our fault. */
    INTERNAL
}
