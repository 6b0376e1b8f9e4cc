package io.tern.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProcessorTimeTest {
    /** What a thread has run itself is a part of it. */
    @Test
    @Timeout(60)
    void countsAtLeastWhatThisThreadRuns() {
        var threads = ManagementFactory.getThreadMXBean();
        long before = ProcessorTime.nanos();
        long own = threads.getCurrentThreadCpuTime();
        while (threads.getCurrentThreadCpuTime() - own < 20_000_000) {
            Thread.onSpinWait();
        }
        assertThat(ProcessorTime.nanos() - before).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void countsNoTimeInWhichNothingRuns() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) { // other threads of the process may run now and then
            long before = ProcessorTime.nanos();
            Thread.sleep(50);
            least = Math.min(least, ProcessorTime.nanos() - before);
        }
        assertThat(least).isLessThan(25_000_000);
    }
}
