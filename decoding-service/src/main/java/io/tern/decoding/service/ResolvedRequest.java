package io.tern.decoding.service;

import io.tern.base.Cancellation;
import io.tern.decoding.Decoder;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.v1.GenerateResponse;
import io.tern.serving.Lease;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that its model has accepted. Holds the model until it is closed. */
record ResolvedRequest(Lease<TextModel> lease, DecodingRequest request) implements AutoCloseable {
    /** @param tenant whose texts share their beginnings; null: nobody's */
    void run(@Nullable String tenant, Consumer<GenerateResponse> sink, Cancellation cancellation) {
        TextModel model = lease.model();
        DecodingProtos protos = new DecodingProtos(model.model().info().id(), model.tokenizer());
        new Decoder(model.model(), model.tokenizer(), model.drafters(), tenant)
                .decode(request, event -> sink.accept(protos.response(event)), cancellation);
    }

    @Override
    public void close() {
        lease.close();
    }
}
