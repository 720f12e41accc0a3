"""How are the files read by which units are judged: criteria, dates, awards?"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeVar

from tongket.domain.commendations import AwardeeKind, AwardForm
from tongket.domain.criteria import Band, Edition, Gate, Item, Use
from tongket.domain.dated import Dated, Value
from tongket.domain.sentences import Refusals
from tongket.loader.boundaries import refuse_excluded
from tongket.loader.draft import Draft
from tongket.loader.refusals import InFile, NotChoice, NotNumber, OutOfOrder
from tongket.loader.rows import Row, by_name

T = TypeVar("T")
KIND = ("kind", "loại đơn vị")


def read_edition(file: Row, draft: Draft) -> None:
    """Read one set of criteria, a whole file; the domain refuses gaps and overlaps."""
    faults = len(file.log.refusals)
    form = file.name("form", "form", "biểu mẫu")
    bands = tuple(_band(row) for row in file.rows("bands"))
    gates = file.rows("gates", required=False)
    parts = {
        "items": tuple(_item(row, form) for row in file.rows("items")),
        "gates": tuple(_gate(row, form, bands) for row in gates),
        "bands": bands,
    }
    scalars = {
        "key": file.text("key"),
        "label": file.text("label"),
        "english": file.text("english"),
        "source": file.source(),
        "effective": file.day("effective"),
        "years": frozenset(_years(file)),
        "unit_kinds": frozenset(file.names("unit_kinds", "kind", "loại đơn vị")),
        "form": form,
        "maximum": file.number("maximum"),
        "step": _step(file),
        "is_example": file.flag("is_example"),
        "note": file.optional("note"),
    }
    if len(file.log.refusals) == faults:
        _build(file, draft, {**scalars, **parts})


def _build(file: Row, draft: Draft, parts: Mapping[str, object]) -> None:
    try:
        edition = Edition(**parts)  # type: ignore[arg-type]
    except Refusals as found:
        for refusal in found.refusals:
            file.refuse(InFile, sentence=refusal.sentence)
    else:
        draft.editions.put(edition.key, edition, file)


def _years(file: Row) -> list[int]:
    years = []
    for text in file.texts("years"):
        if text.isdecimal():
            years.append(int(text))
        else:
            file.refuse(NotNumber, key="years", text=text)
    return years


def _step(file: Row) -> Decimal:
    step = file.number("step")
    if step <= 0:
        file.refuse(NotNumber, key="step", text=f"{step:f}")
    return step


def _use(row: Row, form: str) -> Use:
    facts = row.names("facts", f"fact of {form}", "số liệu của bộ tiêu chí")
    threshold = row.number("threshold") if row.has("threshold") else Decimal(0)
    return Use(row.text("rule"), facts, threshold)


def _item(row: Row, form: str) -> Item:
    label, english = row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    most, use = row.number("most"), _use(row, form)
    return Item(row.text("key"), label, english, most, use, row.source())


def _gate(row: Row, form: str, bands: tuple[Band, ...]) -> Gate:
    label, english, cap = row.text("label"), row.text("english"), row.text("cap")
    refuse_excluded(row, label, english)
    known = [band.key for band in bands]
    if cap and cap not in known:
        row.refuse(NotChoice, key="cap", text=cap, known=", ".join(known))
    return Gate(row.text("key"), label, english, _use(row, form), cap, row.source())


def _band(row: Row) -> Band:
    return Band(
        row.text("key"),
        row.text("label"),
        row.text("english"),
        row.number("from"),
        row.flag("owes_plan"),
    )


def read_dates(file: Row, draft: Draft) -> None:
    """Read numbers that change alone, each with its days and sources."""
    for row in file.rows("dates"):
        dated = _dated(row, row.text("key"))
        if dated:
            draft.dates.put(dated.name, dated, row)


def read_disclosure(file: Row, draft: Draft) -> None:
    """Read the threshold below which counts are not published."""
    row = file.row("disclosure_threshold")
    dated = _dated(row, "disclosure_threshold") if row else None
    if row and dated:
        draft.threshold.put(dated.name, dated, row)


def read_ladder(file: Row, draft: Draft) -> None:
    """Read who decides on the returns of each kind of unit, the lowest rung first."""
    until = file.day("checked_until")
    for row in file.rows("ladder"):
        kind = row.name("kind", "kind", "loại đơn vị")
        name = f"ladder.yaml ({kind})"
        dated = _values(row, name, lambda each: each.names("by", *KIND), until)
        if dated:
            draft.ladder.put(kind, dated, row)


def _dated(row: Row, name: str) -> Dated[int] | None:
    until = row.day("checked_until")
    return _values(row, name, lambda each: each.whole("value"), until)


def _values(
    row: Row, name: str, read: Callable[[Row], T], until: dt.date
) -> Dated[T] | None:
    """Return the fact, or None when something in it was refused."""
    faults = len(row.log.refusals)
    values = [
        Value(each.day("from"), read(each), each.source())
        for each in row.rows("values")
    ]
    starts = [value.start for value in values]
    if len(row.log.refusals) == faults and starts != sorted(set(starts)):
        row.refuse(OutOfOrder, key="values")
    if len(row.log.refusals) > faults:
        return None
    return Dated(name, tuple(values), until) if values else None


def read_commendations(file: Row, draft: Draft) -> None:
    """Read the forms of award with their quotas, and the bands worthy of one."""
    for row in file.rows("award_forms", required=False):
        quota = row.row("quota") if row.has("quota") else None
        together = row.whole("quota_together") if row.has("quota_together") else None
        form = AwardForm(
            row.text("key"),
            row.text("label"),
            row.text("english"),
            row.text("decided_by"),
            row.source(),
            _quota(quota) if quota else None,
            together,
        )
        draft.award_forms.put(form.key, form, row)
    worthy = file.row("worthy_bands") if file.has("worthy_bands") else None
    if worthy:
        worthy.source()
        bands = frozenset(worthy.names("bands", "band", "xếp loại"))
        draft.worthy_bands.put("worthy_bands", bands, worthy)


def _quota(row: Row) -> dict[AwardeeKind, int]:
    kinds = by_name(AwardeeKind)
    return {kind: row.whole(name) for name, kind in kinds.items() if row.has(name)}
