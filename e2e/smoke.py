"""Real requests through a running Tern, then its ends: by down, by Ctrl-C, by kill -9. Prints one line a check and, as
its last line, `N passed, N failed`. Standard library only."""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from stack import ROOT, Stack, alive, resident_bytes

PICTURE = ROOT / "models" / "golden" / "detection" / "pictures" / "chelsea.png"
PNG = b"\x89PNG\r\n\x1a\n"
SERVICES = {"kafka", "detection", "generation", "decoding", "gateway"}
QUESTION = {"messages": [{"role": "user", "content": "Name three colours."}], "max_tokens": 16, "temperature": 0}

passed, failed, skipped = [], [], []


def check(body):
    """Runs it at once; its name is its sentence. It passes if it raises nothing."""
    name = body.__name__.replace("_", " ")
    start = time.time()
    try:
        body()
        passed.append(name)
        print(f"ok: {name} ({time.time() - start:.1f} s)", flush=True)
    except Exception as e:  # noqa: BLE001 - whatever it is, it is this check's failure
        failed.append(name)
        print(f"no: {name}: {type(e).__name__}: {' '.join(str(e).split())[:600]}", flush=True)


def skip(name, why):
    skipped.append(name)
    print(f"skipped: {name}: {why}", flush=True)


def events(body):
    """The data of a stream of server-sent events."""
    return [line[5:].strip() for line in body.decode().splitlines() if line.startswith("data:")]


def picture(stack, **options):
    answer = stack.json("POST", "/v1/images/generations", {"prompt": "red apple", "steps": 8, **options})
    return base64.b64decode(answer["data"][0]["b64_json"])


def finished(stack, job):
    """Waits for the job's end on its event stream, which closes then."""
    stack.call("GET", f"/v1/jobs/{job}/events")
    return stack.json("GET", f"/v1/jobs/{job}")


def requests(stack, model, output):
    @check
    def everything_is_ready():
        assert stack.json("GET", "/health/ready")["status"] == "UP"
        assert {s["service"]: s["state"] for s in stack.status()} == dict.fromkeys(SERVICES, "ready")

    @check
    def all_processes_together_take_less_than_3_GB():
        total = sum(map(resident_bytes, stack.pids().values()))
        print(f"    {total / 1e6:.0f} MB", flush=True)
        assert total < 3e9, total

    @check
    def a_second_up_on_the_same_data_is_refused_in_one_line():
        code, out, err = stack.up()
        assert code == 1 and "already running" in out + err, (code, out, err)

    @check
    def taken_ports_are_named_with_their_holder():
        other = Stack()
        try:
            code, out, err = other.tern("up", "--port-base", str(stack.base))
            assert code == 1 and f"port {stack.base} (gateway, HTTP) is taken by java (pid" in err, (code, out, err)
        finally:
            other.destroy()

    @check
    def three_kinds_of_model_are_listed():
        data = stack.json("GET", "/v1/models")["data"]
        assert {"chat", "image", "detection"} <= {c for entry in data for c in entry["capabilities"]}, data

    @check
    def chat_answers_and_the_stream_says_the_same():
        question = {**QUESTION, "model": model("chat")}
        whole = stack.json("POST", "/v1/chat/completions", question)["choices"][0]["message"]["content"]
        _, _, body = stack.call("POST", "/v1/chat/completions", {**question, "stream": True})
        *chunks, last = events(body)
        text = "".join(c["delta"].get("content") or "" for chunk in chunks for c in json.loads(chunk)["choices"])
        assert last == "[DONE]" and text == whole and len(text) > 3, (last, text, whole)

    @check
    def a_cat_is_found_in_the_photo():
        uri = "data:image/png;base64," + base64.b64encode(PICTURE.read_bytes()).decode()
        found = stack.json("POST", "/v1/detections", {"image": uri})["data"][0]["detections"]
        assert "cat" in {d["class"] for d in found}, found

    @check
    def a_seed_decides_the_picture():
        first, again, other = picture(stack, seed=1), picture(stack, seed=1), picture(stack, seed=2)
        assert first.startswith(PNG) and first == again and first != other

    @check
    def a_job_through_Kafka_makes_the_same_picture():
        request = {"prompt": "red apple", "steps": 8, "seed": 1}
        headers = {"Idempotency-Key": f"smoke-{stack.base}"}
        job = stack.json("POST", "/v1/jobs", {"type": "generation", "request": request}, headers)
        done = finished(stack, job["id"])
        assert done["state"] == "succeeded", done
        _, headers, result = stack.call("GET", f"/v1/jobs/{job['id']}/result")
        assert headers["Content-Type"] == "image/png" and result == picture(stack, seed=1)
        stack.job = job["id"]

    @check
    def a_model_of_ones_own_is_served_until_it_is_unloaded():
        def detect():
            return stack.call("POST", "/v1/detections", {"image": uri, "model": "my-detector"})[0]

        uri = "data:image/png;base64," + base64.b64encode(PICTURE.read_bytes()).decode()
        mine = str(ROOT / "models" / "detection" / "nanodet_g_416.onnx")
        assert detect() == 404
        assert stack.tern("models", "load", mine, "--name", "my-detector")[0] == 0
        assert "my-detector" in [entry["id"] for entry in stack.json("GET", "/v1/models")["data"]]
        assert detect() == 200
        code, out, err = stack.tern("models", "load", str(ROOT / "models" / "emoji"), "--name", "my-detector")
        assert code == 1 and len((out + err).splitlines()) == 1 and "taken" in err, (code, out, err)
        assert stack.tern("models", "unload", "my-detector")[0] == 0
        assert detect() == 404

    @check
    def wrong_requests_are_refused_with_their_reason():
        for expected, path, body in [
            (404, "/v1/chat/completions", {**QUESTION, "model": "none"}),
            (400, "/v1/chat/completions", b"{"),
            (400, "/v1/images/generations", {"prompt": "x", "steps": -1}),
            (415, "/v1/detections", {"image": "data:image/png;base64,AAAA"}),
        ]:
            status, _, answer = stack.call("POST", path, body, {"Content-Type": "application/json"})
            assert status == expected and (b"message" in answer or b"detail" in answer), (path, status, answer[:200])

    @check
    def the_console_is_served():
        status, _, page = stack.call("GET", "/")
        assert status == 200 and b"<html" in page.lower(), (status, page[:200])

    @check
    def gRPC_clients_find_the_services_and_get_details_of_errors():
        java = Path(os.environ["JAVA_HOME"]) / "bin" / "java"
        jar = ROOT / "target" / "dist" / "gateway.jar"
        tour = [str(java), "-cp", str(jar), str(ROOT / "e2e" / "GrpcTour.java"), stack.grpc, str(PICTURE)]
        done = subprocess.run(tour, capture_output=True, text=True, timeout=120)
        lines = done.stdout.splitlines()
        for service in ["detection.v1.Detection", "generation.v1.Generation", "decoding.v1.Decoding"]:
            assert f"service tern.{service}Service" in lines, (lines, done.stderr)
        assert '"cat"' in done.stdout, (lines, done.stderr)
        assert re.search("refused INVALID_ARGUMENT with [1-9]", done.stdout), (lines, done.stderr)

    if shutil.which("curl"):

        @check
        def the_three_lines_to_copy_work():
            lines = [line.strip() for line in output.splitlines() if line.startswith("  curl ")]
            assert len(lines) == 3, output
            for line in lines:
                done = subprocess.run(["sh", "-c", line + " --fail"], cwd=ROOT, capture_output=True, timeout=120)
                assert done.returncode == 0 and done.stdout, (line, done.stdout[:200], done.stderr)
    else:
        skip("the three lines to copy work", "curl was not found")

    browser = next(filter(shutil.which, ["chromium", "chromium-browser", "google-chrome"]), None)
    if browser and (ROOT / "web" / "node_modules" / "playwright-core").is_dir():

        @check
        def the_console_works_in_a_browser():
            environment = {**os.environ, "TERN": stack.url, "CHROMIUM": shutil.which(browser)}
            done = subprocess.run(
                ["npm", "run", "--silent", "e2e"], cwd=ROOT / "web", env=environment, capture_output=True, text=True, timeout=300
            )
            assert done.returncode == 0, (done.stdout + done.stderr)[-600:]
    else:
        skip("the console works in a browser", "chromium or web/node_modules was not found")


