package io.tern.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobIdTest {
    @Test
    void sortsByAge() {
        assertThat(JobId.next(1)).isLessThan(JobId.next(2));
        assertThat(JobId.next(1_795_543_061_067L)).isLessThan(JobId.next(1_795_543_061_068L));
        assertThat(JobId.next((1L << 48) - 1))
                .isGreaterThan(JobId.next(1L << 47))
                .hasSize(26);
    }

    @Test
    void differsWithinAMillisecond() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            ids.add(JobId.next(7));
        }
        assertThat(ids).hasSize(10_000).allMatch(JobId::isValid);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "..", ".", "a/b", "../../etc/passwd", "a\\b", "%2e%2e%2f", "a\u0000", "ä", "a b", "a\n"})
    void refusesNamesThatCouldLeaveTheirFolder(String id) {
        assertThatThrownBy(() -> JobId.require(id)).isInstanceOf(TernException.class);
        assertThatThrownBy(() -> JobId.require("a".repeat(65))).isInstanceOf(TernException.class);
    }
}
