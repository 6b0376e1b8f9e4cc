package io.tern.decoding.draft;

/**
 * Keeps what speculation loses within bounds: an account of what drafts cost the target beyond plain decoding and of what
 * they brought in, in forwards of one token. A draft is only made if the account bears its loss: a small share of the text
 * so far, and what drafts have gained before. Owned by one sequence.
 */
final class LossGuard {
    /** Share of plain decoding's cost that all drafts together may lose: with the first try 0.02 of 64 tokens. */
    private static final double SHARE = 0.009;
    /** For the first try, and what a network has to read for it. */
    private static final double FIRST = 0.7;
    /** Gains beyond it are not there to be lost again. */
    private static final double MOST = 8;

    private double balance;
    private double allowance = FIRST;

    /** @param loss of a draft of which nothing stands */
    boolean bears(double loss) {
        return balance + allowance >= loss;
    }

    /**
     * @param extra what the step cost more than without its draft
     * @param accepted drafted tokens that stood
     * @param tokenCost what a token costs without drafts
     */
    void observe(double extra, int accepted, double tokenCost) {
        allowance += SHARE * (accepted + 1) * tokenCost;
        balance = Math.min(MOST, balance + accepted * tokenCost - extra);
    }
}
