"""One of bench/decoding.py's peers: decoding_peer.py bare FOLDER ROWS | llama GGUF | genai FOLDER. Reads lines of JSON with the
ids of the prompts and how many tokens to write to each, greedily; answers with what was written to each, and the time of all.
Two threads, as Tern has. decoding_peer.py perplexity FOLDER reads ids and writes the perplexity of a genai folder's graph."""

import json
import os
import queue
import sys
import threading
import time

THREADS = 2
CHUNK = 128


def serve(write):
    """write(prompts, count): the number of a prompt and a token, one by one. Without several at once it is given one prompt."""
    print("ready", flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        start, cpu, first, texts = time.monotonic(), time.process_time(), None, [[] for _ in question["prompts"]]
        for prompt, token in write(question["prompts"], question["tokens"]):
            first = first or time.monotonic() - start
            texts[prompt].append(token)
        answer = {"texts": texts, "wall_s": time.monotonic() - start, "cpu_s": time.process_time() - cpu, "ttft_s": first}
        print(json.dumps(answer), flush=True)


def bare(folder, minimum):
    """The graph of one text, its keys and values updated in place, and the token with the greatest logit. A single token is
    run with so many rows as the service needs on this machine for a text to have the same bits alone and in company."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import numpy as np
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.spin_duration_us", "50")  # as Tern does
    session = ort.InferenceSession(os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"])
    caches = [value for value in session.get_inputs() if ".past." in value.name]
    outputs = {value.name for value in session.get_outputs()}

    def write(prompts, count):
        (prompt,) = prompts
        capacity = len(prompt) + count + 8
        memory = {value.name: ort.OrtValue.ortvalue_from_numpy(np.zeros((1, value.shape[1], capacity, value.shape[3]), np.float32)) for value in caches}
        past = 0

        def run(tokens):
            binding, rows, total = session.io_binding(), len(tokens) + 1, past + len(tokens) + 1
            own = np.minimum(np.arange(rows), len(tokens) - 1)
            padded = np.minimum(np.arange(max(len(tokens), int(minimum))), len(tokens) - 1)
            inputs = {
                "input_ids": np.array([tokens], np.int64)[:, padded],
                "attended": padded,
                "rows": np.full(int(minimum), len(tokens) - 1),
                "slot.0.tokens": own,
                "slot.0.position_ids": (past + own)[None],
                "slot.0.attention_bias": np.zeros((1, 1, rows, total), np.float32),
                "slot.0.seqlens_k": np.array([total - 1], np.int32),
                "slot.0.total_sequence_length": np.array([total], np.int32),
            }
            for name, value in inputs.items():
                binding.bind_cpu_input(name, np.ascontiguousarray(value))
            for name, value in memory.items():
                binding.bind_ortvalue_input(name, value)
                binding.bind_ortvalue_output(name.replace(".past.", ".present."), value)
            binding.bind_output("logits")
            if "hidden" in outputs:
                binding.bind_output("hidden")
            session.run_with_iobinding(binding)
            return int(binding.get_outputs()[-2 if "hidden" in outputs else -1].numpy()[-1].argmax())

        for at in range(0, len(prompt), CHUNK):
            token = run(prompt[at : at + CHUNK])
            past = min(len(prompt), at + CHUNK)
        yield 0, token
        for _ in range(count - 1):
            token = run([token])
            past += 1
            yield 0, token

    serve(write)


def llama(gguf):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = THREADS
    params.n_ctx, params.n_parallel, params.warmup = 8 * 2048, 8, True
    server = xllamacpp.Server(params)

    def write(prompts, count):
        """Pieces of text, one a token: this door tells no ids. Each prompt is a request of its own, as from so many clients."""
        pieces = queue.SimpleQueue()

        def ask(number, prompt):
            def see(chunk):
                choice = chunk["choices"][0]
                if choice["finish_reason"] is None:
                    pieces.put((number, choice["text"]))
                return False

            question = {"prompt": prompt, "n_predict": count, "temperature": 0, "top_k": 1, "ignore_eos": True, "cache_prompt": False, "stream": True}
            server.handle_completions(question, see)
            pieces.put(None)

        for number, prompt in enumerate(prompts):
            threading.Thread(target=ask, args=(number, prompt)).start()
        for _ in prompts:
            yield from iter(pieces.get, None)

    serve(write)


def genai(folder):
    import onnxruntime_genai as og

    model = og.Model(folder)

    def write(prompts, count):
        (prompt,) = prompts
        params = og.GeneratorParams(model)
        params.set_search_options(do_sample=False, max_length=len(prompt) + count, min_length=len(prompt) + count)
        generator = og.Generator(model, params)
        generator.append_tokens(prompt)
        for _ in range(count):
            generator.generate_next_token()
            yield 0, int(generator.get_next_tokens()[0])

    serve(write)


def perplexity(folder):
    import numpy as np
    import onnxruntime as ort

    ids = np.array(json.load(sys.stdin))
    session = ort.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
    inputs = {"input_ids": ids[None], "attention_mask": np.ones((1, len(ids)), np.int64)}
    for value in session.get_inputs():
        if "past" in value.name:
            heads = json.load(open(os.path.join(folder, "genai_config.json")))["model"]["decoder"]
            inputs[value.name] = np.zeros((1, heads["num_key_value_heads"], 0, heads["head_size"]), np.float32)
    logits = session.run(["logits"], inputs)[0][0, :-1].astype(np.float64)
    logits -= logits.max(-1, keepdims=True)
    chosen = logits[np.arange(len(ids) - 1), ids[1:]] - np.log(np.exp(logits).sum(-1))
    print(np.exp(-chosen.mean()))


try:
    {"bare": bare, "llama": llama, "genai": genai, "perplexity": perplexity}[sys.argv[1]](*sys.argv[2:])
except ImportError as e:
    print(e)
