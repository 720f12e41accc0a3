"""How does one return in a workbook come into the records, and what is told of it?"""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import transaction

from tongket.cycle import check, collect, enter
from tongket.cycle.unpack import merging
from tongket.cycle.unpack.merging import Key, Merged, Present
from tongket.cycle.unpack.outcomes import KeptTheirs, Outcome, State, WrittenMeanwhile
from tongket.documents import workbooks
from tongket.documents.workbooks import Answers, Mark, Seen
from tongket.domain.checks import Severity
from tongket.domain.figures import Cell
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records.models import Doubt, Draft, OpenPeriod, Return, ReturnVersion, Unit

_TOKENS = uuid.UUID("6f1f2c1e-5d0b-4b60-9d6b-6a3f8f0c9a11")
Sent = tuple[ReturnVersion, list[Doubt]]


@dataclass(frozen=True, slots=True)
class Job:
    """One unit's answers in one file, on the way into the records."""

    file: str
    digest: str  # of the file: a repeated upload repeats its edits' tokens
    answers: Answers
    present: Present
    merged: Merged
    name: str

    @property
    def key(self) -> Key:
        """Unit and form."""
        return self.answers.unit, self.answers.form

    @property
    def is_right(self) -> bool:
        """Whether all of it can be sent."""
        return self.answers.is_right and not self.merged.clashes


