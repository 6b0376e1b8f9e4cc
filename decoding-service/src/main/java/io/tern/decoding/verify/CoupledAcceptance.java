package io.tern.decoding.verify;

import io.tern.decoding.draft.Draft;
import io.tern.decoding.model.Logits;
import io.tern.decoding.sampling.Sampler;

/**
 * The target chooses its own token at each place, with that place's random number, and a drafted token stands if it is
 * that choice. For greedy sampling this is the greedy rule: drafts stand while they are the likeliest.
 *
 * <p>It is exact for every temperature. Speculative sampling (Leviathan et al. 2023, theorem 1; Chen et al. 2023) accepts
 * a token x drawn from q with probability min(1, p(x)/q(x)) and else draws from the rest, max(0, p − q), normalised. For a
 * drafter that guesses one token with certainty q is a point mass at x, so that rule accepts x with probability p(x) and
 * else draws from p without x. That is what happens when p itself is sampled and compared with x; only the random number
 * is used once where the paper uses two. So the output's distribution is p, and, since a place's random number does not
 * depend on drafts ({@link io.tern.decoding.sampling.CounterRandom}), the text is the one that plain decoding with the
 * same seed writes, token for token, whatever was drafted, on however many branches.
 */
public record CoupledAcceptance(Sampler sampler) implements Acceptance {
    @Override
    public int choose(Draft draft, int node, Logits target, int place) {
        return sampler.sample(target, node + 1, place);
    }
}
