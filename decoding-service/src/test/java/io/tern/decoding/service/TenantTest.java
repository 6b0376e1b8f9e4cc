package io.tern.decoding.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

class TenantTest {
    @Test
    void callersAreToldApartByTheirKeysWhichAreNotKept() {
        assertThat(tenant("Bearer a")).isEqualTo(tenant("Bearer a")).isNotEqualTo(tenant("Bearer b"));
        assertThat(tenant("Bearer a")).doesNotContain("Bearer");
        assertThat(Tenant.of(new Metadata())).isEqualTo(Tenant.current()).isNotEqualTo(tenant("Bearer a"));
    }

    private static String tenant(String key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), key);
        return Tenant.of(headers);
    }
}
