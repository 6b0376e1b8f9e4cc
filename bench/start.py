"""How long a built Tern takes to be ready and to end, and how much memory it takes: python3 bench/start.py [RUNS]

The first start converts the language model and proves it bit-exact; the later ones find both. Each start is asked one
question of each kind before its memory is read. Writes bench/results/start-DATE.json. Standard library only."""

import datetime
import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "e2e"))
from measures import processor  # noqa: E402
from stack import Stack, resident_bytes  # noqa: E402

GOALS = {"ready_s": 25, "down_s": 5, "resident_mb": 3000}


def one(stack):
    load = os.getloadavg()[0]
    start = time.monotonic()
    code, _, err = stack.up()
    assert code == 0, err
    ready = time.monotonic() - start
    stack.json("POST", "/v1/chat/completions", {"messages": [{"role": "user", "content": "Name three colours."}], "max_tokens": 16})
    stack.json("POST", "/v1/images/generations", {"prompt": "red apple", "seed": 1})
    stack.json("GET", "/v1/models")
    resident = sum(map(resident_bytes, stack.pids().values())) / 1e6
    start = time.monotonic()
    assert stack.tern("down")[0] == 0
    down = time.monotonic() - start
    assert not stack.left(), "a process is left"
    print(f"ready {ready:.1f} s, {resident:.0f} MB, down {down:.1f} s, load before {load:.1f}", flush=True)
    return {"ready_s": round(ready, 1), "resident_mb": round(resident), "down_s": round(down, 1), "load_before": round(load, 2)}


def main():
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    stack = Stack()
    try:
        first, later = one(stack), [one(stack) for _ in range(runs)]
    finally:
        stack.destroy()
    spread = {name: {"min": min(r[name] for r in later), "median": statistics.median(r[name] for r in later), "max": max(r[name] for r in later)} for name in GOALS}
    report = {
        "what": "./tern up --detach of a built Tern until it returns with the READY table; ./tern down until it returns; each with the command's own start",
        "machine": {"processor": processor(), "cores": os.cpu_count()},
        "goals": GOALS,
        "first_start": first,
        "later_starts": later,
        "spread_of_later_starts": spread,
    }
    file = ROOT / "bench" / "results" / f"start-{datetime.date.today()}.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps(spread))
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
