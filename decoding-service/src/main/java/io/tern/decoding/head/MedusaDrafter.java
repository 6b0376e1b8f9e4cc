package io.tern.decoding.head;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.Candidates;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.Proposal;
import io.tern.decoding.draft.TokenChoice;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Drafts all places at once: head i proposes the token i + 1 places behind the last one, whatever stands between (Cai et
 * al. 2024). A tree takes the heads' likeliest tokens in the order in which they were of use on calibration text (section
 * 3.1.3 there). Owned by one sequence and its thread.
 */
public final class MedusaDrafter implements Drafter {
    private final MedusaHeads heads;
    private final MedusaTree tree;
    private final Cancellation cancellation;
    private float[] state = {};
    private int known;

    MedusaDrafter(MedusaHeads heads, MedusaTree tree, Cancellation cancellation) {
        this.heads = heads;
        this.tree = tree;
        this.cancellation = cancellation;
    }

    @Override
    public void settled(int first, HiddenStates states) {
        state = state.length == states.width() ? state : new float[states.width()];
        states.copyRow(states.rows() - 1, state);
        known = first + states.rows();
    }

    @Override
    public Draft draft(DraftContext context) {
        if (known == 0 || known != context.tokens().length() - 1) {
            return Draft.NONE; // the prompt's end has not been run yet
        }
        List<Candidates> places = heads.logits(state, cancellation).stream()
                .map(logits -> Candidates.of(logits, heads::token))
                .toList();
        return context.tree() && !context.choice().draws()
                ? Draft.of(tree.tokens(places, context.maxDepth(), context.maxNodes()))
                : chain(context, places);
    }

    private Draft chain(DraftContext context, List<Candidates> places) {
        List<Integer> tokens = new ArrayList<>();
        Map<Integer, Proposal> proposals = new HashMap<>();
        for (int depth = 0; depth < Math.min(context.maxDepth(), places.size()); depth++) {
            TokenChoice.Picked picked = context.choice().pick(places.get(depth), 1);
            if (picked.candidates().length == 0) {
                break;
            }
            tokens.add(places.get(depth).tokens()[picked.candidates()[0]]);
            @Nullable Proposal proposal = picked.proposal();
            if (proposal != null) {
                proposals.put(depth - 1, proposal);
            }
        }
        return Draft.drawn(
                TokenTree.chain(tokens.stream().mapToInt(Integer::intValue).toArray()), proposals);
    }
}
