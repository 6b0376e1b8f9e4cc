package io.tern.decoding.grammar;

import java.util.Map;

/** JSON Schema's formats as regular expressions, each narrower than its standard where that is not regular. */
final class Formats {
    private static final String MONTH_DAY = "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
            + "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
    private static final String DATE = "(?:19|20)[0-9]{2}-" + MONTH_DAY;
    private static final String TIME =
            "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])";
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?";
    private static final String HOST = LABEL + "(?:\\." + LABEL + "){0,3}";
    private static final String BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

    /** By name. */
    static final Map<String, String> PATTERNS = Map.of(
            "date",
            DATE,
            "time",
            TIME,
            "date-time",
            DATE + "T" + TIME,
            "duration",
            "P(?:[0-9]{1,4}D(?:T[0-9]{1,4}H)?|T[0-9]{1,4}[HMS]|[0-9]{1,4}[YMW])",
            "email",
            "[A-Za-z0-9_+-]{1,32}(?:\\.[A-Za-z0-9_+-]{1,32}){0,3}@" + LABEL + "(?:\\." + LABEL + "){1,3}",
            "hostname",
            HOST,
            "ipv4",
            BYTE + "(?:\\." + BYTE + "){3}",
            "ipv6",
            "[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){7}",
            "uri",
            "https?://" + HOST + "(?::[1-9][0-9]{0,3})?(?:/[A-Za-z0-9_.~-]{1,64}){0,8}/?",
            "uuid",
            "[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private Formats() {}
}
