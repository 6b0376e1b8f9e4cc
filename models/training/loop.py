"""A training run that can stop at any step and go on as if it had not."""

import argparse
import json
import pathlib
import time

import numpy as np
import torch

import precision


class Run:
    """
    loss_of(run, generator) -> a scalar, from noise and pictures that the generator draws.
    The checkpoint holds everything that the next step depends on: weights, moments, averages, scale and step; the
    generator is seeded by the step. So a run that was stopped has the losses of one that was not.
    """

    def __init__(self, model, loss_of, rate, steps, folder, mode="fp32", scale=2.0**15, average=0.995, device="cpu"):
        self.model, self.loss_of, self.rate, self.steps, self.average = model.to(device), loss_of, rate, steps, average
        self.precision = precision.of(mode, self.model, scale)
        self.optimizer = torch.optim.AdamW(self.precision.weights, rate, (0.9, 0.99), weight_decay=0.01)
        self.averages = [w.detach().clone() for w in self.precision.weights]
        self.step, self.losses, self.seconds = 0, [], 0.0
        self.file = pathlib.Path(folder) / f"checkpoint-{mode}.pt"

    def resume(self):
        if self.file.exists():
            state = torch.load(self.file, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.precision.load(state["precision"])
            self.averages, self.step, self.losses, self.seconds = state["averages"], state["step"], state["losses"], state["seconds"]
        return self

    def save(self):
        self.file.parent.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(".new")
        names = ("averages", "step", "losses", "seconds")
        torch.save({"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict(), "precision": self.precision.state(), **{n: getattr(self, n) for n in names}}, draft)
        draft.replace(self.file)

    def train(self, minutes=1e9, stop_at=None, save_every=100):
        """Until the last step, or so many minutes of this call."""
        start, end = time.monotonic(), min(self.steps, stop_at or self.steps)
        before = self.seconds
        while self.step < end and time.monotonic() - start < 60 * minutes:
            self.one()
            self.seconds = before + time.monotonic() - start
            if self.step % save_every == 0:
                self.save()
                print(json.dumps({"step": self.step, "loss": round(sum(self.losses[-50:]) / len(self.losses[-50:]), 4), "scale": self.precision.scale, "skipped": self.precision.skipped}), flush=True)
        self.save()
        return self

    def one(self):
        # the rate rises for a twentieth of the run and then falls to nothing
        part = (self.step + 1) / self.steps
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * min(part * 20, (1 - part) / 0.95 + 1e-3, 1)
        generator = torch.Generator().manual_seed(self.step)
        loss = self.loss_of(self, generator)
        self.precision.backward(loss)
        if self.precision.step(self.optimizer):
            for average, weight in zip(self.averages, self.precision.weights):
                average.lerp_(weight.detach(), 1 - min(self.average, (1 + self.step) / (10 + self.step)))
        self.losses.append(float(loss.detach()))
        self.step += 1

    def averaged(self):
        """The model with the averages of its weights, in float32."""
        self.model.float()
        with torch.no_grad():
            for weight, average in zip(self.model.parameters(), self.averages):
                weight.copy_(average)
        return self.model.eval()


def arguments(description, minutes, steps):
    """What every recipe is asked."""
    asked = argparse.ArgumentParser(description=description.splitlines()[0])
    asked.add_argument("--data", required=True)
    asked.add_argument("--out", required=True)
    asked.add_argument("--minutes", type=float, default=minutes)
    asked.add_argument("--steps", type=int, default=steps)
    asked.add_argument("--precision", default="fp32", choices=["fp32", "bf16", "fp16"])
    asked.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return asked.parse_args()


def run_of(asked, model, loss, rate, average=0.995):
    return Run(model, loss, rate, asked.steps, asked.data, asked.precision, average=average, device=asked.device)


def recipe(description, minutes, steps, rate, network, loss_from, export, average=0.995, file="unet/model.onnx"):
    """A recipe's command line: trains network() for loss_from(network, folder of data), and exports its averages to the file."""
    asked = arguments(description, minutes, steps)
    torch.manual_seed(0)
    model = network()
    run = run_of(asked, model, loss_from(model, asked.data), rate, average)
    run.resume().train(asked.minutes)
    print(f"step {run.step} of {run.steps}, loss of the last 50: {np.mean(run.losses[-50:]):.4f}")
    export(run.averaged().cpu(), pathlib.Path(asked.out) / file)


def export(model, example, file, inputs, output):
    """To ONNX with a free first dimension in all inputs."""
    batch = torch.export.Dim("batch", min=2, max=64)
    file.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, example, file, input_names=inputs, output_names=[output],
        dynamic_shapes=tuple({0: batch} for _ in inputs), dynamo=True, opset_version=18, external_data=False,
    )
