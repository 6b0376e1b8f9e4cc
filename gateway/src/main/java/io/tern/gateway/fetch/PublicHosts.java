package io.tern.gateway.fetch;

import io.tern.base.TernException;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.boot.http.client.InetAddressFilter;

/**
 * Hosts that may be called by https, each {@code host} or {@code host:port}; {@code *} is any on the usual port. None:
 * none is called.
 *
 * @param setting which names them
 */
public record PublicHosts(String setting, Set<String> allowed) {
    /** Of an address, in characters. */
    public static final int LONGEST = 2048;

    /** What may follow the host of an address: a path and a query, or nothing. */
    public static final String PATH = "(/(?:[\\x21-\\x7e&&[^\\\\\"<>^`{|}#%\\[\\]]]|%[0-9a-fA-F]{2})*)?";

    /** Neither this machine and its network, nor what no public host has: to be asked where a connection is made. */
    public static final InetAddressFilter ADDRESSES =
            InetAddressFilter.routable().and(InetAddressFilter.externalAddresses());

    /**
     * So narrow that no two parsers can see different hosts in it: no user, no backslash, no escape before the path. The
     * host's last part begins with a letter, so that it is a name and no number in whatever notation.
     */
    private static final Pattern ADDRESS =
            Pattern.compile("https://(((?:[a-z0-9-]+\\.)*[a-z][a-z0-9-]*)(?::(\\d{1,5}))?)" + PATH);

    private static final Pattern ENTRY = Pattern.compile("\\*|(?:[a-z0-9-]+\\.)*[a-z][a-z0-9-]*(?::\\d{1,5})?");

    public PublicHosts {
        allowed = Set.copyOf(allowed);
        for (String host : allowed) {
            if (!ENTRY.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        setting + ": " + host + " (expected: * or a host's name, with :port or without)");
            }
        }
    }

    public boolean areNone() {
        return allowed.isEmpty();
    }

    /** @throws TernException INVALID_ARGUMENT, without the address, for one that is not among them */
    public URI check(String field, String address) {
        Matcher parts = ADDRESS.matcher(lowerCaseHost(address));
        TernException.require(
                address.length() <= LONGEST && parts.matches(),
                field,
                "another kind of address",
                "https://host/path of at most " + LONGEST + " characters");
        boolean usualPort = parts.group(3) == null || parts.group(3).equals("443");
        boolean named = allowed.contains(parts.group(1))
                || usualPort && (allowed.contains(parts.group(2)) || allowed.contains(parts.group(2) + ":443"));
        TernException.require(
                named || usualPort && allowed.contains("*"),
                field,
                "an address of another host",
                "one of this server's " + setting);
        return URI.create(parts.group());
    }

    private static String lowerCaseHost(String address) {
        int path = address.indexOf('/', "https://".length());
        int end = path < 0 ? address.length() : path;
        return address.substring(0, end).toLowerCase(Locale.ROOT) + address.substring(end);
    }
}
