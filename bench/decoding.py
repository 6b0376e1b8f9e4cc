"""What speculative decoding brings, by task, drafter and number of texts at once: ./tern bench decoding [--help]

Starts a Tern of its own and asks it over REST, as any client does. Each question is asked with every drafter in turn, in an
order that changes from round to round, so that what the machine does meanwhile falls on all; each asking has a key of its
own, so that no prefix is shared. Peers run in processes of their own and take their turns among the drafters:
  bare       one loop over the same graph and rows by onnxruntime from PyPI, without service, batches or sampler
  llama.cpp  the same GGUF file by the wheel xllamacpp
  genai      a folder that onnxruntime-genai's model builder made of the model (--genai FOLDER, once for each), which is
             named, and whose weights have a perplexity of their own
Each is left out, and named as left out, where its package is not installed in --python. CPU seconds are those of the
process that decodes. Writes bench/results/decoding-PRECISION-DATE.json. Standard library only; the peers need their packages."""

import argparse
import concurrent.futures
import datetime
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "e2e"))
from measures import TICKS, cpu_seconds, machine, spread  # noqa: E402
from stack import Stack, resident_bytes  # noqa: E402

DRAFTERS = ["none", "auto", "ngram", "retrieval", "medusa", "mtp", "eagle"]
# Spec-Bench's categories, as our tasks.
CATEGORIES = {"coding": "code", "math": "maths", "math_reasoning": "maths", "summarization": "summary", "translation": "translation"}

class Served:
    """The service with one drafter."""

    def __init__(self, stack, drafter, pid):
        self.name, self.stack, self.pid = drafter, stack, pid
        self.speculation = "off" if drafter == "none" else {"drafter": drafter}

    def ask(self, questions, tokens):
        before, start = cpu_seconds(self.pid), time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(len(questions)) as pool:
            answers = list(pool.map(lambda question: self.one(question, tokens), questions))
        wall, cpu = time.monotonic() - start, cpu_seconds(self.pid) - before
        drafts = [answer["speculation"] for answer in answers]
        return {
            "tokens": sum(answer["tokens"] for answer in answers),
            "wall_s": wall,
            "cpu_s": cpu,
            "ttft_s": statistics.median(answer["ttft"] for answer in answers),
            "tau": statistics.mean(draft["mean_acceptance_length"] for draft in drafts),
            "texts": [answer["text"] for answer in answers],
        }

    def one(self, question, tokens):
        body = {
            "messages": [{"role": "user", "content": question}],
            "max_tokens": tokens,
            "temperature": 0,
            "ignore_eos": True,
            "stream": True,
            "stream_options": {"include_usage": True},
            "speculation": self.speculation,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.base, timeout=600)
        start = time.monotonic()
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + uuid.uuid4().hex}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        answer, first, text, last = connection.getresponse(), None, [], {}
        assert answer.status == 200, answer.read()
        for line in answer:
            if not line.startswith(b"data: {"):
                continue
            chunk = json.loads(line[6:])
            if chunk.get("tern", {}).get("tokens") and first is None:
                first = time.monotonic() - start
            text += [token["id"] for token in chunk.get("tern", {}).get("tokens", [])]
            last = chunk if chunk.get("usage") else last
        connection.close()
        return {"text": text, "ttft": first, "tokens": last["usage"]["completion_tokens"], "speculation": last["metrics"]["speculative_decoding"]}


