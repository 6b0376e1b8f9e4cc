package io.tern.decoding.service;

import io.tern.serving.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Text from language models over gRPC and, where Kafka is, as jobs. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(DecodingConfiguration.class)
public class DecodingApplication {
    public static void main(String[] arguments) {
        ServiceApplication.run(DecodingApplication.class, "decoding", arguments);
    }
}
