package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import io.tern.decoding.model.StepCosts;
import io.tern.decoding.tree.TokenTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against machines whose costs, and drafters whose acceptance, are known: what a text should take follows in closed form. */
class AutoDrafterTest {
    private static final int MOST = 8;
    private static final int PROMPT = 60;
    /** Weights that are read once for many rows. */
    private static final StepCosts FLAT =
            new StepCosts(List.of(1, 2, 4, 8, 16), List.of(1.0, 1.09, 1.26, 1.69, 2.4), 3e7);

    private static final StepCosts STEEP = new StepCosts(List.of(1, 2, 3), List.of(1.0, 1.9, 2.9), 1e7);
    private static final StepCosts BYTES = StepCosts.UNMEASURED;

    @Test
    void neverLosesMoreThanTwoPercentWhateverStands() {
        for (StepCosts costs : List.of(FLAT, STEEP, BYTES)) {
            for (int texts : new int[] {1, 4, 8}) {
                for (int tenths = 0; tenths <= 10; tenths++) {
                    for (NetworkCost own : List.of(
                            NetworkCost.NONE,
                            new NetworkCost(0.15, 0),
                            new NetworkCost(0.1, 0.01),
                            new NetworkCost(1, 0.03))) {
                        for (int length : new int[] {64, 512}) {
                            Simulation run = new Simulation(costs, texts, new Known(tenths / 10.0, own, true));
                            double speed = run.speed(length);
                            assertThat(speed)
                                    .as("%s, %d texts, %d tenths stand, own cost %s, %d tokens"
                                            .formatted(costs.costs(), texts, tenths, own, length))
                                    .isGreaterThanOrEqualTo(0.98);
                        }
                    }
                }
            }
        }
    }

    /** The best constant draft of k tokens that stand by p each gives (1 - p^(k+1)) / (1 - p) tokens for c(k + 1). */
    @Test
    void comesNearTheBestConstantLength() {
        for (StepCosts costs : List.of(FLAT, BYTES)) {
            for (double p : new double[] {0.6, 0.8, 0.95}) {
                double best = IntStream.rangeClosed(1, MOST)
                        .mapToDouble(k -> (1 - Math.pow(p, k + 1)) / (1 - p) / costs.of(k + 1))
                        .max()
                        .orElseThrow();
                double speed = new Simulation(costs, 1, source(p, 0)).speed(2000);
                assertThat(speed).as("%s, %s stand", costs.costs(), p).isGreaterThan(0.93 * best);
            }
        }
    }

    @Test
    void findsTheBetterOfTwoDraftersThoughTheOtherIsAskedFirst() {
        Known poor = source(0.2, 0);
        Known good = source(0.9, 0.05);
        Simulation run = new Simulation(FLAT, 1, poor, good);
        run.speed(1000);
        assertThat(good.used).isGreaterThan(5 * poor.used);
    }

    @Test
    void asksAnotherDrafterWhereOneHasNothing() {
        Known silent = new Known(1, NetworkCost.NONE, false);
        Known good = source(0.9, 0.05);
        assertThat(new Simulation(FLAT, 1, silent, good).speed(500)).isGreaterThan(1.3);
    }

    @Test
    void restsLongerEachTimeThatNothingStands() {
        Known hopeless = source(0, 0);
        new Simulation(FLAT, 1, hopeless).speed(1000);
        assertThat(hopeless.used).isBetween(10, 150); // the first tries, and a few after each rest
    }

    @Test
    void aTextBeginsFromWhatStoodInOthers() {
        AcceptanceHistory history = new AcceptanceHistory(0.6);
        for (int i = 0; i < 200; i++) {
            history.observe(3, 0);
        }
        assertThat(history.rates()[0]).isLessThan(0.2);
        assertThat(history.rates()[0]).isGreaterThan(0.05); // a drafter that did badly is tried again some time
    }

    @Test
    void draftsLessBesideOthersWhereRowsCompete() {
        Known alone = source(0.5, 0);
        Known crowded = source(0.5, 0);
        new Simulation(BYTES, 1, alone).speed(300);
        new Simulation(BYTES, 8, crowded).speed(300);
        assertThat(crowded.used).isLessThan(alone.used);
    }

    /** Half of the tokens are sure and half are not, and the drafter knows which: only sure ones are worth their rows. */
    @Test
    void aNetworkDraftsWhereItIsSure() {
        SplittableRandom random = new SplittableRandom(3);
        double[] sure = IntStream.range(0, 4000)
                .mapToDouble(place -> random.nextBoolean() ? 0.95 : 0.05)
                .toArray();
        TokenSequence text = new TokenSequence(new int[] {1});
        int[] drafted = {0, 0};
        Drafter network = context -> TreeGrower.grow(context, (tree, nodes) -> {
            int place = text.length() + (nodes[0] == TokenTree.ROOT ? 0 : nodes[0] + 1);
            return List.of(new Candidates(new int[] {2}, new double[] {Math.log(sure[place])}));
        });
        double tokenCost = 0.05;
        AutoDrafter auto = new AutoDrafter(
                List.of(new AutoSource(
                        network, new NetworkCost(tokenCost, 0), false, List.of(DraftHistory.ofNetwork(0.45)))),
                FLAT,
                () -> 1);
        double spent = 0;
        while (text.length() < 3000) {
            Draft draft = auto.draft(DraftContext.chain(text, MOST));
            int accepted = 0;
            while (accepted < draft.size() && random.nextDouble() < sure[text.length() + accepted]) {
                accepted++;
            }
            spent += FLAT.of(1 + draft.size()) + tokenCost * draft.levels();
            drafted[0] += draft.size();
            drafted[1] += accepted;
            auto.observe(new Verdict(draft, IntStream.range(0, accepted).toArray(), 2));
            IntStream.rangeClosed(0, accepted).forEach(_ -> text.add(2));
        }
        assertThat((double) drafted[1] / drafted[0])
                .as("share of drafted tokens that stand")
                .isGreaterThan(0.85);
        assertThat(text.length() / spent).as("speed against plain decoding").isGreaterThan(1.3);
    }

