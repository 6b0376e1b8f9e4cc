package io.tern.decoding.service;

import io.tern.base.Cancellation;
import io.tern.base.Work;
import io.tern.decoding.Decoder;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.serving.Lease;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that its model has accepted. Holds the model until it is closed. */
record ResolvedRequest(Lease<TextModel> lease, DecodingRequest request, TextMetrics metrics) implements AutoCloseable {
    /** @param tenant whose texts share their beginnings; null: nobody's */
    void run(Work work, @Nullable String tenant, Consumer<GenerateResponse> sink, Cancellation cancellation) {
        TextModel model = lease.model();
        String id = model.model().info().id();
        String drafter = request.speculation().drafter().wireName();
        DecodingProtos protos = new DecodingProtos(id, model.tokenizer(), model.callFormat());
        new Decoder(model.model(), model.tokenizer(), model.drafters(), tenant)
                .decode(
                        request,
                        work,
                        event -> {
                            metrics.observe(id, drafter, event);
                            sink.accept(protos.response(event));
                        },
                        cancellation);
    }

    @Override
    public void close() {
        lease.close();
    }
}
