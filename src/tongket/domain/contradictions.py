"""Which rules does a return break, read beside whatever else the unit and others sent?

Rules are made ready once for a form and a period, and then asked of every return: what
windows a term is read in does not depend on who sent it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tongket.domain.doubts import Compared, Finding
from tongket.domain.figures import MISSING, Cell, State, shown
from tongket.domain.forms import Adds, Form
from tongket.domain.periods import Period
from tongket.domain.rules import (
    ONE,
    Cadence,
    Level,
    Missing,
    Operator,
    Rule,
    Side,
    Span,
    Term,
    reads,
)
from tongket.domain.sentences import Sentence

Cells = Mapping[str, Cell]
Place = tuple[str, str]  # form, key of the period

NOUGHT = Decimal(0)
WORDS = {
    Operator.EQUAL: "phải bằng",
    Operator.AT_MOST: "không được lớn hơn",
    Operator.AT_LEAST: "không được nhỏ hơn",
    Operator.ONLY_IF: "chỉ có khi có",
}


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a return: what counts of the unit, and of the units below.

    `below` holds one entry for each unit that owes the form, None where nothing counts.
    """

    own: Mapping[Place, Cells] = field(default_factory=dict)
    below: Mapping[Place, Sequence[Cells | None]] = field(default_factory=dict)
    kind: str = ""
    groups: Collection[str] = ()


