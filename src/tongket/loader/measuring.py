"""How are the files of what is counted read: forms, schemes, indicators, checks?"""

from decimal import Decimal

from tongket.domain.checks import Operator, Rule, Severity
from tongket.domain.figures import State
from tongket.domain.forms import Adds, Form, Measure, Polarity, Section
from tongket.domain.indicators import Indicator, Target
from tongket.domain.periods import Frequency
from tongket.domain.reporting import ReportingScheme
from tongket.loader.boundaries import refuse_excluded
from tongket.loader.draft import Draft
from tongket.loader.naming import measure_unit
from tongket.loader.pack import Example
from tongket.loader.refusals import DefinedTwice
from tongket.loader.rows import Row, by_name, by_value

POLARITIES = by_value(Polarity)
# Values by default: a number or "nothing arose"; an empty cell is always possible.
ANSWERS = frozenset({State.REPORTED, State.NIL, State.MISSING})


def read_form(file: Row, draft: Draft) -> None:
    """Read one edition of a form, a whole file."""
    sections = tuple(_section(row) for row in file.rows("sections"))
    form = Form(
        file.text("key"),
        file.text("label"),
        file.text("english"),
        frozenset(file.names("kinds", "kind", "loại đơn vị")),
        sections,
        file.source(),
    )
    draft.forms.put(form.key, form, file)


def _section(row: Row) -> Section:
    key, label, english = row.text("key"), row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    measures = tuple(_measure(each) for each in row.rows("measures"))
    return Section(key, label, english, measures)


def _measure(row: Row) -> Measure:
    label, english = row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    may_be = ANSWERS
    if row.has("may_be"):
        chosen = row.choices("may_be", by_name(State))
        may_be = frozenset({*chosen, State.MISSING})
    return Measure(
        row.text("key"),
        label,
        english,
        measure_unit(row),
        row.whole("decimals") if row.has("decimals") else 0,
        row.choice("adds", by_value(Adds), Adds.FLOW),
        row.choice("polarity", POLARITIES, Polarity.NEUTRAL),
        may_be,
        row.optional("note"),
    )


def read_schemes(file: Row, draft: Draft) -> None:
    """Read reporting schemes; one of the ten items may be empty till a period opens."""
    for row in file.rows("schemes"):
        levels = row.row("deadlines", None) if row.has("deadlines") else None
        kinds = levels.keys() if levels else ()
        deadlines = {kind: levels.whole(kind) for kind in kinds} if levels else {}
        for kind in deadlines:
            row.mention("kind", "loại đơn vị", kind, "deadlines")
        has_frequency = row.has("frequency")
        scheme = ReportingScheme(
            key=row.text("key"),
            name=row.optional("name"),
            content=row.optional("content"),
            unit_kinds=row.names("unit_kinds", "kind", "loại đơn vị", required=False),
            recipient=row.optional("recipient"),
            method=row.optional("method"),
            deadlines=deadlines,
            frequency=(
                row.choice("frequency", by_name(Frequency)) if has_frequency else None
            ),
            cut_off=row.optional("cut_off"),
            outline=row.optional("outline"),
            forms=row.names("forms", "form", "biểu mẫu", required=False),
            regime=row.name("regime", "regime", "quy tắc kỳ"),
            source=row.source(),
        )
        draft.schemes.put(scheme.key, scheme, row)


def read_indicators(file: Row, draft: Draft) -> None:
    """Read what is published, and the phrases it goes by in running text."""
    for row in file.rows("indicators"):
        indicator = _indicator(row)
        draft.indicators.put(indicator.key, indicator, row)
        draft.vocabulary.setdefault(indicator.key, row.texts("phrases"))


def _indicator(row: Row) -> Indicator:
    label, english = row.text("label"), row.text("english")
    definition = row.text("definition")
    refuse_excluded(row, label, english, definition)
    what = "chỉ tiêu thống kê"
    target = row.row("target") if row.has("target") else None
    return Indicator(
        key=row.text("key"),
        label=label,
        english=english,
        definition=definition,
        numerator=row.names("numerator", "counted", what),
        denominator=row.names("denominator", "counted", what, required=False),
        measure_unit=measure_unit(row),
        decimals=row.whole("decimals") if row.has("decimals") else 0,
        polarity=row.choice("polarity", POLARITIES, Polarity.NEUTRAL),
        source=row.source(),
        per=row.number("per") if row.has("per") else Decimal(1),
        block=row.text("block"),
        target=Target(target.number("value"), target.source()) if target else None,
        published=row.flag("published"),
    )


def read_checks(file: Row, draft: Draft) -> None:
    """Read what must hold inside one return."""
    file.source()
    if file.has("jump_times"):
        draft.jump_times.put("jump_times", file.number("jump_times"), file)
    for row in file.rows("rules", required=False):
        form = row.name("form", "form", "biểu mẫu")
        space = f"measure of {form}"
        what = "chỉ tiêu của biểu mẫu"
        rule = Rule(
            row.text("key"),
            form,
            row.names("left", space, what),
            row.choice("operator", by_value(Operator)),
            row.names("right", space, what),
            row.choice("severity", by_name(Severity)),
            row.text("remedy"),
        )
        draft.rules.put(rule.key, rule, row)


def read_examples(file: Row, draft: Draft) -> None:
    """Read the published answers of one year."""
    found: dict[str, Example] = {}
    first: dict[str, Row] = {}
    file.name("regime", "regime", "quy tắc kỳ")
    for row in file.rows("figures"):
        key = row.name("indicator", "indicator", "chỉ tiêu công bố")
        base = row.number("base") if row.has("base") else None
        example = Example(key, row.number("value"), base, row.source())
        if key in found:
            other = f"{first[key].file}:{first[key].line}"
            row.refuse(DefinedTwice, what="chỉ tiêu", key=key, other=other)
            continue
        found[key], first[key] = example, row
    draft.examples.put(str(file.whole("year")), found, file)
