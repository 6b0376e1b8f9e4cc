package io.tern.decoding.model;

/** Keys and values of the tokens that one sequence has settled. Not safe for use by several threads at once. */
public interface KvCache extends AutoCloseable {
    /** Tokens settled. */
    int length();

    /** Tokens that fit, settled ones included. */
    int capacity();

    /** Keeps the first so many tokens of the last forward; 0 keeps none. */
    void commit(int tokens);

    /**
     * Keeps a path of the last forward's tree, moved together where other nodes lie between.
     *
     * @param path nodes from the first one on, each the parent of the next
     */
    void keep(int... path);

    /** Forgets what lies behind the first {@code length} tokens. */
    void truncate(int length);

    /** Gives the memory back; idempotent. */
    @Override
    void close();
}
