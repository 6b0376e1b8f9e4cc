"""What a job costs over a direct call: ./tern bench jobs [--help]

Starts a Tern of its own and asks the same small requests over REST directly and as jobs, in turns whose order changes from
round to round. A job is handed in, followed by its events to its end, and its result fetched. Then, each once in a round:
a burst, jobs that are handed in before any is waited for; and a live job and a direct call beside jobs of low priority.
Writes bench/results/jobs-DATE.json. Standard library only."""

import argparse
import base64
import json
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "e2e"))
from measures import Rest, counts, machine, milliseconds, save, spread, turn  # noqa: E402
from stack import Stack  # noqa: E402

PICTURE = ROOT / "models/golden/detection/pictures/chelsea.png"
ENDED = {"succeeded", "failed", "cancelled", "expired"}


class Kind:
    """A small request, its route, and the type of the job that does the same."""

    def __init__(self, name, job, path, request):
        self.name, self.job, self.path, self.request = name, job, path, request
        self.body = json.dumps(request).encode()

    def submission(self, priority):
        return json.dumps({"type": self.job, "request": self.request, "priority": priority}).encode()


def kinds(tokens, steps):
    text = {"prompt": "The three primary colours are", "max_tokens": tokens, "temperature": 0, "ignore_eos": True, "speculation": "off"}
    picture = "data:image/png;base64," + base64.b64encode(PICTURE.read_bytes()).decode()
    return [
        Kind(f"text of {tokens} tokens", "decoding", "/v1/completions", text),
        Kind(f"picture of {steps} steps", "generation", "/v1/images/generations", {"prompt": "red apple", "seed": 1, "steps": steps}),
        Kind("detection", "detection", "/v1/detections", {"image": picture}),
    ]


class Client:
    """One caller with its connection."""

    def __init__(self, port):
        self.rest = Rest(port)

    def ask(self, kind):
        assert self.rest("POST", kind.path, kind.body)

    def submit(self, kind, priority):
        return json.loads(self.rest("POST", "/v1/jobs", kind.submission(priority)))["id"]

    def follow(self, job):
        """Returns at the job's end: its events end with it."""
        events = self.rest("GET", f"/v1/jobs/{job}/events")
        assert b'"succeeded"' in events, events[-300:]

    def job(self, kind):
        """-> seconds until it was accepted, and until its end was told."""
        begin = time.monotonic()
        job = self.submit(kind, "live")
        accepted = time.monotonic()
        self.follow(job)
        done = time.monotonic()
        assert self.rest("GET", f"/v1/jobs/{job}/result")
        return accepted - begin, done - begin

    def cancel(self, jobs):
        for job in jobs:
            self.rest("POST", f"/v1/jobs/{job}/cancel")
        for job in jobs:
            self.rest("GET", f"/v1/jobs/{job}/events")

    def waiting(self, jobs):
        """How many of these have not ended."""
        return sum(json.loads(self.rest("GET", f"/v1/jobs/{job}"))["state"] not in ENDED for job in jobs)


def direct_turn(port, kind, callers, seconds):
    def caller():
        client = Client(port)
        return lambda: client.ask(kind)

    _, took, wall = turn(caller, callers, seconds)
    return {"per_s": len(took) / wall, "took": took}


def job_turn(port, kind, callers, seconds):
    def caller():
        client = Client(port)
        return lambda: client.job(kind)

    given, took, wall = turn(caller, callers, seconds)
    accepted, done = zip(*given)
    return {"per_s": len(took) / wall, "took": took, "accepted": list(accepted), "done": list(done)}


def burst(port, kind, callers, each):
    """Jobs that several callers hand in, each so many, before any is waited for."""

    def caller():
        client = Client(port)
        return lambda: [client.submit(kind, "live") for _ in range(each)]

    begin = time.monotonic()
    given, _, wall = turn(caller, callers, 0)
    client = Client(port)
    for jobs in given:
        for job in jobs:
            client.follow(job)
    return {"accepted_per_s": callers * each / wall, "finished_per_s": callers * each / (time.monotonic() - begin)}


def beside(port, kind, backlog):
    """-> seconds of a live job to its end, of a direct call, and how many jobs of low priority waited behind both still."""
    client = Client(port)
    behind = [client.submit(kind, "batch") for _ in range(backlog)]
    _, job = client.job(kind)
    begin = time.monotonic()
    client.ask(kind)
    direct = time.monotonic() - begin
    left = client.waiting(behind)
    client.cancel(behind)
    return {"job": job, "direct": direct, "left": left}


def measure(port, asked):
    """-> turns by kind and by what was done, those of one round at the same place."""
    seen = {}
    note = lambda kind, what, figures: seen.setdefault((kind.name, what), []).append(figures)
    all_kinds = kinds(asked.tokens, asked.steps)
    for kind in all_kinds:  # the code is compiled as it runs
        for take in (direct_turn, job_turn):
            take(port, kind, 4, asked.warm_up)
    for number in range(asked.rounds):
        for kind in all_kinds:
            for callers in asked.callers:
                ways = [("direct", direct_turn), ("job", job_turn)]
                for name, take in ways[number % 2 :] + ways[: number % 2]:
                    note(kind, (name, callers), take(port, kind, callers, asked.seconds))
            note(kind, "burst", burst(port, kind, max(asked.callers), asked.burst))
            for backlog in (0, asked.backlog) if number % 2 else (asked.backlog, 0):
                for _ in range(3):
                    note(kind, ("beside", backlog), beside(port, kind, backlog))
        print(f"round {number + 1} of {asked.rounds}, load {os.getloadavg()[0]:.1f}", flush=True)
    return all_kinds, seen


