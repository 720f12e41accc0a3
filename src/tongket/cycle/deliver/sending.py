"""What does a delivery change, and what is sent of it?

A parcel that is sent lies over the version sent last: nobody's unsent typing is sent by
a program. A parcel that is only kept lies over the sheet as it is typed so far.
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from tongket.cycle import check, collect, enter
from tongket.cycle.deliver import parcels as reading
from tongket.cycle.deliver.outcomes import (
    Delivered,
    ExplanationsUnsent,
    NothingInReturn,
    NothingTaken,
    Options,
    Outcome,
    Place,
    Result,
    ReturnTwice,
    TypedMeanwhile,
    VersionMoved,
    typed,
)
from tongket.cycle.deliver.parcels import Key, Parcel, Problem
from tongket.cycle.deliver.places import Places
from tongket.domain.figures import MISSING, Cell
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.loader.pack import Pack
from tongket.records import cells
from tongket.records.models import OpenPeriod, Return, ReturnVersion


def deliver(
    *,
    pack: Pack,
    parcels: Sequence[Parcel],
    places: Places,
    options: Options,
    by: str,
    at: dt.datetime,
    wrong: Sequence[Problem] = (),
) -> Outcome:
    """Take what is right of every parcel; tell of everything that is wrong.

    `wrong` are rows that could not be read into a parcel. Returns the same counts for a
    trial, which writes nothing. One delivery is one transaction.
    """
    given = (pack, parcels, places, options, wrong, by, at)
    if options.is_trial:
        return _Delivery(*given).carried_out()
    try:
        with transaction.atomic():
            return _Delivery(*given).carried_out()
    except (IntegrityError, TypedMeanwhile, VersionMoved):
        # Somebody wrote one of the returns meanwhile; the second look sees it.
        with transaction.atomic():
            return _Delivery(*given).carried_out()


class _Delivery:
    def __init__(
        self,
        pack: Pack,
        parcels: Sequence[Parcel],
        places: Places,
        options: Options,
        wrong: Sequence[Problem],
        by: str,
        at: dt.datetime,
    ) -> None:
        self.pack, self.places, self.options = pack, places, options
        self.by, self.at = by, at
        self.problems = list(wrong)
        self.unreadable = len(wrong)
        self.delivered = [self._addressed(parcel) for parcel in parcels]

    def carried_out(self) -> Outcome:
        """Compare everything with what stands, then write unless something forbids."""
        self._refuse_twice()
        found = [each for each in self.delivered if each.to is not None]
        if self.options.send:
            self._compare_with_versions(found)
        else:
            self._compare_with_sheets(found)
        if self.problems and self.options.all_or_nothing:
            self._take_nothing()
        elif not self.options.is_trial:
            (self._send if self.options.send else self._keep)(found)
        return Outcome(self.delivered, self.problems, self.unreadable)

    def _addressed(self, parcel: Parcel) -> Delivered:
        found = Delivered(parcel)
        rule = self.pack.schemes.get(parcel.key.scheme)
        if rule is not None and parcel.key.form in rule.forms:
            found.said = reading.read(parcel, self.pack.forms[parcel.key.form])
            self.problems += found.said.problems
        try:
            if parcel.is_whole and not parcel.values:
                raise NothingInReturn
            if parcel.explanations and not self.options.send:
                raise ExplanationsUnsent
            found.to = self.places.find(parcel.key)
        except Refusal as refusal:
            self._refuse(found, refusal)
        return found

    def _refuse(self, each: Delivered, refusal: Refusal) -> None:
        """Tell of a whole parcel, first of all that is wrong in it."""
        problem = Problem(each.parcel.indexes, each.parcel.key, "", refusal)
        self.problems.append(problem)
        each.to, each.result = None, Result.REFUSED
        each.counts = Counter(ignored=len(each.parcel.values))

    def _refuse_twice(self) -> None:
        places: dict[Place, list[Delivered]] = defaultdict(list)
        for each in self.delivered:
            if each.to is not None:
                places[each.place].append(each)
        for same in places.values():
            if len(same) > 1:
                for each in same:
                    self._refuse(each, ReturnTwice(count=len(same)))

    def _compare_with_versions(self, found: Iterable[Delivered]) -> None:
        standing = self._last_versions(found)
        for each in found:
            last = standing.get(each.place)
            number = last.number if last else 0
            before = cells.from_json(last.cells) if last else {}
            told = dict(last.explanations) if last else {}
            given = each.parcel.explanations
            if given is not None:
                told = (
                    self._right_explanations(each)
                    if each.parcel.is_whole
                    else {
                        **told,
                        **self._right_explanations(each),
                    }
                )
            each.explanations = {k: words for k, words in told.items() if words.strip()}
            is_told_anew = last is None or each.explanations != last.explanations
            self._compare(each, number, before, is_told_anew=is_told_anew)

    def _right_explanations(self, each: Delivered) -> dict[str, str]:
        assert each.to is not None, "only what found its return is compared"
        measures = {measure.key: measure for measure in each.to.form.measures}
        return {
            key: str(words).strip()
            for key, words in (each.parcel.explanations or {}).items()
            if reading.is_explanation(key, words, measures)
        }

    def _compare_with_sheets(self, found: Iterable[Delivered]) -> None:
        for each in found:
            assert each.to is not None, "only what found its return is compared"
            to = each.to
            sheet = enter.sheet(opened=to.opened, unit=to.unit.unit, form=to.form.key)
            each.sheet = sheet
            self._compare(each, sheet.version, sheet.cells, is_told_anew=False)

    def _compare(
        self,
        each: Delivered,
        number: int,
        before: dict[str, Cell],
        *,
        is_told_anew: bool,
    ) -> None:
        """Count what a parcel changes, and say what the sheet is after it."""
        assert each.to is not None, "only what found its return is compared"
        parcel, said = each.parcel, each.said
        if parcel.version not in (None, number):
            self._refuse(each, VersionMoved(current=number, version=parcel.version))
            each.version = number
            return
        each.version = number
        each.counts["ignored"] = len(parcel.values) - sum(said.rows.values())
        _lay_over(each, each.to.form, before)
        changes = sum(each.counts[key] for key in ("imported", "updated", "deleted"))
        if not said.cells:
            each.result = Result.REFUSED
        elif changes or (is_told_anew and each.explanations):
            each.result = Result.WOULD_SEND if self.options.send else Result.WOULD_KEEP
        else:
            each.result = Result.UNCHANGED

    def _take_nothing(self) -> None:
        total = self.unreadable + sum(len(e.parcel.values) for e in self.delivered)
        refusal = NothingTaken(wrong=len(self.problems), total=total)
        nowhere = Key("", "", "", "")
        self.problems.insert(0, Problem((), nowhere, "", refusal))
        for each in self.delivered:
            each.result = Result.REFUSED
            each.counts = Counter(ignored=len(each.parcel.values))

    def _last_versions(self, found: Iterable[Delivered]) -> dict[Place, ReturnVersion]:
        units: dict[int, set[str]] = defaultdict(set)
        for each in found:
            units[each.place[0]].add(each.place[1])
        standing = {}
        for opened, keys in units.items():
            rows = Return.objects.filter(period=opened, unit__key__in=keys)
            if not self.options.is_trial:
                rows = rows.select_for_update(of=("self",))
            names = {
                row.pk: (opened, row.unit.key, row.form)
                for row in rows.select_related("unit")
            }
            newest = ReturnVersion.objects.filter(of=OuterRef("of")).order_by("-number")
            versions = ReturnVersion.objects.filter(
                of__in=names, number=Subquery(newest.values("number")[:1])
            )
            standing |= {names[version.of_id]: version for version in versions}
        return standing

    def _send(self, found: Iterable[Delivered]) -> None:
        going: dict[OpenPeriod, list[Delivered]] = defaultdict(list)
        for each in found:
            if each.to is not None and each.result is Result.WOULD_SEND:
                going[each.to.opened].append(each)
        for opened, parcels in going.items():
            self._send_for(opened, {each.place: each for each in parcels})

    def _send_for(self, opened: OpenPeriod, parcels: dict[Place, Delivered]) -> None:
        versions = collect.receive(
            pack=self.pack,
            opened=opened,
            sendings=[
                collect.Sending(
                    unit,
                    form,
                    each.after,
                    self.at,
                    ReturnVersion.Channel.API,
                    each.explanations,
                )
                for (_, unit, form), each in parcels.items()
            ],
            by=self.by,
            at=self.at,
        )
        doubts = check.examine(pack=self.pack, versions=versions, at=self.at)
        units = {unit for _, unit, _ in parcels}
        rows = Return.objects.filter(period=opened, unit__key__in=units)
        names = {
            pk: (opened.pk, unit, form)
            for pk, unit, form in rows.values_list("pk", "unit__key", "form")
        }
        for each in parcels.values():
            each.result = Result.UNCHANGED
        for version in versions:
            each = parcels[names[version.of_id]]
            if version.number != (each.version or 0) + 1:
                # Sent by another since it was compared: what came would be lost.
                number = version.number - 1
                raise VersionMoved(current=number, version=each.version)
            each.result, each.version = Result.SENT, version.number
        for doubt in doubts:
            parcels[names[doubt.version.of_id]].severities[doubt.severity] += 1

    def _keep(self, found: Iterable[Delivered]) -> None:
        for each in found:
            if each.to is None or each.result is not Result.WOULD_KEEP:
                continue
            assert each.sheet is not None, "a sheet was read before it is typed over"
            sheet, to = each.sheet, each.to
            saved = enter.save(
                pack=self.pack,
                opened=to.opened,
                unit=to.unit.unit,
                form=to.form.key,
                version=sheet.version,
                edits=[
                    enter.Edit(
                        str(uuid.uuid4()),
                        measure,
                        typed(cell),
                        sheet.edits.get(measure, 0),
                    )
                    for measure, cell in each.after.items()
                    if cell != sheet.cells.get(measure, MISSING)
                ],
                by=self.by,
                at=self.at,
            )
            if saved.conflicts:
                by = saved.conflicts[0].by
                raise TypedMeanwhile(by=by, unit=to.unit.name)
            assert not saved.refused, "what is typed here was judged before"
            each.result = Result.KEPT


def _lay_over(each: Delivered, form: Form, before: Mapping[str, Cell]) -> None:
    """Put the sheet together and count, row by row, what the parcel changes."""
    parcel, said = each.parcel, each.said
    for measure in each.to.form.measures:
        old = before.get(measure.key, MISSING)
        new = said.cells.get(measure.key)
        if new is None:
            left_out = parcel.is_whole and measure.key not in said.wrong
            new = MISSING if left_out else old
            each.counts["deleted"] += old != new
        else:
            rows = said.rows[measure.key]
            each.counts[_change(old, new)] += 1
            each.counts["unchanged"] += rows - 1
        each.after[measure.key] = new


def _change(old: Cell, new: Cell) -> str:
    if old == new:
        return "unchanged"
    if old == MISSING:
        return "imported"
    return "deleted" if new == MISSING else "updated"
