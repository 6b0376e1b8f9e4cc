package io.tern.serving;

import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts a service with the defaults that all three share; command line and environment override them. */
public final class ServiceApplication {
    private static final Map<String, Object> DEFAULTS = Map.of(
            // Pictures and latents travel in one message.
            "spring.grpc.server.inbound.message.max-size", "32MB",
            "spring.grpc.server.address", "127.0.0.1",
            // Calls in flight may end within this time after SIGTERM.
            "spring.grpc.server.shutdown.grace-period", "3s",
            "spring.main.keep-alive", "true",
            // The gateway pings every 10 s while a connection is silent; more often than once in 5 s is abuse.
            "spring.grpc.server.keepalive.permit.time", "5s",
            "spring.grpc.server.keepalive.permit.without-calls", "true",
            "logging.level.root", "WARN",
            "logging.level.org.apache.kafka", "ERROR",
            "logging.level.io.tern", "INFO");

    private ServiceApplication() {}

    public static ConfigurableApplicationContext run(Class<?> application, String name, String... arguments) {
        SpringApplication spring = new SpringApplication(application);
        spring.setBannerMode(Banner.Mode.OFF);
        spring.setWebApplicationType(WebApplicationType.NONE);
        spring.setDefaultProperties(DEFAULTS);
        spring.addInitializers(context -> context.setId(name));
        spring.setRegisterShutdownHook(true);
        ConfigurableApplicationContext context = spring.run(arguments);
        if (context.getBean(ServingProperties.class).supervised()) {
            ParentWatch.start();
        }
        return context;
    }
}
