"""`./tern bench generation`: pictures of the emoji model by this service, by a bare loop over ONNX Runtime in Python with the
same files, and by diffusers in PyTorch with a model of the same sizes; four requests at once against one by one.

    python3 bench/generation.py --java JAVA --jar target/dist/generation-service.jar [--rounds 7] [--results bench/results]
        [--same-release FOLDER]     # pip install --no-deps --target FOLDER onnxruntime==1.29.0, the service's own release

The contenders are processes of their own, with one thread each, and take turns; what is told are the processor time and the
wall time of a picture, ratios of pairs of turns, and the largest memory of each process. A loop over another release of ONNX
Runtime compares releases first of all: with --same-release there is one over the service's. Needs numpy, onnxruntime, tokenizers
and grpcio; diffusers, transformers and torch for the third contender, which is left out without them.
"""

import argparse
import concurrent.futures
import datetime
import importlib.util
import json
import os
import pathlib
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time

from measures import cpu_seconds

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROMPTS = ["red apple", "blue frog", "cat face", "grinning face"]
STEPS = 20
# What each of them imports.
PEERS = {
    "bare_loop": ["numpy", "onnxruntime", "tokenizers"],
    "diffusers_torch": ["diffusers", "torch", "transformers", "PIL", "tokenizers"],
}
WARM_UP = 40  # turns of the service before anything counts: its code is compiled as it runs


