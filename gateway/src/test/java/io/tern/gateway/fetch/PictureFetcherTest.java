package io.tern.gateway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tern.base.TernException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslStoreBundle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Against a server on this machine, which only a fetcher that was told to trust it may reach. */
@Timeout(60)
class PictureFetcherTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final AtomicInteger requests = new AtomicInteger();
    private static final CountDownLatch never = new CountDownLatch(1);

    private static HttpsServer server;
    private static KeyStore keys;
    private static String base;

    @TempDir
    static Path folder;

    @BeforeAll
    static void start() throws Exception {
        Path store = folder.resolve("keys.p12");
        List<String> keytool = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "a",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        assertThat(new ProcessBuilder(keytool).inheritIO().start().waitFor()).isZero();
        keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", PictureFetcherTest::answer);
        server.start();
        base = "https://localhost:" + server.getAddress().getPort();
    }

    @AfterAll
    static void stop() {
        never.countDown();
        server.stop(0);
    }

    @BeforeEach
    void count() {
        requests.set(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            switch (exchange.getRequestURI().getPath()) {
                case "/a.png" -> {
                    exchange.sendResponseHeaders(200, 3);
                    exchange.getResponseBody().write(new byte[] {1, 2, 3});
                }
                case "/moved" -> {
                    exchange.getResponseHeaders().add("Location", base + "/a.png");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/large" -> {
                    exchange.sendResponseHeaders(200, 0);
                    for (int i = 0; i < 21; i++) {
                        exchange.getResponseBody().write(new byte[1 << 20]);
                    }
                }
                case "/silent" -> {
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    @Test
    void aPictureOfANamedHostIsPutInItsPlace() {
        ObjectNode body =
                body("{'image':'%s/a.png','images':['data:image/png;base64,AQ==','%s/a.png'],'threshold':0.5}");
        assertThat(trusting(Duration.ofSeconds(10)).fetched(body))
                .isEqualTo(body("{'image':'data:image/png;base64,AQID','images':['data:image/png;base64,AQ==',"
                        + "'data:image/png;base64,AQID'],'threshold':0.5}"));
        assertThat(requests).hasValue(2);
    }

    /** The same host and the same picture, but with the guard: its name means this machine. */
    @Test
    void aNameThatMeansThisMachineIsNotConnectedTo() {
        PictureFetcher guarded = PictureFetcher.with(
                Set.of(host()), trust().withInetAddressFilter(PublicHosts.ADDRESSES), Duration.ofSeconds(10));
        assertRefused(guarded, base + "/a.png", "image: it could not be fetched");
        assertThat(requests).hasValue(0);
    }

    @Test
    void nothingIsFetchedUnlessHostsAreNamed() {
        ObjectNode body = body("{'image':'%s/a.png'}");
        assertThat(PictureFetcher.from(Set.of()).fetched(body)).isEqualTo(body("{'image':'%s/a.png'}"));
        assertThat(requests).hasValue(0);
    }

    @Test
    void redirectsErrorsAndTooManyBytesAreRefused() {
        PictureFetcher fetcher = trusting(Duration.ofSeconds(30));
        assertRefused(
                fetcher, base + "/moved", "image: its host answers 302 (expected: 200; redirects are not followed)");
        assertRefused(fetcher, base + "/none", "image: its host answers 404");
        assertRefused(fetcher, base + "/large", "image: too many bytes (expected: at most 20971520");
        assertThat(requests).hasValue(3);
    }

    @Test
    void aHostThatIsSilentIsLeft() {
        assertRefused(trusting(Duration.ofMillis(300)), base + "/silent", "image: it could not be fetched");
    }

    @Test
    void aHostThatIsNotTrustedIsLeft() {
        HttpClientSettings strict = HttpClientSettings.defaults().withInetAddressFilter(InetAddressFilter.all());
        assertRefused(
                PictureFetcher.with(Set.of(host()), strict, Duration.ofSeconds(10)),
                base + "/a.png",
                "image: it could not be fetched");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://pictures.example/a.png",
                "https://pictures.example:8443/a.png",
                "https://other.example/a.png",
                "https://pictures.example.other.example/a.png",
                "https://user@pictures.example/a.png",
                "https://pictures.example@127.0.0.1/a.png",
                "https://127.0.0.1\\@pictures.example/a.png",
                "https://pictures.example\\.other.example/",
                "https://pictures.example#@127.0.0.1/",
                "https://pictures.example?@127.0.0.1/",
                "https://127.0.0.1/",
                "https://0/",
                "https://2130706433/",
                "https://0x7f000001/",
                "https://0177.0.0.1/",
                "https://127.1/",
                "https://[::1]/",
                "https://[::ffff:127.0.0.1]/",
                "https://169.254.169.254/latest",
                "https://localhost/",
                "https://pictures%2eexample/",
                "https://pictures.example /",
                "https://pictures.example.:443/",
                "https:pictures.example/",
                "https:/pictures.example/",
                "https:///pictures.example/",
                "https://ⓟictures.example/",
                "https://pictures.example/a\\b",
                "https://pictures.example/a[1].png",
                "https://pictures.example/100%.png",
                "https://pictures.example/100%2",
                "https://pictures.example/a\r\nHost: b",
                "httpx://pictures.example/"
            })
    void anotherHostSchemePortOrNotationIsRefused(String address) {
        assertThatThrownBy(
                        () -> new PublicHosts("tern.picture-hosts", Set.of("pictures.example")).check("image", address))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("image"))
                .hasMessageContaining("(expected: ")
                .hasMessageNotContaining("127.0.0.1");
    }

    @Test
    void hostsAreNamedWithAPortOrWithout() {
        PublicHosts hosts = new PublicHosts("tern.picture-hosts", Set.of("pictures.example", "other.example:8443"));
        for (String address : List.of(
                "https://pictures.example/a.png?size=3&b=%20",
                "https://pictures.example:443/a.png", "https://PICTURES.example/A.png", "https://other.example:8443")) {
            assertThat(hosts.check("image", address).getScheme()).isEqualTo("https");
        }
        assertThat(new PublicHosts("tern.picture-hosts", Set.of("pictures.example:443"))
                        .check("image", "https://pictures.example/a")
                        .getHost())
                .isEqualTo("pictures.example");
        assertThat(new PublicHosts("tern.picture-hosts", Set.of("*"))
                        .check("image", "https://any.example/a")
                        .getHost())
                .isEqualTo("any.example");
        assertThatThrownBy(() -> new PublicHosts("tern.picture-hosts", Set.of("10.0.0.1")))
                .hasMessageContaining("tern.picture-hosts: 10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.255.0.9",
                "0.0.0.0",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "192.0.0.1",
                "192.0.2.1",
                "198.18.0.1",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a00:1",
                "fe80::1",
                "fc00::1",
                "fd12:3456::1",
                "ff02::1",
                "2001:db8::1"
            })
    void addressesThatAreNotPublicAreNotConnectedTo(String address) throws Exception {
        assertThat(PublicHosts.ADDRESSES.matches(InetAddress.ofLiteral(address)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.215.14", "172.32.0.1", "2606:4700::1111"})
    void publicAddressesAre(String address) throws Exception {
        assertThat(PublicHosts.ADDRESSES.matches(InetAddress.ofLiteral(address)))
                .isTrue();
    }

    private static void assertRefused(PictureFetcher fetcher, String address, String message) {
        assertThatThrownBy(() -> fetcher.fetched(body("{'image':'" + address + "'}")))
                .isInstanceOfSatisfying(
                        TernException.class, e -> assertThat(e.field()).isEqualTo("image"))
                .hasMessageStartingWith(message);
    }

    private static String host() {
        return base.substring("https://".length());
    }

    private static PictureFetcher trusting(Duration timeout) {
        return PictureFetcher.with(Set.of(host()), trust().withInetAddressFilter(InetAddressFilter.all()), timeout);
    }

    private static HttpClientSettings trust() {
        return HttpClientSettings.defaults().withSslBundle(SslBundle.of(SslStoreBundle.of(null, null, keys)));
    }

    private static ObjectNode body(String singleQuoted) {
        return (ObjectNode)
                new JsonMapper().readTree(singleQuoted.replace("%s", base).replace('\'', '"'));
    }
}
