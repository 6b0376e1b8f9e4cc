"""Pictures through Tern beside another server of the same detector: ./tern bench pictures --model FILE --peer NAME=URL

Starts a Tern of its own, loads FILE there and has the same picture looked at by REST and by gRPC through the gateway, and by
every peer, which runs already and takes a picture as the body of a POST to its URL (DJL Serving's /predictions/MODEL, for
one); in turns whose order changes from round to round. One server works at a time, but all are resident. Every answer has to
name what is in the picture. Peers on this machine are told with their processor time. gRPC needs the package grpcio in
--python; without it that way is left out by name. Writes bench/results/pictures-DATE.json. Standard library but for grpcio."""

import argparse
import os
import sys
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "e2e"))
from measures import Rest, counts, cpu_seconds, field, form, grpc_release, listener, machine, milliseconds, run_by, save, spread, turn, without_grpc  # noqa: E402
from stack import Stack  # noqa: E402

PICTURE = ROOT / "models/golden/detection/pictures/chelsea.png"
NAME = "measured"


class Server:
    """One that looks at pictures, and the processes that do it.

    new_ask: gives what has the picture looked at once and gives the answer's bytes, with a connection of its own
    """

    def __init__(self, name, new_ask, pids):
        self.name, self.new_ask, self.pids = name, new_ask, pids

    def caller(self, expected):
        ask = self.new_ask()

        def call():
            told = ask()
            assert expected in told, (self.name, told[:300])

        return call

    def cpu_seconds(self):
        return sum(map(cpu_seconds, self.pids))


def over_rest(stack, picture):
    kind, body = form("image", picture, model=NAME)

    def new_ask():
        rest = Rest(stack.base)
        return lambda: rest("POST", "/v1/detections", body, kind)

    return new_ask


def over_grpc(stack, picture):
    import grpc

    # One connection for all callers, as gRPC's clients have it.
    detect = grpc.insecure_channel(f"127.0.0.1:{stack.base + 1010}").unary_unary("/tern.detection.v1.DetectionService/Detect", None, None)
    request = field(1, NAME) + field(2, picture)
    return lambda: lambda: detect(request, timeout=600)


def peer(text, picture):
    """The server of --peer NAME=URL."""
    name, _, url = text.partition("=")
    address = urllib.parse.urlsplit(url)
    if not name or address.scheme != "http" or not address.port:
        sys.exit(f"tern: --peer {text}: expected NAME=http://HOST:PORT/PATH")
    path = address.path + (f"?{address.query}" if address.query else "")
    local = address.hostname in ("127.0.0.1", "localhost")
    pid = listener(address.port) if local else None
    if local and pid is None:
        sys.exit(f"tern: --peer {text}: nothing listens at port {address.port}")

    def new_ask():
        rest = Rest(address.port, address.hostname)
        return lambda: rest("POST", path, picture, "application/octet-stream")

    return Server(name, new_ask, [pid] if pid else [])


def take_turn(server, callers, seconds, expected):
    before = server.cpu_seconds()
    _, took, wall = turn(lambda: server.caller(expected), callers, seconds)
    return {"took": took, "per_s": len(took) / wall, "cpu": 1000 * (server.cpu_seconds() - before) / len(took)}


def measure(servers, asked, expected):
    """-> turns by callers and server, those of one round at the same place."""
    seen = {}
    for server in servers:  # code is compiled as it runs
        take_turn(server, 4, asked.warm_up, expected)
    for number in range(asked.rounds):
        shift = number % len(servers)
        for callers in asked.callers:
            for server in servers[shift:] + servers[:shift]:
                seen.setdefault((callers, server), []).append(take_turn(server, callers, asked.seconds, expected))
        print(f"round {number + 1} of {asked.rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
    return seen


def summary(callers, server, seen, first):
    turns, ours = seen[callers, server], seen[callers, first]
    told = {
        "callers": callers,
        "server": server.name,
        "pictures_per_s": spread([one["per_s"] for one in turns]),
        "ms": milliseconds([took for one in turns for took in one["took"]]),
    }
    if server.pids:
        told["cpu_ms_per_picture"] = spread([one["cpu"] for one in turns])
    if server is not first:
        told["rate_of_first_to_this"] = spread([one["per_s"] / other["per_s"] for one, other in zip(ours, turns)])
    return told


def line(told):
    cpu = ", {median:.1f} ms CPU".format(**told["cpu_ms_per_picture"]) if "cpu_ms_per_picture" in told else ""
    ratio = ", so the first {median:.2f} ({lower:.2f}..{upper:.2f}) of it".format(**told["rate_of_first_to_this"]) if "rate_of_first_to_this" in told else ""
    return "{callers:2} x {server:10} {pictures_per_s[median]:7.1f}/s, p50 {ms[p50]:7.1f} ms, p99 {ms[p99]:7.1f} ms".format(**told) + cpu + ratio


def main():
    parser = argparse.ArgumentParser(prog="./tern bench pictures", description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, required=True, help="the detector's ONNX file, which every peer serves as well")
    parser.add_argument("--peer", action="append", required=True, metavar="NAME=URL", help="a server that takes a picture as a body; may be given several times")
    parser.add_argument("--picture", type=Path, default=PICTURE, help="a PNG (the cat of the golden vectors)")
    parser.add_argument("--expect", default="cat", help="a class that every answer has to name (cat)")
    parser.add_argument("--settings", default="", help="of the peers, to be kept with the figures")
    parser.add_argument("--rounds", type=int, default=5, help="5")
    parser.add_argument("--seconds", type=float, default=5, help="of a turn; a call that has begun is waited for (5)")
    parser.add_argument("--warm-up", type=float, default=30, help="seconds of each server before anything counts (30)")
    parser.add_argument("--callers", type=counts, default=[1, 4, 16], help="at once (1,4,16)")
    parser.add_argument("--python", default="", help="an interpreter that has grpcio (this one)")
    asked = parser.parse_args()
    if asked.python:
        run_by(asked.python)
    load = os.getloadavg()[0]
    picture = asked.picture.read_bytes()
    peers = [peer(text, picture) for text in asked.peer]
    without = without_grpc()
    if without:
        print(f"left out: tern grpc: {without}", file=sys.stderr)
    stack = Stack()
    try:
        code, _, err = stack.up()
        assert code == 0, err
        code, _, err = stack.tern("models", "load", str(asked.model.resolve()), "--name", NAME)
        assert code == 0, err
        pids = stack.pids()
        ways = {"tern rest": over_rest} if without else {"tern rest": over_rest, "tern grpc": over_grpc}
        servers = [Server(name, way(stack, picture), [pids["gateway"], pids["detection"]]) for name, way in ways.items()] + peers
        seen = measure(servers, asked, asked.expect.encode())
    finally:
        stack.destroy()
    told = [summary(callers, server, seen, servers[0]) for callers, server in seen]
    report = {
        "what": "one picture at a time through each server of one detector; median and quartiles over rounds, ratios within a round; p50 and p99 over the pictures of all rounds; processor time of the server's processes",
        "machine": machine(load),
        "settings": {"model": asked.model.name, "picture": f"{asked.picture.name}, {len(picture)} bytes", "peers": asked.settings, "rounds": asked.rounds, "seconds_of_a_turn": asked.seconds, "warm_up_s": asked.warm_up, "http": "a kept connection for each caller", "grpc": None if without else f"{grpc_release()}, one connection for all callers"},
        "cases": told,
    }
    save("pictures", report, map(line, told))


if __name__ == "__main__":
    main()
