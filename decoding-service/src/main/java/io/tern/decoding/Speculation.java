package io.tern.decoding;

import static io.tern.base.TernException.require;

import io.tern.decoding.draft.DrafterKind;
import io.tern.decoding.verify.AcceptanceKind;
import io.tern.decoding.verify.TypicalThreshold;

/**
 * How tokens are drafted ahead of the target model and which of them stand.
 *
 * @param maxDraft at most so many drafted tokens a step, on all branches together: 1..16, with a tree 1..64
 * @param tree whether a draft may have branches beside its likeliest path
 * @param exact whether results have the bits of plain decoding: only tokens along the likeliest path are accepted, and
 *     what another branch got right is drafted once more. Else the branch stands at once, and near-ties may fall otherwise
 */
public record Speculation(
        DrafterKind drafter,
        int maxDraft,
        boolean tree,
        boolean exact,
        AcceptanceKind acceptance,
        TypicalThreshold typical) {
    public static final int DEFAULT_MAX_DRAFT = 3;
    public static final int DEFAULT_TREE_DRAFT = 12;
    private static final int LONGEST_CHAIN = 16;
    private static final int LARGEST_TREE = 64;

    public Speculation {
        int most = tree ? LARGEST_TREE : LONGEST_CHAIN;
        require(maxDraft >= 1 && maxDraft <= most, "speculation.max_draft", maxDraft, "1.." + most);
        require(
                !exact || acceptance != AcceptanceKind.TYPICAL,
                "speculation.exact",
                exact,
                "false with typical acceptance, which is not lossless");
    }

    /** Chains, exact, greedy acceptance. */
    public static Speculation chain(DrafterKind drafter, int maxDraft) {
        return new Speculation(drafter, maxDraft, false, true, AcceptanceKind.GREEDY, TypicalThreshold.DEFAULT);
    }

    public static Speculation off() {
        return chain(DrafterKind.NONE, DEFAULT_MAX_DRAFT);
    }

    /** Whether all that stands has the keys and values that plain decoding gives it: a branch has not. */
    boolean leavesExactCache() {
        return exact || !tree;
    }

    /** Tokens that a step may run beside those that can be settled. */
    int branchTokens() {
        return tree ? maxDraft : 0;
    }
}
