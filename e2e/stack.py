"""A Tern of its own for a test: free ports, a folder of its own, ended for certain. Standard library only."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OFFSETS = [0, 1, 1010, 1021, 1022, 1023, 1031, 1032, 1033, 1034, 11012, 11013]


def is_free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def free_base():
    """A base whose ports are all free, below the range from which the system takes ports for clients."""
    for _ in range(200):
        base = random.randrange(12_000, 20_000)
        if all(is_free(base + offset) for offset in OFFSETS):
            return base
    raise SystemExit("no twelve free ports were found")


def alive(pid):
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (OSError, IndexError):
        return False


def resident_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class Stack:
    def __init__(self):
        self.base = free_base()
        self.url = f"http://127.0.0.1:{self.base}"
        self.grpc = f"127.0.0.1:{self.base + 1010}"
        self.data = Path(tempfile.mkdtemp(prefix="tern-e2e-"))
        self.known = set()
        fetched = ROOT / ".tern" / "models"
        if fetched.is_dir():
            # The weights once more would be a hundred megabytes; a hard link costs nothing, a copy is the way out.
            shutil.copytree(fetched, self.data / "models", copy_function=self._link)

    @staticmethod
    def _link(source, target):
        try:
            os.link(source, target)
        except OSError:
            shutil.copy2(source, target)

    def tern(self, *arguments, timeout=300):
        """-> (exit code, standard output, standard error)"""
        command = [str(ROOT / "tern"), *arguments, "--data", str(self.data)]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
        return done.returncode, done.stdout, done.stderr

    def up(self, *options):
        return self.tern("up", "--detach", "--port-base", str(self.base), *options)

    def foreground(self):
        """The launcher in a process group of its own, as a terminal would have it; returns once it is ready."""
        process = subprocess.Popen(
            [str(ROOT / "tern"), "up", "--port-base", str(self.base), "--data", str(self.data)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored in what a shell starts in the background
        )
        for line in process.stdout:
            if line.startswith("End it by"):
                return process
        raise AssertionError(f"it ended with {process.wait()} before it was ready")

    def status(self):
        code, out, err = self.tern("status", "--json")
        assert code == 0, err
        return json.loads(out)

    def pids(self):
        """Of the five, and of the launcher; remembered, so that the end can be checked."""
        pids = {entry["service"]: entry["pid"] for entry in self.status() if entry["pid"]}
        state = json.loads((self.data / "run" / "state.json").read_text())
        pids["launcher"] = state["launcher"]["pid"]
        self.known |= set(pids.values())
        return pids

    def left(self, patience=0.0):
        """Processes seen before that are alive still, after waiting for their end."""
        end = time.time() + patience
        while (left := [pid for pid in self.known if alive(pid)]) and time.time() < end:
            time.sleep(0.1)
        return left

    def ports_in_use(self):
        return [self.base + offset for offset in OFFSETS if not is_free(self.base + offset)]

    def call(self, method, path, body=None, headers=None, timeout=120):
        """-> (status, headers, bytes); a body that is no bytes is sent as JSON."""
        headers = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers.setdefault("Content-Type", "application/json")
        request = urllib.request.Request(self.url + path, data=body, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def json(self, method, path, body=None, headers=None):
        status, _, answer = self.call(method, path, body, headers)
        assert status in (200, 201, 202), (status, answer[:300])
        return json.loads(answer)

    def destroy(self):
        try:
            self.tern("down", timeout=60)
        finally:
            for pid in self.left():
                os.kill(pid, signal.SIGKILL)
            shutil.rmtree(self.data, ignore_errors=True)
