"""How is the file of checks read: what must hold, and what is watched for?

A plain side is a list of measures of the form. A term that multiplies, states a number,
or reads another period, form or level is a mapping; a rule with one of the last three
says since when it holds and where it comes from.
"""

from decimal import Decimal

from tongket.domain.doubts import Severity
from tongket.domain.rules import Level, Missing, Operator, Rule, Side, Span, Term, plain
from tongket.domain.rules import windows as windows_of
from tongket.domain.watching import Habit, Watch
from tongket.loader.draft import Draft
from tongket.loader.refusals import FormsApart, NobodySends, NothingOwn
from tongket.loader.rows import Row, by_name, by_value

MEASURE = "chỉ tiêu của biểu mẫu"
SEVERITIES = by_name(Severity)


def read_checks(file: Row, draft: Draft) -> None:
    """Read what must hold about a return, and the habits that are watched for."""
    file.source()
    if file.has("jump_times"):
        draft.jump_times.put("jump_times", file.number("jump_times"), file)
    for row in file.rows("watches", required=False):
        draft.watches.append(_watch(row))
    for row in file.rows("rules", required=False):
        rule = _rule(row)
        draft.rules.put(rule.key, rule, row)


def _rule(row: Row) -> Rule:
    form = row.name("form", "form", "biểu mẫu")
    key, left = row.text("key"), _side(row, "left", form)
    operator = row.choice("operator", by_value(Operator))
    right = _side(row, "right", form)
    is_near = all(term.is_near for term in (*left, *right))
    rule = Rule(
        key,
        form,
        left,
        operator,
        right,
        row.choice("severity", SEVERITIES),
        row.text("remedy"),
        row.choice("missing", by_value(Missing), Missing.SKIP),
        row.number("tolerance") if row.has("tolerance") else Decimal(0),
        frozenset(row.names("kinds", "kind", "loại đơn vị", required=False)),
        frozenset(row.texts("groups")),
        row.optional_day("from") if is_near else row.day("from"),
        row.optional_day("until"),
        None if is_near and not row.has("source") else row.source(),
    )
    if left and right and not rule.cells:
        row.refuse(NothingOwn, key=key, form=form)
    return rule


def _side(row: Row, key: str, form: str) -> Side:
    """Return one side of a rule; none is refused as a key that is missing."""
    found: list[Term] = []
    for part in row.parts(key):
        if isinstance(part, Row):
            found.append(_term(part, form))
        else:
            row.mention(f"measure of {form}", MEASURE, part.value, key)
            found += plain(part.value)
    return tuple(found)


def _term(row: Row, form: str) -> Term:
    if row.has("constant"):
        return Term(times=row.number("constant"))
    other = row.name("form", "form", "biểu mẫu") if row.has("form") else ""
    measure = row.name("measure", f"measure of {other or form}", MEASURE)
    return Term(
        measure,
        row.number("times") if row.has("times") else Decimal(1),
        "" if other == form else other,
        row.choice("period", by_value(Span), Span.THIS),
        row.choice("level", by_value(Level), Level.OWN),
    )


def _watch(row: Row) -> Watch:
    """Return how a habit is watched for; the numbers of the score may be left out."""
    known = {
        key: row.number(key)
        for key in ("change", "factor", "threshold")
        if row.has(key)
    }
    return Watch(
        row.choice("habit", by_value(Habit)),
        row.choice("severity", SEVERITIES),
        row.whole("least"),
        row.day("from"),
        row.source(),
        end=row.optional_day("until"),
        **known,
    )


def read_together(draft: Draft) -> None:
    """Note rules that read a form whose windows never make up those of their own."""
    cadences = {
        form: (draft.regimes.values[scheme.regime], scheme.frequency)
        for scheme in draft.schemes.values.values()
        if scheme.regime in draft.regimes.values and scheme.frequency
        for form in scheme.forms
    }
    for key, rule in draft.rules.values.items():
        own = cadences.get(rule.form)
        for term in rule.terms:
            if own is None or not term.form or term.form not in draft.forms.values:
                continue  # the return itself, or a name that was refused
            regime, frequency = own
            other = cadences.get(term.form)
            forms = draft.forms.values
            kinds = forms[rule.form].unit_kinds & forms[term.form].unit_kinds
            if term.level is Level.OWN and not kinds:
                draft.rules.rows[key].refuse(NobodySends, key=key, form=term.form)
                continue
            period = regime.period(frequency, 2024)
            if (
                other is None
                or other[0] != regime
                or windows_of(term.span, period, *other) is None
            ):
                draft.rules.rows[key].refuse(FormsApart, key=key, form=term.form)
