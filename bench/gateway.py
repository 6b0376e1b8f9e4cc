"""What the gateway costs: ./tern bench gateway [--help]

Starts a Tern of its own and makes the same calls three ways, in turns whose order changes from round to round: by gRPC to
the service's own port, by gRPC through the gateway, by REST through the gateway. All clients are in one Python process,
whose processor time per call is told too, since on a small machine it is taken from Tern. gRPC needs the package grpcio in
--python; without it both contenders over gRPC are left out by name. Writes bench/results/gateway-DATE.json.
Standard library but for grpcio."""

import argparse
import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "e2e"))
from measures import Rest, counts, cpu_seconds, field, form, grpc_release, machine, milliseconds, run_by, save, spread, turn, without_grpc  # noqa: E402
from stack import Stack  # noqa: E402

PICTURE = (ROOT / "models/golden/detection/pictures/chelsea.png").read_bytes()
PROMPT, TOKENS = "The three primary colours are", 64
SENTENCE = "Tern serves three kinds of model behind one gateway."
DIRECT, THROUGH, REST = "grpc direct", "grpc gateway", "rest gateway"
PORTS = {"detection": 1021, "decoding": 1023}  # of the services, above the base


class Case:
    """One call, as it is made over REST and, where it has one, over gRPC, and what a right answer ends with or holds."""

    def __init__(self, name, rest, grpc=None, is_right=len):
        self.name, self.rest, self.grpc, self.is_right = name, rest, grpc, is_right


def json_body(path, body):
    return "POST", path, json.dumps(body).encode()


def cases():
    kind, picture = form("image", PICTURE)
    text = {"prompt": PROMPT, "max_tokens": TOKENS, "temperature": 0, "ignore_eos": True, "speculation": "off", "stream": True}
    # tern.decoding.v1.GenerateRequest: prompt, max_tokens, temperature, ignore_eos, speculation.drafter.
    generate = field(2, PROMPT) + field(5, TOKENS) + field(6, 0.0) + field(15, True) + field(16, field(1, "none"))
    return [
        Case("detection of a picture", ("POST", "/v1/detections", picture, kind), ("detection", "tern.detection.v1.DetectionService/Detect", field(2, PICTURE)), lambda told: b"cat" in told),
        Case(f"stream of {TOKENS} tokens", json_body("/v1/completions", text), ("decoding", "tern.decoding.v1.DecodingService/Generate", generate)),
        Case("embedding of a sentence", json_body("/v1/embeddings", {"input": SENTENCE}), ("detection", "tern.embedding.v1.EmbeddingService/Embed", field(2, SENTENCE)), lambda told: len(told) > 1500),
        Case("floor: tokens of a sentence", json_body("/tokenize", {"prompt": SENTENCE}), ("decoding", "tern.decoding.v1.DecodingService/Tokenize", field(2, SENTENCE))),
        Case("floor: GET /v1/models", ("GET", "/v1/models"), None, lambda told: b'"data"' in told),
        Case("floor: GET /health/live", ("GET", "/health/live"), None, lambda told: b"UP" in told),
    ]


class Contender:
    """A way to Tern; gives callers for a case."""

    def __init__(self, name, stack):
        self.name, self.stack, self.channels = name, stack, {}

    def takes(self, case):
        return self.name == REST or case.grpc is not None

    def caller(self, case):
        ask = self.over_rest(case) if self.name == REST else self.over_grpc(*case.grpc)

        def call():
            told = ask()
            assert case.is_right(told), (self.name, case.name, told[:300])

        return call

    def over_rest(self, case):
        rest = Rest(self.stack.base)
        return lambda: rest(*case.rest)

    def over_grpc(self, service, method, request):
        port = self.stack.base + (PORTS[service] if self.name == DIRECT else 1010)
        if port not in self.channels:
            import grpc

            # One connection for all callers, as gRPC's clients have it.
            self.channels[port] = grpc.insecure_channel(f"127.0.0.1:{port}")
        if method.endswith("/Generate"):
            stream = self.channels[port].unary_stream("/" + method, None, None)
            return lambda: b"".join(stream(request, timeout=600))
        one = self.channels[port].unary_unary("/" + method, None, None)
        return lambda: one(request, timeout=600)


