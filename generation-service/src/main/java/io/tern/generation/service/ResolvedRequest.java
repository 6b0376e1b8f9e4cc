package io.tern.generation.service;

import io.tern.base.Cancellation;
import io.tern.base.Priority;
import io.tern.generation.GenerationRequest;
import io.tern.generation.ImageGenerator;
import io.tern.generation.PictureEncoding;
import io.tern.generation.v1.GenerateResponse;
import io.tern.serving.Lease;
import java.util.function.Consumer;

/** A request that its model has accepted. Holds the model until it is closed. */
record ResolvedRequest(Lease<ImageGenerator> lease, GenerationRequest request, PictureEncoding encoding)
        implements AutoCloseable {
    void run(Priority priority, Consumer<GenerateResponse> sink, Cancellation cancellation) {
        lease.model()
                .generate(
                        request,
                        priority,
                        event -> sink.accept(GenerationProtos.response(event, encoding)),
                        cancellation);
    }

    @Override
    public void close() {
        lease.close();
    }
}
