"""How long does it take to check 12,000 returns against 60 rules, with their history?

Asked of the cycle's own functions: rules of the return, of the period before and of the
year so far, outliers in the unit's history and season, peers, copies. Before anything
is printed, returns examined one by one must be told the same as in bulk. What one
sending costs is measured too: at a deadline thirty come in a second.

    .venv/bin/python -m benchmarks.checking [--quick]
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import packs

UNITS, MONTHS, RULES = 12_000, 13, 60
SECONDS, EACH = 30.0, 0.005  # the targets: all of them, and the processor for one
ALONE = 40  # returns that are examined one by one as well


@dataclass(frozen=True, slots=True)
class Told:
    """What one run measured; times in seconds."""

    returns: int
    rules: int
    examined: float
    compared: float
    busy: float
    alone: float
    findings: int
    peers: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="240 returns, for a test")
    parser.add_argument("--units", type=int, default=UNITS)
    asked = parser.parse_args(arguments)
    with site():
        told = measure(240 if asked.quick else asked.units)
    whole = told.examined + told.compared
    sys.stdout.write(
        f"{told.returns} returns × {told.rules} rules, {MONTHS} months before: "
        f"{whole:.1f} s (own {told.examined:.1f}, peers {told.compared:.1f}; "
        f"{told.busy:.1f} s of one processor), "
        f"target {SECONDS:.0f}\n"
        f"one sending: {told.alone * 1000:.1f} ms of the processor (median), "
        f"target {EACH * 1000:.0f}\n"
        f"findings: {told.findings} by itself, {told.peers} beside others; "
        f"{min(ALONE, told.returns)} examined one by one said the same\n"
    )
    return int(not asked.quick and (whole > SECONDS or told.alone > EACH))


@contextmanager
def site() -> Iterator[None]:
    """Give the process a folder, packs with 60 rules, and an empty SQLite database."""
    with tempfile.TemporaryDirectory() as folder:
        copied = packs.write(Path(folder))
        with (copied / packs.PROVINCE / "checks.yaml").open("a") as file:
            file.write(more_rules())
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tongket.config.settings",
            "TONGKET_DATA_DIR": str(Path(folder, "data")),
            "TONGKET_PACKS_DIR": str(copied),
            "TONGKET_TODAY": "2024-01-20",
        }
        Path(folder, "data").mkdir()
        import django
        from django.core.management import call_command

        from tongket.records import scope

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        with scope.whole("a benchmark"):
            yield


def more_rules() -> str:
    """Return rules that, with those of `packs`, make 60: near and far, none broken."""
    lines, source = [], packs.SOURCE
    for number in range(RULES - packs.SECTIONS):
        key = packs.measure(number % packs.SECTIONS + 1, number % 7 + 2)
        far = f"period: {('previous', 'year_to_date')[number % 2]}"
        right = (
            f"[{{measure: {key}, {far}, times: '99'}}, {{constant: '999999'}}]"
            if number % 3 == 0
            else f"[{{measure: {key}, times: '2'}}, {{constant: '1'}}]"
        )
        lines.append(
            f"  - {{key: more-{number}, form: {packs.FORM}, left: [{key}], "
            f'operator: "<=", right: {right}, severity: must_explain, '
            f'remedy: "Kiểm tra lại.", from: 2022-01-01, {source}}}'
        )
    return "\n".join(lines) + "\n"


def measure(units: int) -> Told:
    """Send one month of every unit after its history; examine and compare it."""
    from benchmarks import population
    from tongket.cycle import check
    from tongket.cycle.check.kept import told as said
    from tongket.office import facts
    from tongket.records.models import Doubt

    pack = facts.pack()
    versions = sent(population.add_units(units))
    rules = sum(rule.form == packs.FORM for rule in pack.rules)
    alone, times = one_by_one(versions[:ALONE])
    start, busy = time.perf_counter(), time.process_time()
    doubts = check.examine(pack=pack, versions=versions, at=population.now())
    examined = time.perf_counter() - start
    start = time.perf_counter()
    peers = check.compare(pack=pack, versions=versions)
    compared, busy = time.perf_counter() - start, time.process_time() - busy
    own = Doubt.objects.filter(version__in=versions[:ALONE])
    own = own.exclude(pk__in=[doubt.pk for doubt in peers])
    bulk = sorted((doubt.version_id, *said(doubt)) for doubt in own)
    assert bulk == alone, "one by one and in bulk, the same is found"
    assert len(versions) == units, "every unit sent"
    median = statistics.median(times)
    found = len(doubts), len(peers)
    return Told(len(versions), rules, examined, compared, busy, median, *found)


def one_by_one(versions: Sequence[Any]) -> tuple[list[Any], list[float]]:
    """Return what each version is told when it is sent alone, and what that costs."""
    from tongket.cycle.check.examining import found_in
    from tongket.cycle.check.kept import doubt_of
    from tongket.cycle.check.kept import told as said
    from tongket.office import facts

    alone, times = [], []
    for version in versions:
        start = time.process_time()
        ((_, found),) = found_in(facts.pack(), [version])
        times.append(time.process_time() - start)
        alone += [(version.pk, *said(doubt_of(version, each))) for each in found]
    return sorted(alone), times


def sent(keys: Sequence[str]) -> list[Any]:
    """Write the accepted months of every unit, and one that waits; return the last."""
    from benchmarks import population
    from tongket.cycle import collect
    from tongket.domain.periods import Frequency
    from tongket.office import facts
    from tongket.records.models import Return, ReturnVersion, Review, Unit

    pack, chance = facts.pack(), random.Random(1993)
    windows = [pack.regimes[packs.REGIME].period(Frequency.MONTH, 2024, 1)]
    for _ in range(MONTHS):
        windows.append(pack.regimes[packs.REGIME].previous(windows[-1]))
    units = list(Unit.objects.filter(key__in=keys).order_by("pk"))
    levels = {unit.pk: [chance.randrange(1, 60) for _ in range(40)] for unit in units}
    versions: list[Any] = []
    for window in reversed(windows):
        opened = collect.open_period(
            pack=pack,
            scheme=packs.SCHEME,
            period=window,
            by=population.BY,
            at=population.now(),
        )
        is_last = window is windows[0]
        state = Return.State.SENT if is_last else Return.State.ACCEPTED
        rows = [
            Return(unit=unit, period=opened, form=packs.FORM, state=state)
            for unit in units
        ]
        Return.objects.bulk_create(rows, batch_size=2000)
        versions = [
            ReturnVersion(
                of=row,
                number=1,
                cells=month(levels[row.unit_id], chance),
                channel="WEB",
                sent_at=population.now(),
                sent_by=population.BY,
                examined_at=None if is_last else population.now(),
            )
            for row in rows
        ]
        ReturnVersion.objects.bulk_create(versions, batch_size=2000)
        if not is_last:
            verdict, at = Review.Verdict.ACCEPTED, population.now()
            Review.objects.bulk_create(
                (Review(version=v, verdict=verdict, at=at, by="b") for v in versions),
                batch_size=2000,
            )
    return versions


def month(levels: Sequence[int], chance: random.Random) -> dict[str, list[str | None]]:
    """Return a month of a unit near its own levels; now and then a slip of the pen."""
    found: dict[str, list[str | None]] = {}
    for section in range(1, packs.SECTIONS + 1):
        numbers = [
            levels[(section * 10 + row) % len(levels)] + chance.randrange(5)
            for row in range(2, packs.ROWS + 1)
        ]
        if chance.random() < 0.01:
            numbers[chance.randrange(3, 9)] *= 40
        whole = sum(numbers[:3]) + (chance.random() < 0.005)
        for row, number in enumerate((whole, *numbers), 1):
            found[packs.measure(section, row)] = ["REPORTED", str(number)]
    return found


if __name__ == "__main__":
    raise SystemExit(main())