class Storing:
    """The records into which the returns of one upload go."""

    def __init__(
        self, pack: Pack, opened: OpenPeriod, by: str, at: dt.datetime
    ) -> None:
        self.pack, self.opened, self.by, self.at = pack, opened, by, at

    def store(self, jobs: Sequence[Job], *, dry_run: bool) -> list[Outcome]:
        """Keep all of some jobs in one transaction; a dry run takes it back."""
        if not jobs:
            return []
        with transaction.atomic():
            self._refuse_moved(jobs)
            sent = self._send([job for job in jobs if job.is_right])
            done = [
                self._sent(job, sent.get(job.key)) if job.is_right else self._draft(job)
                for job in jobs
            ]
            if dry_run:
                transaction.set_rollback(True)
        return done

    def _refuse_moved(self, jobs: Sequence[Job]) -> None:
        """Refuse returns of which another version came since they were read."""
        units = [job.key[0] for job in jobs]
        # Drafts before returns, as from the page: of two, neither waits for ever.
        for rows in (Draft.objects, Return.objects):
            found = rows.filter(period=self.opened, unit__key__in=units)
            list(found.select_for_update(of=("self",)).order_by("id"))
        now = merging.last_versions(self.opened, units)
        for job in jobs:
            number, by = now.get(job.key, (0, ""))
            if number != job.present.version:
                raise enter.SentMeanwhile(by=by, number=number)

    def _send(self, jobs: Sequence[Job]) -> dict[Key, Sent]:
        """Send right returns; those that are the version sent last have none."""
        typed = [job for job in jobs if job.present.is_typed]
        plain = [job for job in jobs if not job.present.is_typed]
        versions = collect.receive(
            pack=self.pack,
            opened=self.opened,
            sendings=[self._sending(job) for job in plain],
            by=self.by,
            at=self.at,
        )
        doubts = defaultdict(list)
        for doubt in check.examine(pack=self.pack, versions=versions, at=self.at):
            doubts[doubt.version_id].append(doubt)
        units = Unit.objects.filter(key__in=[job.key[0] for job in plain])
        keys = dict(units.values_list("id", "key"))
        sent = {
            (keys[each.of.unit_id], each.of.form): (each, doubts[each.pk])
            for each in versions
        }
        for job in typed:
            for version in self._submit(job):
                sent[job.key] = version, list(version.doubts.all())
        return sent

    def _sending(self, job: Job) -> collect.Sending:
        words = merging.explained(job.answers, job.present)
        channel = ReturnVersion.Channel.WORKBOOK
        return collect.Sending(*job.key, job.merged.cells, self.at, channel, words)

    def _submit(self, job: Job) -> list[ReturnVersion]:
        """Send over what was typed before, so that none of it is left undecided."""
        unit, form = job.key
        sheet = enter.sheet(opened=self.opened, unit=unit, form=form)
        undecided = tuple(each.measure for each in sheet.undecided)
        saved = self._save(job, dict.fromkeys((*job.merged.edits, *undecided)))
        for conflict in saved.conflicts:
            raise enter.EditedMeanwhile(by=conflict.by, count=len(saved.conflicts))
        return enter.submit(
            pack=self.pack,
            opened=self.opened,
            unit=unit,
            form=form,
            version=saved.sheet.version,
            by=self.by,
            at=self.at,
            explanations=merging.explained(job.answers, job.present),
            edits_seen=saved.sheet.last_edit,
            channel=ReturnVersion.Channel.WORKBOOK,
        )

    def _save(self, job: Job, measures: Iterable[str]) -> enter.Saved:
        unit, form = job.key
        return enter.save(
            pack=self.pack,
            opened=self.opened,
            unit=unit,
            form=form,
            version=job.present.version,
            edits=[self._edit(job, measure) for measure in measures],
            by=self.by,
            at=self.at,
        )

    def _edit(self, job: Job, measure: str) -> enter.Edit:
        text = workbooks.typed(job.merged.cells[measure])
        typed = job.present.typed.get(measure)
        over = typed.number if typed else 0
        name = "|".join((job.digest, *job.key, measure, text, str(over)))
        return enter.Edit(str(uuid.uuid5(_TOKENS, name)), measure, text, over)

    def _sent(self, job: Job, sent: Sent | None) -> Outcome:
        theirs = job.merged.theirs
        kept = [KeptTheirs(count=theirs).sentence] if theirs else []
        if sent is None:
            outcome = self._outcome(job, State.UNCHANGED)
            version = job.present.version
            return replace(outcome, version=version, sentences=tuple(kept))
        version, doubts = sent
        told = [check.finding_of(doubt).sentence for doubt in doubts]
        return replace(
            self._outcome(job, State.SENT),
            version=version.number,
            findings=len(told),
            sentences=(*kept, *told),
            marks=tuple(_doubt_marks(job.answers, doubts)),
            seen=_seen(self.pack, job, job.merged.cells),
        )

    def _draft(self, job: Job) -> Outcome:
        """Keep what is right of a wrong workbook as typed, and tell what is wrong."""
        saved = self._save(job, job.merged.edits) if job.merged.edits else None
        refused = saved.refused if saved else {}
        tokens = {self._edit(job, key).token: key for key in job.merged.edits}
        against = {tokens[token]: refusal for token, refusal in refused.items()}
        against.update({key: self._clash(job, key) for key in job.merged.clashes})
        sheet = job.answers.sheet
        marks = [
            *marks_of(job.answers),
            *(
                Mark(sheet, *job.answers.places[key], str(refusal))
                for key, refusal in against.items()
            ),
        ]
        wrong = [mistake.refusal for mistake in job.answers.wrong]
        return replace(
            self._outcome(job, State.WRONG),
            kept=len(job.answers.cells) - len(against),
            sentences=tuple(each.sentence for each in (*wrong, *against.values())),
            marks=tuple(marks),
            seen=_seen(self.pack, job, job.merged.cells),
        )

    def _clash(self, job: Job, measure: str) -> Refusal:
        label = next(
            each.label
            for each in self.pack.forms[job.answers.form].measures
            if each.key == measure
        )
        return WrittenMeanwhile(
            sheet=job.answers.sheet,
            place=workbooks.place(*job.answers.places[measure]),
            subject=label,
            yours=workbooks.typed(job.answers.cells[measure]),
            theirs=workbooks.typed(job.present.cell(measure)),
            by=job.present.author(measure),
        )

    def _outcome(self, job: Job, state: State) -> Outcome:
        unit, form = job.key
        return Outcome(job.file, state, job.answers.sheet, unit, job.name, form)


def marks_of(answers: Answers) -> Iterator[Mark]:
    """Yield what is wrong with a workbook, at its cells."""
    for mistake in (*answers.refused, *answers.wrong):
        place = mistake.sheet or answers.sheet, mistake.row, mistake.column
        yield Mark(*place, str(mistake.refusal))


def _doubt_marks(answers: Answers, doubts: Iterable[Doubt]) -> Iterator[Mark]:
    for doubt in doubts:
        finding = check.finding_of(doubt)
        row, column = answers.places.get(finding.measure, (-1, -1))
        must_fix = finding.severity is Severity.MUST_FIX
        yield Mark(answers.sheet, row, column, str(finding.sentence), must_fix)


def _seen(pack: Pack, job: Job, cells: dict[str, Cell]) -> Seen:
    text = workbooks.seen_text(pack.forms[job.answers.form], cells)
    return Seen(job.answers.sheet, job.answers.list_row, text)
