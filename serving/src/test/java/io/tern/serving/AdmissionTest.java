package io.tern.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Context;
import io.tern.base.Cancellation;
import io.tern.base.ErrorCode;
import io.tern.base.Priority;
import io.tern.base.TernException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class AdmissionTest {
    @Test
    void neverLetsMoreRunThanItsBound() throws Exception {
        Admission admission = new Admission(3, 1000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                try (Admission.Permit _ = admission.enter(Cancellation.none())) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    inside.decrementAndGet();
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(admission.running()).isZero();
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void refusesAtOnceWhenItsQueueIsFull() throws Exception {
        Admission admission = new Admission(1, 1);
        Admission.Permit first = admission.enter(Cancellation.none());
        Thread waiting = Thread.ofVirtual()
                .start(() -> admission.enter(Cancellation.none()).close());
        awaitWaiting(admission, 1);
        assertThatThrownBy(() -> admission.enter(Cancellation.none()))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
        first.close();
        waiting.join();
        assertThat(admission.running()).isZero();
    }

    @Test
    void servesInOrderOfArrival() throws Exception {
        Admission admission = new Admission(1, 100);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        Admission.Permit first = admission.enter(Cancellation.none());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try (Admission.Permit _ = admission.enter(Cancellation.none())) {
                    order.add(number);
                }
            }));
            awaitWaiting(admission, i + 1);
        }
        first.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).isSorted().hasSize(20);
    }

    @Test
    void aWaiterThatLeavesFreesItsPlace() throws Exception {
        Admission admission = new Admission(1, 1);
        Admission.Permit first = admission.enter(Cancellation.none());
        Cancellation leaving = new Cancellation();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread waiting = Thread.ofVirtual().start(() -> {
            try {
                admission.enter(leaving).close();
            } catch (TernException e) {
                thrown.add(e);
            }
        });
        awaitWaiting(admission, 1);
        leaving.cancel();
        waiting.join();
        assertThat(thrown).hasSize(1);
        assertThat(admission.waiting()).isZero();
        first.close();
        admission.enter(Cancellation.none()).close();
    }

    @Test
    void closingAPermitTwiceFreesOnePlace() {
        Admission admission = new Admission(2, 0);
        Admission.Permit first = admission.enter(Cancellation.none());
        Admission.Permit second = admission.enter(Cancellation.none());
        first.close();
        first.close();
        assertThat(admission.running()).isEqualTo(1);
        second.close();
    }

    @Test
    void jobsTakeTheRoomThatRequestsLeave() throws Exception {
        Admission admission = new Admission(2, 3, 10, Admission.NO_LIMIT);
        List<Admission.Permit> running = new ArrayList<>();
        running.add(admission.enter(Cancellation.none()));
        running.add(job(admission, Priority.LIVE));
        running.add(job(admission, Priority.LIVE));
        Thread third = startJob(admission, Priority.LIVE);
        awaitHeld(admission, 1);
        running.add(admission.enter(Cancellation.none())); // a request's own place, whatever the jobs have
        running.get(1).close();
        assertThat(admission.jobsWaiting()).as("three run").isEqualTo(1);
        running.get(0).close();
        third.join();
        running.forEach(Admission.Permit::close);
        assertThat(admission.running() + admission.jobsRunning()).isZero();
    }

    @Test
    void oneJobOfEachPriorityAndOneLineRunBesideAnyNumberOfRequests() {
        Admission admission = new Admission(4, 1, 0, Admission.NO_LIMIT);
        for (int i = 0; i < 4; i++) {
            admission.enter(Cancellation.none());
        }
        job(admission, Priority.LIVE);
        job(admission, Priority.BATCH);
        line(admission);
        assertThat(admission.running()).isEqualTo(5);
        assertThat(admission.jobsRunning()).isEqualTo(2);
        assertThatThrownBy(() -> line(admission))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    @Test
    void moreOfABatchRunOnlyWhileNothingElseDoes() throws Exception {
        Admission admission = new Admission(8, 8, 10, Admission.NO_LIMIT);
        job(admission, Priority.BATCH);
        job(admission, Priority.BATCH).close();
        Admission.Permit live = job(admission, Priority.LIVE);
        Thread batch = startJob(admission, Priority.BATCH);
        awaitHeld(admission, 1);
        Admission.Permit request = admission.enter(Cancellation.none());
        live.close();
        assertThat(admission.jobsWaiting()).isEqualTo(1);
        request.close();
        batch.join();
        assertThat(admission.jobsRunning()).isEqualTo(1);
    }

    @Test
    void aJobThatExpiresOrIsGivenBackWhileItWaitsLeaves() throws Exception {
        Admission admission = new Admission(1, 1, 0, Admission.NO_LIMIT);
        job(admission, Priority.LIVE);
        assertThatThrownBy(() -> admission.enter(Priority.LIVE, Cancellation.withTimeout(1_000_000)))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        Cancellation back = new Cancellation();
        List<Throwable> thrown = Collections.synchronizedList(new ArrayList<>());
        Thread leaving = Thread.ofVirtual().start(() -> {
            try {
                admission.enter(Priority.LIVE, back).close();
            } catch (TernException e) {
                thrown.add(e);
            }
        });
        awaitHeld(admission, 1);
        back.cancel();
        leaving.join();
        assertThat(thrown).hasSize(1);
        assertThat(admission.jobsWaiting()).isZero();
    }

    @Test
    void aCallThatWasAcceptedWaitsWhereAnotherIsRefused() throws Exception {
        Admission admission = new Admission(1, 1);
        Admission.Turns film = admission.turns();
        film.next(Cancellation.none()).close();
        Admission.Permit running = admission.enter(Cancellation.none());
        Thread waiting = Thread.ofVirtual()
                .start(() -> admission.enter(Cancellation.none()).close());
        awaitWaiting(admission, 1);
        assertOverloaded(() -> admission.enter(Cancellation.none()));
        assertOverloaded(() -> admission.turns().next(Cancellation.none()));
        Thread frame =
                Thread.ofVirtual().start(() -> film.next(Cancellation.none()).close());
        awaitWaiting(admission, 2);
        running.close();
        waiting.join();
        frame.join();
        assertThat(admission.running() + admission.waiting()).isZero();
    }

    @Test
    void laterTurnsAreInOneLineWithAllOthers() throws Exception {
        Admission admission = new Admission(1, 100);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Admission.Turns> films = acceptedFilms(admission, 10);
        Admission.Permit running = admission.enter(Cancellation.none());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().start(() -> {
                try (Admission.Permit _ = number % 2 == 0
                        ? films.get(number / 2).next(Cancellation.none())
                        : admission.enter(Cancellation.none())) {
                    order.add(number);
                }
            }));
            awaitWaiting(admission, i + 1);
        }
        running.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(order).isSorted().hasSize(20);
    }

    @Test
    void laterTurnsLeaveHalfOfTheLineToOthers() throws Exception {
        Admission admission = new Admission(1, 4);
        List<Admission.Turns> films = acceptedFilms(admission, 6);
        Admission.Permit running = admission.enter(Cancellation.none());
        List<Thread> threads = new ArrayList<>();
        for (Admission.Turns film : films) {
            threads.add(Thread.ofVirtual()
                    .start(() -> film.next(Cancellation.none()).close()));
        }
        awaitWaiting(admission, 6);
        for (int call = 1; call <= 2; call++) {
            threads.add(Thread.ofVirtual()
                    .start(() -> admission.enter(Cancellation.none()).close()));
            awaitWaiting(admission, 6 + call);
        }
        assertOverloaded(() -> admission.enter(Cancellation.none()));
        running.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(admission.waiting()).isZero();
    }

    @Test
    void aLaterTurnWaitsNoLongerThanItsCall() throws Exception {
        Admission admission = new Admission(1, 2);
        Admission.Turns film = acceptedFilms(admission, 1).getFirst();
        Admission.Permit running = admission.enter(Cancellation.none());
        assertThatThrownBy(() -> film.next(Cancellation.withTimeout(1_000_000)))
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED));
        List<Thread> threads = new ArrayList<>();
        for (int call = 1; call <= 2; call++) {
            threads.add(Thread.ofVirtual()
                    .start(() -> admission.enter(Cancellation.none()).close()));
            awaitWaiting(admission, call);
        }
        assertOverloaded(() -> admission.enter(Cancellation.none()));
        running.close();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void noMoreStreamsAreOpenThanItsBound() {
        OpenStreams streams = new OpenStreams(2);
        OpenStreams.Place first = streams.enter();
        streams.enter();
        assertOverloaded(streams::enter);
        assertOverloaded(streams::enter);
        assertThat(streams.open()).isEqualTo(2);
        first.close();
        streams.enter();
        assertThat(streams.open()).isEqualTo(2);
    }

    private static List<Admission.Turns> acceptedFilms(Admission admission, int count) {
        List<Admission.Turns> films = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Admission.Turns film = admission.turns();
            film.next(Cancellation.none()).close();
            films.add(film);
        }
        return films;
    }

    private static void assertOverloaded(ThrowingCallable refused) {
        assertThatThrownBy(refused)
                .isInstanceOfSatisfying(
                        TernException.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    /** Any mixture ends, and calls never exceed their bound. */
    @Test
    void everybodyHasATurn() throws Exception {
        Admission admission = new Admission(3, 4, 1000, Admission.NO_LIMIT);
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            int kind = i % 4;
            threads.add(Thread.ofVirtual().start(() -> {
                awaitQuietly(start);
                try (Admission.Permit _ = switch (kind) {
                    case 0 -> admission.enter(Cancellation.none());
                    case 1 -> job(admission, Priority.LIVE);
                    case 2 -> job(admission, Priority.BATCH);
                    default -> line(admission);
                }) {
                    if (kind == 0) {
                        most.accumulateAndGet(calls.incrementAndGet(), Math::max);
                    }
                    Thread.yield();
                    if (kind == 0) {
                        calls.decrementAndGet();
                    }
                }
            }));
        }
        start.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 3);
        assertThat(admission.running() + admission.waiting() + admission.jobsRunning() + admission.jobsWaiting())
                .isZero();
    }

    private static Admission.Permit job(Admission admission, Priority priority) {
        return admission.enter(priority, Cancellation.none());
    }

    private static Thread startJob(Admission admission, Priority priority) {
        return Thread.ofVirtual().start(() -> job(admission, priority).close());
    }

    private static Admission.Permit line(Admission admission) {
        Context call = Context.current().withValue(CallPriority.CURRENT, Priority.BATCH);
        Context before = call.attach();
        try {
            return admission.enter(Cancellation.none());
        } finally {
            call.detach(before);
        }
    }

    private static void awaitHeld(Admission admission, int jobs) {
        while (admission.jobsWaiting() < jobs) {
            Thread.onSpinWait();
        }
    }

    private static void awaitWaiting(Admission admission, int count) {
        while (admission.waiting() < count) {
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
