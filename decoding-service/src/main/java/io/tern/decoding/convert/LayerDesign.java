package io.tern.decoding.convert;

/**
 * The attention of one layer.
 *
 * @param rotary how queries and keys are turned
 * @param window how many tokens a token sees, itself included; 0: all before it
 */
record LayerDesign(Rotary rotary, int window) {
    /** How many positions it is made for. */
    int longest() {
        return rotary.longest();
    }
}
