"""When and how was each return of the demonstration sent, wrongly at first or late?

A sending is on time until the due day of the scheme. A few first sendings hold a
mistake that the checks find; the corrected one follows on the same day. What the checks
only want explained is explained.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from tongket.domain import oddities
from tongket.domain.checks import (
    Finding,
    Rule,
    Severity,
    columns,
    everything,
    findings,
)
from tongket.domain.contradictions import Around, Place, Ready, ready
from tongket.domain.deadlines import WorkingCalendar
from tongket.domain.figures import MISSING, Cell, reported
from tongket.domain.forms import Form
from tongket.domain.periods import Period
from tongket.domain.watching import watches_on
from tongket.loader.demonstration.shares import sample, shuffled, stream
from tongket.loader.demonstration.year import Demo
from tongket.loader.pack import Pack

Cells = Mapping[str, Cell]

# Viet Nam keeps one time all year; a fixed offset needs no time-zone files.
HANOI = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")
OPENS, CLOSES = 7 * 60 + 30, 17 * 60  # office hours in minutes of the day
MORNING_ENDS, AFTERNOON_BEGINS = 11 * 60, 14 * 60
LATEST_BY = 4  # working days after the due day on which the last late return comes


@dataclass(frozen=True, slots=True)
class SyntheticReturn:
    """One sending of the demonstration year; invented, and shown as invented.

    `note` explains what the checks want explained; `supersedes` says that it corrects
    the sending of the same unit, form and period before it.
    """

    unit: str
    form: str
    period: Period
    cells: Cells
    sent_at: dt.datetime
    channel: str
    due: dt.date
    note: str = ""
    supersedes: bool = False

    @property
    def is_on_time(self) -> bool:
        """Whether it was sent on or before the due day, local time."""
        return self.sent_at.date() <= self.due


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished return that has yet to be sent.

    `days` is how many working days after the period's end the due day lies.
    """

    unit: str
    form: str
    period: Period
    cells: Cells
    due: dt.date
    days: int
    uses_workbook: bool
    carelessness: float


def at(day: dt.date, minutes: int) -> dt.datetime:
    """Return the instant `minutes` after midnight of a day, local time."""
    return dt.datetime.combine(day, dt.time(minutes // 60, minutes % 60), HANOI)


def sent(
    drafts: Sequence[Draft], late: int, calendar: WorkingCalendar, chance: Random
) -> list[SyntheticReturn]:
    """Send every draft; exactly `late` of them after their due day."""
    numbers = range(len(drafts))
    careless = [draft.carelessness for draft in drafts]
    too_late = set(sample(chance, late, numbers, careless))
    found = []
    for number, draft in enumerate(drafts):
        if number in too_late:
            day = calendar.after(draft.due, 1 + chance.randrange(LATEST_BY))
        else:
            day = calendar.after(draft.period.end, 1 + chance.randrange(draft.days))
        found.append(
            SyntheticReturn(
                draft.unit,
                draft.form,
                draft.period,
                draft.cells,
                at(day, OPENS + chance.randrange(CLOSES - OPENS)),
                "WORKBOOK" if draft.uses_workbook else "WEB",
                due=draft.due,
            )
        )
    return found


def explained(
    finals: Iterable[SyntheticReturn], form: Form, pack: Pack, demo: Demo
) -> Iterator[SyntheticReturn]:
    """Yield the returns of one form, in time order by unit, with their explanations.

    The checks are asked as the cycle asks, with all that the unit sent before; what is
    only noted needs no words and is not looked for.
    """
    history: dict[str, list[SyntheticReturn]] = defaultdict(list)
    own: dict[str, dict[Place, Cells]] = defaultdict(dict)
    rules: dict[Period, tuple[Ready, ...]] = {}
    for each in finals:
        before, day = history[each.unit], each.period.end
        if each.period not in rules:
            rules[each.period] = ready(pack.rules, form.key, each.period, pack.cadences)
        told = columns(one.cells for one in before)
        asked = {
            habit: watch
            for habit, watch in watches_on(pack.watches, day).items()
            if watch.severity is not Severity.NOTE
        }
        found = everything(
            form,
            each.cells,
            rules[each.period],
            told=told,
            jump_times=pack.jump_times,
            previous=before[-1].cells if before else None,
            around=Around(own[each.unit]),
            forms=pack.forms,
            more=oddities.own(
                form,
                each.cells,
                asked,
                told=told,
                season={},
                earlier=[(one.period.key, one.cells) for one in before[:-1]],
            ),
        )
        yield replace(each, note=_note(found, demo))
        before.append(each)
        own[each.unit][form.key, each.period.key] = each.cells


def _note(found: Iterable[Finding], demo: Demo) -> str:
    words: Mapping[str, str] = demo.texts["sendings"]["explanations"]
    asked = [each for each in found if each.severity is Severity.MUST_EXPLAIN]
    said = [
        words.get(f"{each.rule}:{each.measure}") or words.get(each.rule, words["other"])
        for each in asked
    ]
    return " ".join(dict.fromkeys(said))


def with_mistakes(
    finals: Sequence[SyntheticReturn],
    count: int,
    form: Form,
    rules: Sequence[Rule],
    demo: Demo,
    topic: str,
) -> list[SyntheticReturn]:
    """Return the sendings, `count` of those in time preceded by a mistaken first one.

    Both are sent on one day, so a mistake never makes a unit late.
    """
    chance = stream(demo.seed, topic)
    wrong = _wrong_cells(finals, count, form, rules, demo, chance)
    sendings: list[SyntheticReturn] = []
    for place, final in enumerate(finals):
        if place not in wrong:
            sendings.append(final)
            continue
        day = final.sent_at.date()
        morning = OPENS + chance.randrange(MORNING_ENDS - OPENS)
        later = AFTERNOON_BEGINS + chance.randrange(CLOSES - AFTERNOON_BEGINS)
        sendings += [
            replace(final, cells=wrong[place], sent_at=at(day, morning)),
            replace(final, sent_at=at(day, later), supersedes=True),
        ]
    return sendings


def _wrong_cells(
    finals: Sequence[SyntheticReturn],
    count: int,
    form: Form,
    rules: Sequence[Rule],
    demo: Demo,
    chance: Random,
) -> dict[int, Cells]:
    """Return `count` mistaken versions that the checks refuse, by place in `finals`."""
    mistakes: Sequence[Mapping[str, str]] = demo.texts["sendings"]["mistakes"]
    in_time = [place for place, each in enumerate(finals) if each.is_on_time]
    wrong: dict[int, Cells] = {}
    for place in shuffled(chance, in_time):
        if len(wrong) == count:
            break
        cells = mistaken(finals[place].cells, mistakes[len(wrong) % len(mistakes)])
        found = findings(form, cells, rules)
        if any(each.severity is Severity.MUST_FIX for each in found):
            wrong[place] = cells
    return wrong


def mistaken(cells: Cells, mistake: Mapping[str, str]) -> dict[str, Cell]:
    """Return the cells with one slip of the pen: a number added to, or left blank."""
    measure, added = mistake["measure"], mistake.get("add")
    if added is None:
        return {**cells, measure: MISSING}
    before = cells[measure].counted or Decimal(0)
    return {**cells, measure: reported(before + Decimal(added))}
