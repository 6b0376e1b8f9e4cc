package io.tern.gateway;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.http.client.ReactorResourceFactory;

/** What is different in tests. */
class TestBeans {
    @Bean
    @Primary
    FakeJobs fakeJobs() {
        return new FakeJobs();
    }

    /** Threads of its own for each gateway: the end of one must not end those of another in the same JVM. */
    @Bean
    ReactorResourceFactory ownThreads() {
        ReactorResourceFactory factory = new ReactorResourceFactory();
        factory.setUseGlobalResources(false);
        return factory;
    }
}
