package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a process of its own, as it ends it. */
@Timeout(60)
class EngineEndTest {
    /** A thread that never comes back, as a run that hangs, holds nothing up. */
    @Test
    void theProcessEndsWithACodeOfItsOwnWhateverHangsInIt() throws Exception {
        assertThat(exitOf("dies")).isEqualTo(70);
    }

    /** The control: such a process does not end with it by itself. */
    @Test
    void aProcessWhoseEngineLivesEndsAsItWants() throws Exception {
        assertThat(exitOf("lives")).isZero();
    }

    private static int exitOf(String engine) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hanging.class.getName(),
                        engine))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    static final class Hanging {
        public static void main(String[] arguments) throws InterruptedException {
            if (arguments[0].equals("dies")) {
                new EngineEnd().run();
                new CountDownLatch(1).await();
            }
        }
    }
}
