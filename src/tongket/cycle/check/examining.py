"""What is doubtful about a version that was sent, found once and kept with it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import OuterRef, Subquery

from tongket.cycle import summarise
from tongket.domain import checks
from tongket.domain.figures import Cell
from tongket.loader.pack import Pack
from tongket.records import cells, sentences
from tongket.records.models import Doubt, Return, ReturnVersion, Review

EVERYTHING = "*"  # the key of an explanation given for the whole return


@transaction.atomic
def examine(
    *, pack: Pack, versions: Sequence[ReturnVersion], at: dt.datetime
) -> list[Doubt]:
    """Find what is doubtful about versions nobody examined yet, and keep it."""
    waiting = [version for version in versions if version.examined_at is None]
    history = _history(waiting)
    doubts = []
    for version in waiting:
        form = pack.forms[version.of.form]
        earlier = history[version.of.unit_id, version.of.form]
        before = [kept for end, kept in earlier if end < version.of.period.end_on]
        found = checks.findings(
            form,
            cells.from_json(version.cells),
            pack.rules,
            previous=before[-1] if before else None,
            history=before,
            jump_times=pack.jump_times,
        )
        if form.summarises:
            found += summarise.findings(
                pack=pack,
                opened=version.of.period,
                unit=version.of.unit.key,
                form=form.key,
                typed=cells.from_json(version.cells),
            )
        doubts += [_doubt(version, finding) for finding in found]
        version.examined_at = at
    Doubt.objects.bulk_create(doubts)
    if waiting:
        examined = ReturnVersion.objects.filter(pk__in=[each.pk for each in waiting])
        examined.update(examined_at=at)
    return doubts


def latest(returns: Iterable[Return] | None = None) -> "list[ReturnVersion]":
    """Return the last version of each return that was sent and waits for a reviewer."""
    numbers = (
        ReturnVersion.objects.filter(of=OuterRef("of"))
        .order_by("-number")
        .values("number")[:1]
    )
    found = ReturnVersion.objects.filter(
        of__state=Return.State.SENT, number=Subquery(numbers)
    ).select_related("of__unit", "of__period")
    if returns is not None:
        found = found.filter(of__in=list(returns))
    return list(found.order_by("of__period__start_on", "of_id"))


def is_blocked(version: ReturnVersion, doubts: Iterable[Doubt]) -> bool:
    """Whether the findings about a version stand against its acceptance."""
    found = [finding_of(doubt) for doubt in doubts]
    explained = frozenset(version.explanations)
    if EVERYTHING in explained:
        explained = frozenset(finding.measure for finding in found)
    return checks.blocks(found, explained)


def finding_of(doubt: Doubt) -> checks.Finding:
    """Return a kept doubt as the domain's finding."""
    return checks.Finding(
        doubt.rule,
        doubt.measure,
        checks.Severity(doubt.severity),
        sentences.from_json([doubt.words, doubt.values]),
    )


def _history(
    versions: Sequence[ReturnVersion],
) -> dict[tuple[int, str], list[tuple[dt.date, dict[str, Cell]]]]:
    """Return each unit's accepted cells on each form, oldest first."""
    found: dict[tuple[int, str], list[tuple[dt.date, dict[str, Cell]]]] = defaultdict(
        list
    )
    accepted = (
        Review.objects.filter(
            verdict=Review.Verdict.ACCEPTED,
            version__of__unit__in={version.of.unit_id for version in versions},
            version__of__form__in={version.of.form for version in versions},
        )
        .order_by("version__of__period__start_on", "id")
        .values_list(
            "version__of__unit",
            "version__of__form",
            "version__of__period__end_on",
            "version__cells",
        )
    )
    for unit, form, end, stored in accepted:
        kept = found[unit, form]
        if kept and kept[-1][0] == end:
            kept.pop()  # an amendment replaces what was accepted before
        kept.append((end, cells.from_json(stored)))
    return found


def _doubt(version: ReturnVersion, finding: checks.Finding) -> Doubt:
    words, values = sentences.to_json(finding.sentence)
    return Doubt(
        version=version,
        rule=finding.rule,
        measure=finding.measure,
        severity=finding.severity,
        words=words,
        values=values,
    )
