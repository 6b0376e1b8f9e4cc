"""python models/training/test_training.py: what the recipes promise, on networks of a few weights. Needs torch alone."""

import pathlib
import tempfile
import unittest

import torch

import loop
import precision
from nets import ScoreNet, TextUnet


class LossScaling(unittest.TestCase):
    def test_saves_gradients_that_underflow_without_it(self):
        def moved(scale):
            torch.manual_seed(0)
            model = torch.nn.Linear(8, 8)
            mixed = precision.of("fp16", model, scale)
            before = mixed.weights[0].detach().clone()
            (x,) = mixed.inputs(torch.ones(4, 8))
            mixed.backward((model(x).float() ** 2).mean() * 1e-8)
            mixed.step(torch.optim.SGD(mixed.weights, 1e6), clip=1e9)
            return (mixed.weights[0] - before).abs().max().item()

        self.assertEqual(moved(1.0), 0.0)
        self.assertGreater(moved(2.0**20), 0.0)

    def test_halves_and_skips_a_step_that_overflows_and_grows_again(self):
        model = torch.nn.Linear(2, 1)
        mixed = precision.Mixed(model, torch.float16, scale=2.0**24, patience=2)
        optimizer = torch.optim.SGD(mixed.weights, 0.01)
        before = mixed.weights[0].detach().clone()

        def once():
            (x,) = mixed.inputs(torch.ones(1, 2))
            mixed.backward(model(x).float().sum())
            return mixed.step(optimizer)

        self.assertFalse(once())
        self.assertTrue(torch.equal(mixed.weights[0], before))
        self.assertEqual((mixed.scale, mixed.skipped), (2.0**23, 1))
        while not once():
            pass
        reached = mixed.scale
        self.assertTrue(once())
        self.assertEqual(mixed.scale, 2 * reached)

    def test_keeps_small_steps_in_the_masters(self):
        """1 + 1e-4 is 1 in bfloat16; a hundred such steps are not lost in the float32 copy."""
        model = torch.nn.Linear(1, 1, bias=False)
        with torch.no_grad():
            model.weight.fill_(1)
        mixed = precision.of("bf16", model)
        optimizer = torch.optim.SGD(mixed.weights, 1e-4)
        for _ in range(100):
            (x,) = mixed.inputs(torch.ones(1, 1))
            mixed.backward(model(x).float().sum())
            mixed.step(optimizer)
        self.assertAlmostEqual(mixed.weights[0].item(), 0.99, places=5)
        self.assertLess(model.weight.item(), 1)


class Resuming(unittest.TestCase):
    def run_of(self, folder, mode):
        torch.manual_seed(1)
        model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.SiLU(), torch.nn.Linear(8, 1))

        def loss(mixed, generator, step):
            x = torch.randn(16, 4, generator=generator)
            (half,) = mixed.inputs(x)
            return ((model(half).float() - x.sum(1, keepdim=True)) ** 2).mean()

        return loop.Run(model, loss, 1e-2, 40, folder, mode)

    def test_goes_on_as_if_it_had_not_stopped(self):
        for mode in ("fp32", "bf16", "fp16"):
            with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
                whole = self.run_of(pathlib.Path(one), mode).train()
                self.run_of(pathlib.Path(two), mode).train(stop_at=17)
                rest = self.run_of(pathlib.Path(two), mode).resume()
                self.assertEqual(rest.step, 17)
                rest.train()
                self.assertEqual(rest.losses, whole.losses, mode)
                for a, b in zip(whole.averaged().parameters(), rest.averaged().parameters()):
                    self.assertTrue(torch.equal(a, b), mode)


class Networks(unittest.TestCase):
    def test_have_the_sizes_of_the_shipped_ones(self):
        count = lambda net: sum(p.numel() for p in net.parameters())
        self.assertEqual((count(TextUnet()), count(ScoreNet())), (5_000_584, 1_392_476))

    def test_begin_as_what_the_preconditioning_says(self):
        x = torch.randn(2, 1, 32, 32)
        d = ScoreNet()(x, torch.tensor([0.45, 4.5]))
        self.assertTrue(torch.allclose(d[0], x[0] / 2, atol=1e-6))


if __name__ == "__main__":
    unittest.main()
