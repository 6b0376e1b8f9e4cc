package io.tern.gateway;

import io.tern.serving.ParentWatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The gateway's main class. */
@SpringBootApplication
@Import({GatewayConfiguration.class, JobsConfiguration.class, FilesConfiguration.class, GrpcConfiguration.class})
public class GatewayApplication {
    public static void main(String[] arguments) {
        var context = SpringApplication.run(GatewayApplication.class, arguments);
        if (context.getBean(GatewayProperties.class).supervised()) {
            ParentWatch.start();
        }
    }
}
