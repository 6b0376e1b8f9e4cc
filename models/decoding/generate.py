"""Writes what the target itself answers: tokens and hidden states, the text that draft heads are trained on.

    pip install torch numpy gguf tokenizers safetensors
    python models/decoding/generate.py --gguf MODEL.gguf --out DATA --answers 1200

Goes on where it stopped: each batch is a file of its own, drawn from a seed of its own. Every second batch answers questions
of the kinds below, the others questions that the target writes itself when it is given the beginning of a user's turn (Xu et
al. 2024, "Magpie"), which are of as many kinds as those that it was tuned on. A third of the batches is greedy, the others
are drawn at temperature 0.7.
"""

import argparse
import json
import pathlib
import random

import numpy as np
import tokenizers
import torch

from target import KV_HEADS, SIZE, Target

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH, LENGTH, END = 128, 96, 2
QUESTION_LENGTH, QUESTION_TEMPERATURE = 64, 0.9
SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
SUBJECTS = """bread rivers bicycles the moon volcanoes chess gardens bees trains glaciers tea lighthouses maps owls clocks
bridges soup penguins libraries wind deserts painting whales money sleep rain castles music salt forests robots cheese
football electricity honey islands shoes telescopes spiders markets snow airports dreams paper mountains dogs medicine
dance elephants glass computers fishing coral languages steam engines stars kites wolves gold planets apples bridges rice
horses radio satellites pottery turtles cathedrals fire seeds tides mirrors batteries coffee photography vaccines""".split()
VERBS = "repaired painted carried sold found watched opened cleaned borrowed followed counted washed hid lost drew".split()
PEOPLE = "Anna Omar Lucy Ivan Mei Carlos Sara Tom Aisha Peter Nora Kofi".split()
THINGS = "lamp boat letter basket ladder violin kettle map bicycle window clock coat bridge table drum".split()
PLACES = "in the morning|near the harbour|behind the school|after the rain|on the old road|at the market|before dinner".split("|")


def sentences(r, n):
    return " ".join(f"{r.choice(PEOPLE)} {r.choice(VERBS)} the {r.choice(THINGS)} {r.choice(PLACES)}." for _ in range(n))


def question(r):
    """A task of one of twelve kinds: questions, stories, code, sums, edits, translations, lists, summaries and the like."""
    s = r.choice(SUBJECTS)
    a, b = r.randrange(2, 90), r.randrange(2, 90)
    return r.choice([
        lambda: r.choice([f"What are {s} good for?", f"Explain {s} to a child.", f"Why do people care about {s}?", f"Tell me about the history of {s}."]),
        lambda: f"Write a short story about {r.choice(PEOPLE)}, {r.choice(PEOPLE)} and {s}.",
        lambda: r.choice([f"Write a Python function that returns every number below {a} divisible by {b % 9 + 2}.",
                          f"Write a Python class for a {r.choice(THINGS)} with methods to open and close it.",
                          f"Write a Python function that counts the letters of a text and leaves out spaces.",
                          f"Write a SQL query that lists the ten largest orders of customer {a}.",
                          f"Write a JavaScript function that sorts a list of {s} by name."]),
        lambda: f"{r.choice(PEOPLE)} has {a} apples and buys {b} more. How many are there? Explain step by step.",
        lambda: f"{r.choice(['Correct the spelling', 'Rewrite in the past tense', 'Rewrite in capital letters', 'Repeat exactly', 'Make this more formal'])}: {sentences(r, r.randrange(2, 5))}",
        lambda: f"Translate to {r.choice(['French', 'Spanish', 'German', 'Italian'])}: {sentences(r, r.randrange(1, 3))}",
        lambda: f"List {r.randrange(3, 8)} facts about {s}.",
        lambda: f"Summarise in one sentence: {sentences(r, r.randrange(3, 7))}",
        lambda: r.choice([f"What is the difference between {s} and {r.choice(SUBJECTS)}?", f"How do {s} work?", f"Give me advice about {s}.",
                          f"Describe {s} in three sentences.", f"What would happen without {s}?", f"Who should learn about {s}, and why?"]),
        lambda: r.choice([f"Write an e-mail to {r.choice(PEOPLE)} about {s}.", f"Write a poem about {s}.", f"Write a product description for a {r.choice(THINGS)}.",
                          f"Write a dialogue between {r.choice(PEOPLE)} and {r.choice(PEOPLE)} about {s}."]),
        lambda: f"{sentences(r, r.randrange(3, 7))}\n\nAnswer from the text: who {r.choice(VERBS)} something, and where?",
        lambda: r.choice([f"Solve {a}x + {b} = {a * (b % 7) + b}.", f"What is {a} times {b % 12 + 2}? Show your work.",
                          f"A {r.choice(THINGS)} costs {a} dollars and is reduced by {b} percent. What is the new price?"]),
    ])()


