package io.tern.decoding.draft;

import io.tern.base.Cancellation;
import io.tern.base.TernException;
import io.tern.decoding.model.KvCache;
import io.tern.decoding.model.LanguageModel;
import io.tern.decoding.model.Logits;
import io.tern.decoding.tree.TokenTree;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Drafts by a smaller model with the same tokens, or by the first layers of the target itself (early exit: Elhoushi et al.
 * 2024, LayerSkip). Leviathan et al. 2023; Chen et al. 2023. Its own cache holds settled tokens and, until the next draft,
 * those of the last chain; where the text went another way it is cut back. Nothing is drafted behind a token that the model
 * does not know.
 */
public final class DraftModelDrafter implements Drafter {
    /** Tokens run at once: what was settled while nothing was drafted, a prompt for instance. */
    private static final int CHUNK = 128;

    private final LanguageModel model;
    private final KvCache cache;
    private final Cancellation cancellation;
    private final DraftVocabulary vocabulary;
    private final float[] row;
    /** What the cache holds. */
    private int[] cached = new int[64];

    /**
     * @param vocabulary what the model has in common with the target
     * @param capacityTokens as of {@link Drafters.Text}
     * @throws TernException OVERLOADED if there is no memory for its cache
     */
    public DraftModelDrafter(
            LanguageModel model, DraftVocabulary vocabulary, int capacityTokens, Cancellation cancellation) {
        this.vocabulary = vocabulary;
        this.model = model;
        this.cache = model.newCache(Math.min(capacityTokens, model.info().contextLength()));
        this.cancellation = cancellation;
        this.row = new float[model.info().logitsWidth()];
    }

    @Override
    public Draft draft(DraftContext context) {
        TokenSequence tokens = context.tokens();
        int nodes = Math.min(context.maxNodes(), cache.capacity() - tokens.length());
        if (nodes < 1) {
            return Draft.NONE;
        }
        cutBack(tokens);
        if (!vocabulary.holds(tokens, cache.length())) {
            return Draft.NONE;
        }
        readUpTo(tokens);
        int last = tokens.get(tokens.length() - 1);
        DraftContext limited = context.limitedTo(Math.min(context.maxDepth(), nodes), nodes);
        return TreeGrower.grow(limited, context.tree() ? new Branches(last) : new Chain(last));
    }

    @Override
    public int unread(TokenSequence tokens, int depth) {
        return Math.max(0, tokens.length() - 1 - cache.length());
    }

    @Override
    public void close() {
        cache.close();
    }

    /** To what is still the text, less its last token, which is run with the draft. */
    private void cutBack(TokenSequence tokens) {
        int same = 0;
        while (same < Math.min(cache.length(), tokens.length() - 1) && cached[same] == tokens.get(same)) {
            same++;
        }
        cache.truncate(same);
    }

    /** All but the last token. */
    private void readUpTo(TokenSequence tokens) {
        int end = tokens.length() - 1;
        while (cache.length() < end) {
            int to = Math.min(end, cache.length() + CHUNK);
            int[] chunk = tokens.slice(cache.length(), to);
            model.forward(cache, chunk, 0, cancellation);
            commit(chunk);
        }
    }

    private void commit(int... chain) {
        int length = cache.length();
        if (length + chain.length > cached.length) {
            cached = Arrays.copyOf(cached, 2 * (length + chain.length));
        }
        System.arraycopy(chain, 0, cached, length, chain.length);
        cache.commit(chain.length);
    }

    private Candidates candidates(Logits logits, int index) {
        logits.copyRow(index, row);
        return vocabulary.candidates(row);
    }

    /** Each token is run once and stays in the cache. */
    private final class Chain implements TreeGrower.Expander {
        private final int last;

        Chain(int last) {
            this.last = last;
        }

        @Override
        public List<Candidates> expand(TokenTree tree, int[] nodes) {
            int token = nodes[0] == TokenTree.ROOT ? last : tree.token(nodes[0]);
            Candidates candidates = candidates(model.forward(cache, new int[] {token}, 1, cancellation), 0);
            commit(token);
            return List.of(candidates);
        }
    }

    /**
     * What leads to the nodes runs again with each level: the cache keeps nothing of a tree. These are among the nodes that may
     * be kept, and so there is room for them.
     */
    private final class Branches implements TreeGrower.Expander {
        private final int last;

        Branches(int last) {
            this.last = last;
        }

        @Override
        public List<Candidates> expand(TokenTree tree, int[] nodes) {
            int[] run = paths(tree, nodes);
            int[] tokens = new int[run.length];
            int[] parents = new int[run.length];
            for (int i = 0; i < run.length; i++) {
                tokens[i] = tree.token(run[i]);
                parents[i] = place(run, tree.parent(run[i]));
            }
            TokenTree behind = TokenTree.of(tokens, parents).behind(last);
            Logits logits =
                    model.forward(cache, behind, nodes.length, cancellation).logits();
            int firstRow = run.length + 1 - nodes.length; // nodes of the last level have the greatest numbers
            return Arrays.stream(nodes)
                    .mapToObj(node -> candidates(logits, place(run, node) + 1 - firstRow))
                    .toList();
        }

        private static int place(int[] run, int node) {
            return node == TokenTree.ROOT ? TokenTree.ROOT : Arrays.binarySearch(run, node);
        }

        /** The nodes and those before them, each once and in order. */
        private static int[] paths(TokenTree tree, int[] nodes) {
            BitSet seen = new BitSet();
            for (int node : nodes) {
                for (int at = node; at != TokenTree.ROOT && !seen.get(at); at = tree.parent(at)) {
                    seen.set(at);
                }
            }
            return seen.stream().toArray();
        }
    }
}
