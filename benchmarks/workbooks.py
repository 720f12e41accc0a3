"""How long does a province's archive of workbooks take: 209 of them, 80 cells each?

(a) As the page does it: the zip is kept, unpacked, read, judged, stored, examined and
    told of, by `office.uploading.lines`; with every figure right, again (everything
    unchanged), and with one wrong figure in every fifth workbook.
(b) Reading alone, side by side with openpyxl's read-only mode over the same files. It
    only hands out the cells; ours also finds formulas that failed, merged cells and
    percent formats, knows form, unit and period, and makes figures of what was typed.
"""

import argparse
import io
import os
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks import packs, servers
from benchmarks.figures import verdict
from benchmarks.servers import Site

WORKBOOKS = 209
LIMIT = 10.0  # seconds, read and stored
EACH_WRONG = 5


def main() -> None:
    """Measure each database that is there, or do the work inside a site."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbooks", type=int, default=WORKBOOKS)
    parser.add_argument("--database", choices=servers.DATABASES, action="append")
    parser.add_argument("--inside", action="store_true", help="used by the run itself")
    asked = parser.parse_args()
    if asked.inside:
        inside(asked.workbooks)
        return
    is_met = True
    for database in asked.database or servers.DATABASES:
        with servers.site(database) as site:
            if site is None:
                print(f"{database}: skipped, not installed")
                continue
            is_met &= measure(site, asked.workbooks)
    sys.exit(0 if is_met else 1)


def measure(site: Site, count: int) -> bool:
    """Let a site take in the workbooks; return whether it was quick enough."""
    print(f"{site.database}: {count} workbooks, one zip, twelve months before them")
    site.run("benchmarks.population", "--units", str(count), "--months", "12")
    text = site.run("benchmarks.workbooks", "--inside", "--workbooks", str(count))
    print(text, end="", flush=True)
    return "MISSED" not in text


def inside(count: int) -> None:
    """Write the workbooks, take them in, and print how long each step took."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tongket.config.settings"
    import django

    django.setup()
    files = written(count)
    archive = zipped(files)
    print(f"  {len(files)} × {len(packs.MEASURES)} cells, {len(archive) / 1e6:.1f} MB")
    took = told("every figure right", archive)
    told("the same again", archive)
    changed = {
        name: with_texts(content, {packs.MEASURES[1]: "bảy"})
        if place % EACH_WRONG == 0
        else content
        for place, (name, content) in enumerate(files.items())
    }
    kept = told("every fifth wrong", zipped(changed))
    marking(kept)
    side_by_side(list(files.values()))
    print(
        verdict(f"read and stored in ≤ {LIMIT:g} s: {took[0]:.1f} s", took[0] <= LIMIT)
    )
    return True


def written(count: int) -> dict[str, bytes]:
    """Return the workbook of each commune, filled in with sound figures."""
    from tongket.documents import workbooks
    from tongket.domain.figures import read_cell

    _, opened, period, form, units = facts_of_the_site()
    found = {}
    begun = time.perf_counter()
    for number, unit in enumerate(units[:count]):
        target = io.BytesIO()
        cells = {key: read_cell(text) for key, text in packs.values(number % 5).items()}
        filling = workbooks.Filling(unit, unit.name, cells, cells, cells)
        workbooks.write(target, form=form, period=period, filling=filling)
        found[f"{opened.period}/{unit.unit}.xlsx"] = target.getvalue()
    print(f"  written in {time.perf_counter() - begun:.1f} s (not counted)")
    return found


def with_texts(content: bytes, typed: dict[str, str]) -> bytes:
    """Return a workbook in which some cells were typed over."""
    import openpyxl

    from tongket.documents.workbooks import layout

    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[layout.SHEET]
    for row in sheet.iter_rows(min_row=layout.FIRST_ROW + 1):
        text = typed.get(row[layout.KEY].value)
        if text:
            row[layout.VALUE].value = text
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def facts_of_the_site() -> tuple[Any, ...]:
    """Return pack, period opened last, window, form and communes."""
    from tongket.cycle import collect
    from tongket.office import facts
    from tongket.records.models import OpenPeriod
    from tongket.records.register import register

    pack = facts.pack()
    opened = OpenPeriod.objects.filter(scheme=packs.SCHEME).latest("start_on")
    period = collect.window(pack, opened)
    units = register().on(period.end).of_kind("commune")
    return pack, opened, period, pack.forms[packs.FORM], units


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files in one archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def told(name: str, archive: bytes) -> tuple[float, Any]:
    """Take an archive in as the page does; print and return how long it took."""
    from django.contrib.auth.models import User

    from tongket.cycle import unpack
    from tongket.office import clock, uploading

    _, opened, *_ = facts_of_the_site()
    user, files = User.objects.order_by("id").first(), [("tinh.zip", archive)]
    begun, worked, first = time.perf_counter(), time.process_time(), 0.0
    kept = unpack.begin(
        folder=uploading.folder(), opened=opened, user=user, files=files, at=clock.now()
    )
    scope = {unit.unit for unit in facts_of_the_site()[-1]}
    for _ in uploading.lines(
        kept,
        opened=opened,
        files=files,
        by=user.username,
        scope=scope,
        choices=uploading.Choices(),
    ):
        first = first or time.perf_counter() - begun
    took, worked = time.perf_counter() - begun, time.process_time() - worked
    states = Counter(each.state.value for each in unpack.outcomes_of(kept))
    said = ", ".join(f"{count} {state}" for state, count in states.items())
    print(f"  {name}: {took:.2f} s, {worked:.2f} of them our own work ({said})")
    print(f"    first line after {first:.2f} s")
    return took, kept


def marking(told: tuple[float, Any]) -> None:
    """Print how long the wrong workbooks of an upload take to be marked."""
    from tongket.cycle import unpack
    from tongket.office import uploading

    begun = time.perf_counter()
    found = unpack.marked(folder=uploading.folder(), upload=told[1])
    print(f"  {len(found)} workbooks marked in {time.perf_counter() - begun:.2f} s")


def side_by_side(files: list[bytes]) -> None:
    """Print how long reading takes, ours and openpyxl's."""
    import openpyxl

    from tongket.documents import workbooks

    _, _, period, form, _ = facts_of_the_site()
    from tongket.records.register import register

    units = register().on(period.end)

    def ours(content: bytes) -> None:
        workbooks.contents(content, forms=[form], period=period, units=units)

    def theirs(content: bytes) -> None:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass

    mine, other = timed(ours, files), timed(theirs, files)
    each = f"{mine / len(files) * 1000:.1f} ms against {other / len(files) * 1000:.1f}"
    print(f"  reading {len(files)} workbooks: {mine:.2f} s, openpyxl {other:.2f} s")
    print(f"  each {each} ms: openpyxl takes {other / mine:.1f} times as long")


def timed(do: Callable[[bytes], None], files: Iterable[bytes]) -> float:
    """Return how many seconds something takes over all files."""
    begun = time.perf_counter()
    for content in files:
        do(content)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
