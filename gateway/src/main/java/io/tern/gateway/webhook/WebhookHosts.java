package io.tern.gateway.webhook;

import io.tern.base.TernException;
import io.tern.gateway.fetch.PublicHosts;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where webhooks may lead: to hosts at public addresses by https, and to origins that the operator has named in full, such as
 * {@code http://hooks.internal:8080}, wherever they are. Who can call a gateway that listens on loopback alone is on its
 * machine already, and may have webhooks there, too, as long as no keys tell callers apart.
 */
public final class WebhookHosts {
    private static final String SETTING = "tern.webhook-hosts";
    /** So narrow that no two parsers can see different hosts in it. */
    private static final String ORIGIN = "https?://(?:[a-z0-9.-]+|\\[[0-9a-f:]+])(?::\\d{1,5})?";

    private static final Pattern NAMED = Pattern.compile(ORIGIN);
    private static final Pattern ADDRESS =
            Pattern.compile("(" + ORIGIN + ")" + PublicHosts.PATH, Pattern.CASE_INSENSITIVE);
    private static final Pattern LOOPBACK = Pattern.compile("http://(localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    private final PublicHosts publicHosts;
    private final Set<String> origins;
    private final BooleanSupplier loopback;

    /**
     * @param allowed {@code host}, {@code host:port} or {@code *} for https, or whole origins
     * @param loopback whether callers may have webhooks on this machine now
     * @throws IllegalArgumentException for an entry that is none of these
     */
    public WebhookHosts(Set<String> allowed, BooleanSupplier loopback) {
        this.origins = allowed.stream().filter(entry -> entry.contains("://")).collect(Collectors.toUnmodifiableSet());
        this.publicHosts = new PublicHosts(
                SETTING,
                allowed.stream().filter(entry -> !entry.contains("://")).collect(Collectors.toUnmodifiableSet()));
        this.loopback = loopback;
        for (String origin : origins) {
            if (!NAMED.matcher(origin).matches()) {
                throw new IllegalArgumentException(SETTING + ": " + origin + " (expected: http://host:port)");
            }
        }
    }

    /**
     * What may be called.
     *
     * @param isPublic whether it has to be at a public address
     */
    record Target(URI uri, boolean isPublic) {}

    /** @throws TernException INVALID_ARGUMENT for an address that may not be called */
    public void check(String address) {
        target(address);
    }

    /** @throws TernException INVALID_ARGUMENT */
    Target target(String address) {
        Matcher parts = ADDRESS.matcher(address);
        TernException.require(
                address.length() <= PublicHosts.LONGEST && parts.matches(),
                "webhook",
                "another kind of address",
                "http(s)://host/path of at most " + PublicHosts.LONGEST + " characters");
        String origin = parts.group(1).toLowerCase(Locale.ROOT);
        if (origins.contains(origin) || LOOPBACK.matcher(origin).matches() && loopback.getAsBoolean()) {
            return new Target(URI.create(address), false);
        }
        TernException.require(
                !publicHosts.areNone(), "webhook", "an address that is not called", "one of this server's " + SETTING);
        return new Target(publicHosts.check("webhook", address), true);
    }
}
