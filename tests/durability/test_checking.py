"""Are returns told the same one by one and in bulk? The short run of the benchmark."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_short_benchmark_of_checking_agrees_with_itself() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "benchmarks.checking", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert re.search(r"40 examined one by one said the same", run.stdout)