def take_turn(contender, case, callers, seconds, gateway):
    own, before = time.process_time(), cpu_seconds(gateway)
    _, took, wall = turn(lambda: contender.caller(case), callers, seconds)
    return {"took": took, "per_s": len(took) / wall, "gateway": 1000 * (cpu_seconds(gateway) - before) / len(took), "client": 1000 * (time.process_time() - own) / len(took)}


def measure(contenders, asked, gateway):
    """-> turns by case, callers and contender, those of one round at the same place."""
    seen = {}
    for case in cases():  # the code is compiled as it runs
        for contender in contenders:
            if contender.takes(case):
                take_turn(contender, case, 4, asked.warm_up, gateway)
    for number in range(asked.rounds):
        for case in cases():
            ways = [contender for contender in contenders if contender.takes(case)]
            shift = number % len(ways)
            for callers in asked.callers:
                for contender in ways[shift:] + ways[:shift]:
                    seen.setdefault((case.name, callers, contender.name), []).append(take_turn(contender, case, callers, asked.seconds, gateway))
        print(f"round {number + 1} of {asked.rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
    return seen


def summary(key, turns, direct):
    case, callers, contender = key
    median = lambda one: sorted(one["took"])[len(one["took"]) // 2]
    told = {
        "case": case,
        "callers": callers,
        "contender": contender,
        "requests_per_s": spread([one["per_s"] for one in turns]),
        "ms": milliseconds([took for one in turns for took in one["took"]]),
        "gateway_cpu_ms_per_request": spread([one["gateway"] for one in turns]),
        "client_cpu_ms_per_request": spread([one["client"] for one in turns]),
    }
    if direct and contender != DIRECT:
        told["rate_to_direct"] = spread([one["per_s"] / other["per_s"] for one, other in zip(turns, direct)])
        told["added_ms_to_median"] = spread([1000 * (median(one) - median(other)) for one, other in zip(turns, direct)])
    return told


def line(told):
    ratio = ", {median:.2f} ({lower:.2f}..{upper:.2f}) of direct".format(**told["rate_to_direct"]) if "rate_to_direct" in told else ""
    return ("{case:28} {callers:2} x {contender:12} {requests_per_s[median]:8.1f}/s, p50 {ms[p50]:8.2f} ms, p99 {ms[p99]:8.2f} ms, gateway {gateway_cpu_ms_per_request[median]:.2f} ms CPU".format(**told)) + ratio


def main():
    parser = argparse.ArgumentParser(prog="./tern bench gateway", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="over all cases (5)")
    parser.add_argument("--seconds", type=float, default=2, help="of a turn; a call that has begun is waited for (2)")
    parser.add_argument("--warm-up", type=float, default=4, help="seconds of each contender and case before anything counts (4)")
    parser.add_argument("--callers", type=counts, default=[1, 4, 16], help="at once (1,4,16)")
    parser.add_argument("--python", default="", help="an interpreter that has grpcio (this one)")
    asked = parser.parse_args()
    if asked.python:
        run_by(asked.python)
    load = os.getloadavg()[0]
    without = without_grpc()
    left_out = dict.fromkeys([DIRECT, THROUGH], without) if without else {}
    for name, why in left_out.items():
        print(f"left out: {name}: {why}", file=sys.stderr)
    stack = Stack()
    try:
        code, _, err = stack.up()
        assert code == 0, err
        contenders = [Contender(name, stack) for name in (DIRECT, THROUGH, REST) if name not in left_out]
        seen = measure(contenders, asked, stack.pids()["gateway"])
    finally:
        stack.destroy()
    told = [summary(key, turns, seen.get((*key[:2], DIRECT))) for key, turns in seen.items()]
    report = {
        "what": "the same calls by gRPC to the service, by gRPC through the gateway and by REST through the gateway; median and quartiles over rounds, ratios and differences within a round; p50 and p99 over the calls of all rounds; the gateway's processor time beside direct calls is what it takes by itself meanwhile",
        "machine": machine(load),
        "settings": {"rounds": asked.rounds, "seconds_of_a_turn": asked.seconds, "warm_up_s": asked.warm_up, "callers": asked.callers, "rest": "a kept connection for each caller", "grpc": None if without else f"{grpc_release()}, one connection for all callers", "python": sys.version.split()[0]},
        "left_out": left_out,
        "cases": told,
    }
    save("gateway", report, map(line, told))


if __name__ == "__main__":
    main()
