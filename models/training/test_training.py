"""python models/training/test_training.py: what the recipes promise, on networks of a few weights. Needs torch, numpy and onnx."""

import math
import pathlib
import tempfile
import unittest

import numpy as np
import torch
from torch import nn

import autoencoder
import cpc
import distil
import loop
import precision
import recolour
import weights
from clips import Clips, Pool, split
from nets import Correction, ScoreNet, TextUnet


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

        def loss(run, generator):
            x = torch.randn(16, 4, generator=generator)
            (half,) = run.precision.inputs(x)
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


class Contrasting(unittest.TestCase):
    def sprites(self):
        """Twelve discs, each of one colour."""
        y, x = np.mgrid[-1:1:32j, -1:1:32j]
        disc = ((x**2 + y**2 < 0.9) * 255).astype(np.uint8)
        colours = np.random.default_rng(0).integers(0, 256, (12, 3), np.uint8)
        return np.stack([np.dstack([np.full((32, 32, 3), c, np.uint8), disc]) for c in colours])

    def test_frames_of_a_step_are_always_the_same_and_share_no_ground(self):
        films = Clips(self.sprites(), cpc.SIDE)
        draw = lambda seed: films.frames(torch.arange(12), torch.Generator().manual_seed(seed))
        one, other = draw(1), draw(2)
        self.assertTrue(torch.equal(one, draw(1)))
        self.assertEqual(one.shape, (12, 3, cpc.SIDE, cpc.SIDE))
        self.assertTrue(0 <= one.min() and one.max() <= 1)
        corners = lambda x: x[:, :, ::cpc.SIDE - 1, ::cpc.SIDE - 1].flatten(1)
        self.assertGreater((corners(one) - corners(other)).abs().mean(1).min(), 0.02)

    def test_splits_by_code_point_and_not_by_style(self):
        codes = [f"{i:04x}" for i in range(24) for _ in range(2)]
        known, held = split(codes)
        self.assertEqual(len(held), 6)
        self.assertFalse({codes[i] for i in known} & {codes[i] for i in held})

    def test_a_net_that_knows_nothing_has_the_logarithm_of_the_films(self):
        torch.manual_seed(0)
        model = cpc.Cpc()
        for predict in model.predict:
            nn.init.zeros_(predict.weight)
        self.assertAlmostEqual(model(torch.rand(cpc.FRAMES, 8, 3, cpc.SIDE, cpc.SIDE)).item(), math.log(8), places=5)

    def test_learns_to_tell_colours_apart(self):
        torch.manual_seed(0)
        model = cpc.Cpc()
        loss = cpc.loss_of(model, Pool(Clips(self.sprites(), cpc.SIDE), torch.arange(12)), batch=12)
        with tempfile.TemporaryDirectory() as folder:
            losses = loop.Run(model, loss, 2e-3, 30, folder).train().losses
        self.assertLess(np.mean(losses[-5:]), 0.8 * math.log(12))


class Networks(unittest.TestCase):
    def test_have_the_sizes_of_the_shipped_ones(self):
        count = lambda net: sum(p.numel() for p in net.parameters())
        self.assertEqual((count(TextUnet()), count(ScoreNet())), (5_000_584, 1_392_476))
        self.assertEqual(count(Correction()) + 48 * 8 + 48, 322_492)

    def test_begin_as_what_the_preconditioning_says(self):
        x = torch.randn(2, 1, 32, 32)
        d = ScoreNet()(x, torch.tensor([0.45, 4.5]))
        self.assertTrue(torch.allclose(d[0], x[0] / 2, atol=1e-6))


