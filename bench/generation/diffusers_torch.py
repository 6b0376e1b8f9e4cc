"""A model of the emoji model's sizes in PyTorch, with diffusers' DDIM: text encoder, U-Net under guidance, decoder, PNG.

The weights are random, since time does not depend on them: the U-Net is that of models/training, the text encoder MiniLM's
shape from transformers, the decoder one linear map (the real one has a few convolutions more). A line is a seed and a prompt.
"""

import io
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "models" / "training"))

import diffusers  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from nets import TextUnet  # noqa: E402
from PIL import Image  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

folder, steps = pathlib.Path(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(1)
torch.set_grad_enabled(False)
unet = TextUnet().eval()
shape = transformers.BertConfig(vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536)
text = transformers.BertModel(shape, add_pooling_layer=False).eval()
decoder = torch.nn.ConvTranspose2d(8, 3, 4, stride=4).eval()
scheduler = diffusers.DDIMScheduler.from_pretrained(folder / "scheduler")
tokenizer = Tokenizer.from_file(str(folder / "tokenizer" / "tokenizer.json"))


def draw(prompt, seed):
    encoded = [tokenizer.encode(t) for t in ("", prompt)]
    ids, mask = (torch.tensor([getattr(e, name) for e in encoded]) for name in ("ids", "attention_mask"))
    states = text(ids, attention_mask=mask).last_hidden_state
    x = torch.randn((1, 8, 16, 16), generator=torch.Generator().manual_seed(seed))
    scheduler.set_timesteps(steps)
    for t in scheduler.timesteps:
        v = unet(torch.cat((x, x)), t.expand(2), states)
        x = scheduler.step(v[:1] + 3 * (v[1:] - v[:1]), t, x).prev_sample
    pixels = ((decoder(x)[0] + 1) * 127.5).clamp(0, 255).round().byte().permute(1, 2, 0).contiguous().numpy()
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "png")
    return png.getvalue()


print(f"text to PNG in Python, torch {torch.__version__} eager, diffusers {diffusers.__version__}'s DDIM, random weights of the same sizes", flush=True)
for line in sys.stdin:
    seed, prompt = line.rstrip("\n").split(" ", 1)
    assert draw(prompt, int(seed)).startswith(b"\x89PNG")
    print("done", flush=True)