class Peer:
    """A process that answers lines of JSON: {"prompts", "tokens"} by {"texts", "wall_s", "cpu_s", "ttft_s"}."""

    def __init__(self, name, command, most, stack):
        self.name, self.most, self.stack = name, most, stack
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        line = self.process.stdout.readline()
        if line.strip() != "ready":
            raise RuntimeError(line.strip() or "ended")

    def ask(self, questions, tokens):
        prompts = [prompt_ids(self.stack, question) for question in questions]
        self.process.stdin.write(json.dumps({"prompts": prompts, "tokens": tokens}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer | {"tokens": sum(map(len, answer["texts"])), "tau": 1.0}

    def close(self):
        self.process.stdin.close()
        self.process.wait(10)


IDS = {}


def prompt_ids(stack, question):
    if question not in IDS:
        body = {"messages": [{"role": "user", "content": question}], "max_tokens": 1, "temperature": 0, "return_token_ids": True}
        IDS[question] = stack.json("POST", "/v1/chat/completions", body)["prompt_token_ids"]
    return IDS[question]


def peers(stack, arguments):
    model = next(stack.data.glob("models/*/*.gguf"))
    # The whole model and not what drafts for it.
    weights = max(stack.data.glob("cache/decoding/*/model.weights"), key=lambda file: file.stat().st_size)
    commands = {"bare": (1, ["bare", str(weights.parent), minimum_rows(weights.parent)]), "llama.cpp": (8, ["llama", str(model)])}
    for folder in arguments.genai:
        commands[Path(folder).name] = (1, ["genai", folder])
    found, left_out = [], {} if arguments.genai else {"genai": "no --genai folder"}
    for name, (most, command) in commands.items():
        try:
            found.append(Peer(name, [arguments.python, str(ROOT / "bench" / "decoding_peer.py"), *command], most, stack))
        except (RuntimeError, OSError) as e:
            left_out[name] = str(e)
    return found, left_out


def minimum_rows(folder):
    """Of a run, for equal bits in company: what the service's self-test found on this machine."""
    lines = next(folder.glob("exactness-*.properties")).read_text().splitlines()
    return next(line.split("=")[1] for line in lines if line.startswith("minimum_rows="))


def questions(file, each):
    tasks = json.loads((ROOT / "bench" / "prompts.json").read_text())
    if file:
        tasks = {}
        for line in Path(file).read_text().splitlines():
            question = json.loads(line)
            tasks.setdefault(CATEGORIES.get(question["category"], "chat"), []).append(question["turns"][0])
    return {task: asked[:each] for task, asked in tasks.items()}


def passage():
    return json.loads((ROOT / "models" / "golden" / "decoding" / "perplexity.json").read_text())["ids"]


def perplexities(arguments):
    """Of the folders' weights on the same passage."""
    script = str(ROOT / "bench" / "decoding_peer.py")
    measure = lambda folder: subprocess.run([arguments.python, script, "perplexity", folder], input=json.dumps(passage()), capture_output=True, text=True).stdout
    return {Path(folder).name: round(float(measure(folder) or "nan"), 3) for folder in arguments.genai}


def perplexity(stack):
    """Of the served weights on the passage of the golden file, by echo with log probabilities."""
    ids = passage()
    body = {"prompt": ids, "max_tokens": 1, "echo": True, "logprobs": 0, "temperature": 0}
    scores = stack.json("POST", "/v1/completions", body)["choices"][0]["logprobs"]["token_logprobs"]
    scores = [score for score in scores[: len(ids)] if score is not None]
    return 2.718281828459045 ** (-sum(scores) / len(scores))


def memory(stack, pid, used):
    """Resident megabytes of the service, once while eight texts of 2,048 tokens are written, with what is known of them: all
    that was used before stays loaded, and beginnings that are kept give way to texts."""

    def gauge(name):
        url = f"http://127.0.0.1:{stack.base + 1033}/metrics"
        with urllib.request.urlopen(url, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(name) and not line.startswith("#"))

    def state():
        beginnings = gauge("tern_decoding_prefix_cache_used_bytes")
        return {"resident": resident_bytes(pid), "keys_and_values": gauge("tern_decoding_cache_used_bytes"), "beginnings": beginnings}

    def one(seed):
        body = {"prompt": [seed, *(1000 + i % 20000 for i in range(1984))], "max_tokens": 63, "temperature": 0, "ignore_eos": True}
        stack.json("POST", "/v1/completions", body)

    before = peak = state()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        running = [pool.submit(one, 100 + i) for i in range(8)]
        while not all(text.done() for text in running):
            peak = max(peak, state(), key=lambda at: at["resident"])
            time.sleep(0.2)
    time.sleep(5)  # what is given back at an end, is by now
    megabytes = lambda at: {name: round(value / 1e6) for name, value in at.items()}
    return {"used_before": used, "before_mb": megabytes(before), "peak_mb": megabytes(peak), "after_mb": megabytes(state())}


def main():
    parser = argparse.ArgumentParser(prog="./tern bench decoding", description=__doc__.split("\n")[0])
    parser.add_argument("--questions", help="Spec-Bench's question.jsonl in place of our own prompts")
    parser.add_argument("--each", type=int, default=2, help="questions of each task (2)")
    parser.add_argument("--tokens", type=int, default=64, help="of each answer (64)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds over all (3)")
    parser.add_argument("--batches", default="1,4,8", help="texts at once (1,4,8)")
    parser.add_argument("--drafters", default=",".join(DRAFTERS), help="none is always among them")
    parser.add_argument("--tasks", help="some of the tasks only")
    parser.add_argument("--python", default=sys.executable, help="an interpreter that has the peers' packages")
    parser.add_argument("--precision", default="auto", help="of the service's weights: fp32, int8, int4 or auto")
    parser.add_argument("--genai", action="append", default=[], help="a model folder of onnxruntime-genai")
    parser.add_argument("--no-memory", action="store_true", help="leave out eight texts of 2,048 tokens")
    arguments = parser.parse_args()
    load = os.getloadavg()[0]
    os.environ["TERN_DECODING_PRECISION"] = arguments.precision
    stack = Stack()
    try:
        code, _, err = stack.up()
        assert code == 0, err
        pid = stack.pids()["decoding"]
        drafters = [Served(stack, name, pid) for name in dict.fromkeys(["none", *arguments.drafters.split(",")])]
        others, left_out = peers(stack, arguments)
        cases = measure(drafters, others, arguments)
        report = {
            "what": "greedy answers over REST; ratio = tokens per second against drafter none in the same round and question set, median and quartiles",
            "machine": machine(load),
            "perplexity": {"tern": round(perplexity(stack), 3)} | perplexities(arguments),
            "settings": {key: value for key, value in vars(arguments).items() if key != "python"} | {"genai": [Path(folder).name for folder in arguments.genai]},
            "left_out": left_out,
            "memory_of_eight_texts_of_2048_tokens": None if arguments.no_memory else memory(stack, pid, [served.name for served in drafters]),
            "cases": cases,
        }
        for peer in others:
            peer.close()
    finally:
        stack.destroy()
    file = ROOT / "bench" / "results" / f"decoding-{arguments.precision}-{datetime.date.today()}.json"
    file.write_text(json.dumps(report, indent=1) + "\n")
    print(json.dumps({key: report[key] for key in ("machine", "perplexity", "left_out", "memory_of_eight_texts_of_2048_tokens")}))
    print(file.relative_to(ROOT))


def measure(drafters, others, arguments):
    tasks = questions(arguments.questions, arguments.each)
    for drafter in drafters:  # a service that has run for a while: its code is compiled as it runs, and auto learns
        for asked in tasks.values():
            drafter.ask(asked[-1:], arguments.tokens)
    wanted = arguments.tasks.split(",") if arguments.tasks else tasks
    seen = {}
    for number in range(arguments.rounds):
        for batch in map(int, arguments.batches.split(",")):
            for task in wanted:
                asked = [tasks[task][(number + i) % len(tasks[task])] for i in range(batch)]
                contenders = drafters + [peer for peer in others if batch <= peer.most]
                turn = number % len(contenders)
                answers = {one.name: one.ask(asked, arguments.tokens) for one in contenders[turn:] + contenders[:turn]}
                for name, answer in answers.items():
                    seen.setdefault((task, batch, name), []).append((answer, answers["none"]))
    cases = [summary(key, pairs) for key, pairs in seen.items()]
    for case in cases:
        print("{task:12} {batch} x {contender:10} {tokens_per_cpu_s[median]:7.1f} tokens/CPU s, ratio {cpu_ratio[median]:.2f} ({cpu_ratio[lower]:.2f}..{cpu_ratio[upper]:.2f}), wall {wall_ratio[median]:.2f}, tau {tau:.2f}, equal {equal_texts}".format(**case))
    return cases


def summary(key, pairs):
    task, batch, name = key
    per_cpu = lambda answer: answer["tokens"] / max(answer["cpu_s"], 1 / TICKS)
    per_wall = lambda answer: answer["tokens"] / answer["wall_s"]
    return {
        "task": task,
        "batch": batch,
        "contender": name,
        "tokens_per_cpu_s": spread([per_cpu(answer) for answer, _ in pairs]),
        "tokens_per_s": spread([per_wall(answer) for answer, _ in pairs]),
        "ttft_s": spread([answer["ttft_s"] for answer, _ in pairs]),
        "tau": round(statistics.mean(answer["tau"] for answer, _ in pairs), 3),
        "cpu_ratio": spread([per_cpu(answer) / per_cpu(plain) for answer, plain in pairs]),
        "wall_ratio": spread([per_wall(answer) / per_wall(plain) for answer, plain in pairs]),
        "equal_texts": f"{sum(a == b for answer, plain in pairs for a, b in zip(answer['texts'], plain['texts']))} of {sum(len(answer['texts']) for answer, _ in pairs)}",
    }


if __name__ == "__main__":
    main()
