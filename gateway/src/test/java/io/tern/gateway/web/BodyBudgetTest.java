package io.tern.gateway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.ErrorCode;
import io.tern.base.TernException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private final BodyBudget budget = new BodyBudget(1000);

    @Test
    void whatOneTakesAnotherHasNotUntilItEnds() {
        during(share -> {
            share.take(600);
            during(other -> assertOverloaded(() -> other.take(401)));
        });
        during(share -> share.take(1000));
    }

    /** As by a thread that unpacks a body whose caller has hung up. */
    @Test
    void whatIsTakenAfterTheEndIsGivenBack() {
        AtomicReference<BodyBudget.Share> ended = new AtomicReference<>();
        during(ended::set);
        ended.get().take(600);
        during(share -> share.take(1000));
    }

    @Test
    void anUnpackedBodyTakesWhatItGrowsBy() {
        byte[] body = new byte[900];
        new Random(1).nextBytes(body);
        for (Packing packing : new Packing[] {Packing.GZIP, Packing.DEFLATE}) {
            byte[] packed = packing.pack(body); // no smaller
            during(share -> {
                share.take(packed.length);
                assertThat(packing.unpack(packed, 1000, share)).isEqualTo(body);
            });
            byte[] bomb = packing.pack(new byte[5000]);
            during(share -> {
                share.take(bomb.length);
                assertOverloaded(() -> packing.unpack(bomb, 10_000, share));
            });
        }
    }

    private static void assertOverloaded(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    private void during(Consumer<BodyBudget.Share> request) {
        BodyBudget.Share share = budget.new Share();
        try {
            request.accept(share);
        } finally {
            share.end();
        }
    }
}
