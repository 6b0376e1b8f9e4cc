package io.tern.detection.service;

import io.tern.serving.ServiceApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/** Object detection over gRPC and, where Kafka is, as jobs. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(DetectionConfiguration.class)
public class DetectionApplication {
    public static void main(String[] arguments) {
        ServiceApplication.run(DetectionApplication.class, "detection", arguments);
    }
}
