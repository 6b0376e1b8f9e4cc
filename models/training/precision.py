"""Mixed precision with master weights and loss scaling. Micikevicius et al. 2018, sections 3.1 and 3.2.

The network computes in half precision; the optimizer moves a float32 copy of its weights, in which small steps are not lost
to rounding. In float16 small gradients would underflow to zero, so the loss is multiplied by a scale, and the gradients are
divided by it in float32. The scale is found by trying: it doubles after `patience` good steps, and halves when a gradient
overflows, which spoils that step only.
"""

import torch

HALF = {"fp16": torch.float16, "bf16": torch.bfloat16}


class Plain:
    """float32 throughout, behind the same three calls."""

    def __init__(self, model):
        self.model, self.weights, self.scale, self.skipped = model, list(model.parameters()), 1.0, 0

    def inputs(self, *tensors):
        return tensors

    def backward(self, loss):
        loss.backward()

    def step(self, optimizer, clip=1.0):
        """Moves the weights and forgets the gradients. -> whether it did; gradients that are no numbers move nothing."""
        norm = torch.nn.utils.clip_grad_norm_(self.weights, clip)
        good = bool(torch.isfinite(norm))
        if good:
            optimizer.step()
        else:
            self.skipped += 1
        for weight in self.weights:
            weight.grad = None
        return good

    def state(self):
        return {"skipped": self.skipped}

    def load(self, state):
        self.skipped = state["skipped"]


class Mixed(Plain):
    """The model is turned to half precision; give `weights`, the masters, to the optimizer."""

    def __init__(self, model, dtype, scale=2.0**15, patience=200):
        super().__init__(model)
        self.dtype, self.patience, self.good = dtype, patience, 0
        # bfloat16 has the exponents of float32: nothing underflows that would not there
        self.scale = scale if dtype == torch.float16 else 1.0
        self.weights = [w.detach().float().clone().requires_grad_() for w in model.parameters()]
        model.to(dtype)

    def inputs(self, *tensors):
        return tuple(t.to(self.dtype) for t in tensors)

    def backward(self, loss):
        (loss * self.scale).backward()

    def step(self, optimizer, clip=1.0):
        for master, weight in zip(self.weights, self.model.parameters()):
            master.grad = None if weight.grad is None else weight.grad.float() / self.scale
            weight.grad = None
        good = super().step(optimizer, clip)
        with torch.no_grad():
            for master, weight in zip(self.weights, self.model.parameters()):
                weight.copy_(master)
        if self.dtype == torch.float16:
            self._rescale(good)
        return good

    def _rescale(self, good):
        self.good = self.good + 1 if good else 0
        if not good:
            self.scale = max(1.0, self.scale / 2)
        elif self.good == self.patience:
            self.scale, self.good = min(2.0**24, self.scale * 2), 0

    def state(self):
        return {**super().state(), "scale": self.scale, "good": self.good, "masters": [w.detach() for w in self.weights]}

    def load(self, state):
        super().load(state)
        self.scale, self.good = state["scale"], state["good"]
        with torch.no_grad():
            for master, weight, saved in zip(self.weights, self.model.parameters(), state["masters"]):
                master.copy_(saved)
                weight.copy_(saved)


def of(name, model, scale=2.0**15):
    """-> Plain for fp32, Mixed for fp16 and bf16; a scale of 1 is no scaling, which never grows."""
    if name == "fp32":
        return Plain(model)
    return Mixed(model, HALF[name], scale, patience=200 if scale != 1 else 0)
