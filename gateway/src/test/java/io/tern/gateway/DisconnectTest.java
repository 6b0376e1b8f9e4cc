package io.tern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody waits for any more is not worked on: the service hears of it within a second. */
class DisconnectTest {
    private static final long PROMPTLY_MILLIS = 1_000;

    private final TestGateway gateway = TestGateway.shared();
    private final Marks marks = gateway.services.decoding.marks;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavingBeforeTheFirstByteCancelsTheCall(boolean stream) throws IOException, InterruptedException {
        String prompt = "hang before the first byte, stream " + stream;
        try (Socket client = post(prompt, stream)) {
            marks.await("begun " + prompt);
        }
        assertThat(marks.happensWithin("cancelled " + prompt, PROMPTLY_MILLIS)).isTrue();
    }

    @Test
    void leavingWithinAStreamCancelsTheCall() throws IOException, InterruptedException {
        String prompt = "step-hang within";
        try (Socket client = post(prompt, true)) {
            readUntil(client, "One");
        }
        assertThat(marks.happensWithin("cancelled " + prompt, PROMPTLY_MILLIS)).isTrue();
    }

    @Test
    void leavingAFloodCancelsTheCall() throws IOException, InterruptedException {
        String prompt = "flood and leave";
        try (Socket client = post(prompt, true)) {
            readUntil(client, "xxx");
        }
        assertThat(marks.happensWithin("cancelled " + prompt, PROMPTLY_MILLIS)).isTrue();
    }

    @Test
    void aQuietStreamIsKeptAlive() throws IOException {
        try (Socket client = post("step-hang quietly", true)) {
            readUntil(client, ": keep-alive");
        }
    }

    @Test
    void aReaderThatStopsHoldsLittleMemory() throws IOException, InterruptedException {
        AtomicLong flooded = gateway.services.decoding.flooded;
        try (Socket client = post("flood slowly", true)) {
            readUntil(client, "xxx");
            long before = flooded.get();
            long sent;
            do {
                sent = flooded.get();
                TimeUnit.MILLISECONDS.sleep(200); // the flood has come to rest once nothing was sent for so long
            } while (flooded.get() != sent && sent - before < 20_000);
            // 10 kB each: sockets of both legs, an HTTP/2 window of 1 MiB, 128 events of Reactor Netty.
            assertThat(sent - before).isLessThan(1_500);
        }
    }

    private Socket post(String prompt, boolean stream) throws IOException {
        byte[] body =
                "{\"prompt\":\"%s\",\"stream\":%s}".formatted(prompt, stream).getBytes(StandardCharsets.UTF_8);
        Socket socket = new Socket("127.0.0.1", gateway.port);
        socket.setSoTimeout(10_000);
        String head =
                "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(body.length);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    private static void readUntil(Socket socket, String text) throws IOException {
        BufferedReader reader = reader(socket);
        String line = reader.readLine();
        while (line != null && !line.contains(text)) {
            line = reader.readLine();
        }
        assertThat(line).isNotNull();
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }
}
