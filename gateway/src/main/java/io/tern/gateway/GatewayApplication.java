package io.tern.gateway;

import java.io.IOException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Import;

/** The gateway's main class. */
@SpringBootApplication
@Import({GatewayConfiguration.class, GrpcConfiguration.class})
public class GatewayApplication {
    public static void main(String[] arguments) {
        var context = SpringApplication.run(GatewayApplication.class, arguments);
        if (context.getBean(GatewayProperties.class).supervised()) {
            watchParent();
        }
    }

    /** The launcher holds the other end of standard input, so no orphan outlives it. */
    private static void watchParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // the launcher never writes
                }
            } catch (IOException _) {
                // a broken pipe is an end as well
            }
            System.exit(0);
        });
    }
}
