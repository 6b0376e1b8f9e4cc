"""Thousands of broken pictures over REST and gRPC through a Tern of its own: `python3 e2e/mutations.py [COUNT]`.

What is not answered has to be refused with a code, a field and what was expected; nothing may end, no heap may grow past
its bound, and the right picture has the same answer before and after. Prints what it measured and, last, `N sent, N wrong`.
Takes some ten minutes with its 5,000 pictures, so it is no part of `./tern test`. Standard library only.
"""

import os
import re
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from stack import ROOT, Stack, resident_bytes

PICTURES = ROOT / "models/golden/detection/pictures"
FOLDERS = [ROOT / "imaging/src/test/resources/io/tern/imaging/codec", PICTURES]
# Offsets of the ports of management, from which heaps are read.
MANAGEMENT = {"gateway": 1, "detection": 1031}
HEAP = re.compile(r'^jvm_memory_(used|max)_bytes\{([^}]*)\} (\S+)$', re.M)


def heap(stack, service):
    """-> (bytes in use, most that there may be), summed over the areas of the heap"""
    try:
        url = f"http://127.0.0.1:{stack.base + MANAGEMENT[service]}/metrics"
        text = urllib.request.urlopen(url, timeout=10).read().decode()
    except OSError:
        return 0, 0
    sums = {"used": 0, "max": 0}
    for what, labels, value in HEAP.findall(text):
        if 'area="heap"' in labels:
            sums[what] += max(0, float(value))
    return sums["used"], sums["max"]


def watch(stack, most, ended):
    while not ended.wait(1):
        for service in MANAGEMENT:
            most[service] = max(most.get(service, 0), heap(stack, service)[0])


def main():
    count = sys.argv[1] if len(sys.argv) > 1 else "5000"
    stack, ended, most = Stack(), threading.Event(), {}
    try:
        code, out, err = stack.up()
        assert code == 0, out + err
        before = stack.pids()
        threading.Thread(target=watch, args=(stack, most, ended), daemon=True).start()
        start = time.time()
        java = Path(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
        client = [str(java), "-cp", str(ROOT / "target/dist/gateway.jar"), str(ROOT / "e2e/MutatedPictures.java")]
        to = [stack.url, stack.grpc, count, str(PICTURES / "chelsea.png"), *map(str, FOLDERS)]
        failed = subprocess.run(client + to, cwd=ROOT).returncode
        print(f"{time.time() - start:.0f} s")
        for service in MANAGEMENT:
            print(f"{service}: heap {most.get(service, 0) / 2**20:.0f} MB at most, of {heap(stack, service)[1] / 2**20:.0f}; "
                  f"resident {resident_bytes(before[service]) / 2**20:.0f} MB")
        after = stack.pids()
        gone = [service for service in before if before[service] != after.get(service)]
        if gone:
            print("ended and started again: " + ", ".join(gone))
        return 1 if failed or gone else 0
    finally:
        ended.set()
        stack.destroy()


if __name__ == "__main__":
    sys.exit(main())