class Distillation(unittest.TestCase):
    def test_reads_all_weights_of_the_shipped_graph_and_writes_them_back(self):
        shipped = pathlib.Path(__file__).resolve().parents[1] / "emoji" / "unet" / "model.onnx"
        network = weights.Graph(shipped).read(TextUnet())
        with torch.no_grad():
            network.out.bias += 1
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder) / "unet" / "model.onnx"
            weights.Graph(shipped).write(network, file)
            again = weights.Graph(file).read(TextUnet())
        for one, other in zip(network.parameters(), again.parameters()):
            self.assertTrue(torch.equal(one, other))

    def test_steps_from_point_to_point_as_ddim_does_where_nothing_is_to_be_guided(self):
        """A network that always answers v = 0 takes the data to be a x: the closed form of its step."""

        class Nothing(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.i = torch.nn.Conv2d(8, 8, 1)

            def forward(self, x, t, text):
                return torch.zeros_like(x)

        x, text = torch.randn(2, 8, 16, 16), torch.zeros(2, 16, 384)
        i, j = torch.tensor([1, 20]), torch.tensor([0, 15])
        a, s, a1, s1 = (f[at][:, None, None, None] for at in (i, j) for f in (distil.SIGNAL, distil.NOISE))
        stepped = distil.guided_step(Nothing(), x, i, j, text, text[0])
        self.assertTrue(torch.allclose(stepped, (a1 * a + s1 * s) * x, atol=1e-5))
        self.assertEqual(float(s1[0]), 0)


class Autoencoding(unittest.TestCase):
    def pictures(self):
        """Whose patches lie in a plane of eight directions."""
        generator = torch.Generator().manual_seed(0)
        draw = lambda *shape: torch.randn(shape, generator=generator)
        rows = draw(32 * 256, 8) @ (draw(8, 48) * torch.arange(1, 9)[:, None]) + draw(48)
        return torch.nn.functional.pixel_shuffle(rows.view(32, 256, 48).transpose(1, 2).unflatten(2, (16, 16)), 4)

    def test_loses_nothing_of_patches_in_a_plane_of_eight_directions(self):
        pictures = self.pictures()
        encoder = autoencoder.Patches.fitted(pictures)
        latents = encoder(pictures)
        self.assertEqual(latents.shape, (32, 8, 16, 16))
        self.assertTrue(torch.allclose(encoder.back(latents), pictures, atol=1e-3))
        self.assertTrue(torch.allclose(latents.mean((0, 2, 3)), torch.zeros(8), atol=1e-4))
        self.assertTrue(torch.allclose(latents.std((0, 2, 3)), torch.ones(8), atol=1e-3))
        self.assertTrue(torch.allclose(torch.cov(latents.transpose(0, 1).flatten(1)), torch.eye(8), atol=2e-3))

    def test_has_the_same_latents_whatever_the_order_of_the_data(self):
        pictures = self.pictures()
        one, other = (autoencoder.Patches.fitted(p)(pictures) for p in (pictures, pictures.flip(0)))
        self.assertTrue(torch.allclose(one, other, atol=1e-3))

    def test_begins_as_the_linear_decoding(self):
        torch.manual_seed(0)
        pictures = self.pictures()[:2] / 50
        encoder = autoencoder.Patches.fitted(pictures)
        decoder = autoencoder.Decoder(encoder, Correction())
        latents = encoder(pictures)
        self.assertTrue(torch.equal(decoder(latents), encoder.back(latents).clamp(-1, 1)))

    def test_learns_what_the_linear_decoding_lacks(self):
        torch.manual_seed(0)
        pictures = np.zeros((24, 64, 64, 3), np.uint8)
        for i, picture in enumerate(pictures):
            picture[i:i + 30, 2 * i:2 * i + 17] = (40 + 9 * i, 250 - 9 * i, 128)
        encoder, model = autoencoder.Patches.fitted(autoencoder.tensor(pictures)), Correction()
        with tempfile.TemporaryDirectory() as folder:
            losses = loop.Run(model, autoencoder.loss_of(model, encoder, pictures, pictures, 8), 2e-3, 30, folder).train().losses
        self.assertLess(np.mean(losses[-5:]), 0.5 * np.mean(losses[:3]))


class Recolouring(unittest.TestCase):
    def test_gives_the_main_hue_the_colour_and_leaves_the_rest(self):
        picture = np.full((64, 64, 3), 255, np.uint8)
        picture[10:50, 10:50] = (220, 50, 40)
        picture[10:16, 10:50] = (70, 160, 60)
        blue = recolour.recoloured(picture, "blue")
        self.assertLess(np.abs(blue[40, 30].astype(int) - recolour.COLOURS["blue"]).max(), 12)
        self.assertTrue((blue[12, 30] == picture[12, 30]).all() and (blue[0, 0] == 255).all())
        self.assertIsNone(recolour.recoloured(picture, "red"))
        self.assertEqual(recolour.named("green apple", "red"), "red apple")


if __name__ == "__main__":
    unittest.main()