USER = f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"


def rendered(text):
    return f"{USER}{text}<|im_end|>\n<|im_start|>assistant\n"


@torch.inference_mode()
def answers(target, prompts, temperature, generator, length=LENGTH):
    """-> ids [B, P + length] and hidden states of the same places, prompts padded on the left."""
    longest = max(map(len, prompts))
    pad = torch.tensor([longest - len(p) for p in prompts])
    ids = torch.tensor([[0] * (longest - len(p)) + p for p in prompts])
    total = longest + length
    place = torch.arange(total)
    seen = place[None] >= pad[:, None]
    caches = [(target.embedding.new_zeros(len(prompts), KV_HEADS, total, SIZE), target.embedding.new_zeros(len(prompts), KV_HEADS, total, SIZE)) for _ in target.layers]
    hidden, at, new = [], 0, ids
    for _ in range(length + 1):
        end = at + new.shape[1]
        mask = (place[None, :end] <= place[at:end, None])[None] & seen[:, None, :end]
        mask |= torch.eye(end, dtype=torch.bool)[at:end][None]  # a padding row attends to itself, else it is 0 / 0
        states = target.hidden(new, (place[at:end][None] - pad[:, None]).clamp(min=0), mask[:, None], caches, at)
        hidden.append(states.half())
        at = end
        if at == total:
            break
        logits = (states[:, -1] @ target.embedding.T).float()
        new = logits.argmax(-1, keepdim=True) if temperature == 0 else torch.multinomial((logits / temperature).softmax(-1), 1, generator=generator)
        ids = torch.cat((ids, new), 1)
    return ids, torch.cat(hidden, 1), pad, longest


def own_questions(target, tokenizer, generator):
    """What the target writes in a user's place, where it comes to an end."""
    beginning = tokenizer.encode(USER, add_special_tokens=False).ids
    ids, _, _, start = answers(target, [beginning] * BATCH, QUESTION_TEMPERATURE, generator, QUESTION_LENGTH)
    rows = (row.tolist() for row in ids[:, start:])
    return [tokenizer.decode(row[: row.index(END)]).strip() for row in rows if END in row]


def questions(batch, target, tokenizer, generator):
    if batch % 2 == 0:
        r = random.Random(batch)
        return [question(r) for _ in range(BATCH)]
    return own_questions(target, tokenizer, generator)


def main():
    args = argparse.ArgumentParser()
    args.add_argument("--gguf", required=True)
    args.add_argument("--out", type=pathlib.Path, required=True)
    args.add_argument("--answers", type=int, default=1200)
    args.add_argument("--first", type=int, default=0, help="number of the first batch: another one gives other questions, to measure with")
    args.add_argument("--threads", type=int, default=1)
    args.add_argument("--bfloat16", action="store_true", help="compute in bfloat16, where the processor has products of it")
    args = args.parse_args()
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    target = Target(args.gguf, torch.bfloat16 if args.bfloat16 else torch.float32)
    tokenizer = tokenizers.Tokenizer.from_file(str(ROOT / "models/golden/decoding/tokenizer.json"))
    for batch in range(args.first, args.first + -(-args.answers // BATCH)):
        file = args.out / f"{batch:04d}.npz"
        if file.exists():
            continue
        generator = torch.Generator().manual_seed(batch)
        asked = [question for question in questions(batch, target, tokenizer, generator) if question]
        prompts = sorted((tokenizer.encode(rendered(text), add_special_tokens=False).ids for text in asked), key=len)
        prompts = [p for p in prompts if len(p) <= 160]
        ids, hidden, pad, start = answers(target, prompts, 0.0 if batch % 3 == 0 else 0.7, generator)
        part = file.with_suffix(".part.npz")
        np.savez(part, ids=ids.numpy().astype(np.int32), hidden=hidden.numpy(), pad=pad.numpy(), start=start)
        part.rename(file)
        print(json.dumps({"batch": batch, "answers": len(prompts), "question": asked[0][:120], "sample": tokenizer.decode(ids[0, start:].tolist())[:120]}), flush=True)


if __name__ == "__main__":
    main()
