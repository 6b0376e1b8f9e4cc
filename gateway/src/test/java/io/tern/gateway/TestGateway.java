package io.tern.gateway;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.tern.wire.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;
import tools.jackson.databind.JsonNode;

/** One gateway for all tests of the module, with fake services behind it and free ports; it lives as long as the JVM. */
final class TestGateway {
    private static final class Holder {
        static final TestGateway SHARED = new TestGateway();
    }

    final FakeServices services = new FakeServices();
    final FakeOpenAiServer openAi = new FakeOpenAiServer();
    final ConfigurableApplicationContext context;
    final int port;
    final int managementPort;
    final int grpcPort;
    final ManagedChannel channel;
    private final HttpClient http = HttpClient.newHttpClient();

    static TestGateway shared() {
        return Holder.SHARED;
    }

    TestGateway(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--spring.grpc.server.port=0",
                "--tern.upstream.detection=127.0.0.1:" + services.detectionServer.getPort(),
                "--tern.upstream.generation=127.0.0.1:" + services.generationServer.getPort(),
                "--tern.upstream.decoding=127.0.0.1:" + services.decodingServer.getPort(),
                "--tern.upstreams.local.uri=" + openAi.uri(),
                "--tern.upstreams.gone.uri=http://127.0.0.1:9",
                "--tern.heartbeat=200ms"));
        arguments.addAll(List.of(more));
        context =
                new SpringApplication(GatewayApplication.class, TestBeans.class).run(arguments.toArray(String[]::new));
        port = number("local.server.port");
        managementPort = number("local.management.port");
        grpcPort = context.getBean(GrpcServerLifecycle.class).getPort();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    private int number(String property) {
        return context.getEnvironment().getRequiredProperty(property, Integer.class);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    Answer post(String path, String singleQuoted, String... headers) {
        return post(path, singleQuoted.replace('\'', '"').getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        if (request.build().headers().firstValue("Content-Type").isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
    }

    Answer method(String method, String path) {
        return send(request(path)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build());
    }

    HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(30));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    Answer send(HttpRequest request) {
        try {
            return new Answer(http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An HTTP answer. */
    record Answer(HttpResponse<byte[]> response) {
        int status() {
            return response.statusCode();
        }

        String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        JsonNode json() {
            return StrictJson.read(response.body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        List<Event> events() {
            return Event.parse(text());
        }
    }

    /** A server-sent event, as a strict client reads it. */
    record Event(String name, String id, String data) {
        static List<Event> parse(String text) {
            List<Event> events = new ArrayList<>();
            for (String block : text.split("\n\n")) {
                String name = "message";
                String id = "";
                List<String> data = new ArrayList<>();
                for (String line : block.split("\n")) {
                    if (line.startsWith("event: ")) {
                        name = line.substring(7);
                    } else if (line.startsWith("id: ")) {
                        id = line.substring(4);
                    } else if (line.startsWith("data: ")) {
                        data.add(line.substring(6));
                    } else if (!line.isEmpty() && !line.startsWith(":")) {
                        throw new IllegalStateException("no line of an event: " + line);
                    }
                }
                if (!data.isEmpty()) {
                    events.add(new Event(name, id, String.join("\n", data)));
                }
            }
            return events;
        }

        JsonNode json() {
            return StrictJson.read(data.getBytes(StandardCharsets.UTF_8));
        }
    }
}
