package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.Verdict;
import io.tern.decoding.model.Logits;
import io.tern.decoding.sampling.Sampler;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * The target chooses its own token at each position, with that position's random number, and a drafted token stands as
 * long as it is that choice. For greedy sampling this is the greedy rule: drafts stand while they are the likeliest.
 *
 * <p>It is exact for every temperature. Speculative sampling (Leviathan et al. 2023, theorem 1; Chen et al. 2023) accepts
 * a token x drawn from q with probability min(1, p(x)/q(x)) and else draws from the rest, max(0, p − q), normalised. Our
 * drafters guess one token with certainty: q is a point mass at x, so that rule accepts x with probability p(x) and else
 * draws from p without x. That is what happens when p itself is sampled and compared with x; only the random number is
 * used once where the paper uses two. So the acceptance rate is the paper's, the output's distribution is p, and, since
 * a position's random number does not depend on drafts ({@link io.tern.decoding.sampling.CounterRandom}), the text is the
 * one that plain decoding with the same seed writes, token for token, whatever was drafted.
 */
public final class CoupledAcceptance implements Acceptance {
    private final Sampler sampler;
    private final IntConsumer settled;

    /** @param settled told each token before the next one is chosen, for penalties */
    public CoupledAcceptance(Sampler sampler, IntConsumer settled) {
        this.sampler = sampler;
        this.settled = settled;
    }

    @Override
    public Verdict verify(Draft draft, Logits target, int place) {
        int[] tokens = new int[draft.length() + 1];
        int count = 0;
        boolean accepted = true;
        while (accepted) {
            int token = sampler.sample(target, count, place + count);
            settled.accept(token);
            accepted = count < draft.length() && draft.token(count) == token;
            tokens[count++] = token;
        }
        return new Verdict(draft, Arrays.copyOf(tokens, count));
    }
}
