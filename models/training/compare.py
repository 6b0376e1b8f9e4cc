"""float32, bfloat16 and float16 with and without loss scaling, side by side on the score network: loss, time, memory.

    python models/training/compare.py --data DATA [--steps 60] [--batch 16] [--modes fp32 bf16 fp16] [--out models/training]

The same seed, pictures and noise for all, each in a process of its own with one thread. Writes mixed-precision.json. A CPU
without half-precision units gains memory but no time; what there is to see there is that the losses agree.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

MODES = {"fp32": ("fp32", 1.0), "bf16": ("bf16", 1.0), "fp16": ("fp16", 2.0**15), "fp16 unscaled": ("fp16", 1.0)}


def one(name, data, steps, batch):
    """In a process of its own, so that the peak of memory is its own."""
    import torch

    import loop
    from nets import ScoreNet
    from ncsn import RATE, loss_of, smileys

    torch.set_num_threads(1)
    torch.manual_seed(0)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    mode, scale = MODES[name]
    model = ScoreNet()
    pictures = smileys(data)
    with tempfile.TemporaryDirectory() as folder:
        run = loop.Run(model, loss_of(model, pictures, batch), RATE, 1684, folder, mode, scale, device=device)
        cpu = time.process_time()
        run.train(stop_at=steps, save_every=10**9)
        cpu = time.process_time() - cpu
        weight = run.precision.model.o.weight
        states = sum(t.numel() * t.element_size() for s in run.optimizer.state.values() for t in s.values() if hasattr(t, "numel"))
        return {
            "mode": name, "device": device, "losses": [round(x, 5) for x in run.losses], "cpu_s_per_step": round(cpu / steps, 4),
            "weights_mb": round(sum(p.numel() * p.element_size() for p in model.parameters()) / 1e6, 2), "optimizer_mb": round(states / 1e6, 2),
            "computes_in": str(weight.dtype), "skipped": run.precision.skipped, "scale": run.precision.scale,
            "peak_mb": round(torch.cuda.max_memory_allocated() / 1e6) if device == "cuda" else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--data", required=True)
    asked.add_argument("--steps", type=int, default=60)
    asked.add_argument("--batch", type=int, default=16)
    asked.add_argument("--modes", nargs="+", default=list(MODES), choices=list(MODES))
    asked.add_argument("--out", default=str(pathlib.Path(__file__).parent))
    asked.add_argument("--one", choices=list(MODES), help=argparse.SUPPRESS)
    asked = asked.parse_args()
    if asked.one:
        print(json.dumps(one(asked.one, asked.data, asked.steps, asked.batch)))
        return
    runs = []
    for mode in asked.modes:
        command = [sys.executable, __file__, "--one", mode, "--data", asked.data, "--steps", str(asked.steps), "--batch", str(asked.batch)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
        runs.append(json.loads(done.stdout.splitlines()[-1]))
        last = runs[-1]["losses"][-10:]
        print(f"{mode}: last ten losses {sum(last) / len(last):.4f}, {runs[-1]['cpu_s_per_step']:.3f} s a step, peak {runs[-1]['peak_mb']} MB", flush=True)
    whole = runs[0]["losses"]
    report = {
        "what": f"score network of models/ncsn, {asked.steps} steps of {asked.batch}, the same seed, pictures and noise",
        "largest_difference_of_losses_to_the_first": {r["mode"]: round(max(abs(a - b) for a, b in zip(whole, r["losses"])), 5) for r in runs},
        "runs": runs,
    }
    (pathlib.Path(asked.out) / "mixed-precision.json").write_text(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
