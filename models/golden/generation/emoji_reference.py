"""Reference text-to-image over the ONNX folder, in numpy: writes emoji.json and emoji/.
   emoji_reference.py ../../emoji emoji.json emoji 1000 "red apple" "cat face" "grinning face" frog pizza "smiling face with sunglasses"
Needs numpy, onnxruntime, tokenizers and pillow."""
import sys, os, json, hashlib, numpy as np, onnxruntime as ort
from tokenizers import Tokenizer
from PIL import Image

ABOUT = dict(
    text="tokens padded and cut to 16 by tokenizer.json; text_encoder(input_ids, attention_mask) -> [B,16,384], already zero where the mask is 0; the U-Net needs exactly 16 rows",
    guidance="one U-Net call of batch 2 per step, rows in the order [uncond, cond]; uncond = the empty prompt (tokens [CLS] [SEP] + padding); v = v_uncond + 3 * (v_cond - v_uncond)",
    schedule="beta = linspace(1e-4, 0.02, 1000); abar = cumprod(1 - beta) in float64; timesteps (trailing) t_i = round(1000 - i 1000 / steps) - 1 = 999, 949, ..., 49 for 20 steps; the timestep goes in as float32, one value per row",
    ddim="a = sqrt(abar[t]), s = sqrt(1 - abar[t]); x0 = a x - s v, not clipped (clip_sample false); eps = a v + s x; x <- a' x0 + s' eps, where after the last step a' = 1, s' = 0; starts at x = noise",
    identity="unclipped ddim (eta 0) and euler are one method in two coordinates: their latents differ by at most 1.1e-4 here (rounding)",
    euler="k-diffusion: sigma_i = sqrt((1 - abar) / abar) at the same t_i, then 0; starts at x = noise * sigma_0; network input x / sqrt(sigma^2 + 1); denoised D = x / (sigma^2 + 1) - v sigma / sqrt(sigma^2 + 1), not clipped; d = (x - D) / sigma; x <- x + d (sigma_next - sigma)",
    image="vae_decoder(latents) in [-1,1], NCHW RGB; uint8 = round((y + 1) * 127.5)",
    tolerance="the same CPU kind and ONNX Runtime 1.32: the same bits whatever the batch and the threads; other roundings of the coefficients move the final latents by up to 1e-4: compare latents to 1e-3, pictures to 1/255",
    precision="latents are kept in float32 between steps, coefficients are computed in float64 and rounded to float32")

class Pipeline:
    def __init__(self, folder, threads=1):
        so = ort.SessionOptions(); so.intra_op_num_threads = threads
        self.tok = Tokenizer.from_file(f"{folder}/tokenizer/tokenizer.json")
        self.text, self.unet, self.decoder = (ort.InferenceSession(f"{folder}/{d}/model.onnx", so) for d in ("text_encoder", "unet", "vae_decoder"))
        self.abar = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))

    def tokens(self, *texts):
        e = self.tok.encode_batch(list(texts))
        return np.array([x.ids for x in e], np.int64), np.array([x.attention_mask for x in e], np.int64)

    def embed(self, prompt):                                   # [2,16,384]: uncond, cond
        ids, mask = self.tokens("", prompt)
        return self.text.run(None, {"input_ids": ids, "attention_mask": mask})[0]

    def v(self, x, t, text, guidance):
        out = self.unet.run(None, {"sample": np.concatenate([x, x]), "timestep": np.full(2, t, np.float32), "encoder_hidden_states": text})[0]
        return out[:1] + np.float32(guidance) * (out[1:] - out[:1])

    def ddim(self, x, text, steps, guidance, trace):
        ts = np.round(np.arange(1000, 0, -1000 / steps)).astype(int) - 1
        for i, t in enumerate(ts):
            a, s = f32(self.abar[t] ** 0.5), f32((1 - self.abar[t]) ** 0.5)
            v = self.v(x, t, text, guidance)
            x0, eps = a * x - s * v, a * v + s * x
            next_abar = self.abar[ts[i + 1]] if i + 1 < steps else 1.0
            x = f32(next_abar ** 0.5) * x0 + f32((1 - next_abar) ** 0.5) * eps
            trace.append(x)
        return x

    def euler(self, x, text, steps, guidance, trace):
        ts = np.round(np.arange(1000, 0, -1000 / steps)).astype(int) - 1
        sigmas = np.append(((1 - self.abar[ts]) / self.abar[ts]) ** 0.5, 0.0)
        x = x * f32(sigmas[0])
        for i, t in enumerate(ts):
            g, r = sigmas[i], (sigmas[i] ** 2 + 1) ** 0.5
            v = self.v(x * f32(1 / r), t, text, guidance)
            denoised = x * f32(1 / (g * g + 1)) - v * f32(g / r)
            x = x + (x - denoised) * f32((sigmas[i + 1] - g) / g)
            trace.append(x)
        return x

    def image(self, latents):
        y = self.decoder.run(None, {"latent_sample": latents})[0][0]
        return np.round((y.transpose(1, 2, 0) + 1) * 127.5).astype(np.uint8)

f32 = np.float32
def noise(seed): return np.random.Generator(np.random.PCG64(seed)).standard_normal((1, 8, 16, 16), dtype=np.float32)

if __name__ == "__main__":
    model, out, npy, seed0, prompts = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:]
    p, cases, steps, guidance = Pipeline(model), [], 20, 3.0
    os.makedirs(npy, exist_ok=True); rel = os.path.relpath(npy, os.path.dirname(out) or ".")
    for k, prompt in enumerate(prompts):
        (ids, mask), text, n, name = p.tokens(prompt), p.embed(prompt), noise(seed0 + k), prompt.replace(" ", "-")
        np.save(f"{npy}/{name}.noise.npy", n); np.save(f"{npy}/{name}.text.npy", text)
        for sampler in ("ddim", "euler"):
            trace = []; x = getattr(p, sampler)(n, text, steps, guidance, trace); stem = f"{name}.{sampler}"
            np.save(f"{npy}/{stem}.npy", x); Image.fromarray(p.image(x)).save(f"{npy}/{stem}.png")
            cases.append(dict(prompt=prompt, sampler=sampler, steps=steps, guidance=guidance, eta=0.0, noise_seed=seed0 + k,
                input_ids=ids[0].tolist(), attention_mask=mask[0].tolist(), noise=f"{rel}/{name}.noise.npy", text=f"{rel}/{name}.text.npy",
                latents=f"{rel}/{stem}.npy", png=f"{rel}/{stem}.png", after_step={str(i + 1): trace[i].ravel()[:8].tolist() for i in (0, 1, 4, 9, 14, 19)}))
    sha = {d: hashlib.sha256(open(f"{model}/{d}/model.onnx", "rb").read()).hexdigest() for d in ("text_encoder", "unet", "vae_decoder")}
    json.dump(dict(about="Golden text-to-image runs over models/emoji, made by onnxruntime %s on the CPU. .npy: little-endian float32, C order, 128-byte header; noise and latents [1,8,16,16], text [2,16,384] = uncond, cond; after_step: first 8 latents after that many steps" % ort.__version__,
        conventions=ABOUT, model_sha256=sha, uncond_input_ids=p.tokens("")[0][0].tolist(), cases=cases), open(out, "w"), indent=1)
