package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Proposal;
import io.tern.decoding.model.Logits;
import io.tern.decoding.sampling.CounterRandom;
import io.tern.decoding.sampling.TokenDistribution;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Speculative sampling: a token x drawn from q is accepted with probability min(1, p(x)/q(x)); else p becomes the rest,
 * max(0, p − q), normalised, and the next candidate of the same place is tried against it, drawn from q without x; where
 * none is left, the token is drawn from what p has become. Leviathan et al. 2023, theorem 1; Chen et al. 2023; for several
 * candidates without replacement: Jeon et al. 2024; Chen et al. 2024, algorithm 2. The output has the target's
 * distribution whatever is drafted; which text a seed gives depends on the drafts.
 */
public final class RejectionAcceptance implements Acceptance {
    /** Parts the tests' random numbers from those of the places, which the same seed decides. */
    private static final long STREAM = 0x72656a65_6374696fL;

    private final TokenDistribution target;
    private final CounterRandom places;
    private final CounterRandom tests;
    private final double[] p;
    private final double[] q;
    private long tested;

    public RejectionAcceptance(TokenDistribution target, int vocabularySize, long seed) {
        this.target = target;
        this.places = new CounterRandom(seed);
        this.tests = new CounterRandom(seed ^ STREAM);
        this.p = new double[vocabularySize];
        this.q = new double[vocabularySize];
    }

    @Override
    public int choose(Draft draft, int node, Logits logits, int place) {
        target.read(logits, node + 1);
        target.probabilities(p);
        TokenTree tree = draft.tree();
        @Nullable Proposal proposal = draft.proposal(node);
        readProposal(proposal);
        for (int child = node + 1; child < tree.size(); child++) {
            if (tree.parent(child) == node) {
                int token = tree.token(child);
                if (accepts(proposal, token)) {
                    return token;
                }
                if (proposal != null) {
                    q[token] = 0;
                    normalise(q);
                }
            }
        }
        return draw(places.uniform(place));
    }

    private void readProposal(@Nullable Proposal proposal) {
        Arrays.fill(q, 0);
        for (int i = 0; proposal != null && i < proposal.size(); i++) {
            q[proposal.token(i)] = proposal.probability(i);
        }
    }

    /** Tests one candidate; if it fails, p is what remains. */
    private boolean accepts(@Nullable Proposal proposal, int token) {
        double guess = proposal == null ? 1 : q[token];
        if (tests.uniform(tested++) * guess < p[token]) {
            return true;
        }
        if (proposal == null) {
            p[token] = 0; // max(0, p − q) of a point mass
        } else {
            for (int i = 0; i < p.length; i++) {
                p[i] = Math.max(0, p[i] - q[i]);
            }
        }
        normalise(p);
        return false;
    }

    private static void normalise(double[] values) {
        double sum = Arrays.stream(values).sum();
        for (int i = 0; sum > 0 && i < values.length; i++) {
            values[i] /= sum;
        }
    }

    private int draw(double uniform) {
        double total = 0;
        for (double probability : p) {
            total += probability;
        }
        int last = -1;
        double sum = 0;
        for (int token = 0; token < p.length; token++) {
            if (p[token] > 0) {
                last = token;
                sum += p[token];
                if (sum > uniform * total) {
                    break;
                }
            }
        }
        // Rounding can leave nothing where a candidate was all but certain; the likeliest then stands for the rest.
        return last >= 0 ? last : target.likeliest();
    }
}
