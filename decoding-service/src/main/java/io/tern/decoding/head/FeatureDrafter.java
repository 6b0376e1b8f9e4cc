package io.tern.decoding.head;

import io.tern.base.Cancellation;
import io.tern.decoding.draft.Candidates;
import io.tern.decoding.draft.Draft;
import io.tern.decoding.draft.DraftContext;
import io.tern.decoding.draft.Drafter;
import io.tern.decoding.draft.TokenSequence;
import io.tern.decoding.draft.TreeGrower;
import io.tern.decoding.model.HiddenStates;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.List;

/**
 * Drafts by autoregression on features: a layer guesses the hidden state behind the last token from the one before it,
 * then the state behind the first drafted token from that guess, and so on. With one layer for all steps this is EAGLE (Li
 * et al. 2024; trees as in EAGLE-2), with another one behind the first it is multi-token prediction in sequence
 * (DeepSeek-AI 2024, section 2.2), whose second layer sees the first one's guesses in the text before too.
 *
 * <p>A row is (state of place p, token of place p + 1), at position p. Owned by one sequence and its thread.
 */
public final class FeatureDrafter implements Drafter {
    /** States of a prompt that are read before the first draft: with 64 chains gain 0.005 tokens a step. */
    private static final int WINDOW = 32;

    /** Rows of the memory, for settled tokens and for drafts. */
    private static final int CAPACITY = 512;
    /** More than any draft expands. */
    private static final int DRAFT_ROWS = 80;

    private final FeatureLayer first;
    private final FeatureLayer further;
    private final LayerMemory firstMemory;
    private final LayerMemory furtherMemory;
    private final Cancellation cancellation;
    /** True states that the first layer has not read, of the places before {@code known}. */
    private final List<float[]> states = new ArrayList<>();
    /** The first layer's guesses at states of settled places, which the further one has not read. */
    private final List<float[]> guesses = new ArrayList<>();
    /** Places whose states have been told. */
    private int known;

    private int firstSettled;
    private int furtherSettled;

    /** @param further the same as {@code first}, or another layer for the second step and those behind it */
    FeatureDrafter(FeatureLayer first, FeatureLayer further, Cancellation cancellation) {
        this.first = first;
        this.further = further;
        this.firstMemory = first.newMemory(CAPACITY);
        this.furtherMemory = further == first ? firstMemory : further.newMemory(CAPACITY);
        this.cancellation = cancellation;
    }

    @Override
    public void settled(int firstPlace, HiddenStates told) {
        for (int row = 0; row < told.rows(); row++) {
            float[] state = new float[told.width()];
            told.copyRow(row, state);
            states.add(state);
        }
        known = firstPlace + told.rows();
        dropOld(states);
    }

    private static void dropOld(List<float[]> rows) {
        if (rows.size() > WINDOW) {
            rows.subList(0, rows.size() - WINDOW).clear();
        }
    }

    @Override
    public Draft draft(DraftContext context) {
        TokenSequence tokens = context.tokens();
        if (states.isEmpty() || known != tokens.length() - 1) {
            return Draft.NONE; // the prompt's end has not been run yet
        }
        return TreeGrower.grow(context, new Growth(tokens));
    }

    /** All states but the one that a draft begins from; a second layer reads what the first one guesses of them, too. */
    @Override
    public int unread(TokenSequence tokens, int depth) {
        int own = Math.max(0, states.size() - 1);
        return further == first || depth == 1 ? own : own + Math.min(WINDOW, own + guesses.size());
    }

    @Override
    public void close() {
        firstMemory.close();
        furtherMemory.close();
    }

    private final class Growth implements TreeGrower.Expander {
        private final TokenSequence tokens;
        /** Guess at the state behind the last settled token, and behind each node that was expanded. */
        private float[] last = {};

        private final List<float[]> features = new ArrayList<>();
        /** Node of each row of the further memory behind the settled ones. */
        private final List<Integer> run = new ArrayList<>();

        Growth(TokenSequence tokens) {
            this.tokens = tokens;
        }

        @Override
        public List<Candidates> expand(TokenTree tree, int[] nodes) {
            return nodes[0] == TokenTree.ROOT ? List.of(root()) : behind(tree, nodes);
        }

        /** Reads all states that are new; the last of them is followed by the last settled token. */
        private Candidates root() {
            firstMemory.truncate(firstSettled);
            firstMemory.makeRoom(states.size());
            LayerRows rows = new LayerRows(firstMemory.length());
            int place = known - states.size();
            for (float[] state : states) {
                rows.add(state, tokens.get(place + 1), place);
                place++;
            }
            states.clear();
            FeatureLayer.Output output = first.run(rows, 1, firstMemory, cancellation);
            firstSettled = firstMemory.length();
            last = output.features().getLast();
            if (further != first) {
                guesses.addAll(output.features());
                dropOld(guesses);
            }
            return candidates(first, output.logits().getFirst());
        }

        private List<Candidates> behind(TokenTree tree, int[] nodes) {
            if (run.isEmpty()) {
                forgetLastDraft();
            }
            LayerRows rows = new LayerRows(furtherMemory.length());
            int settled = settledRows(rows);
            int begin = furtherMemory.length() + settled - run.size();
            for (int node : nodes) {
                rows.add(
                        tree.parent(node) == TokenTree.ROOT ? last : features.get(run.indexOf(tree.parent(node))),
                        tree.token(node),
                        known + tree.depth(node),
                        row -> row < begin || onPath(tree, row - begin, node));
                run.add(node);
            }
            FeatureLayer.Output output = further.run(rows, nodes.length, furtherMemory, cancellation);
            features.addAll(output.features().subList(settled, rows.size()));
            if (settled > 0) {
                furtherSettled = furtherMemory.length() - nodes.length;
            }
            return output.logits().stream()
                    .map(logits -> candidates(further, logits))
                    .toList();
        }

        private void forgetLastDraft() {
            furtherMemory.truncate(further == first ? firstSettled : furtherSettled);
            furtherMemory.makeRoom(guesses.size() + DRAFT_ROWS);
            if (further == first) {
                firstSettled = firstMemory.length();
            } else {
                furtherSettled = furtherMemory.length();
            }
        }

        /** Guesses at states of settled places with the tokens behind them; the last guess waits for a token. */
        private int settledRows(LayerRows rows) {
            int count = Math.max(0, guesses.size() - 1);
            for (int i = 0; i < count; i++) {
                int place = known - count + i;
                rows.add(guesses.get(i), tokens.get(place + 1), place);
            }
            guesses.subList(0, count).clear();
            return count;
        }

        private boolean onPath(TokenTree tree, int index, int node) {
            return index < run.size() && tree.isOnPathTo(run.get(index), node);
        }
    }

    private static Candidates candidates(FeatureLayer layer, float[] logits) {
        return Candidates.of(logits, layer::token);
    }
}
