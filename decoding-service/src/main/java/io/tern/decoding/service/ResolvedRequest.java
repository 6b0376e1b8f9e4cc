package io.tern.decoding.service;

import io.tern.base.Cancellation;
import io.tern.decoding.Decoder;
import io.tern.decoding.DecodingRequest;
import io.tern.decoding.v1.GenerateResponse;
import java.util.function.Consumer;

/** A request that its model has accepted. */
record ResolvedRequest(TextModel model, DecodingRequest request) {
    void run(Consumer<GenerateResponse> sink, Cancellation cancellation) {
        DecodingProtos protos = new DecodingProtos(model.model().info().id(), model.tokenizer());
        new Decoder(model.model(), model.tokenizer())
                .decode(request, event -> sink.accept(protos.response(event)), cancellation);
    }
}
