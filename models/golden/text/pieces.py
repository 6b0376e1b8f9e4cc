"""Writes pieces.json: tiny tokenizers of many kinds, trained on this project's own pages, with texts and their ids.

pip install tokenizers==0.23.3 sentencepiece==0.2.3; python models/golden/text/pieces.py
"""

import io
import json
import pathlib
import random

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers as n, pre_tokenizers as p, processors, trainers

ROOT = pathlib.Path(__file__).parent.parent.parent.parent
LINES = "".join((ROOT / name).read_text() for name in ("README.md", "docs/architecture.md")).split("\n")
BYTES = [f"<0x{b:02X}>" for b in range(256)]
SPACE = "\u2581"
WORDS = "[^\\r\\n\\p{L}\\p{N}]?%s*%s+%s|[^\\r\\n\\p{L}\\p{N}]?%s+%s*%s"
UPPER, LOWER = "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]", "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
REST = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
TEKKEN = WORDS % (UPPER, LOWER, "", UPPER, LOWER, "") + "|\\p{N}" + REST
GPT4O = WORDS % (UPPER, LOWER, "(?i:'s|'t|'re|'ve|'m|'ll|'d)?", UPPER, LOWER, "(?i:'s|'t|'re|'ve|'m|'ll|'d)?") + "|\\p{N}{1,3}" + REST
DEEP = "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"

CASES = ["", " ", "  ", "\n", "\n\n", "\t \r\n", "a", "Hello, World!", " Hello  World ", "The Quick  brown\tfox.", "don't WE'LL I'M they'Ve o'clock 'tis",
         "1234567 12 3.14159 \u00bd\u2166", "x=1;\n\n  y = 2;\n\treturn x*y\n", "caf\u00e9 cafe\u0301 \u00c5 A\u030a \ufb01 \uff21\uff22", "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8 \u4e2d\u6587 \ud55c\uad6d\uc5b4",
         "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440", "\u0645\u0631\u062d\u0628\u0627 \u0928\u092e\u0938\u094d\u0924\u0947", "emoji \U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f389!!", "a\r\nb\r\n\r\nc", "<s>x</s> <think>y</think>z", "<s> x</s>y",
         "\u00a0nbsp\u2003em\u3000wide", "user@example.com https://x.y/z?q=1#f", "\U0001d4b3\U0001d4ce \U0001d7d9\U0001d7da", "camelCaseWords HTTPServer iPhone's", f"{SPACE}x {SPACE}{SPACE}y", "<0x41> <unk>", "word  mask  word maskword", "a---b...c!!d", "\u1e69 s\u0323\u0307 \u212b \u2460"]
random.seed(3)
POOL = "abcXYZ 019'\u2019.,;:!?\n\r\t \u00e9\u00df\u4e2d\u65e5\U0001f389\u0301\u00a0_-+<>/\\\"()\u2581\u0416"
CASES += ["".join(random.choice(POOL) for _ in range(random.randint(1, 40))) for _ in range(40)]


def pairs(pre, size=420, normalizer=None, start=(), alphabet=(), added=(), decoder=None, final=None, begin=None, normal=None, **model):
    """Trained with one normaliser and pre-tokenizer, used with another where real ones are made so."""
    t = Tokenizer(models.BPE(**model))
    if normalizer: t.normalizer = normalizer
    if pre: t.pre_tokenizer = pre
    t.train_from_iterator(LINES, trainers.BpeTrainer(vocab_size=size, special_tokens=list(start), initial_alphabet=list(alphabet), limit_alphabet=max(120, len(alphabet)), show_progress=False))
    return finished(t, added, decoder, final, begin, normal)


def unigram(pre, normalizer, added=(), decoder=None, final=None, begin=None, start=("<unk>", "<s>", "</s>"), fallback=False):
    t = Tokenizer(models.Unigram())
    if normalizer: t.normalizer = normalizer
    t.pre_tokenizer = pre
    t.train_from_iterator(LINES, trainers.UnigramTrainer(vocab_size=260, special_tokens=list(start), unk_token="<unk>", show_progress=False))
    if fallback:
        state = json.loads(t.to_str())
        state["model"]["vocab"] += [[b, -20.0] for b in BYTES]
        state["model"]["byte_fallback"] = True
        t = Tokenizer.from_str(json.dumps(state))
    return finished(t, added, decoder, final, begin)


