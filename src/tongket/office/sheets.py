"""What stands in each row of a form, beside what, and what is doubtful about it?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tongket.cycle import check
from tongket.domain.checks import Finding, Operator, Rule, Severity
from tongket.domain.figures import MISSING, Cell, NotANumber, State, read_cell, shown
from tongket.domain.forms import Form, Measure, Section
from tongket.domain.periods import ROMAN, Period
from tongket.office import facts, returns, speech
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


def read(
    form: Form, texts: Mapping[str, str]
) -> tuple[dict[str, Cell], dict[str, str]]:
    """Return the cells that were typed, and a sentence for each that is no number."""
    found, refused = {}, {}
    for measure in form.measures:
        try:
            found[measure.key] = read_cell(texts.get(measure.key, ""), measure.decimals)
        except NotANumber as error:
            refused[measure.key] = speech.translated(error.sentence)
    return found, refused


def blocks(
    place: Place,
    current: Cells,
    *,
    doubts: Iterable[Doubt] = (),
    explanations: Mapping[str, str] | None = None,
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


def parts(rules: Iterable[Rule], form: Form) -> dict[str, tuple[str, ...]]:
    """Return, for each measure that others must add up to, those others."""
    return {
        rule.right[0]: rule.left
        for rule in rules
        if rule.form == form.key
        and rule.operator is Operator.EQUAL
        and len(rule.right) == 1
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
