"""Writes exported/NAME: one tiny llama as the ONNX folders of optimum and of onnxruntime-genai, and what is to come out of them.

The two exporters want different releases of transformers, so that each is called in an environment of its own:
  pip install optimum-onnx==0.1.0 transformers==4.57.6 onnx onnxruntime torch; python exported.py optimum
  pip install onnxruntime-genai==0.18.0 transformers==5.24.0 onnx onnx-ir torch; python exported.py genai
reference.json of each folder: ids [40], logits at some places, and 8 prompt ids with 24 greedy ones. Those of float32
and float16 graphs are transformers' own of the checkpoint; those of int4 are what onnxruntime-genai itself writes with its graph.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM

os.environ["HF_HUB_OFFLINE"] = "1"
HERE = pathlib.Path(__file__).parent
TARGET = HERE / "exported"
LENGTH, PROMPT, GREEDY, ROWS = 40, 8, 24, [0, 5, 17, 39]
CONFIG = dict(vocab_size=320, hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=16,
              max_position_embeddings=256, bos_token_id=1, eos_token_id=2, pad_token_id=0, tie_word_embeddings=True)
TEMPLATE = "{% for message in messages %}<s>{{ message['role'] }}: {{ message['content'] }}</s>{% endfor %}{% if add_generation_prompt %}<s>assistant: {% endif %}"


def checkpoint(folder):
    random = np.random.default_rng(11)
    model = LlamaForCausalLM(LlamaConfig(**CONFIG)).eval()
    state = model.state_dict()
    for name in sorted(state):
        if name != "lm_head.weight":  # tied
            numbers = random.normal(1 if name.endswith("norm.weight") else 0, 0.1 if name.endswith("norm.weight") else 0.3, state[name].shape)
            state[name].copy_(torch.from_numpy(numbers.astype(np.float32)))
    model.save_pretrained(folder)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(HERE / "families/llama" / file, folder / file)
    (folder / "chat_template.jinja").write_text(TEMPLATE)
    return model


def ids():
    return [(7 * i * i + 3 * i + 5) % CONFIG["vocab_size"] for i in range(LENGTH)]


def reference(model, made_by):
    with torch.no_grad():
        logits = model(torch.tensor([ids()])).logits[0].numpy()
        text = torch.tensor([ids()[:PROMPT]])
        for _ in range(GREEDY):
            text = torch.cat([text, model(text).logits[:, -1].argmax(-1, keepdim=True)], -1)
    rows = [[round(float(x), 5) for x in logits[row]] for row in ROWS]
    return dict(made_by=made_by, ids=ids(), rows=ROWS, logits=rows, greedy=text[0].tolist())


def optimum(checkpoint_folder, model):
    from optimum.exporters.onnx import main_export
    folder = fresh("optimum")
    main_export(str(checkpoint_folder), str(folder), task="text-generation-with-past", device="cpu", do_validation=False)
    write(folder, reference(model, f"transformers {transformers.__version__}, float32"))


def genai(checkpoint_folder, model):
    import onnxruntime_genai as og
    for name, precision in (("genai", "fp32"), ("genai-fp16", "fp16"), ("genai-int4", "int4")):
        folder = fresh(name)
        with tempfile.TemporaryDirectory() as cache:
            subprocess.run([sys.executable, "-m", "onnxruntime_genai.models.builder", "-m", "tiny", "-i", checkpoint_folder, "-o", folder,
                            "-p", precision, "-e", "cuda" if precision == "fp16" else "cpu", "-c", cache, "--extra_options", "hf_token=false"], check=True, stdout=subprocess.DEVNULL)
        shutil.copy(checkpoint_folder / "chat_template.jinja", folder)
        known = reference(model, f"transformers {transformers.__version__}, float32")
        if precision == "int4":
            own = og.Model(str(folder))
            parameters = og.GeneratorParams(own)
            parameters.set_search_options(max_length=PROMPT + GREEDY, do_sample=False, min_length=PROMPT + GREEDY)
            generator = og.Generator(own, parameters)
            generator.append_tokens(np.array(ids()[:PROMPT], dtype=np.int32))
            while not generator.is_done():
                generator.generate_next_token()
            known = dict(made_by=f"onnxruntime-genai {og.__version__}, this graph", greedy=[int(x) for x in generator.get_sequence(0)])
        write(folder, known)


def fresh(name):
    shutil.rmtree(TARGET / name, ignore_errors=True)
    (TARGET / name).mkdir(parents=True)
    return TARGET / name


def write(folder, known):
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    (folder / "reference.json").write_text(json.dumps(known))


if __name__ == "__main__":
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        {"optimum": optimum, "genai": genai}[sys.argv[1]](folder, checkpoint(folder))
