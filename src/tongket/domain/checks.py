"""Findings about a return: gaps, contradictions, odd jumps ("kiểm tra số liệu").

Doubtful data is never an exception: every finding is collected and shown with the
others, says what, where, compared with what, and what to do.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tongket.domain.figures import MISSING, Cell, State, shown
from tongket.domain.forms import Adds, Form
from tongket.domain.sentences import Sentence

Cells = Mapping[str, Cell]


class Severity(StrEnum):
    """What the sender must do about a finding."""

    MUST_FIX = "MUST_FIX"
    MUST_EXPLAIN = "MUST_EXPLAIN"
    NOTE = "NOTE"


class Operator(StrEnum):
    """How the left side must stand to the right."""

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="
    ONLY_IF = "only if"  # left above nought only if right above nought


@dataclass(frozen=True, slots=True)
class Rule:
    """left – operator – right over measures of one form; both sides are sums."""

    key: str
    form: str
    left: tuple[str, ...]
    operator: Operator
    right: tuple[str, ...]
    severity: Severity
    remedy: str

    def holds(self, left: Decimal, right: Decimal) -> bool:
        """Whether two sums satisfy the rule."""
        match self.operator:
            case Operator.EQUAL:
                return left == right
            case Operator.AT_MOST:
                return left <= right
            case Operator.AT_LEAST:
                return left >= right
            case Operator.ONLY_IF:
                return left == 0 or right > 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt about one cell: rule, place, severity, and the sentence for people."""

    rule: str
    measure: str
    severity: Severity
    sentence: Sentence


_WORDS = {
    Operator.EQUAL: "phải bằng",
    Operator.AT_MOST: "không được lớn hơn",
    Operator.AT_LEAST: "không được nhỏ hơn",
    Operator.ONLY_IF: "chỉ có khi có",
}


def _side(measures: tuple[str, ...], cells: Cells) -> Decimal | None:
    parts = [cells.get(measure, MISSING).counted for measure in measures]
    if any(part is None for part in parts):
        return None
    return sum((part for part in parts if part is not None), Decimal(0))


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
    """Yield a finding for each rule of the form that the cells break."""
    labels = {measure.key: measure.label for measure in form.measures}
    for rule in rules:
        if rule.form != form.key:
            continue
        left, right = _side(rule.left, cells), _side(rule.right, cells)
        if left is None or right is None or rule.holds(left, right):
            continue
        yield Finding(
            rule.key,
            rule.left[0],
            rule.severity,
            Sentence(
                "“{left}” ({left_value}) {operator} “{right}” ({right_value}). "
                "{remedy}",
                {
                    "left": " + ".join(labels[key] for key in rule.left),
                    "left_value": shown(left),
                    "operator": Sentence(_WORDS[rule.operator]),
                    "right": " + ".join(labels[key] for key in rule.right),
                    "right_value": shown(right),
                    "remedy": Sentence(rule.remedy),
                },
            ),
        )


def jumps(
    form: Form, cells: Cells, history: Iterable[Cells], *, times: Decimal
) -> Iterator[Finding]:
    """Yield a finding for each flow far above everything the unit reported before.

    A value is odd when it is at least 5 and more than `times` the highest earlier one.
    """
    earlier = list(history)
    for measure in form.measures:
        value = cells.get(measure.key, MISSING).counted
        before = [
            counted
            for each in earlier
            if (counted := each.get(measure.key, MISSING).counted) is not None
        ]
        if measure.adds is Adds.STOCK or value is None or not before or value < 5:
            continue
        if value > times * max(max(before), Decimal(1)):
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
                        "highest": shown(max(before)),
                    },
                ),
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
    """Return everything doubtful about a return, in the order of the form."""
    found = [
        *gaps(form, cells),
        *contradictions(form, cells, rules),
        *jumps(form, cells, history, times=jump_times),
        *(only_the_date_changed(cells, previous) if previous else ()),
    ]
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
