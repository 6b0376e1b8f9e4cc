"""./tern test: the tests of every module, those of the console, and real requests through a running Tern.

Prints what fails while it goes and, as its last line, `N passed, N failed`. Standard library only.
TERN_SOURCES has the hash of the sources, so that ./tern knows afterwards that what was built here is current.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / ".tern" / "logs" / "test.log"
SHOWN = re.compile(r"Tests run:.*in |BUILD|\[ERROR\]|Reactor Summary|: SUCCESS|: FAILURE|FAIL|✗|×|WARNING.*\.java")


@dataclass
class Count:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __iadd__(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed" + (f", {self.skipped} skipped" if self.skipped else "")


def run(name, command, cwd=ROOT, shown=SHOWN):
    """Runs a stage with all its output in the log and the telling lines here; gives its exit code and those lines."""
    print(f"== {name}", flush=True)
    start, kept = time.time(), []
    with LOG.open("a") as log, subprocess.Popen(
        command, cwd=cwd, env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:
        for line in process.stdout:
            log.write(line)
            if shown.search(line):
                kept.append(line.rstrip())
                print("  " + kept[-1][:300], flush=True)
    print(f"   {name}: exit {process.returncode} after {time.time() - start:.0f} s", flush=True)
    return process.returncode, kept


def reports(files):
    """Sums JUnit's XML reports and names the cases that failed or were skipped."""
    total = Count()
    for file in files:
        for case in xml.parse(file).getroot().iter("testcase"):
            name = f"{case.get('classname')}.{case.get('name')}"
            if case.find("failure") is not None or case.find("error") is not None:
                total.failed += 1
                print(f"  failed: {name}", flush=True)
            elif (skip := case.find("skipped")) is not None:
                total.skipped += 1
                print(f"  skipped: {name} ({skip.get('message') or 'no reason given'})", flush=True)
            else:
                total.passed += 1
    return total


def java():
    for old in ROOT.glob("*/target/surefire-reports"):
        shutil.rmtree(old)
    # Failures are counted from the reports, so that all modules are tested and built whatever fails in one of them.
    code, _ = run("Java: mvn verify", ["mvn", "-B", "-ntp", "-Dmaven.test.failure.ignore=true", "verify"])
    count = reports(sorted(ROOT.glob("*/target/surefire-reports/TEST-*.xml")))
    if code == 0 and "TERN_SOURCES" in os.environ:
        (ROOT / "target" / "dist" / "built.sha256").write_text(os.environ["TERN_SOURCES"] + "\n")
    return count, code == 0


def console():
    web = ROOT / "web"
    report = web / "target" / "vitest.xml"
    report.unlink(missing_ok=True)
    code, _ = run("console: npm test", ["npm", "test", "--silent"], web)
    if not report.exists():
        return Count(failed=1)
    count = reports([report])
    return count if code == 0 or count.failed else Count(count.passed, 1, count.skipped)


def smoke():
    code, lines = run("smoke", [sys.executable, "e2e/smoke.py"], shown=re.compile(""))
    last = re.search(r"(\d+) passed, (\d+) failed(?:, (\d+) skipped)?", lines[-1] if lines else "")
    if not last:
        return Count(failed=1)
    count = Count(*(int(n or 0) for n in last.groups()))
    return count if code == 0 or count.failed else Count(count.passed, 1, count.skipped)


def main():
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("")
    total, built = java()
    print(f"   Java: {total}", flush=True)
    counts = console()
    print(f"   console: {counts}", flush=True)
    total += counts
    if built:
        total += smoke()
    else:
        print("  failed: the build; the smoke test was not run. Read " + str(LOG), flush=True)
        total.failed += 1
    print(total, flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())
