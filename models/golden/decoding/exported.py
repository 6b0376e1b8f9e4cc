"""Writes exported/NAME: one tiny llama as the ONNX folders of optimum, transformers.js and onnxruntime-genai, and what is to come out of them.

The two exporters want different releases of transformers, so that each is called in an environment of its own:
  pip install optimum-onnx==0.1.0 transformers==4.57.6 onnx onnxruntime torch; python exported.py optimum; python exported.py web
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


def web(checkpoint_folder, model):
    """web: a folder of transformers.js, with optimum's two graphs in one and one graph in three precisions, as its conversion makes them."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
    from onnxruntime.transformers.float16 import convert_float_to_float16
    from optimum.exporters.onnx import export
    from optimum.exporters.onnx.model_configs import LlamaOnnxConfig
    from optimum.onnx import merge_decoders
    folder = fresh("web")
    for file in (TARGET / "optimum").glob("*[!x]"):
        if file.name != "reference.json":
            shutil.copy(file, folder)
    (folder / "onnx").mkdir()
    with tempfile.TemporaryDirectory() as parts:
        parts = pathlib.Path(parts)
        for name, past in (("decoder_model.onnx", False), ("decoder_with_past_model.onnx", True)):
            export(model, LlamaOnnxConfig(model.config, task="text-generation", use_past=True, use_past_in_inputs=past), parts / name)
        merge_decoders(parts / "decoder_model.onnx", parts / "decoder_with_past_model.onnx", save_path=folder / "onnx/decoder_model_merged.onnx")
    plain = onnx.load(TARGET / "optimum/model.onnx")
    onnx.save(convert_float_to_float16(plain, keep_io_types=True), folder / "onnx/model_fp16.onnx")
    quantizer = MatMulNBitsQuantizer(with_logits_to_keep(onnx.load(TARGET / "optimum/model.onnx")), bits=4, block_size=32, is_symmetric=True)
    quantizer.process()
    onnx.save(quantizer.model.model, folder / "onnx/model_q4.onnx")
    quantize_dynamic(str(folder / "onnx/decoder_model_merged.onnx"), str(folder / "onnx/decoder_model_merged_quantized.onnx"), weight_type=QuantType.QInt8,
                     extra_options=dict(EnableSubgraph=True, MatMulConstBOnly=True))
    write(folder, reference(model, f"transformers {transformers.__version__}, float32"))


def with_logits_to_keep(model):
    """Logits of the last num_logits_to_keep tokens alone, 0 for all: hidden[:, -n:], as exports of later transformers have it."""
    from onnx import TensorProto, helper
    head = next(node for node in model.graph.node if "logits" in node.output)
    model.graph.input.append(helper.make_tensor_value_info("num_logits_to_keep", TensorProto.INT64, []))
    model.graph.initializer.extend([helper.make_tensor("keep_shape", TensorProto.INT64, [1], [1]), helper.make_tensor("keep_axis", TensorProto.INT64, [1], [1]),
                                    helper.make_tensor("keep_end", TensorProto.INT64, [1], [2 ** 62])])
    nodes = [helper.make_node("Neg", ["num_logits_to_keep"], ["keep_minus"]), helper.make_node("Reshape", ["keep_minus", "keep_shape"], ["keep_begin"]),
             helper.make_node("Slice", [head.input[0], "keep_begin", "keep_end", "keep_axis"], ["kept_hidden"])]
    head.input[0] = "kept_hidden"
    at = list(model.graph.node).index(head)
    for node in reversed(nodes):
        model.graph.node.insert(at, node)
    return model


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
        {"optimum": optimum, "web": web, "genai": genai}[sys.argv[1]](folder, checkpoint(folder))