def finished(t, added, decoder, final=None, begin=None, normal=None):
    if final is not None:
        if final: t.pre_tokenizer = final
        else:
            state = json.loads(t.to_str()); state["pre_tokenizer"] = None; t = Tokenizer.from_str(json.dumps(state))
    if normal is not None: t.normalizer = normal
    for token in added:
        (t.add_special_tokens if token.special else t.add_tokens)([token])
    if begin: t.post_processor = processors.TemplateProcessing(single=f"{begin} $A", pair=f"{begin} $A {begin} $B", special_tokens=[(begin, t.token_to_id(begin))])
    if decoder: t.decoder = decoder
    return t


SENTENCE = lambda *more: decoders.Sequence([decoders.Replace(SPACE, " "), decoders.ByteFallback(), decoders.Fuse(), *more])
BYTE_LEVEL = lambda split: p.Sequence([*split, p.ByteLevel(add_prefix_space=False, use_regex=False)])
SPECIALS = ["<unk>", "<s>", "</s>"]


def kinds():
    yield "llama2", pairs(p.Metaspace(), start=SPECIALS + BYTES, begin="<s>", final=False, normal=n.Sequence([n.Prepend(SPACE), n.Replace(" ", SPACE)]),
                          decoder=SENTENCE(decoders.Strip(" ", 1, 0)), unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    yield "mistral", pairs(p.Metaspace(), start=SPECIALS + BYTES, begin="<s>", final=p.Metaspace(prepend_scheme="first", split=False),
                           decoder=SENTENCE(decoders.Strip(" ", 1, 0)), unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    yield "gemma", pairs(p.Split(SPACE, "merged_with_next"), normalizer=n.Replace(" ", SPACE), start=SPECIALS + BYTES, begin="<s>", final=p.Split(" ", "merged_with_previous"),
                         added=[AddedToken(x, special=False, normalized=False) for x in ("\n\n", SPACE * 2, "<think>")], decoder=SENTENCE(), unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    yield "unknowns", pairs(p.Metaspace(prepend_scheme="never"), start=SPECIALS, decoder=decoders.Metaspace(prepend_scheme="never"), unk_token="<unk>", fuse_unk=True)
    yield "tekken", pairs(BYTE_LEVEL([p.Split(Regex(TEKKEN), "isolated")]), start=SPECIALS, alphabet=p.ByteLevel.alphabet(), decoder=decoders.ByteLevel(), ignore_merges=True)
    yield "gpt4o", pairs(BYTE_LEVEL([p.Split(Regex(GPT4O), "removed", invert=True)]), start=SPECIALS, alphabet=p.ByteLevel.alphabet(), decoder=decoders.ByteLevel())
    yield "deepseek", pairs(BYTE_LEVEL([p.Split(Regex("\\p{N}{1,3}"), "isolated"), p.Split(Regex("[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"), "isolated"), p.Split(Regex(DEEP), "isolated")]),
                            start=SPECIALS, alphabet=p.ByteLevel.alphabet(), decoder=decoders.ByteLevel(), added=[AddedToken("mask", lstrip=True, rstrip=True, single_word=True)])
    yield "prefixed", pairs(p.ByteLevel(add_prefix_space=True), start=SPECIALS, alphabet=p.ByteLevel.alphabet(), decoder=decoders.ByteLevel())
    yield "splits", pairs(p.Sequence([p.WhitespaceSplit(), p.Punctuation("merged_with_next"), p.Digits(individual_digits=True)]), normalizer=n.Sequence([n.NFD(), n.StripAccents(), n.Lowercase(), n.Strip()]),
                          start=SPECIALS, decoder=decoders.Fuse(), unk_token="<unk>")
    yield "words", pairs(p.Sequence([p.Whitespace(), p.Punctuation("contiguous"), p.Digits(), p.CharDelimiterSplit("x"), p.Split(Regex("[aeiou]"), "merged_with_previous")]), normalizer=n.NFKC(),
                         start=SPECIALS, decoder=decoders.Fuse(), unk_token="<unk>", added=[AddedToken("mask", single_word=True, normalized=True)])
    yield "scripts", pairs(p.Sequence([p.Split(Regex("[\\p{Han}\\p{Hiragana}]+"), "removed"), p.Split(Regex("\\s"), "contiguous")]), normalizer=n.NFKD(), start=SPECIALS, decoder=decoders.Fuse(), unk_token="<unk>")
    yield "unigram", unigram(p.Metaspace(), n.Sequence([n.NFKC(), n.Replace(Regex(" {2,}"), " ")]), decoder=decoders.Metaspace(), begin="<s>")
    yield "unigram-bytes", unigram(p.Metaspace(), None, final=p.Metaspace(prepend_scheme="first", split=False), decoder=SENTENCE(decoders.Strip(" ", 1, 0)), fallback=True)


def sentencepiece_model(**options):
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(LINES), model_writer=out, character_coverage=0.99, minloglevel=2, num_threads=1, hard_vocab_limit=False, **options)
    return sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())


def scored(space):
    """SentencePiece's own BPE, as GGUF files list it: tokens, scores, kinds as numbers."""
    sp = sentencepiece_model(vocab_size=620, model_type="bpe", byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False, add_dummy_prefix=space, split_digits=True, user_defined_symbols=["<think>"])
    kind = lambda i: 2 if sp.is_unknown(i) else 3 if sp.is_control(i) else 6 if sp.is_byte(i) else 4 if sp.id_to_piece(i) == "<think>" else 1
    return dict(tokens=[sp.id_to_piece(i) for i in range(len(sp))], scores=[sp.get_score(i) for i in range(len(sp))], kinds=[kind(i) for i in range(len(sp))], space=space,
                # The library looks for control tokens in no text, and puts no space behind user-defined ones.
                cases=[[c, sp.encode(c), sp.decode(sp.encode(c))] for c in CASES if "<" not in c])


def mapped():
    """A unigram model with SentencePiece's table of replacements, here a small one, as the Hugging Face library reads it."""
    rules = ROOT / "target" / "rules.tsv"
    rules.parent.mkdir(exist_ok=True)
    rows = {"\u00a0": " ", "\ufb01": "fi", "\uff21": "A", "\u00bd": "1/2", "e\u0301": "\u00e9", "\u2003": "", "\u4e2d\u6587": "zh", "\u2460": "(1)"}
    rules.write_text("".join(f"{' '.join('%X' % ord(x) for x in a)}\t{' '.join('%X' % ord(x) for x in b)}\n" for a, b in rows.items()))
    sp = sentencepiece_model(vocab_size=260, model_type="unigram", normalization_rule_tsv=str(rules))
    from sentencepiece import sentencepiece_model_pb2 as pb
    proto = pb.ModelProto.FromString(sp.serialized_model_proto())
    t = Tokenizer(models.Unigram([(x.piece, x.score) for x in proto.pieces], unk_id=0))
    t.normalizer = n.Sequence([n.Precompiled(proto.normalizer_spec.precompiled_charsmap)])
    t.pre_tokenizer = p.Metaspace()
    t.decoder = decoders.Metaspace()
    return t


if __name__ == "__main__":
    out = dict(about="tiny tokenizers, trained on this project's own texts; [text, ids with what stands before a text, text decoded with added tokens kept]",
               made_by=f"tokenizers {tokenizers.__version__}, sentencepiece {sentencepiece.__version__}, seed 3")
    for name, t in [*kinds(), ("mapped", mapped())]:
        out[name] = dict(tokenizer=json.loads(t.to_str()), cases=[[c, t.encode(c).ids, t.decode(t.encode(c, add_special_tokens=False).ids, skip_special_tokens=False)] for c in CASES])
    out["scored"], out["scored-bare"] = scored(True), scored(False)
    (pathlib.Path(__file__).parent / "pieces.json").write_text(json.dumps(out, ensure_ascii=True, separators=(",", ":")))
