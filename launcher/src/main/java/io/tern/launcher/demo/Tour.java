package io.tern.launcher.demo;

import com.google.protobuf.ByteString;
import io.tern.decoding.v1.DecodingServiceGrpc;
import io.tern.decoding.v1.Finished;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.decoding.v1.Message;
import io.tern.detection.v1.DetectRequest;
import io.tern.detection.v1.DetectResponse;
import io.tern.detection.v1.Detection;
import io.tern.detection.v1.DetectionServiceGrpc;
import io.tern.generation.v1.GenerateRequest;
import io.tern.generation.v1.GeneratedImage;
import io.tern.generation.v1.GenerationServiceGrpc;
import io.tern.launcher.report.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;

/** One real request to each service, and what comes back. */
public final class Tour {
    private static final String QUESTION = "What is the capital of France?";
    private static final String PROMPT = "red apple";

    private final Gateway gateway;
    private final Console console;
    private final Path folder;

    /** @param folder where pictures are written */
    public Tour(Gateway gateway, Console console, Path folder) {
        this.gateway = gateway;
        this.console = console;
        this.folder = folder;
    }

    /**
     * @param photograph to detect in
     * @throws io.grpc.StatusRuntimeException what a service refuses
     */
    public void run(Path photograph) throws IOException {
        Files.createDirectories(folder);
        text();
        picture();
        detection(photograph);
    }

    private void text() {
        console.line("Text: " + QUESTION);
        var request = io.tern.decoding.v1.GenerateRequest.newBuilder()
                .addMessages(Message.newBuilder().setRole("user").setContent(QUESTION))
                .setMaxTokens(96)
                .setTemperature(0)
                .build();
        Iterator<GenerateResponse> events = gateway.call(DecodingServiceGrpc.newBlockingStub(gateway.channel()))
                .generate(request);
        StringBuilder text = new StringBuilder();
        Finished end = Finished.getDefaultInstance();
        while (events.hasNext()) {
            GenerateResponse event = events.next();
            text.append(event.getStep().getText()).append(event.getFinished().getText());
            console.live(tail(text));
            end = event.hasFinished() ? event.getFinished() : end;
        }
        text.toString().strip().lines().forEach(line -> console.line("  " + line));
        var speculation = end.getSpeculation();
        console.line("  %d tokens in %.1f s, %.1f a second; %d of %d drafted tokens (%s) were accepted"
                .formatted(
                        end.getCompletionTokens(),
                        end.getTotalSeconds(),
                        end.getCompletionTokens() / end.getTotalSeconds(),
                        speculation.getAcceptedTokens(),
                        speculation.getDraftedTokens(),
                        speculation.getDrafter()));
    }

    private void picture() throws IOException {
        console.line("Picture: " + PROMPT);
        long start = System.nanoTime();
        var events = gateway.call(GenerationServiceGrpc.newBlockingStub(gateway.channel()))
                .generate(GenerateRequest.newBuilder()
                        .setPrompt(PROMPT)
                        .setSeed(1)
                        .build());
        GeneratedImage image = GeneratedImage.getDefaultInstance();
        while (events.hasNext()) {
            var event = events.next();
            if (event.hasProgress()) {
                console.live("  step " + event.getProgress().getStep() + " of "
                        + event.getProgress().getSteps());
            }
            image = event.hasImage() ? event.getImage() : image;
        }
        console.line("  %.1f s: %s".formatted(since(start), written("picture.png", image.getPng())));
    }

    private void detection(Path photograph) throws IOException {
        console.line("Detection: " + photograph);
        long start = System.nanoTime();
        DetectRequest request = DetectRequest.newBuilder()
                .setImage(ByteString.copyFrom(Files.readAllBytes(photograph)))
                .setAnnotate(true)
                .build();
        DetectResponse answer = gateway.call(DetectionServiceGrpc.newBlockingStub(gateway.channel()))
                .detect(request);
        for (Detection found : answer.getResults(0).getDetectionsList()) {
            console.line("  %s %.2f at %.0f, %.0f .. %.0f, %.0f"
                    .formatted(
                            found.getClassName(),
                            found.getScore(),
                            found.getBox().getX1(),
                            found.getBox().getY1(),
                            found.getBox().getX2(),
                            found.getBox().getY2()));
        }
        ByteString drawn = answer.getResults(0).getAnnotated();
        console.line("  %.1f s: %s".formatted(since(start), written("boxes.png", drawn)));
    }

    private Path written(String name, ByteString file) throws IOException {
        return Files.write(folder.resolve(name), file.toByteArray());
    }

    private static String tail(StringBuilder text) {
        String line = text.toString().replace('\n', ' ');
        return "  " + line.substring(Math.max(0, line.length() - 70));
    }

    private static double since(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