def faults(stack, model):
    @check
    def a_killed_service_comes_back_and_is_counted():
        os.kill(stack.pids()["decoding"], signal.SIGKILL)
        end = time.time() + 60
        while time.time() < end:
            state = next(s for s in stack.status() if s["service"] == "decoding")
            if state["state"] == "ready" and state["restarts"] == 1:
                break
        assert state["restarts"] == 1 and state["state"] == "ready", state
        stack.pids()
        stack.json("POST", "/v1/chat/completions", {**QUESTION, "model": model("chat")})

    @check
    def down_ends_everything():
        stack.pids()
        start = time.time()
        code, out, err = stack.tern("down")
        # What is counted is the end of the processes; starting the command itself is not.
        seconds = float(re.search(r"Ended in ([\d.]+) s", out).group(1))
        print(f"    {seconds} s, {time.time() - start:.1f} s with the command's own start", flush=True)
        assert code == 0, (code, out, err)
        assert not stack.left() and not stack.ports_in_use(), (stack.left(), stack.ports_in_use())
        assert stack.status() == []

    @check
    def Ctrl_C_ends_a_second_up_which_still_knows_the_job():
        launcher = stack.foreground()
        stack.pids()
        if hasattr(stack, "job"):
            assert stack.json("GET", f"/v1/jobs/{stack.job}")["state"] == "succeeded"
        start = time.time()
        os.killpg(launcher.pid, signal.SIGINT)
        code = launcher.wait(timeout=60)
        seconds = time.time() - start
        print(f"    {seconds:.1f} s", flush=True)
        assert code == 0, code
        assert not stack.left(), stack.left()

    @check
    def a_killed_launcher_leaves_no_orphan():
        launcher = stack.foreground()
        pids = stack.pids()
        os.kill(pids["launcher"], signal.SIGKILL)
        launcher.wait()
        # They end by themselves; Kafka syncs its log first.
        assert not stack.left(patience=60), [name for name, pid in pids.items() if alive(pid)]
        assert {s["state"] for s in stack.status()} == {"stopped"}
        code, out, err = stack.tern("down")
        assert code == 0 and stack.status() == [], (out, err)


def main():
    stack = Stack()
    models = {}
    output = ""

    def model(capability):
        if not models:
            for entry in stack.json("GET", "/v1/models")["data"]:
                for able in entry["capabilities"]:
                    models.setdefault(able, entry["id"])
        return models[capability]

    try:

        @check
        def up_becomes_ready():
            nonlocal output
            start = time.time()
            code, output, err = stack.up()
            print("    " + "\n    ".join(output.splitlines()), flush=True)
            print(f"    {time.time() - start:.1f} s", flush=True)
            assert code == 0 and "READY" in output, err
            stack.pids()

        if not failed:
            requests(stack, model, output)
            faults(stack, model)
        if failed:
            for service in sorted(SERVICES):
                _, log, _ = stack.tern("logs", service, "-n", "15")
                print(f"--- {service}\n{log}", flush=True)
    finally:
        stack.destroy()
    print(f"{len(passed)} passed, {len(failed)} failed" + (f", {len(skipped)} skipped" if skipped else ""), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
