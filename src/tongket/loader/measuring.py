"""How are the files of what is counted read: forms, schemes, indicators?"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from tongket.domain.checks import Operator, Rule, Severity
from tongket.domain.figures import State
from tongket.domain.forms import Adds, Form, Measure, Polarity, Section
from tongket.domain.indicators import Indicator, Target
from tongket.domain.periods import Frequency
from tongket.domain.reporting import Assignment, ReportingScheme
from tongket.domain.rules import plain
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
    """Read one edition of a form, a whole file.

    A form that sums up another (`summarises`) has the rows of that one, see `deriving`.
    """
    summarises = ""
    if file.has("summarises"):
        summarises = file.name("summarises", "form", "biểu mẫu")
    key = file.text("key")
    found = file.rows("sections", required=not summarises)
    form = Form(
        key,
        file.text("label"),
        file.text("english"),
        frozenset(file.names("kinds", "kind", "loại đơn vị")),
        tuple(_section(row, key, draft) for row in found),
        file.source(),
        file.optional_day("from"),
        file.optional_day("to"),
        summarises,
    )
    draft.forms.put(form.key, form, file)


def _section(row: Row, form: str, draft: Draft) -> Section:
    key, label, english = row.text("key"), row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    measures: list[Measure] = []
    for each in row.rows("measures"):
        measure = _measure(each)
        parts = [_category(one, measure) for one in _categories(each)]
        measures += [measure, *parts]
        if parts:
            rule = _adds_up(form, measure, parts)
            draft.rules.put(rule.key, rule, each)
    return Section(key, label, english, tuple(measures))


def _measure(row: Row) -> Measure:
    label, english = row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    may_be, is_optional = ANSWERS, False
    if row.has("may_be"):
        chosen = row.choices("may_be", by_name(State))
        may_be = frozenset({*chosen, State.MISSING})
        is_optional = State.MISSING in chosen
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
        is_optional=is_optional,
    )


def _categories(row: Row) -> tuple[Row, ...]:
    return row.rows("categories", required=False)


def _category(row: Row, whole: Measure) -> Measure:
    """Return one category as a row of its own, named after what it is a part of."""
    label, english = row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    return replace(
        whole,
        key=f"{whole.key}_{row.text('key')}",
        label=f"{whole.label}: {label}",
        english=f"{whole.english}: {english}",
        note=row.optional("note"),
        of=whole.key,
    )


def _adds_up(form: str, whole: Measure, parts: Sequence[Measure]) -> Rule:
    return Rule(
        f"{form}-{whole.key}-adds-up",
        form,
        plain(*(part.key for part in parts)),
        Operator.EQUAL,
        plain(whole.key),
        Severity.MUST_FIX,
        "Rà soát các dòng phân tổ để tổng bằng số chung.",
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
            assignments=tuple(
                _assignment(each) for each in row.rows("assignments", required=False)
            ),
        )
        draft.schemes.put(scheme.key, scheme, row)


def _assignment(row: Row) -> Assignment:
    return Assignment(
        row.name("form", "form", "biểu mẫu"),
        row.names("unit_kinds", "kind", "loại đơn vị", required=False),
        row.texts("groups"),
        row.texts("size_classes"),
        row.texts("excluded"),
        row.optional_day("from"),
        row.optional_day("to"),
    )


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
