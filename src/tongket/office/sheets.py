"""What stands in each row of a form, beside what, and what is doubtful about it?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tongket.cycle import check, summarise
from tongket.cycle.summarise import Basis
from tongket.domain import summaries
from tongket.domain.checks import Finding, Operator, Rule, Severity
from tongket.domain.figures import MISSING, Cell, State, shown
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.periods import ROMAN, Period
from tongket.domain.summaries import Summed
from tongket.office import facts, returns
from tongket.office.returns import Cells, Place
from tongket.records.models import Doubt

CELL, EXPLAIN = "cell.", "explain."
TYPED = {State.NIL: "-", State.NOT_APPLICABLE: "x", State.MISSING: ""}


@dataclass
class Line:
    """One row of a form on the screen."""

    number: str
    measure: Measure
    cell: Cell
    typed: str
    previous: Cell
    same: Cell
    error: str = ""
    findings: list[Finding] = field(default_factory=list)
    explanation: str = ""
    adds_up: tuple[str, ...] = ()
    edit: int = 0  # the number of the edit that stands in the cell, 0 for none
    words_edit: int = 0  # the same of its explanation
    comments: int = 0
    is_prefilled: bool = False  # the page put the sum from below into it
    reason: str = ""  # why a reviewer sent the return back at this row
    below: Summed | None = None  # only in a summary: what the units below add up to

    @property
    def summed(self) -> Cell | None:
        """The sum of the units below, beside which a summary is typed."""
        return self.below.cell if self.below else None

    @property
    def difference(self) -> Decimal | None:
        """How much more was typed than the units below add up to."""
        return summaries.difference(self.below.cell, self.cell) if self.below else None

    @property
    def is_doubtful(self) -> bool:
        """Whether anything was found or said about the row."""
        return bool(self.findings or self.explanation)

    @property
    def wants_words(self) -> bool:
        """Whether the sender is asked to explain the row."""
        asked = any(f.severity is Severity.MUST_EXPLAIN for f in self.findings)
        return asked or bool(self.explanation)

    @property
    def mark(self) -> str:
        """How the cell is marked: error, warning, or not at all."""
        if self.error or any(f.severity is Severity.MUST_FIX for f in self.findings):
            return "error"
        return "warning" if self.findings else ""


@dataclass(frozen=True)
class Block:
    """One section of the form with its rows, numbered as on paper."""

    number: str
    section: Section
    lines: list[Line]


def typed(cell: Cell) -> str:
    """Return what an official types for a cell, so that it is read back the same."""
    if cell.value is None:
        return TYPED[cell.state]
    return shown(cell.value.normalize())


def blocks(
    place: Place,
    current: Cells,
    *,
    doubts: Iterable[Doubt] = (),
    explanations: Mapping[str, str] | None = None,
    edits: Mapping[str, int] | None = None,
    words_edits: Mapping[str, int] | None = None,
    comments: Mapping[str, int] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> list[Block]:
    """Return the form's rows with the period before and the same period beside each."""
    regime = facts.pack().regimes[place.period.regime]
    before = regime.previous(place.period).key
    same = regime.same_period(place.period).key
    kept = returns.accepted(place.unit.unit, place.opened.scheme, (before, same))
    found: dict[str, list[Finding]] = defaultdict(list)
    for doubt in doubts:
        found[doubt.measure].append(check.finding_of(doubt))
    sums = parts(facts.pack().rules, place.form)
    said = explanations or {}
    below = basis(place)

    def line(number: str, measure: Measure) -> Line:
        cell = current.get(measure.key, MISSING)
        return Line(
            number,
            measure,
            cell,
            typed(cell),
            kept.get(before, {}).get(measure.key, MISSING),
            kept.get(same, {}).get(measure.key, MISSING),
            findings=found[measure.key],
            explanation=said.get(measure.key, ""),
            adds_up=sums.get(measure.key, ()),
            edit=(edits or {}).get(measure.key, 0),
            words_edit=(words_edits or {}).get(measure.key, 0),
            comments=(comments or {}).get(measure.key, 0),
            reason=(reasons or {}).get(measure.key, ""),
            below=below.rows.get(measure.key) if below else None,
        )

    return [
        Block(
            roman(place_of),
            section,
            [
                line(f"{place_of}.{row}", measure)
                for row, measure in enumerate(section.measures, 1)
            ],
        )
        for place_of, section in enumerate(place.form.sections, 1)
    ]


def basis(place: Place) -> Basis | None:
    """Return what the units below add up to; None unless the form is a summary."""
    return summarise.basis(
        pack=facts.pack(),
        opened=place.opened,
        unit=place.unit.unit,
        form=place.form.key,
    )


def prefill(blocks: Iterable[Block]) -> int:
    """Put the sums from below into the blank rows of a summary; return how many.

    Nothing is kept by that: the page saves each as if it had been typed.
    """
    lines = [
        line
        for block in blocks
        for line in block.lines
        if line.summed is not None
        and line.summed.state is not State.MISSING
        and line.cell.state is State.MISSING
    ]
    for line in lines:
        assert line.summed is not None, "only lines with a sum were taken"
        line.typed, line.is_prefilled = typed(line.summed), True
    return len(lines)


def parts(rules: Iterable[Rule], form: Form) -> dict[str, tuple[str, ...]]:
    """Return, for each measure that others must add up to, those others."""
    return {
        rule.right[0].measure: tuple(term.measure for term in rule.left)
        for rule in rules
        if rule.form == form.key
        and rule.operator is Operator.EQUAL
        and len(rule.right) == 1
        and rule.is_plain
    }


def beside(place: Place) -> tuple[Period, Period]:
    """Return the period before and the same period of the year before."""
    regime = facts.pack().regimes[place.period.regime]
    return regime.previous(place.period), regime.same_period(place.period)


def roman(number: int) -> str:
    """Return the number of a section as paper forms print it: I, II, … XXXIX."""
    tens, rest = divmod(number, 10)
    ones = ("", *ROMAN, "V", "VI", "VII", "VIII", "IX")
    return "X" * tens + ones[rest]