def peak_megabytes(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def request(prompt, seed):
    """tern.generation.v1.GenerateRequest: prompt, seed, steps, sampler."""
    text = prompt.encode()
    return b"\x12" + varint(len(text)) + text + b"\x30" + varint(seed) + b"\x38" + varint(STEPS) + b"\x4a\x04ddim"


def missing(python_packages):
    """The first of the packages that this interpreter has not."""
    return next((name for name in python_packages if importlib.util.find_spec(name) is None), None)


class Service:
    """This product's generation service alone, called over gRPC: text in, PNG out."""

    name = "service"

    def __init__(self, java, jar):
        import grpc

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.data = tempfile.TemporaryDirectory(prefix="tern-bench-")
        command = [java, "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow", "-Xmx320m", "-jar", jar,
                   f"--spring.grpc.server.port={port}", "--spring.grpc.server.address=127.0.0.1", f"--tern.catalogue={ROOT}/models/catalogue.json",
                   f"--tern.models-directory={self.data.name}/models", f"--tern.data-directory={self.data.name}", "--tern.device=cpu", "--tern.threads=1"]
        self.log = open(pathlib.Path(self.data.name) / "log", "w")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        channel = grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", 64 << 20)])
        grpc.channel_ready_future(channel).result(timeout=120)
        self.generate = channel.unary_stream("/tern.generation.v1.GenerationService/Generate", None, None)

    def draw(self, prompt, seed):
        answers = list(self.generate(request(prompt, seed), timeout=120))
        assert b"\x89PNG" in answers[-1], "no picture came"

    def draw_together(self, prompts):
        with concurrent.futures.ThreadPoolExecutor(len(prompts)) as pool:
            list(pool.map(self.draw, prompts, range(len(prompts))))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.log.close()
        self.data.cleanup()


class Peer:
    """A contender in Python, in a process of its own that draws one picture for each line it reads."""

    def __init__(self, program, name=None, packages=None):
        """@param packages: a folder of Python packages that go before the installed ones"""
        self.name = name or program
        environment = {**os.environ, **({"PYTHONPATH": packages} if packages else {}), "ORT_DISABLE_TELEMETRY": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, str(ROOT / "bench" / "generation" / f"{program}.py"), str(ROOT / "models" / "emoji"), str(STEPS)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
        self.pid = self.process.pid
        self.what = self.process.stdout.readline().strip()
        if not self.what:
            raise RuntimeError(f"{self.name} did not start")

    def draw(self, prompt, seed):
        self.process.stdin.write(f"{seed} {prompt}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline().strip() == "done", f"{self.name} drew nothing"

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def turn(contender, draw, pictures):
    """-> processor seconds and wall seconds of a picture."""
    cpu, wall = cpu_seconds(contender.pid), time.monotonic()
    draw()
    return (cpu_seconds(contender.pid) - cpu) / pictures, (time.monotonic() - wall) / pictures


def one_by_one(contender):
    return lambda: [contender.draw(prompt, seed) for seed, prompt in enumerate(PROMPTS)]


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return {"median": round(middle, 4), "quartiles": [round(low, 4), round(high, 4)]}


def figures(turns):
    cpu, wall = zip(*turns)
    return {"cpu_s_per_picture": quartiles(cpu), "pictures_per_s": quartiles([1 / w for w in wall])}


def ratio(theirs, ours, index):
    return quartiles([a[index] / b[index] for a, b in zip(theirs, ours)])


def measure(service, peers, rounds):
    turns = {c.name: [] for c in [service, *peers]} | {"four at once": []}
    for _ in range(WARM_UP):
        turn(service, one_by_one(service), len(PROMPTS))
    for round_number in range(rounds + 1):  # the first one warms the others up
        for contender in [service, *peers]:
            turns[contender.name].append(turn(contender, one_by_one(contender), len(PROMPTS)))
        turns["four at once"].append(turn(service, lambda: service.draw_together(PROMPTS), len(PROMPTS)))
        if round_number == 0:
            turns = {name: [] for name in turns}
        print(f"round {round_number} of {rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
    return turns


def main():
    arguments = argparse.ArgumentParser(description="Pictures a second and memory against others.")
    arguments.add_argument("--java", default="java")
    arguments.add_argument("--jar", default=str(ROOT / "target" / "dist" / "generation-service.jar"))
    arguments.add_argument("--rounds", type=int, default=7)
    arguments.add_argument("--results", default=str(ROOT / "bench" / "results"))
    arguments.add_argument("--same-release", help="a folder with onnxruntime of the service's release")
    asked = arguments.parse_args()
    if missing(["grpc"]):
        sys.exit(f"tern: bench generation calls the service by the Python package grpcio, which {sys.executable} has not; install it: {sys.executable} -m pip install grpcio")
    load = os.getloadavg()
    service, peers, absent = Service(asked.java, asked.jar), [], []
    try:
        for name, packages in PEERS.items():
            if missing(packages):
                absent.append(f"{name}: {sys.executable} has no Python package {missing(packages)}")
                print(f"left out: {absent[-1]}", file=sys.stderr)
                continue
            try:
                peers.append(Peer(name))
            except RuntimeError as without:
                absent.append(str(without))
        if asked.same_release:
            peers.insert(0, Peer("bare_loop", "bare_loop_same_release", asked.same_release))
        turns = measure(service, peers, asked.rounds)
        memory = {c.name: peak_megabytes(c.pid) for c in [service, *peers]}
    finally:
        for contender in [service, *peers]:
            contender.close()
    report = {
        "what": f"pictures of 64 x 64 by {STEPS} steps of DDIM with guidance, one thread for each contender, turns of {len(PROMPTS)} pictures; ratios of pairs of turns, theirs / ours",
        "machine": {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "load_before": [round(x, 2) for x in load], "load_after": [round(x, 2) for x in os.getloadavg()]},
        "contenders": {"service": "text to PNG over gRPC", **{p.name: p.what for p in peers}},
        "left_out": absent,
        "rounds": asked.rounds,
        "warm_up": f"{WARM_UP} turns of the service, one of each contender",
        "figures": {name: figures(values) for name, values in turns.items()},
        "peak_memory_mb": memory,
        "ratios": {
            **{f"{p.name} / service, processor time": ratio(turns[p.name], turns["service"], 0) for p in peers},
            **{f"{p.name} / service, wall time": ratio(turns[p.name], turns["service"], 1) for p in peers},
            "one by one / four at once, processor time": ratio(turns["service"], turns["four at once"], 0),
            "one by one / four at once, wall time": ratio(turns["service"], turns["four at once"], 1),
        },
    }
    file = pathlib.Path(asked.results) / f"generation-{datetime.date.today()}.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps({k: report[k] for k in ("figures", "peak_memory_mb", "ratios", "left_out")}, indent=1))
    print(f"written to {file}")


if __name__ == "__main__":
    main()
