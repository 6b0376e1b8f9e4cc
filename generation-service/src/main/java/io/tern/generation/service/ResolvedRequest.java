package io.tern.generation.service;

import io.tern.base.Cancellation;
import io.tern.generation.GenerationRequest;
import io.tern.generation.ImageGenerator;
import io.tern.generation.v1.GenerateResponse;
import java.util.function.Consumer;

/** A request that its model has accepted. */
record ResolvedRequest(ImageGenerator generator, GenerationRequest request) {
    void run(Consumer<GenerateResponse> sink, Cancellation cancellation) {
        generator.generate(request, event -> sink.accept(GenerationProtos.response(event)), cancellation);
    }
}
