"""What the measurements of a running Tern share: turns of callers, spreads, processor time. Standard library only."""

import argparse
import concurrent.futures
import datetime
import http.client
import importlib.util
import json
import os
import statistics
import struct
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def listener(port):
    """The process of this machine, and of this user, that listens at the port; None where there is none."""
    tables = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    sockets = {f"socket:[{entry[9]}]" for entry in tables if entry[3] == "0A" and int(entry[1].rsplit(":", 1)[1], 16) == port}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(descriptor) in sockets:
                return int(descriptor.parts[2])
        except OSError:
            continue  # it was closed meanwhile
    return None


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
    """A connection to the gateway, or to another server, that is kept, as clients keep theirs."""

    def __init__(self, port, host="127.0.0.1"):
        self.connection = http.client.HTTPConnection(host, port, timeout=600)

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


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number, value):
    """One field of a protobuf message: an int or bool as varint, a float as double, a str or bytes with its length."""
    if isinstance(value, float):
        return varint(number << 3 | 1) + struct.pack("<d", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    content = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(content)) + content


def form(name, content, **fields):
    """-> content type and body of a form with one file, and fields before it."""
    head = "".join(f'--tern\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items())
    head += f'--tern\r\nContent-Disposition: form-data; name="{name}"; filename="{name}.png"\r\nContent-Type: image/png\r\n\r\n'
    return "multipart/form-data; boundary=tern", head.encode() + content + b"\r\n--tern--\r\n"


def run_by(python):
    """Becomes the same call in another interpreter, which is then told to go on as it is: the last --python counts."""
    try:
        os.execvp(python, [python, *sys.argv, "--python="])
    except OSError as e:
        sys.exit(f"tern: --python {python}: {e.strerror}; name an interpreter that has grpcio")


def grpc_release():
    import grpc

    return f"grpcio {grpc.__version__}"


def without_grpc():
    """Why gRPC cannot be measured by this interpreter; None where it can."""
    if importlib.util.find_spec("grpc"):
        return None
    return f"{Path(sys.executable).name} has no Python package grpc: pip install grpcio, or name another interpreter by --python"


def save(name, report, lines):
    """Writes bench/results/NAME-DATE.json and tells it, a line for each case."""
    file = ROOT / "bench" / "results" / f"{name}-{datetime.date.today()}.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    print(*lines, json.dumps(report["machine"]), file.relative_to(ROOT), sep="\n")
