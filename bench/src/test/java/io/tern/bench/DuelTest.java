package io.tern.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DuelTest {
    private static final Duel.Settings BRIEF = new Duel.Settings(1, 3, 1000);

    @Test
    void refusesContendersThatComputeSomethingElse() {
        Duel duel = new Duel("case", "peer", () -> 1.0, () -> 2.0);
        assertThatIllegalStateException().isThrownBy(() -> duel.fight(BRIEF)).withMessage("case: 2.0 (expected: 1.0)");
    }

    @Test
    void measuresBothInTurns() throws Exception {
        StringBuilder turns = new StringBuilder();
        Duel duel = new Duel("case", "peer", () -> turn(turns, 't'), () -> turn(turns, 'o'));
        Duel.Outcome outcome = duel.fight(BRIEF);
        String counted = turns.substring(turns.length() - 6 * outcome.callsPerTurn());
        String their = "t".repeat(outcome.callsPerTurn());
        String our = "o".repeat(outcome.callsPerTurn());
        assertThat(counted).isEqualTo(their + our + our + their + their + our);
    }

    @Test
    void givesTheMedianOfTheRatiosNotTheRatioOfTheMedians() {
        Duel.Outcome outcome = Duel.Outcome.of(
                "case", "peer", 1, new double[] {10, 40, 30, 80, 50}, new double[] {10, 10, 10, 10, 10});
        assertThat(outcome.ratio()).isEqualTo(4);
        assertThat(outcome.lowerQuartile()).isEqualTo(3);
        assertThat(outcome.upperQuartile()).isEqualTo(5);
        assertThat(outcome.theirNanos()).isEqualTo(40);
    }

    @Test
    void reportsAsJsonAndAsATable() {
        Report report = new Report(
                Map.of("processor", "a \"quoted\" one"),
                Map.of(),
                List.of(new Duel.Outcome("case", "peer", 1, 2000, 1000, 2, 1.9, 2.1)));
        assertThat(report.json())
                .contains("\"processor\": \"a \\\"quoted\\\" one\"")
                .contains("{\"name\": \"case\", \"against\": \"peer\", \"callsPerTurn\": 1, \"theirs\": 2000, "
                        + "\"ours\": 1000, \"ratio\": 2.000, \"lowerQuartile\": 1.900, \"upperQuartile\": 2.100}");
        assertThat(report.table()).contains("2.00").contains("1.90..2.10");
    }

    private static double turn(StringBuilder turns, char who) {
        turns.append(who);
        return 1;
    }
}