    @Test
    void longMatchesAreBelievedWhereShortOnesFail() {
        DraftHistory unknown = DraftHistory.ofCopies(0.6);
        List<DraftHistory> histories = List.of(unknown, unknown, unknown, DraftHistory.ofCopies(0.6));
        int[] used = new int[2];
        int[] step = {0};
        Drafter copies = context -> Draft.of(new int[context.maxDepth()]).matching(step[0] % 2 == 0 ? 2 : 9);
        AutoDrafter auto =
                new AutoDrafter(List.of(new AutoSource(copies, NetworkCost.NONE, false, histories)), FLAT, () -> 1);
        for (; step[0] < 400; step[0]++) {
            Draft draft = auto.draft(DraftContext.chain(new TokenSequence(new int[] {1}), MOST));
            boolean longMatch = draft.matched() > 2;
            used[longMatch ? 1 : 0] += draft.size() > 0 ? 1 : 0;
            int accepted = longMatch ? draft.size() : 0;
            auto.observe(new Verdict(draft, IntStream.range(0, accepted).toArray(), 9));
        }
        assertThat(used[1]).isGreaterThan(150);
        assertThat(used[0]).isLessThan(60);
    }

    @Test
    void treesAreOnlyGrownWhereTheRequestTakesThem() {
        List<Boolean> trees = new ArrayList<>();
        Drafter drafter = context -> {
            trees.add(context.tree());
            return Draft.of(new int[context.maxDepth()]);
        };
        AutoSource source =
                new AutoSource(drafter, new NetworkCost(0.01, 0), true, List.of(DraftHistory.ofNetwork(0.9)));
        AutoDrafter auto = new AutoDrafter(List.of(source), FLAT, () -> 1);
        TokenSequence text = new TokenSequence(new int[] {1});
        assertThat(auto.draft(DraftContext.chain(text, 4)).size()).isZero();
        auto.draft(new DraftContext(text, 4, 12, true, TokenChoice.LIKELIEST));
        assertThat(trees).containsExactly(true);
    }

    /** One that need not read the text. */
    private static Known source(double stands, double tokenCost) {
        return new Known(stands, new NetworkCost(tokenCost, 0), true);
    }

    /** A drafter each of whose tokens stands with the same probability; they bear its name. */
    private static final class Known implements Drafter {
        int name;
        final double stands;
        final NetworkCost cost;
        final boolean speaks;
        /** Drafts that the target ran. */
        int used;

        /** Tokens that it has read, behind a prompt of so many. */
        int read = -PROMPT;

        Known(double stands, NetworkCost cost, boolean speaks) {
            this.stands = stands;
            this.cost = cost;
            this.speaks = speaks;
        }

        @Override
        public int unread(TokenSequence tokens, int depth) {
            return tokens.length() - read;
        }

        @Override
        public Draft draft(DraftContext context) {
            read = context.tokens().length();
            int[] tokens = new int[context.maxDepth()];
            Arrays.fill(tokens, name);
            return speaks ? Draft.of(tokens) : Draft.NONE;
        }
    }

    /** Writes a text beside others that draft nothing. */
    private static final class Simulation {
        final StepCosts costs;
        final int texts;
        final List<Known> drafters;
        final AutoDrafter auto;
        final SplittableRandom random = new SplittableRandom(7);
        final DraftContext context = DraftContext.chain(new TokenSequence(new int[] {1}), MOST);

        Simulation(StepCosts costs, int texts, Known... drafters) {
            this.costs = costs;
            this.texts = texts;
            this.drafters = List.of(drafters);
            for (int i = 0; i < drafters.length; i++) {
                drafters[i].name = i;
            }
            this.auto = new AutoDrafter(
                    this.drafters.stream()
                            .map(known -> new AutoSource(known, known.cost, false, List.of(DraftHistory.ofCopies(0.6))))
                            .toList(),
                    costs,
                    () -> texts);
        }

        /** Tokens for their cost, against plain decoding; the others lose what this text's drafts cost them. */
        double speed(int length) {
            double plain = costs.of(texts);
            double spent = 0;
            int tokens = 0;
            int all = 0;
            while (tokens < length) {
                int[] unread = drafters.stream()
                        .mapToInt(known -> known.unread(context.tokens(), 1))
                        .toArray();
                Draft draft = auto.draft(context);
                int accepted = 0;
                spent += costs.of(texts + draft.size());
                if (draft.size() > 0) {
                    Known known = drafters.get(draft.tree().token(0));
                    known.used++;
                    spent += draft.size() * known.cost.token() + unread[known.name] * known.cost.reading();
                    while (accepted < draft.size() && random.nextDouble() < known.stands) {
                        accepted++;
                    }
                }
                auto.observe(new Verdict(draft, IntStream.range(0, accepted).toArray(), 9));
                IntStream.rangeClosed(0, accepted).forEach(_ -> context.tokens().add(9));
                tokens += accepted + 1;
                all += accepted + texts;
            }
            return all / spent * plain / texts;
        }
    }
}
