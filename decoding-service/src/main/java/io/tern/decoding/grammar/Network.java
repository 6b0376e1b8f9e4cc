package io.tern.decoding.grammar;

/**
 * A recursive transition network (Woods 1970) over bytes: a finite automaton for each rule, whose edges read a byte, read
 * nothing, or read what another rule reads. From every state its rule's exit can be reached, so whatever has been read
 * can be completed. No rule calls itself before it has read a byte. Immutable.
 *
 * @param bytes by state: edges that read one byte
 * @param jumps by state: targets of edges that read nothing
 * @param calls by state: edges that read what a rule reads
 * @param entries by rule
 * @param isExit by state: whether its rule ends there
 * @param start entry of the outermost rule
 */
record Network(ByteEdge[][] bytes, int[][] jumps, CallEdge[][] calls, int[] entries, boolean[] isExit, int start) {
    /** Reads a byte from {@code first} to {@code last}, both 0..255 and belonging to it. */
    record ByteEdge(int first, int last, int target) {
        boolean reads(int unsignedByte) {
            return first <= unsignedByte && unsignedByte <= last;
        }
    }

    /** Reads what the rule reads and goes on at the target. */
    record CallEdge(int rule, int target) {}
}
