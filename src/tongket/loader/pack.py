"""What does a loaded pack know?

Everything that is local law or local practice, as domain objects: dated, sourced, ready
to be asked. A pack is never changed once it is loaded; `fingerprint` tells which facts
a period, a score or a release was made with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Protocol

from tongket.domain.commendations import AwardForm
from tongket.domain.criteria import Edition
from tongket.domain.dated import Dated
from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.english import MeasureUnit
from tongket.domain.forms import Form, Measure
from tongket.domain.indicators import Indicator
from tongket.domain.ladder import Ladder
from tongket.domain.periods import Regime
from tongket.domain.programme import Programme
from tongket.domain.reminders import ReminderRule
from tongket.domain.reporting import ReportingScheme
from tongket.domain.rules import Cadence, Rule
from tongket.domain.sources import Instrument, Source
from tongket.domain.units import Register
from tongket.domain.watching import Watch
from tongket.loader.refusals import NoEdition, TwoEditions


class Labelled(Protocol):
    """What a pack names in both languages."""

    @property
    def label(self) -> str:
        """The Vietnamese name."""

    @property
    def english(self) -> str:
        """The English name."""


@dataclass(frozen=True, slots=True)
class UnitKind:
    """A kind of unit ("loại đơn vị") and the level it stands at, 1 at the top."""

    key: str
    label: str
    english: str
    level: int


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a steering committee; `kind` is the kind of unit the committee leads.

    Posts only: who holds one is no fact of a pack.
    """

    key: str
    label: str
    english: str
    kind: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The fixed part of the committee's letterhead; `suffix` ends its symbols."""

    governing_body: str
    issuing_body: str
    place: str
    authority: str
    post: str
    suffix: str
    recipients: tuple[str, ...]
    source: Source


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """One block of a template.

    `kind` is title, lead, ground, heading, subheading, body, point, table, chart or
    list. `text` holds gaps for `wording.fill`: the paragraph, or the title of a table
    or chart. `indicators` are the rows of a table or the one of a chart; `of` names
    what a list lists: weak_units, awards, objectives, solutions, tasks, coordination.
    """

    kind: str
    text: str = ""
    indicators: tuple[str, ...] = ()
    of: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The outline of a document; `kind` is printed above the subject ("BÁO CÁO")."""

    key: str
    kind: str
    symbol: str
    subject: str
    blocks: tuple[TemplateBlock, ...]
    byline: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A published answer: the value an indicator must come out as for the province."""

    indicator: str
    value: Decimal
    base: Decimal | None
    source: Source


@dataclass(frozen=True)
class Pack:
    """The facts of one province, with those of its country."""

    key: str
    label: str
    english: str
    fingerprint: str
    province: str
    regime: str
    instruments: Mapping[str, Instrument]
    regimes: Mapping[str, Regime]
    calendar: WorkingCalendar
    kinds: Mapping[str, UnitKind]
    register: Register
    measure_units: Mapping[str, MeasureUnit]
    phrases: Mapping[str, str]
    schemes: Mapping[str, ReportingScheme]
    forms: Mapping[str, Form]
    indicators: Mapping[str, Indicator]
    rules: tuple[Rule, ...]
    jump_times: Decimal
    watches: tuple[Watch, ...]
    editions: Mapping[str, Edition]
    dates: Mapping[str, Dated[int]]
    disclosure_threshold: Dated[int]
    award_forms: Mapping[str, AwardForm]
    worthy_bands: frozenset[str]
    reminders: tuple[ReminderRule, ...]
    posts: tuple[Post, ...]
    ladder: Ladder
    programmes: Mapping[int, Programme]
    templates: Mapping[str, Template]
    vocabulary: Mapping[str, tuple[str, ...]]
    letterhead: Heading
    examples: Mapping[int, Mapping[str, Example]]

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """All measures of all forms by key; a key means the same in every form."""
        forms = self.forms.values()
        return {measure.key: measure for form in forms for measure in form.measures}

    @cached_property
    def cadences(self) -> Mapping[str, Cadence]:
        """In what windows each form is collected; a form without a length has none."""
        return {
            form: (self.regimes[scheme.regime], scheme.frequency)
            for scheme in self.schemes.values()
            if scheme.frequency is not None
            for form in scheme.forms
        }

    @cached_property
    def in_english(self) -> Mapping[str, str]:
        """The English of every Vietnamese label, unit of measure and phrase."""
        named: list[Labelled] = [
            *self.forms.values(),
            *(section for form in self.forms.values() for section in form.sections),
            *self.measures.values(),
            *self.indicators.values(),
            *self.kinds.values(),
            *self.award_forms.values(),
            *self.posts,
            *(part for edition in self.editions.values() for part in edition.parts),
            *(work for year in self.programmes.values() for work in year.works),
        ]
        units = {label: unit.many for label, unit in self.measure_units.items()}
        labels = {each.label: each.english for each in named}
        return {**self.phrases, **units, **labels}

    def edition(self, kind: str, year: int) -> Edition:
        """Return the one set of criteria for units of a kind in a year, or refuse."""
        found = [
            edition
            for edition in self.editions.values()
            if year in edition.years and kind in edition.unit_kinds
        ]
        label = self.kinds[kind].label if kind in self.kinds else kind
        if not found:
            raise NoEdition(kind=label, year=year)
        if len(found) > 1:
            keys = ", ".join(edition.key for edition in found)
            raise TwoEditions(kind=label, year=year, editions=keys)
        return found[0]

    def regime_of(self, indicator: Indicator) -> str:
        """Return the regime in whose windows the indicator's measures are collected.

        What the stages count (bands, awards, plans) belongs to the annual report's.
        """
        regimes = measure_regimes(self.forms.values(), self.schemes.values())
        for measure in indicator.measures:
            for regime in regimes.get(measure, ()):
                return regime
        return self.regime

    def example(self, indicator: str, year: int) -> Example | None:
        """Return the published answer of a year; None: the total is illustrative."""
        return self.examples.get(year, {}).get(indicator)


def measure_regimes(
    forms: Iterable[Form], schemes: Iterable[ReportingScheme]
) -> dict[str, tuple[str, ...]]:
    """Return, for each measure, the regimes whose schemes collect it, in order."""
    by_form: dict[str, list[str]] = {}
    for scheme in schemes:
        for form in scheme.forms:
            by_form.setdefault(form, []).append(scheme.regime)
    found: dict[str, dict[str, None]] = {}
    for each in forms:
        for measure in each.measures:
            regimes = found.setdefault(measure.key, {})
            regimes.update(dict.fromkeys(by_form.get(each.key, ())))
    return {measure: tuple(regimes) for measure, regimes in found.items()}
