"""Commend ("khen thưởng"): who deserves what? Proposal, appraisal, decision, list."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from tongket.cycle import score
from tongket.domain import commendations
from tongket.domain.commendations import AwardeeKind, AwardForm, AwardState, Proposal
from tongket.domain.indicators import Sum
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import Award, Unit


class NoSuchForm(Refusal, LookupError):
    """No form of award with this key."""

    words = "Không có hình thức khen thưởng “{form}”; chọn một trong: {known}."


class DecisionMissing(Refusal):
    """Awards are decided by a numbered decision."""

    words = "Nhập số quyết định khen thưởng (ví dụ 12/QĐ-UBND)."


class NothingToDecide(Refusal):
    """No award of the form waits for a decision."""

    words = "Không có đề nghị “{form}” nào đã thẩm định để quyết định."


class ReasonForRefusing(Refusal):
    """A proposal is refused only with a reason."""

    words = "Nêu lý do không chấp nhận đề nghị khen thưởng đối với {awardee}."


class ReasonForCancelling(Refusal):
    """An award is cancelled only with a reason."""

    words = "Nêu lý do hủy quyết định khen thưởng đối với {awardee}."


@transaction.atomic
def propose(
    *, pack: Pack, year: int, proposals: Sequence[Proposal], by: str, at: dt.datetime
) -> list[Award]:
    """Record proposals; refuses the whole list, every objection at once.

    The band of a collective that was scored comes from its result, not from the list.
    """
    bands = dict(score.current(year).values_list("unit__key", "band"))
    kept = list(Award.objects.filter(year=year))
    known = {(award.form, award.awardee) for award in kept}
    new = [
        replace(p, band=bands.get(p.awardee, p.band))
        for p in proposals
        if (p.form, p.awardee) not in known
    ]
    standing = [_proposal(award) for award in kept if _stands(award)]
    refusals: list[Refusal] = []
    for form in {p.form for p in new}:
        if form not in pack.award_forms:
            refusals.append(NoSuchForm(form=form, known=", ".join(pack.award_forms)))
            continue
        listed = [p for p in [*standing, *new] if p.form == form]
        refusals += commendations.refusals(
            pack.award_forms[form], listed, pack.worthy_bands
        )
    if refusals:
        raise Refusals(refusals)
    ids = dict(Unit.objects.values_list("key", "id"))
    awards = [
        Award(
            year=year,
            form=p.form,
            awardee=p.awardee,
            kind=p.kind,
            unit_id=ids.get(p.awardee),
            band=p.band or "",
            ground=p.ground,
            is_blocked=p.is_blocked,
            state=AwardState.PROPOSED,
        )
        for p in new
    ]
    Award.objects.bulk_create(awards)
    acts = [audit.Act("propose", f"award:{year}:{a.form}:{a.awardee}") for a in awards]
    audit.record(acts, by=by, at=at)
    return awards


@transaction.atomic
def appraise(*, awards: Sequence[Award], by: str, at: dt.datetime) -> list[Award]:
    """Mark proposals as appraised by the standing office."""
    return _move(awards, AwardState.APPRAISED, by=by, at=at)


@transaction.atomic
def decide(
    *,
    pack: Pack,
    year: int,
    form: AwardForm,
    decision: str,
    on: dt.date,
    by: str,
    at: dt.datetime,
) -> list[Award]:
    """Decide every appraised award of a form by one numbered decision."""
    if not decision.strip():
        raise DecisionMissing()
    awards = list(
        Award.objects.filter(year=year, form=form.key, state=AwardState.APPRAISED)
    )
    if not awards:
        raise NothingToDecide(form=form.label)
    refusals = list(
        commendations.refusals(
            form, [_proposal(award) for award in awards], pack.worthy_bands
        )
    )
    if refusals:
        raise Refusals(refusals)
    for award in awards:
        award.decision, award.decided_on = decision, on
    return _move(awards, AwardState.DECIDED, by=by, at=at)


@transaction.atomic
def confer(*, awards: Sequence[Award], by: str, at: dt.datetime) -> list[Award]:
    """Mark decided awards as handed over."""
    return _move(awards, AwardState.CONFERRED, by=by, at=at)


@transaction.atomic
def refuse(*, award: Award, reason: str, by: str, at: dt.datetime) -> list[Award]:
    """Refuse a proposal, with the reason kept beside it."""
    if not reason.strip():
        raise ReasonForRefusing(awardee=award.awardee)
    award.reason = reason
    return _move([award], AwardState.REFUSED, by=by, at=at)


@transaction.atomic
def cancel(*, award: Award, reason: str, by: str, at: dt.datetime) -> list[Award]:
    """Cancel an award that was decided; it stays in the list with its reason."""
    if not reason.strip():
        raise ReasonForCancelling(awardee=award.awardee)
    award.reason = reason
    return _move([award], AwardState.CANCELLED, by=by, at=at)


def sums(*, pack: Pack, year: int) -> dict[str, Sum]:
    """Return decided awards: awards.minister.all, awards.chair.COLLECTIVE, …

    Before the year's first decision nothing is known; after it, a form of which nobody
    was given is nought.
    """
    found: Counter[str] = Counter()
    for award in Award.objects.filter(year=year):
        if AwardState(award.state) in commendations.STANDING:
            found[f"awards.{award.form}.{award.kind}"] += 1
            found[f"awards.{award.form}.all"] += 1
    if not found:
        return {}
    keys = [
        f"awards.{form}.{kind}"
        for form in pack.award_forms
        for kind in ("all", *AwardeeKind)
    ]
    return {key: Sum(Decimal(found[key]), 1, 1) for key in keys}


def _move(
    awards: Sequence[Award], to: AwardState, *, by: str, at: dt.datetime
) -> list[Award]:
    # The lock makes the second of two officials wait, and then see what the first did.
    locked = Award.objects.select_for_update().filter(pk__in=[a.pk for a in awards])
    states = dict(locked.values_list("pk", "state"))
    acts = []
    for award in awards:
        old = states[award.pk]
        award.state = commendations.move(award.awardee, AwardState(old), to)
        subject = f"award:{award.year}:{award.form}:{award.awardee}"
        new = {"state": to, "decision": award.decision, "reason": award.reason}
        acts.append(audit.Act("move_award", subject, new, old))
    fields = ["state", "decision", "decided_on", "reason"]
    Award.objects.bulk_update(awards, fields)
    audit.record(acts, by=by, at=at)
    return list(awards)


def _stands(award: Award) -> bool:
    return award.state not in {AwardState.REFUSED, AwardState.CANCELLED}


def _proposal(award: Award) -> Proposal:
    return Proposal(
        award.awardee,
        AwardeeKind(award.kind),
        award.form,
        award.band or None,
        award.ground,
        award.is_blocked,
    )
