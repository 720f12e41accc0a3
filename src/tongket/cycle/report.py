"""Report ("báo cáo"): is every sentence true? Write it, verify its claims, sign it.

Claims are verified before any file is written: a document that says a false number is
refused, and nothing half-written remains.
"""

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tongket.cycle import draft, freeze
from tongket.documents import pdf, word
from tongket.domain import claims
from tongket.domain.claims import Judged, Stated
from tongket.domain.indicators import Comparison
from tongket.domain.periods import Period
from tongket.domain.reports import Paragraph, Report
from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.pack import Pack
from tongket.records import audit, sentences
from tongket.records.models import AnnualReport, FrozenPeriod

FALSE = frozenset({"contradicted", "inconsistent"})


class FalseClaim(Refusal):
    """A sentence states a number that the figures contradict."""

    words = "Dự thảo có số liệu sai: “{surface}”. {reason} Sửa câu này rồi lập lại."


class AlreadySigned(Refusal):
    """A signed report is not signed again."""

    words = "Báo cáo {period} đã được ký; muốn thay đổi phải lập báo cáo mới."


def judge(
    text: str, *, pack: Pack, comparisons: Mapping[str, Comparison]
) -> tuple[Judged, ...]:
    """Find every number that a text claims, and say of each whether it is true."""
    return claims.judge(text, comparisons, pack.vocabulary)


def judge_paragraphs(
    paragraphs: Iterable[Paragraph],
    *,
    pack: Pack,
    comparisons: Mapping[str, Comparison],
) -> tuple[Judged, ...]:
    """Judge a text written from figures: a run says which figure it states.

    What a person typed beside the runs is tied by its words, as in any other text.
    """
    text, stated = "", []
    for paragraph in paragraphs:
        for run in paragraph.runs:
            keys = tuple(figure.split("@", 1)[0] for figure in run.figures)
            ways = {comparisons[key].direction for key in keys}
            # Several figures that moved apart are told in turn, each by its name.
            if len(ways) == 1:
                stated.append(Stated(len(text), len(text) + len(run.text), keys))
            text += run.text
        text += "\n"
    return claims.judge(text, comparisons, pack.vocabulary, stated)


def paragraphs_of(report: Report) -> Iterator[Paragraph]:
    """Yield the paragraphs of a document, which can claim something."""
    yield from (block for block in report.blocks if isinstance(block, Paragraph))


@transaction.atomic
def write(
    *,
    pack: Pack,
    period: Period,
    number: int,
    dated: dt.date,
    remarks: str = "",
    folder: Path,
    by: str,
    at: dt.datetime,
) -> AnnualReport:
    """Write the annual report as Word and PDF from the frozen figures of a period.

    The same figures, remarks, number and date give the report that was written before.
    """
    frozen = freeze.newest_or_refuse(period)
    source = draft.material(pack=pack, period=period, frozen=frozen)
    document = draft.annual(source, number=number, dated=dated, remarks=remarks)
    judged = judge_paragraphs(
        paragraphs_of(document), pack=pack, comparisons=source.comparisons
    )
    refusals: list[Refusal] = [
        FalseClaim(surface=each.quantity.surface, reason=each.reason)
        for each in judged
        if each.verdict in FALSE
    ]
    if refusals:
        raise Refusals(refusals)
    files, hashes = _files(document, folder / period.key, f"bao-cao-{period.key}")
    before = newest(period)
    if before and before.frozen_id == frozen.pk and before.hashes == hashes:
        return before
    written = AnnualReport.objects.create(
        frozen=frozen,
        number=number,
        dated=dated,
        remarks=remarks.strip(),
        word=str(files[0].relative_to(folder)),
        pdf=str(files[1].relative_to(folder)),
        hashes=hashes,
        claims=[_claim(each) for each in judged],
        written_at=at,
        written_by=by,
    )
    act = audit.Act("write_report", f"report:{period.key}", {"hashes": hashes})
    audit.record([act], by=by, at=at)
    return written


@transaction.atomic
def sign(*, written: AnnualReport, by: str, at: dt.datetime) -> AnnualReport:
    """Sign a report: from now on it may be published, and not changed any more."""
    # The lock makes the second of two signers wait, and then see what the first did.
    kept = AnnualReport.objects.select_for_update().get(pk=written.pk)
    if kept.state != AnnualReport.State.DRAFT:
        raise AlreadySigned(period=written.frozen.period)
    written.state = AnnualReport.State.SIGNED
    written.signed_at, written.signed_by = at, by
    written.save(update_fields=["state", "signed_at", "signed_by"])
    new = {"hashes": written.hashes}
    act = audit.Act("sign_report", f"report:{written.frozen.period}", new)
    audit.record([act], by=by, at=at)
    return written


def newest(period: Period) -> AnnualReport | None:
    """Return the report written last for a period."""
    return (
        AnnualReport.objects.filter(frozen__period=period.key)
        .select_related("frozen")
        .last()
    )


def document_of(
    *, pack: Pack, frozen: FrozenPeriod, period: Period, remarks: str = ""
) -> Report:
    """Return the document that the frozen figures give, for reading on a page."""
    source = draft.material(pack=pack, period=period, frozen=frozen)
    dated = timezone.localtime(frozen.at).date()
    return draft.annual(source, number=0, dated=dated, remarks=remarks)


def _files(
    document: Report, folder: Path, name: str
) -> tuple[Sequence[Path], dict[str, str]]:
    """Write both files beside each other, then put them in place together."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        made = [Path(beside) / f"{name}.docx", Path(beside) / f"{name}.pdf"]
        word.write(document, made[0])
        pdf.write(document, made[1])
        hashes = {
            each.suffix[1:]: hashlib.sha256(each.read_bytes()).hexdigest()
            for each in made
        }
        # The name carries the content, so that a later report overwrites none before.
        places = []
        for each in made:
            mark = hashes[each.suffix[1:]][:8]
            place = folder / f"{each.stem}-{mark}{each.suffix}"
            os.replace(each, place)
            places.append(place)
    return places, hashes


def _claim(judged: Judged) -> dict[str, Any]:
    return {
        "surface": judged.quantity.surface,
        "start": judged.quantity.start,
        "end": judged.quantity.end,
        "verdict": judged.verdict,
        "figure": judged.figure or "",
        "reason": sentences.to_json(judged.reason),
    }
