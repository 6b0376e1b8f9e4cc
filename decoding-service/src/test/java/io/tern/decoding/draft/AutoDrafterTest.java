package io.tern.decoding.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AutoDrafterTest {
    private final DraftContext context = DraftContext.chain(new TokenSequence(new int[] {1}), 8);

    @Test
    void draftsMoreWhileAllOfItStandsAndLessWhileLittleDoes() {
        AutoDrafter drafter = auto(1, 0);
        int last = 0;
        for (int step = 0; step < 40; step++) {
            last = step(drafter, 99);
        }
        assertThat(last).isGreaterThanOrEqualTo(4);
        for (int step = 0; step < 12; step++) {
            last = step(drafter, 1);
        }
        assertThat(last).isBetween(1, 2);
    }

    @Test
    void pausesLongerEachTimeThatNothingStands() {
        AutoDrafter drafter = auto(1, 0);
        int drafts = 0;
        for (int step = 0; step < 1000; step++) {
            drafts += step(drafter, 0) > 0 ? 1 : 0;
        }
        assertThat(drafts).isBetween(10, 60); // the first tries, and a few after each pause
    }

    @Test
    void draftsNothingWhereRowsOfManyTextsCostMoreThanTheyPromise() {
        CostCurve steep = new CostCurve(new int[] {1, 2, 9}, new double[] {1, 1.1, 8});
        AutoDrafter alone = new AutoDrafter(sources(0), steep, () -> 1, () -> {});
        AutoDrafter crowded = new AutoDrafter(sources(0), steep, () -> 8, () -> {});
        assertThat(step(alone, 1)).isPositive();
        assertThat(step(crowded, 1)).isZero();
    }

    @Test
    void doesNotAskADrafterThatCostsMoreThanItGives() {
        assertThat(step(auto(1, 0.1), 1)).isPositive();
        assertThat(step(auto(1, 2), 1)).isZero();
    }

    @Test
    void saysOnceThatItIsClosed() {
        AtomicInteger closed = new AtomicInteger();
        AutoDrafter drafter = new AutoDrafter(sources(0), CostCurve.DEFAULT, () -> 1, closed::incrementAndGet);
        drafter.close();
        drafter.close();
        assertThat(closed).hasValue(1);
    }

    @Test
    void theCurveIsLinearBetweenItsPointsAndBeyond() {
        CostCurve curve = new CostCurve(new int[] {1, 3, 5}, new double[] {1, 2, 4});
        assertThat(IntStream.rangeClosed(1, 6).mapToDouble(curve::of).toArray()).containsExactly(1, 1.5, 2, 3, 4, 5);
    }

    private static AutoDrafter auto(int texts, double cost) {
        return new AutoDrafter(sources(cost), CostCurve.DEFAULT, () -> texts, () -> {});
    }

    private static List<AutoDrafter.Source> sources(double cost) {
        Drafter copies = context -> Draft.of(new int[context.maxDepth()]);
        return List.of(new AutoDrafter.Source(copies, cost, 0.6));
    }

    /** Returns how many tokens were drafted. */
    private int step(AutoDrafter drafter, int mostAccepted) {
        Draft draft = drafter.draft(context);
        int accepted = Math.min(mostAccepted, draft.size());
        drafter.observe(new Verdict(draft, IntStream.range(0, accepted).toArray(), 9));
        return draft.size();
    }
}
