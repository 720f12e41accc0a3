"""Findings about a return: gaps, contradictions, odd jumps ("kiểm tra số liệu").

Doubtful data is never an exception: every finding is collected and shown with the
others, says what, where, compared with what, and what to do.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from tongket.domain.contradictions import NOTHING_AROUND, Around, Ready, broken, ready
from tongket.domain.doubts import Compared, Finding, Severity
from tongket.domain.figures import MISSING, Cell, State, shown
from tongket.domain.forms import Adds, Form
from tongket.domain.rules import Operator, Rule
from tongket.domain.sentences import Sentence

__all__ = [
    "Compared",
    "Finding",
    "Operator",
    "Rule",
    "Severity",
    "blocks",
    "columns",
    "contradictions",
    "findings",
    "gaps",
    "jumps",
    "only_the_date_changed",
]

Cells = Mapping[str, Cell]
Columns = Mapping[str, Sequence[Decimal]]  # measure → what was told before, in order


def gaps(form: Form, cells: Cells) -> Iterator[Finding]:
    """Yield a finding for each cell left empty or in a state the measure refuses.

    What may be left empty (`is_optional`) has none.
    """
    for measure in form.measures:
        cell = cells.get(measure.key, MISSING)
        if cell.state is State.MISSING and measure.is_optional:
            continue
        if cell.state is State.MISSING:
            yield Finding(
                "gap",
                measure.key,
                Severity.MUST_FIX,
                Sentence(
                    "Chưa có số liệu “{label}”; nhập số, hoặc “-” nếu không phát sinh.",
                    {"label": measure.label},
                ),
            )
        elif cell.state not in measure.may_be:
            yield Finding(
                "state",
                measure.key,
                Severity.MUST_FIX,
                Sentence(
                    "“{label}” không nhận giá trị này; nhập một con số.",
                    {"label": measure.label},
                ),
            )


def contradictions(
    form: Form, cells: Cells, rules: Iterable[Rule]
) -> Iterator[Finding]:
    """Yield a finding for each rule of the form that the cells break by themselves."""
    return broken(form, cells, ready(rules, form.key))


def columns(history: Iterable[Cells]) -> dict[str, list[Decimal]]:
    """Return what each measure was in earlier returns, in their order.

    A return that says nothing of a measure is left out of its column.
    """
    found: dict[str, list[Decimal]] = defaultdict(list)
    for each in history:
        for key, cell in each.items():
            counted = cell.counted
            if counted is not None:
                found[key].append(counted)
    return found


def jumps(
    form: Form, cells: Cells, history: Iterable[Cells], *, times: Decimal
) -> Iterator[Finding]:
    """Yield a finding for each flow far above everything the unit reported before.

    A value is odd when it is at least 5 and more than `times` the highest earlier one.
    """
    return above_all(form, cells, columns(history), times=times)


def above_all(
    form: Form, cells: Cells, told: Columns, *, times: Decimal
) -> Iterator[Finding]:
    """Yield the jumps over what was told before, see `jumps`."""
    for measure in form.measures:
        value = cells.get(measure.key, MISSING).counted
        if measure.adds is Adds.STOCK or value is None or value < 5:
            continue
        before = told.get(measure.key)
        if before and value > times * max(highest := max(before), Decimal(1)):
            yield Finding(
                "jump",
                measure.key,
                Severity.MUST_EXPLAIN,
                Sentence(
                    "“{label}” là {value}, cao hơn {times} lần mức cao nhất các kỳ "
                    "trước ({highest}); kiểm tra lại hoặc giải trình.",
                    {
                        "label": measure.label,
                        "value": shown(value),
                        "times": shown(times),
                        "highest": shown(highest),
                    },
                ),
                (Compared(measure.key, highest),),
            )


def only_the_date_changed(cells: Cells, before: Cells) -> Iterator[Finding]:
    """Yield a finding when a return repeats the one before it, cell by cell.

    An all-nought return may repeat; one with at least five non-nought cells may not.
    """
    busy = [key for key, cell in cells.items() if cell.counted]
    if len(busy) >= 5 and dict(cells) == dict(before):
        yield Finding(
            "same-as-before",
            busy[0],
            Severity.MUST_EXPLAIN,
            Sentence(
                "Toàn bộ số liệu trùng với kỳ trước; kiểm tra có phải chỉ đổi ngày hay "
                "không, hoặc giải trình."
            ),
        )


def findings(
    form: Form,
    cells: Cells,
    rules: Iterable[Rule],
    *,
    previous: Cells | None = None,
    history: Iterable[Cells] = (),
    jump_times: Decimal = Decimal(3),
) -> tuple[Finding, ...]:
    """Return everything doubtful about a return, in the order of the form.

    Asked are the rules that a return answers by itself, whatever its period.
    """
    return everything(
        form,
        cells,
        ready(rules, form.key),
        previous=previous,
        told=columns(history),
        jump_times=jump_times,
    )


def everything(
    form: Form,
    cells: Cells,
    rules: Iterable[Ready],
    *,
    told: Columns,
    jump_times: Decimal,
    previous: Cells | None = None,
    around: Around = NOTHING_AROUND,
    forms: Mapping[str, Form] | None = None,
    more: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """Return what is doubtful about a return beside all around it, and `more`.

    The rules are those of its form and period; `told` is what the unit sent before.
    """
    found = [
        *gaps(form, cells),
        *broken(form, cells, rules, around, forms),
        *above_all(form, cells, told, times=jump_times),
        *(only_the_date_changed(cells, previous) if previous else ()),
        *more,
    ]
    return in_order(form, found)


def in_order(form: Form, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order in which the form has their cells."""
    order = {measure.key: place for place, measure in enumerate(form.measures)}
    return tuple(sorted(found, key=lambda finding: order.get(finding.measure, 0)))


def blocks(found: Iterable[Finding], explained: frozenset[str] = frozenset()) -> bool:
    """Whether a return may not be accepted: something to fix or still to explain."""
    return any(
        finding.severity is Severity.MUST_FIX
        or (
            finding.severity is Severity.MUST_EXPLAIN
            and finding.measure not in explained
        )
        for finding in found
    )
