package io.tern.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tern.base.TernException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookHostsTest {
    private static final Set<String> ALLOWED = Set.of("hooks.example", "http://hooks.internal:8080", "http://10.0.0.7");

    private final WebhookHosts hosts = new WebhookHosts(ALLOWED, () -> false);

    @Test
    void aNamedHostIsCalledAtAPublicAddress() {
        assertThat(hosts.target("https://hooks.example/tern?x=1").isPublic()).isTrue();
        assertThat(new WebhookHosts(Set.of("*"), () -> false)
                        .target("https://any.example/")
                        .isPublic())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://hooks.internal:8080/a", "HTTP://Hooks.Internal:8080/a", "http://10.0.0.7"})
    void anOriginNamedInFullIsCalledWhereverItIs(String address) {
        assertThat(hosts.target(address).isPublic()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "http://hooks.example/",
                "https://other.example/",
                "http://hooks.internal/",
                "http://hooks.internal:8081/",
                "https://hooks.internal:8080/",
                "http://hooks.internal:8080@evil.example/",
                "http://hooks.internal:8080.evil.example/",
                "http://evil.example/http://hooks.internal:8080",
                "http://10.0.0.7.evil.example/",
                "http://10.0.0.8/",
                "http://localhost:9000/",
                "http://127.0.0.1:9000/",
                "http://[::1]:9000/",
                "file:///etc/passwd",
                "ftp://hooks.example/",
                "http://hooks.internal:8080/a b",
                "http://hooks.internal:8080/a\r\nx: y",
                "http://hooks.internal:8080\\a",
            })
    void othersAreRefused(String address) {
        assertThatThrownBy(() -> hosts.check(address))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("webhook"))
                .hasMessageContaining("(expected: ");
    }

    @Test
    void aLongAddressIsRefused() {
        assertThatThrownBy(() -> hosts.check("https://hooks.example/" + "a".repeat(2048)))
                .hasMessageContaining("2048");
    }

    @Test
    void thisMachineIsCalledWhereCallersAreOnIt() {
        WebhookHosts local = new WebhookHosts(Set.of(), () -> true);
        for (String address : new String[] {
            "http://localhost:9000/a", "http://127.0.0.1:9000", "http://[::1]:9000/", "http://localhost"
        }) {
            assertThat(local.target(address).isPublic()).isFalse();
        }
        assertThatThrownBy(() -> local.check("http://127.0.0.2:9000/")).hasMessageContaining("tern.webhook-hosts");
        assertThatThrownBy(() -> local.check("https://hooks.example/")).hasMessageContaining("tern.webhook-hosts");
    }

    @Test
    void wrongSettingsAreNamed() {
        assertThatThrownBy(() -> new WebhookHosts(Set.of("http://hooks.internal:8080/path"), () -> false))
                .hasMessageContaining("tern.webhook-hosts: http://hooks.internal:8080/path");
        assertThatThrownBy(() -> new WebhookHosts(Set.of("10.0.0.7"), () -> false))
                .hasMessageContaining("tern.webhook-hosts: 10.0.0.7");
    }
}
