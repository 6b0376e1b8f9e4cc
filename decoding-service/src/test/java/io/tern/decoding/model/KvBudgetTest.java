package io.tern.decoding.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import io.tern.base.Work;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KvBudgetTest {
    private static final long LIMIT = 1000;

    private final KvBudget budget = new KvBudget(LIMIT);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Cancellation atTheEnd = new Cancellation();

    @AfterEach
    void close() {
        atTheEnd.cancel();
        threads.close();
    }

    @Test
    void jobsTakeAFourthTogetherAndCallsFindTheRest() throws Exception {
        KvBudget.Reservation first = reserve(200, Work.LIVE_JOB);
        KvBudget.Reservation second = reserve(50, Work.BATCH_CALL);
        Future<KvBudget.Reservation> third = later(1, Work.BATCH_JOB);
        assertThat(reserve(750, Work.CALL)).isNotNull();
        assertThat(third.isDone()).isFalse();
        second.close();
        third.get().close();
        first.close();
        assertThat(budget.usedBytes()).isEqualTo(750);
    }

    @Test
    void aLiveJobPassesWhatNobodyWaitsFor() {
        KvBudget.Reservation line = reserve(250, Work.BATCH_CALL);
        Future<KvBudget.Reservation> another = later(250, Work.BATCH_JOB);
        reserve(200, Work.LIVE_JOB).close();
        assertThat(another.isDone()).isFalse();
        line.close();
    }

    @Test
    void oneJobMayTakeAllThatIsFree() throws Exception {
        KvBudget.Reservation call = reserve(500, Work.CALL);
        Future<KvBudget.Reservation> large = later(600, Work.BATCH_JOB);
        Future<KvBudget.Reservation> small = later(10, Work.BATCH_JOB);
        call.close();
        KvBudget.Reservation taken = large.get();
        assertThat(small.isDone())
                .as("it waits behind the large one, and beside it")
                .isFalse();
        taken.close();
        small.get();
    }

    @Test
    void callsWaitInTheOrderOfComingAndBeforeJobs() throws Exception {
        KvBudget.Reservation first = reserve(900, Work.CALL);
        reserve(10, Work.LIVE_JOB).close();
        Future<KvBudget.Reservation> large = later(1000, Work.CALL);
        Future<KvBudget.Reservation> job = later(10, Work.LIVE_JOB);
        Future<KvBudget.Reservation> small = later(101, Work.CALL);
        first.close();
        KvBudget.Reservation all = large.get();
        assertThat(small.isDone()).isFalse();
        assertThat(job.isDone()).isFalse();
        all.close();
        small.get();
        job.get();
    }

    @Test
    void whoHoldsSomeAlreadyIsRefusedAndDoesNotWait() {
        KvBudget.Reservation _ = reserve(900, Work.CALL);
        assertThatThrownBy(() -> budget.reserve(101))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        budget.reserve(100).close();
    }

    @Test
    void whoIsCancelledOrOutOfTimeWaitsNoLonger() throws Exception {
        KvBudget.Reservation all = reserve(LIMIT, Work.CALL);
        Cancellation cancellation = new Cancellation();
        Future<?> cancelled = threads.submit(() -> budget.reserve(10, Work.LIVE_JOB, cancellation));
        Future<?> late = threads.submit(() -> budget.reserve(10, Work.LIVE_JOB, Cancellation.withTimeout(1_000_000)));
        cancellation.cancel();
        assertEnds(cancelled, ErrorCode.CANCELLED);
        assertEnds(late, ErrorCode.DEADLINE_EXCEEDED);
        all.close();
        reserve(10, Work.LIVE_JOB).close();
        assertThat(budget.usedBytes()).isZero();
    }

    /** All have their turn, and never more than the fourth is taken. */
    @Test
    void isNeverExceededHoweverManyAsk() throws Exception {
        AtomicLong taken = new AtomicLong();
        List<Long> sums = new CopyOnWriteArrayList<>();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> all = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(threads.submit(() -> {
                start.await();
                long bytes = ThreadLocalRandom.current().nextLong(1, LIMIT / 4);
                try (KvBudget.Reservation _ = budget.reserve(bytes, Work.BATCH_JOB, atTheEnd)) {
                    sums.add(taken.addAndGet(bytes));
                    Thread.yield();
                    taken.addAndGet(-bytes);
                }
                return null;
            }));
        }
        start.countDown();
        for (Future<?> one : all) {
            one.get();
        }
        assertThat(sums).hasSize(300).allMatch(sum -> sum <= LIMIT / 4);
        assertThat(budget.usedBytes()).isZero();
    }

    private KvBudget.Reservation reserve(long bytes, Work work) {
        return budget.reserve(bytes, work, atTheEnd);
    }

    /** In line when it returns. */
    private Future<KvBudget.Reservation> later(long bytes, Work work) {
        int before = budget.waiting();
        Future<KvBudget.Reservation> later = threads.submit(() -> reserve(bytes, work));
        while (budget.waiting() == before) {
            Thread.onSpinWait();
        }
        return later;
    }

    private static void assertEnds(Future<?> call, ErrorCode code) {
        assertThatThrownBy(call::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
