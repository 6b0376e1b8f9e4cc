package io.tern.gateway.keys;

import java.time.InstantSource;

/** So many calls a minute, all at once or evenly: a bucket of a minute's calls that fills up again as time goes by. */
final class RequestRate {
    private static final double MILLIS = 60_000;

    private final InstantSource clock;
    private double left;
    private long filledMillis;

    RequestRate(InstantSource clock, int perMinute) {
        this.clock = clock;
        this.left = perMinute;
        this.filledMillis = clock.millis();
    }

    /** Whether one more may begin now. */
    synchronized boolean take(int perMinute) {
        long now = clock.millis();
        left = Math.min(perMinute, left + Math.max(0, now - filledMillis) * perMinute / MILLIS);
        filledMillis = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
