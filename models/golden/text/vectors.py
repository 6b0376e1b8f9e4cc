"""Writes wordpiece.json, byte_pair.json and clip.json: texts with the ids that Hugging Face's tokenizers library gives them.

pip install tokenizers==0.23.3; python models/golden/text/vectors.py
Texts are written here or drawn with the seed below from blocks of Unicode, so that they are ours to give away.
"""

import json
import pathlib
import random
import unicodedata

import tokenizers

SEED = 20261124
HERE = pathlib.Path(__file__).parent
MODELS = HERE.parent.parent

WRITTEN = [
    "", " ", "\n", "\t \r\n", "a", "A", "Hello, World!", "The Quick  brown\tfox.", "don't WE'LL I'm they've o'clock 'tis",
    "naïve café résumé Ångström", "e\u0301 e\u0301\u0323 \u0345", "İstanbul ΣΑΣ ς ß ẞ ﬁ Ǆ ǅ", "日本語のテキストです。中文测试 한국어 문장",
    "Привет, мир!", "مرحبا بالعالم", "שָׁלוֹם", "हिन्दी में", "ไทย", "🎉👩‍👩‍👧‍👦 🇫🇷 ☃️ ♥", "x²+½=٣٤٫ Ⅷ ①",
    "a\u00a0b\u3000c\u2028d\u2029e\u0085f\u200bg\ufeffh", "\x00null\x01\x1f\x7f\x80\x9f", "\ufffd replacement \ufffe",
    "$100 + <tag> = ~`^| [MASK] [CLS] [SEP] [PAD] [UNK] [mask]", "<|im_start|>user\nhi<|im_end|>\n", "<|im_end|><|im_end|>",
    "<|im_end", "|im_end|>", "<|endoftext|> <repo_name>", "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "x" * 99, "x" * 100, "x" * 101, "é" * 100, "é" * 101, "word" * 200, "one two three four five six seven eight nine ten eleven twelve thirteen",
    "1234567 and 3.14, 2026-11-24", "def f(x):\n    return x**2  # ok\r\n", "tail   ", "   head", "a\n\n\nb", "a \n \n b  c",
    "https://example.org/a_b-c?d=e&f=%20g#h", "{\"key\": [1, 2.5e-3, null]}", "\U00020000\U0002b920\U0002f800 𝔘𝔫𝔦 𝟘𝟙",
    "a" * 1000, " " * 1000, "ab" * 500, "\n" * 100 + "x", "'s 't 're 've 'm 'll 'd 'S 'T ''s", "’s don’t", "_under_score_ --dash-- ...",
    "\u0300\u0301 lone marks", "\u1100\u1161\u11a8 \uac01 jamo", "\ue000 private \U000f0000", "\u0378 unassigned \U000e0001 tag",
]

BLOCKS = [(0x20, 0x7E)] * 6 + [(0x20, 0x20)] * 3 + [(0x09, 0x0D), (0x30, 0x39), (0xA0, 0x17F), (0x180, 0x24F), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x4FF),
          (0x590, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0xE00, 0xE7F), (0x1E00, 0x1FFF), (0x2000, 0x206F), (0x2070, 0x218F), (0x2200, 0x27BF),
          (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE00, 0xFFFF), (0x10300, 0x1034F), (0x1D400, 0x1D7FF), (0x1F300, 0x1F9FF), (0x20000, 0x20100)]


def old_enough(char):
    """The library's classes of marks and punctuation are Unicode 8's; younger ones are left out, on which Java differs."""
    return unicodedata.category(char)[0] not in "MP" or unicodedata.ucd_3_2_0.category(char) != "Cn"


def drawn(count):
    rng = random.Random(SEED)
    texts = []
    while len(texts) < count:
        blocks = rng.choices(BLOCKS, k=rng.randint(1, 4))
        chars = [chr(rng.randint(*rng.choice(blocks))) for _ in range(rng.randint(1, 40))]
        texts.append("".join(char for char in chars if old_enough(char)))
    return texts


def write(name, about, cases):
    head = {"about": about, "made_by": f"tokenizers {tokenizers.__version__}, seed {SEED}, licence Apache-2.0"}
    lines = ",\n".join(json.dumps(case) for case in cases)
    (HERE / name).write_text(json.dumps(head)[:-1] + ',\n"cases": [\n' + lines + "\n]}\n")


def clip():
    """The tokenizer of CLIPTokenizerFast, which makes it of the two files in the same way."""
    from tokenizers import Regex, models, normalizers, pre_tokenizers
    folder = HERE.parent / "generation/tiny-sd/tokenizer"
    tokenizer = tokenizers.Tokenizer(models.BPE.from_file(str(folder / "vocab.json"), str(folder / "merges.txt"), unk_token="<|endoftext|>",
                                                          continuing_subword_prefix="", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    words = Regex(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(words, "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.add_special_tokens(["<|startoftext|>", "<|endoftext|>"])
    return tokenizer


def main():
    texts = WRITTEN + drawn(300)
    pieces = tokenizers.Tokenizer.from_file(str(MODELS / "emoji/tokenizer/tokenizer.json"))
    long = tokenizers.Tokenizer.from_file(str(MODELS / "emoji/tokenizer/tokenizer.json"))
    long.no_padding()
    long.no_truncation()
    write("wordpiece.json", "[text, ids, number of ids that are no padding, ids without truncation and padding] by models/emoji/tokenizer/tokenizer.json",
          [[t, pieces.encode(t).ids, sum(pieces.encode(t).attention_mask), long.encode(t).ids] for t in texts])
    pairs = tokenizers.Tokenizer.from_file(str(MODELS / "golden/decoding/tokenizer.json"))
    write("byte_pair.json", "[text, ids, text decoded from them with added tokens kept] by models/golden/decoding/tokenizer.json",
          [[t, pairs.encode(t).ids, pairs.decode(pairs.encode(t).ids, skip_special_tokens=False)] for t in texts])
    words = clip()
    write("clip.json", "[text, ids without begin, end and padding] by models/golden/generation/tiny-sd/tokenizer",
          [[t, words.encode(t).ids] for t in texts + ["<|startoftext|>a<|endoftext|>", "<|endoftext|", "A<|STARTOFTEXT|>b"]])


if __name__ == "__main__":
    main()
