package io.tern.gateway.upstream;

import java.util.List;

/** The three services. */
public record Upstreams(Upstream detection, Upstream generation, Upstream decoding) implements AutoCloseable {
    public List<Upstream> all() {
        return List.of(detection, generation, decoding);
    }

    @Override
    public void close() {
        all().forEach(Upstream::close);
    }
}
