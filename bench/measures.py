"""What the measurements of a running Tern share: turns of callers, spreads, processor time. Standard library only."""

import argparse
import concurrent.futures
import http.client
import os
import statistics
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")


def machine(load_before):
    return {"processor": processor(), "cores": os.cpu_count(), "load_before": round(load_before, 2), "load_after": round(os.getloadavg()[0], 2)}


def at(values, fraction):
    """The value that this share of all do not exceed."""
    return sorted(values)[round(fraction * (len(values) - 1))]


def spread(values):
    return {"median": round(statistics.median(values), 3), "lower": round(at(values, 0.25), 3), "upper": round(at(values, 0.75), 3)}


def milliseconds(seconds):
    """p50 and p99, with how many they are taken from: of fewer than a hundred the p99 is the longest or nearly so."""
    return {"p50": round(1000 * at(seconds, 0.5), 2), "p99": round(1000 * at(seconds, 0.99), 2), "of": len(seconds)}


def counts(text):
    """Numbers of callers, as an option has them."""
    found = [int(one) for one in text.split(",")]
    if not found or min(found) < 1:
        raise argparse.ArgumentTypeError(f"{text} (expected: numbers from 1 on, as 1,4,16)")
    return found


class Rest:
    """A connection to the gateway that is kept, as clients keep theirs."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def __call__(self, method, path, body=None, content_type="application/json"):
        """-> the whole answer; anything but success fails."""
        self.connection.request(method, path, body, {"Content-Type": content_type} if body is not None else {})
        answer = self.connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 202, 204), (method, path, answer.status, content[:300])
        return content


def turn(new_caller, callers, seconds):
    """So many callers at once, each with one call after the other until the time is over, but one at least.

    @param new_caller: gives what makes one call, with its own connection
    @return: what each call gave; how long each took, in seconds; and the seconds until the last had ended
    """
    calls = [new_caller() for _ in range(callers)]
    start = time.monotonic()

    def one(call):
        made = []
        while not made or time.monotonic() - start < seconds:
            begin = time.monotonic()
            given = call()
            made.append((given, time.monotonic() - begin))
        return made

    with concurrent.futures.ThreadPoolExecutor(callers) as pool:
        made = [pair for pairs in pool.map(one, calls) for pair in pairs]
    wall = time.monotonic() - start
    return [given for given, _ in made], [took for _, took in made], wall
