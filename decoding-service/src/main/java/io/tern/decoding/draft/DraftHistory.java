package io.tern.decoding.draft;

/**
 * What became of one kind of draft in all texts of a model. Safe for use by many threads.
 *
 * @param grown how far drafts went of what was asked
 * @param stood how much of them stood
 */
record DraftHistory(AcceptanceHistory grown, AcceptanceHistory stood) {
    /** How often a network is taken to go on that ends a draft where it is not sure. */
    private static final double GOES_ON = 0.7;

    /** @param optimism how often a drafted token is taken to stand before anything is known */
    static DraftHistory ofNetwork(double optimism) {
        return new DraftHistory(new AcceptanceHistory(GOES_ON), new AcceptanceHistory(optimism));
    }

    /** Copies go on to their end. */
    static DraftHistory ofCopies(double optimism) {
        return new DraftHistory(new AcceptanceHistory(1), new AcceptanceHistory(optimism));
    }
}
