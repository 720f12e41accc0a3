"""What was sent in the demonstration year, by whom and when?

Monthly returns of every commune for both years, and the yearly self-assessments of
communes and enterprises, in the order in which they came in.
"""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter

from tongket.domain.figures import Cell
from tongket.domain.periods import Frequency
from tongket.domain.reporting import ReportingScheme
from tongket.loader.demonstration.classes import (
    Sheet,
    commune_answers,
    enterprise_answers,
)
from tongket.loader.demonstration.knowledge import counted
from tongket.loader.demonstration.months import Month, months
from tongket.loader.demonstration.places import Place, carelessness, places
from tongket.loader.demonstration.sendings import (
    Draft,
    SyntheticReturn,
    explained,
    sent,
    with_mistakes,
)
from tongket.loader.demonstration.shares import stream
from tongket.loader.demonstration.year import Demo, DemoRefused
from tongket.loader.pack import Pack


def returns(pack: Pack, demo: Demo) -> Iterator[SyntheticReturn]:
    """Yield every sending of the demonstration in the order of its instant."""
    day = pack.regimes[pack.regime].year(demo.years[-1]).end
    tree = pack.register.on(day)
    communes = places(tree, demo)
    monthly = _monthly(pack, demo, communes)
    scheme = _scheme(pack, "commune", Frequency.MONTH)
    counts = counted(monthly, pack.forms[scheme.forms[0]])
    year = demo.years[-1]
    answers = commune_answers(communes, counts, _sheet(pack, "commune", year), demo)
    habits = {place.unit: place for place in communes}
    enterprises = [version.unit for version in tree.of_kind("enterprise")]
    more = enterprise_answers(enterprises, _sheet(pack, "enterprise", year), demo)
    yield from sorted(
        [
            *monthly,
            *_yearly(pack, demo, "commune", answers, habits),
            *_yearly(pack, demo, "enterprise", more, {}),
        ],
        key=attrgetter("sent_at", "unit", "form", "supersedes"),
    )


def _scheme(pack: Pack, kind: str, frequency: Frequency) -> ReportingScheme:
    for scheme in pack.schemes.values():
        if kind in scheme.unit_kinds and scheme.frequency is frequency:
            return scheme
    raise DemoRefused(
        file="schemes.yaml",
        key=f"{kind}, {frequency}",
        trouble="năm minh họa cần một chế độ báo cáo cho loại đơn vị này",
    )


def _sheet(pack: Pack, kind: str, year: int) -> Sheet:
    edition = pack.edition(kind, year)
    rates = tuple(each for each in pack.indicators.values() if each.is_ratio)
    return Sheet(kind, pack.forms[edition.form], edition, rates)


def _monthly(
    pack: Pack, demo: Demo, communes: tuple[Place, ...]
) -> list[SyntheticReturn]:
    """Return all monthly sendings, by unit in the order of time."""
    scheme = _scheme(pack, "commune", Frequency.MONTH)
    form = pack.forms[scheme.forms[0]]
    drafts: dict[int, list[Draft]] = {year: [] for year in demo.years}
    for month in months(communes, form, demo):
        drafts[month.year].append(_month_draft(pack, scheme, month))
    finals: list[SyntheticReturn] = []
    for year in demo.years:
        late = demo.count("sending", "late", year)
        chance = stream(demo.seed, f"sending {year}")
        finals += sent(drafts[year], late, pack.calendar, chance)
    told = list(explained(finals, form, pack, demo))
    sendings: list[SyntheticReturn] = []
    for year in demo.years:
        of_year = [each for each in told if each.period.year == year]
        count = demo.count("sending", "contradictory", year)
        topic = f"mistakes {year}"
        sendings += with_mistakes(of_year, count, form, pack.rules, demo, topic)
    return sendings


def _month_draft(pack: Pack, scheme: ReportingScheme, month: Month) -> Draft:
    period = pack.regimes[scheme.regime].period(
        Frequency.MONTH, month.year, month.month
    )
    return Draft(
        unit=month.place.unit,
        form=scheme.forms[0],
        period=period,
        cells=month.cells,
        due=scheme.due(period, "commune", pack.calendar),
        days=scheme.deadlines["commune"],
        uses_workbook=month.place.uses_workbook,
        carelessness=carelessness(month.place),
    )


def _yearly(
    pack: Pack,
    demo: Demo,
    kind: str,
    answers: Mapping[str, Mapping[str, Cell]],
    habits: Mapping[str, Place],
) -> Sequence[SyntheticReturn]:
    """Return the yearly self-assessments of one kind; some enterprises are late."""
    scheme = _scheme(pack, kind, Frequency.YEAR)
    period = pack.regimes[scheme.regime].year(demo.years[-1])
    due = scheme.due(period, kind, pack.calendar)
    chance = stream(demo.seed, f"yearly sending of {kind}")
    drafts = [
        Draft(
            unit=unit,
            form=scheme.forms[0],
            period=period,
            cells=cells,
            due=due,
            days=scheme.deadlines[kind],
            uses_workbook=unit in habits and habits[unit].uses_workbook,
            carelessness=1.0,
        )
        for unit, cells in answers.items()
    ]
    late = demo.count("sending", f"late_{kind}", demo.years[-1])
    return sent(drafts, late, pack.calendar, chance)
