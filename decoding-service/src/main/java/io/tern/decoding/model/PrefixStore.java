package io.tern.decoding.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keys and values of texts' beginnings, kept for texts that begin in the same way: blocks of tokens in a tree for each
 * tenant of each model, so that beginnings are kept once, and nobody can find out by its speed what another tenant sent. The
 * memory comes out of the budget of all texts, and goes back to it, the least recently used block first, as soon as a text
 * needs it. Safe for use by many threads; the lock is not held while keys and values are copied.
 */
public final class PrefixStore {
    private final KvBudget budget;
    private final long limitBytes;
    private final Map<Owner, Map<List<Integer>, PrefixBlock>> roots = new HashMap<>();
    private final Set<PrefixBlock> blocks = new HashSet<>();
    private final LongAdder asked = new LongAdder();
    private final LongAdder found = new LongAdder();
    private final LongAdder evicted = new LongAdder();
    private long usedBytes;
    private long clock;

    /** @param limitBytes 0 keeps nothing */
    PrefixStore(KvBudget budget, long limitBytes) {
        this.budget = budget;
        this.limitBytes = limitBytes;
    }

    /** Whose tree it is. */
    private record Owner(OnnxLanguageModel model, String tenant) {}

    /** Memory of all blocks. */
    public synchronized long usedBytes() {
        return usedBytes;
    }

    /** Tokens of prompts that were looked for. */
    public long askedTokens() {
        return asked.sum();
    }

    /** Tokens of prompts that were there, and did not have to run. */
    public long foundTokens() {
        return found.sum();
    }

    /** Blocks that gave way to others. */
    public long evictions() {
        return evicted.sum();
    }

    /**
     * Fills an empty cache with the longest known beginning of a text.
     *
     * @return its tokens
     */
    int recall(OnnxLanguageModel model, String tenant, OnnxKvCache cache, int[] text) {
        List<PrefixBlock> path = borrow(model, tenant, text);
        try {
            for (int i = 0; i < path.size(); i++) {
                cache.memory().paste(path.get(i).memory(), i * PrefixBlock.TOKENS, PrefixBlock.TOKENS);
            }
        } finally {
            giveBack(path);
        }
        int tokens = path.size() * PrefixBlock.TOKENS;
        asked.add(text.length);
        found.add(tokens);
        return tokens;
    }

    /** Keeps whole blocks of what a cache holds, as many as there is memory for. */
    void remember(OnnxLanguageModel model, String tenant, OnnxKvCache cache, int[] text) {
        List<PrefixBlock> path = borrow(model, tenant, text);
        try {
            for (int at = path.size(); (at + 1) * PrefixBlock.TOKENS <= text.length; at++) {
                PrefixBlock before = path.isEmpty() ? null : path.getLast();
                Optional<PrefixBlock> block =
                        block(before, tokens(text, at), cache.memory().layout().totalBytes(PrefixBlock.TOKENS));
                if (block.isEmpty()) {
                    return;
                }
                cache.memory()
                        .copy(
                                at * PrefixBlock.TOKENS,
                                PrefixBlock.TOKENS,
                                block.get().memory());
                path.add(add(new Owner(model, tenant), block.get()));
            }
        } finally {
            giveBack(path);
        }
    }

    /** A model that ends takes its blocks with it. */
    synchronized void forget(OnnxLanguageModel model) {
        roots.keySet().removeIf(owner -> owner.model() == model);
        Set<PrefixBlock> reachable = new HashSet<>();
        roots.values().forEach(tree -> tree.values().forEach(root -> collect(root, reachable)));
        for (PrefixBlock block : List.copyOf(blocks)) {
            if (!reachable.contains(block)) {
                free(block);
            }
        }
    }

    /**
     * Makes room for a text.
     *
     * @return whether any memory was given back
     */
    synchronized boolean reclaim() {
        return evict();
    }

    private static void collect(PrefixBlock block, Set<PrefixBlock> into) {
        into.add(block);
        block.next.values().forEach(next -> collect(next, into));
    }

    private static List<Integer> tokens(int[] text, int block) {
        List<Integer> tokens = new ArrayList<>(PrefixBlock.TOKENS);
        for (int i = 0; i < PrefixBlock.TOKENS; i++) {
            tokens.add(text[block * PrefixBlock.TOKENS + i]);
        }
        return tokens;
    }

    /** The known beginning, not to be evicted until it is given back. */
    private synchronized List<PrefixBlock> borrow(OnnxLanguageModel model, String tenant, int[] text) {
        List<PrefixBlock> path = new ArrayList<>();
        Map<List<Integer>, PrefixBlock> next = roots.getOrDefault(new Owner(model, tenant), Map.of());
        clock++;
        for (int at = 0; (at + 1) * PrefixBlock.TOKENS <= text.length; at++) {
            PrefixBlock block = next.get(tokens(text, at));
            if (block == null) {
                break;
            }
            block.users++;
            block.lastUse = clock;
            path.add(block);
            next = block.next;
        }
        return path;
    }

    private void giveBack(List<PrefixBlock> path) {
        synchronized (this) {
            path.forEach(block -> block.users--);
        }
        budget.change(); // they may give way to a text that waits
    }

    /** An empty block, if there is memory for one. */
    private synchronized Optional<PrefixBlock> block(@Nullable PrefixBlock before, List<Integer> tokens, long bytes) {
        while (usedBytes + bytes > limitBytes) {
            if (!evict()) {
                return Optional.empty();
            }
        }
        Optional<KvBudget.Reservation> reservation = budget.tryReserve(bytes);
        while (reservation.isEmpty()) {
            if (!evict()) {
                return Optional.empty();
            }
            reservation = budget.tryReserve(bytes);
        }
        PrefixBlock block = new PrefixBlock(before, tokens, bytes, reservation.get());
        block.users = 1;
        usedBytes += bytes;
        return Optional.of(block);
    }

    /** Puts it where it belongs, or returns the one that another text has put there meanwhile; borrowed either way. */
    private synchronized PrefixBlock add(Owner owner, PrefixBlock block) {
        PrefixBlock before = block.before;
        Map<List<Integer>, PrefixBlock> siblings =
                before == null ? roots.computeIfAbsent(owner, _ -> new HashMap<>()) : before.next;
        PrefixBlock there = siblings.putIfAbsent(block.tokens, block);
        if (there == null) {
            block.lastUse = clock;
            blocks.add(block);
            return block;
        }
        free(block);
        there.users++;
        return there;
    }

    /** Frees the least recently used block that nothing stands behind and nobody uses. */
    private boolean evict() {
        Optional<PrefixBlock> oldest = blocks.stream()
                .filter(block -> block.users == 0 && block.next.isEmpty())
                .min(Comparator.comparingLong(block -> block.lastUse));
        oldest.ifPresent(block -> {
            PrefixBlock before = block.before;
            if (before == null) {
                roots.values().forEach(tree -> tree.remove(block.tokens, block));
                roots.values().removeIf(Map::isEmpty);
            } else {
                before.next.remove(block.tokens);
            }
            free(block);
            evicted.increment();
        });
        return oldest.isPresent();
    }

    private void free(PrefixBlock block) {
        blocks.remove(block);
        usedBytes -= block.memory().byteSize();
        block.free();
    }
}
