package io.tern.generation.service;

import io.tern.serving.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Pictures from text over gRPC and, where Kafka is, as jobs. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(GenerationConfiguration.class)
public class GenerationApplication {
    public static void main(String[] arguments) {
        ServiceApplication.run(GenerationApplication.class, "generation", arguments);
    }
}