def ratio(these, those):
    return spread([one["per_s"] / other["per_s"] for one, other in zip(these, those)])


def all_of(turns, name):
    return [took for one in turns for took in one[name]]


def summaries(all_kinds, seen, asked):
    """-> what is told of direct calls and jobs in turns, of bursts, and of company."""
    turns, bursts, company = [], [], []
    for kind in all_kinds:
        for callers in asked.callers:
            direct, jobs = seen[kind.name, ("direct", callers)], seen[kind.name, ("job", callers)]
            turns.append({
                "request": kind.name,
                "callers": callers,
                "direct_per_s": spread([one["per_s"] for one in direct]),
                "jobs_per_s": spread([one["per_s"] for one in jobs]),
                "jobs_to_direct": ratio(jobs, direct),
                "direct_ms": milliseconds(all_of(direct, "took")),
                "accepted_ms": milliseconds(all_of(jobs, "accepted")),
                "done_ms": milliseconds(all_of(jobs, "done")),
                "with_result_ms": milliseconds(all_of(jobs, "took")),
            })
        most = max(asked.callers)
        burst_turns = seen[kind.name, "burst"]
        bursts.append({
            "request": kind.name,
            "callers": most,
            "jobs": most * asked.burst,
            "accepted_per_s": spread([one["accepted_per_s"] for one in burst_turns]),
            "finished_per_s": spread([one["finished_per_s"] for one in burst_turns]),
            "finished_to_direct": spread([one["finished_per_s"] / other["per_s"] for one, other in zip(burst_turns, seen[kind.name, ("direct", most)])]),
        })
        alone, beside_others = seen[kind.name, ("beside", 0)], seen[kind.name, ("beside", asked.backlog)]
        company.append({
            "request": kind.name,
            "backlog": asked.backlog,
            "live_job_alone_ms": milliseconds([one["job"] for one in alone]),
            "live_job_ms": milliseconds([one["job"] for one in beside_others]),
            "direct_alone_ms": milliseconds([one["direct"] for one in alone]),
            "direct_ms": milliseconds([one["direct"] for one in beside_others]),
            "still_waiting": spread([one["left"] for one in beside_others]),
        })
    return turns, bursts, company


def lines(turns, bursts, company):
    for told in turns:
        yield "{request:20} {callers:2} x direct {direct_per_s[median]:7.1f}/s, as jobs {jobs_per_s[median]:7.1f}/s, {jobs_to_direct[median]:.2f} ({jobs_to_direct[lower]:.2f}..{jobs_to_direct[upper]:.2f}) of direct; direct p50 {direct_ms[p50]:7.1f} ms, job accepted {accepted_ms[p50]:.1f} ms, done p50 {done_ms[p50]:7.1f} ms, p99 {done_ms[p99]:7.1f} ms".format(**told)
    for told in bursts:
        yield "{request:20} burst of {jobs} by {callers}: accepted {accepted_per_s[median]:.1f}/s, finished {finished_per_s[median]:.1f}/s, {finished_to_direct[median]:.2f} of direct".format(**told)
    for told in company:
        yield "{request:20} beside {backlog} batch jobs: live job {live_job_ms[p50]:.1f} ms, alone {live_job_alone_ms[p50]:.1f} ms; direct {direct_ms[p50]:.1f} ms, alone {direct_alone_ms[p50]:.1f} ms; {still_waiting[median]:.0f} batch jobs were left".format(**told)


def main():
    parser = argparse.ArgumentParser(prog="./tern bench jobs", description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="over all (5)")
    parser.add_argument("--seconds", type=float, default=2, help="of a turn; a call that has begun is waited for (2)")
    parser.add_argument("--warm-up", type=float, default=4, help="seconds of each kind and way before anything counts (4)")
    parser.add_argument("--callers", type=counts, default=[1, 8], help="at once (1,8)")
    parser.add_argument("--tokens", type=int, default=16, help="of a text (16)")
    parser.add_argument("--steps", type=int, default=4, help="of a picture (4)")
    parser.add_argument("--burst", type=int, default=6, help="jobs of each caller in a burst (6)")
    parser.add_argument("--backlog", type=int, default=12, help="jobs of low priority beside a live one (12)")
    asked = parser.parse_args()
    load = os.getloadavg()[0]
    stack = Stack()
    try:
        code, _, err = stack.up()
        assert code == 0, err
        told = summaries(*measure(stack.base, asked), asked)
    finally:
        stack.destroy()
    report = {
        "what": "the same requests over REST directly and as live jobs (handed in, followed by events, result fetched); median and quartiles over rounds, ratios within a round; p50 and p99 over the calls of all rounds",
        "machine": machine(load),
        "settings": vars(asked),
        **dict(zip(("turns", "bursts", "beside_batch_jobs"), told)),
    }
    save("jobs", report, lines(*told))


if __name__ == "__main__":
    main()
