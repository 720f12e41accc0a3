"""How is each workbook taken in, so that one bad file does not sink the others?

Workbooks are stored in groups, one transaction a group, because a commit for each of
two hundred costs more than all their figures. When a group is refused, each of its
workbooks is stored by itself, so that its outcome is its own.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from tongket.cycle import collect, enter
from tongket.cycle.unpack import archives, merging, outcomes
from tongket.cycle.unpack.archives import Entry
from tongket.cycle.unpack.merging import Key, Merged, Present
from tongket.cycle.unpack.outcomes import Outcome, OutOfScope, State, TwiceSent
from tongket.cycle.unpack.storing import Job, Storing, marks_of
from tongket.documents import workbooks
from tongket.documents.workbooks import Answers
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records.models import OpenPeriod
from tongket.records.register import register

GROUP = 25  # workbooks in one transaction: a step of the progress every second


def unpack(**asked: Any) -> Iterator[Outcome]:
    """Take in workbooks and archives of workbooks; yield what became of each return.

    Asks what `groups` asks.
    """
    for group in groups(**asked):
        yield from group


def groups(
    *,
    pack: Pack,
    opened: OpenPeriod,
    files: Sequence[tuple[str, bytes]],
    by: str,
    at: dt.datetime,
    scope: Collection[str] | None = None,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    overwrite: bool = False,
) -> Iterator[list[Outcome]]:
    """Take in workbooks and archives of them; yield outcomes as they are stored.

    `scope` are the units that the sender reports for, None for all. A dry run answers
    the same and keeps nothing. With `all_or_nothing`, one bad return holds back all.
    With `overwrite`, the workbooks win over what other people wrote meanwhile.
    """
    taking = _Taking(pack, opened, by, at, scope, dry_run, overwrite)
    entries = iter(archives.survey(files))
    if all_or_nothing:
        yield taking.whole(taking.read(entries))
        return
    while group := list(islice(entries, GROUP)):
        yield taking.each(taking.read(group))


class _Taking:
    """One upload being taken in: what is owed, by whom, and what came so far."""

    def __init__(
        self,
        pack: Pack,
        opened: OpenPeriod,
        by: str,
        at: dt.datetime,
        scope: Collection[str] | None,
        dry_run: bool,
        overwrite: bool,
    ) -> None:
        self.pack, self.opened, self.by, self.at = pack, opened, by, at
        self.scope, self.dry_run, self.overwrite = scope, dry_run, overwrite
        self.period = collect.window(pack, opened)
        self.units = register().on(self.period.end)
        rule = collect.scheme_of(pack, opened.scheme)
        self.forms = [pack.forms[key] for key in rule.forms]
        owed = collect.owed(pack=pack, opened=opened)
        self.owed = {(unit.unit, form) for unit, form in owed}
        self.came: dict[Key, str] = {}
        self.storing = Storing(pack, opened, by, at)

    def read(self, entries: Iterable[Entry]) -> list[Job | Outcome]:
        """Read workbooks; what cannot be taken at all is an outcome already."""
        found: list[tuple[str, str, Answers] | Outcome] = []
        for entry in entries:
            try:
                content = entry.read()
                held = workbooks.contents(
                    content, forms=self.forms, period=self.period, units=self.units
                )
            except (Refusal, Refusals) as refusal:
                found.append(outcomes.refused(entry.name, refusal))
                continue
            digest = hashlib.sha256(content).hexdigest()
            found += [
                self._refused(entry.name, each) or (entry.name, digest, each)
                for each in held
            ]
        return self._jobs(found)

    def _refused(self, file: str, answers: Answers) -> Outcome | None:
        """Return the outcome of answers that cannot be taken at all, if they are so."""
        refusals = [mistake.refusal for mistake in answers.refused]
        name = self._name(answers.unit)
        key = answers.unit, answers.form
        if self.scope is not None and answers.unit and answers.unit not in self.scope:
            refusals = [OutOfScope(unit=name)]
        elif not refusals and key in self.came:
            refusals = [TwiceSent(unit=name, first=self.came[key])]
        elif not refusals and (refusal := self._unowed(*key)):
            refusals = [refusal]
        if not refusals:
            self.came[key] = file
            return None
        outcome = outcomes.refused(
            file,
            Refusals(refusals),
            sheet=answers.sheet,
            unit=answers.unit,
            name=name,
            form=answers.form,
        )
        return replace(outcome, marks=tuple(marks_of(answers)))

    def _name(self, unit: str) -> str:
        return self.units[unit].name if unit in self.units else unit

    def _unowed(self, unit: str, form: str) -> Refusal | None:
        label = self.period.label
        if (unit, form) not in self.owed:
            form = self.pack.forms[form].label
            return collect.NotOwed(unit=self._name(unit), form=form, period=label)
        on = timezone.localtime(self.at).date()
        if self.opened.state == OpenPeriod.State.OPEN or collect.may_send(
            opened=self.opened, unit=unit, form=form, on=on
        ):
            return None
        return collect.PeriodClosed(period=label, unit=self._name(unit))

    def _jobs(
        self, found: list[tuple[str, str, Answers] | Outcome]
    ) -> list[Job | Outcome]:
        keys = {
            (each[2].unit, each[2].form) for each in found if isinstance(each, tuple)
        }
        presents = merging.presents(self.opened, keys)
        jobs: list[Job | Outcome] = []
        for each in found:
            if isinstance(each, Outcome):
                jobs.append(each)
                continue
            file, digest, answers = each
            present = presents[answers.unit, answers.form]
            merged = self._merged(answers, present)
            name = self._name(answers.unit)
            jobs.append(Job(file, digest, answers, present, merged, name))
        return jobs

    def each(self, read: list[Job | Outcome]) -> list[Outcome]:
        """Store what can be stored, and return every outcome in the order it came."""
        jobs = [each for each in read if isinstance(each, Job)]
        try:
            done = self.storing.store(jobs, dry_run=self.dry_run)
        except (Refusal, Refusals, IntegrityError):
            done = [self._alone(job) for job in jobs]
        stored = iter(done)
        return [each if isinstance(each, Outcome) else next(stored) for each in read]

    def whole(self, read: list[Job | Outcome]) -> list[Outcome]:
        """Store everything, or nothing when one return cannot be stored."""
        jobs = [each for each in read if isinstance(each, Job)]
        is_sound = len(jobs) == len(read) and all(job.is_right for job in jobs)
        if is_sound:
            try:
                return self.storing.store(jobs, dry_run=self.dry_run)
            except (Refusal, Refusals, IntegrityError):
                pass
        dry_run, self.dry_run = self.dry_run, True
        found = self.each(read)
        self.dry_run = dry_run
        return [_held(outcome) for outcome in found]

    def _alone(self, job: Job) -> Outcome:
        """Store one job by itself, as its return stands now."""
        try:
            (outcome,) = self._again(job)
        except (Refusal, Refusals) as refusal:
            unit, form = job.key
            known = {"unit": unit, "form": form, "name": job.name}
            sheet = job.answers.sheet
            return outcomes.refused(job.file, refusal, sheet=sheet, **known)
        return outcome

    def _again(self, job: Job, tries: int = 3) -> list[Outcome]:
        for left in reversed(range(tries)):
            present = merging.presents(self.opened, [job.key])[job.key]
            fresh = replace(
                job, present=present, merged=self._merged(job.answers, present)
            )
            try:
                return self.storing.store([fresh], dry_run=self.dry_run)
            except (IntegrityError, enter.SentMeanwhile):
                if not left:
                    raise
        raise AssertionError("the last try returns or raises")

    def _merged(self, answers: Answers, present: Present) -> Merged:
        form = self.pack.forms[answers.form]
        return merging.merge(
            form, answers, present, by=self.by, overwrite=self.overwrite
        )


def _held(outcome: Outcome) -> Outcome:
    """Return an outcome of which nothing was kept, because all was held back."""
    if outcome.state is State.SENT:
        return replace(outcome, state=State.HELD, version=None)
    return replace(outcome, kept=0) if outcome.state is State.WRONG else outcome