NOTHING_AROUND = Around()


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with the windows of its terms; None where a term has none."""

    rule: Rule
    read: Mapping[Term, tuple[Period, ...] | None]

    @property
    def places(self) -> Iterator[tuple[Level, Place]]:
        """Yield whose return, on which form, for which period the rule reads."""
        for term, windows in self.read.items():
            form = term.form or self.rule.form
            for window in windows or ():
                yield term.level, (form, window.key)


def ready(
    rules: Iterable[Rule],
    form: str,
    period: Period | None = None,
    cadences: Mapping[str, Cadence] | None = None,
) -> tuple[Ready, ...]:
    """Return the rules that returns on a form are held to for a period.

    Without a period only those that a return answers by itself, whatever the day.
    """
    found = []
    for rule in rules:
        if rule.form != form:
            continue
        if period is None:
            if rule.is_near:
                found.append(Ready(rule, {}))
        elif rule.holds_on(period.end):
            found.append(Ready(rule, reads(rule, period, cadences or {})))
    return tuple(found)


def broken(
    form: Form,
    cells: Cells,
    rules: Iterable[Ready],
    around: Around = NOTHING_AROUND,
    forms: Mapping[str, Form] | None = None,
) -> Iterator[Finding]:
    """Yield a finding for each rule that the cells break; `forms` names other forms."""
    known = forms or {form.key: form}
    for each in rules:
        rule = each.rule
        if (rule.kinds or rule.groups) and not rule.concerns(
            around.kind, around.groups
        ):
            continue
        asked = _Asked(each, form, cells, around, known)
        left, right = asked.side(rule.left), asked.side(rule.right)
        if left is None or right is None or rule.holds(left, right):
            continue
        if rule.missing is Missing.NOUGHT and not asked.told:
            continue
        yield asked.finding(left, right)


class _Asked:
    """One rule asked of one return."""

    def __init__(
        self,
        ready: Ready,
        form: Form,
        cells: Cells,
        around: Around,
        forms: Mapping[str, Form],
    ) -> None:
        self.rule, self.read = ready.rule, ready.read
        self.form, self.cells = form, cells
        self.around, self.forms = around, forms
        self.takes_nought = ready.rule.missing is Missing.NOUGHT
        self.told = False

    def side(self, side: Side) -> Decimal | None:
        """Return the sum of a side; None where the rule has nothing to say."""
        total = NOUGHT
        for term in side:
            value = self.value(term)
            if value is None:
                return None
            total += value if term.times is ONE else value * term.times
        return total

    def value(self, term: Term) -> Decimal | None:
        """Return what a term stands for before it is multiplied."""
        if not term.measure:
            return ONE
        if term not in self.read:
            found = self.cells.get(term.measure, MISSING).counted
        elif self.read[term] is None:
            return None  # the pack's fault, refused where packs are read
        else:
            found = self._afar(term)
        if found is None:
            return NOUGHT if self.takes_nought else None
        self.told = True
        return found

    def _afar(self, term: Term) -> Decimal | None:
        form, windows = term.form or self.rule.form, self.read[term] or ()
        if not windows:
            return NOUGHT  # before the first window of a year nothing came
        measure = self.forms[form].measure(term.measure) if form in self.forms else None
        if measure is not None and measure.adds is Adds.STOCK:
            windows = windows[-1:]
        told: list[Cells | None] = []
        for window in windows:
            told += self._returns(term.level, (form, window.key))
        return self._added(term.measure, told)

    def _returns(self, level: Level, place: Place) -> Sequence[Cells | None]:
        if level is Level.BELOW:
            return self.around.below.get(place, ())
        return [self.around.own.get(place)]

    def _added(self, measure: str, told: Sequence[Cells | None]) -> Decimal | None:
        """Add one measure up over returns; who is not concerned owes no number."""
        total, is_told = NOUGHT, False
        for each in told:
            cell = MISSING if each is None else each.get(measure, MISSING)
            if cell.state is State.NOT_APPLICABLE:
                continue
            if cell.counted is not None:
                total, is_told = total + cell.counted, True
            elif not self.takes_nought:
                return None
        return total if is_told else None

    def finding(self, left: Decimal, right: Decimal) -> Finding:
        """Return the finding at the first cell of the return that the rule is about."""
        rule = self.rule
        return Finding(
            rule.key,
            rule.cells[0],
            rule.severity,
            Sentence(
                "“{left}” ({left_value}) {operator} “{right}” ({right_value}). "
                "{remedy}",
                {
                    "left": self._said(rule.left),
                    "left_value": shown(left),
                    "operator": Sentence(WORDS[rule.operator]),
                    "right": self._said(rule.right),
                    "right_value": shown(right),
                    "remedy": Sentence(rule.remedy),
                },
            ),
            tuple(
                self._compared(term)
                for term in rule.terms
                if term.measure and not (term.is_cell and term.measure == rule.cells[0])
            ),
        )

    def _compared(self, term: Term) -> Compared:
        windows = self.read.get(term) or ()
        value = self.value(term)
        return Compared(
            term.measure,
            value,
            term.form,
            windows[-1].key if windows and term.span is not Span.THIS else "",
            is_below=term.level is Level.BELOW,
        )

    def _said(self, side: Side) -> object:
        """Return a side in words; a bare sum of cells is one text, as ever."""
        if all(term.is_cell and term.times == ONE for term in side):
            return " + ".join(self._label(term) for term in side)
        said: object = ""
        for term in side:
            part, sign = self._term(term), "+" if term.times >= 0 else "−"
            if said == "":
                said = part if sign == "+" else Sentence("−{term}", {"term": part})
            else:
                words = "{first} + {next}" if sign == "+" else "{first} − {next}"
                said = Sentence(words, {"first": said, "next": part})
        return said

    def _label(self, term: Term) -> str:
        form = self.forms.get(term.form or self.rule.form, self.form)
        measure = form.measure(term.measure)
        return measure.label if measure else term.measure

    def _term(self, term: Term) -> object:
        """Return one term in words, without its sign."""
        times = abs(term.times)
        if term.is_constant:
            return shown(times)
        said: object = self._label(term)
        place = self._place(term)
        if place is not None:
            said = Sentence("{label} ({place})", {"label": said, "place": place})
        if times != ONE:
            words = Sentence(
                "{times} × {label}", {"times": shown(times), "label": said}
            )
            return words
        return said

    def _place(self, term: Term) -> object:
        """Return where a term is read, unless it is the return itself."""
        parts: list[object] = []
        if term.form and term.form != self.form.key and term.form in self.forms:
            label = self.forms[term.form].label
            parts.append(Sentence("biểu “{form}”", {"form": label}))
        if term.level is Level.BELOW:
            parts.append(Sentence("cộng các đơn vị cấp dưới"))
        windows = self.read.get(term) or ()
        match term.span:
            case Span.YEAR_TO_DATE | Span.TO_PREVIOUS:
                parts.append(_lasting(windows))
            case Span.PREVIOUS | Span.SAME_PERIOD:
                parts += [each.label for each in windows[-1:]]
        if not parts:
            return None
        said = parts[0]
        for part in parts[1:]:
            said = Sentence("{first}, {next}", {"first": said, "next": part})
        return said


def _lasting(windows: Sequence[Period]) -> Sentence:
    if not windows:
        return Sentence("từ đầu năm, chưa có kỳ nào")
    return Sentence("từ đầu năm đến hết {period}", {"period": windows[-1].label})
