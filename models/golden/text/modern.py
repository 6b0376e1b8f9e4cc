"""Writes modern.json: tiny tokenizers of the kinds of Llama 3 and Qwen 2, trained on this project's own pages, with texts and their ids.

pip install tokenizers==0.23.3; python models/golden/text/modern.py
"""

import json, pathlib, random
from tokenizers import Tokenizer, Regex, models, pre_tokenizers, normalizers, trainers, processors, decoders, AddedToken
from tokenizers import __version__
PAT="(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
ROOT=pathlib.Path(__file__).parent.parent.parent.parent
text=''.join((ROOT/name).read_text() for name in ('README.md','docs/architecture.md','docs/log.md'))
random.seed(1)
CASES=["", " ", "\n","\t \r\n","a","Hello, World!","The Quick  brown\tfox.","don't WE'LL I'M they'Ve o'clock 'tis","1234567 12 3.14159 ½Ⅶ","x=1;\n\n  y = 2;\n\treturn x*y\n","  leading and trailing  ","café cafe\u0301 Å A\u030a ﬁ","日本語のテキスト 中文","emoji 👩‍👩‍👧 🎉!!","a\r\nb\r\n\r\nc","tabs\t\twords","...\n\n---\n### head","<s>x</s> <think>y</think>","e\u0301\u0327\u0323 \u1e69","\u00a0nbsp\u2003em","user@example.com https://x.y/z?q=1#f","𝒳𝓎 𝟙𝟚𝟛","a'S b'T c'RE"]
pool="abcXYZ 019'’.,;:!?\n\r\t éß中日🎉\u0301\u00a0_-+<>/\\\"()"
CASES+=["".join(random.choice(pool) for _ in range(random.randint(1,40))) for _ in range(60)]
out={"about":"tiny tokenizers of the kinds of Llama 3 and Qwen 2, trained on this project's own texts; [text, ids with what stands before a text, text decoded with added tokens kept]","made_by":"tokenizers "+__version__+", seed 1"}
for name,digits,nfc in (("llama3","{1,3}",False),("qwen2","",True)):
    t=Tokenizer(models.BPE(ignore_merges=name=="llama3"))
    if nfc: t.normalizer=normalizers.NFC()
    t.pre_tokenizer=pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(PAT%digits),"isolated",invert=False),pre_tokenizers.ByteLevel(add_prefix_space=False,use_regex=False)])
    t.decoder=decoders.ByteLevel()
    t.train_from_iterator(text.split("\n"),trainers.BpeTrainer(vocab_size=500,initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),special_tokens=["<s>","</s>"],show_progress=False))
    t.add_tokens([AddedToken("<think>",special=False,normalized=False)])
    if name=="llama3":
        t.post_processor=processors.Sequence([processors.ByteLevel(trim_offsets=False),processors.TemplateProcessing(single="<s> $A",pair="<s> $A <s> $B",special_tokens=[("<s>",t.token_to_id("<s>"))])])
    else: t.post_processor=processors.ByteLevel(trim_offsets=False)
    out[name]={"tokenizer":json.loads(t.to_str()),"cases":[[c,t.encode(c).ids,t.decode(t.encode(c,add_special_tokens=False).ids,skip_special_tokens=False)] for c in CASES]}
json.dump(out,open(pathlib.Path(__file__).parent/'modern.json','w'),ensure_ascii=True,separators=(",",":"))
