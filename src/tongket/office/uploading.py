"""How are the files of an upload taken from a request, and how is it told of them?"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext

from tongket.cycle import unpack
from tongket.cycle.unpack import Outcome, State
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, speech
from tongket.office.entrance import sentences
from tongket.records.models import OpenPeriod, Upload

MOST_MEGABYTES = 50  # of one upload
FIELD = "files"
_SHOWN = 3  # sentences of one return; the others are folded away


@dataclass(frozen=True, slots=True)
class Choices:
    """How the sender wants the files taken."""

    dry_run: bool = False
    all_or_nothing: bool = False
    overwrite: bool = False

    @classmethod
    def of(cls, request: HttpRequest) -> "Choices":
        """Return what was ticked."""
        names = ("dry_run", "all_or_nothing", "overwrite")
        return cls(**{name: name in request.POST for name in names})


@dataclass(frozen=True, slots=True)
class Told:
    """What the page says of one return."""

    tone: str
    words: str
    first: list[str]
    more: list[str]


def against(request: HttpRequest) -> list[str]:
    """Return what stands against taking the files at all."""
    sent = request.FILES.getlist(FIELD)
    if not sent:
        return [gettext("Chọn tệp Excel đã điền trước khi gửi.")]
    if sum(each.size for each in sent) > MOST_MEGABYTES * 2**20:
        words = gettext("Các tệp lớn hơn %(most)s MB; chia thành nhiều lần gửi.")
        return [words % {"most": MOST_MEGABYTES}]
    return []


def files(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Return names and contents of what was sent."""
    found = []
    for each in request.FILES.getlist(FIELD):
        each.seek(0)
        found.append((each.name, each.read()))
    return found


def folder() -> Path:
    """Return the folder in which uploads are kept."""
    return Path(settings.DATA_DIR) / "uploads"


def begin(request: HttpRequest, opened: OpenPeriod) -> Upload:
    """Keep what was sent before it is read."""
    return unpack.begin(
        folder=folder(),
        opened=opened,
        user=request.user,
        files=files(request),
        choices=[name for name in Choices.__slots__ if name in request.POST],
        at=clock.now(),
    )


def lines(
    kept: Upload,
    *,
    opened: OpenPeriod,
    files: Sequence[tuple[str, bytes]],
    by: str,
    scope: Collection[str],
    choices: Choices,
) -> Iterator[dict[str, object]]:
    """Take the files; yield how far it has come and what became of each return."""
    read: set[str] = set()
    try:
        for group in unpack.groups(
            pack=facts.pack(),
            opened=opened,
            files=files,
            by=by,
            at=clock.now(),
            scope=scope,
            **asdict(choices),
        ):
            read.update(outcome.file for outcome in group)
            unpack.note(upload=kept, outcomes=group, done=len(read))
            step = {"done": len(read), "total": kept.total}
            bad = sum(outcome.is_bad for outcome in group)
            words = gettext("Đã đọc %(done)s/%(total)s tệp") % step
            yield {**step, "bad": bad, "words": words}
    except (Refusal, Refusals) as refused:
        unpack.finish(upload=kept, state=Upload.State.FAILED)
        yield {"sentences": sentences(refused)}
        return
    state = Upload.State.READ if choices.dry_run else Upload.State.APPLIED
    unpack.finish(upload=kept, state=state)


def choices_of(kept: Upload) -> Choices:
    """Return how the sender of an upload wanted it taken."""
    named = next((each["choices"] for each in kept.results if "choices" in each), [])
    return Choices(**dict.fromkeys(named, True))


def line(step: dict[str, Any]) -> bytes:
    """Return one line of the stream."""
    return json.dumps(step, ensure_ascii=False).encode() + b"\n"


def words_of(outcome: Outcome) -> str:
    """Return in words what became of a return."""
    match outcome.state:
        case State.SENT if outcome.findings:
            return gettext("Đã gửi, còn nội dung cần xem")
        case State.SENT:
            return gettext("Đã gửi")
        case State.UNCHANGED:
            return gettext("Không đổi")
        case State.WRONG:
            return gettext("Có lỗi")
        case State.HELD:
            return gettext("Đúng, chưa ghi")
        case State.REFUSED:
            return gettext("Bị từ chối")


def told(outcome: Outcome) -> Told:
    """Return what the page says of one return."""
    tones = {
        State.SENT: "warn" if outcome.findings else "good",
        State.UNCHANGED: "neutral",
        State.WRONG: "bad",
        State.HELD: "info",
        State.REFUSED: "bad",
    }
    said = [speech.translated(each) for each in outcome.sentences]
    cut = _SHOWN if len(said) > _SHOWN + 1 else len(said)
    return Told(tones[outcome.state], words_of(outcome), said[:cut], said[cut:])


def has_files(kept: Upload) -> bool:
    """Whether the files of an upload still lie there."""
    return (folder() / str(kept.pk)).exists()


def has_marks(outcome: Outcome) -> bool:
    """Whether a workbook goes back with something marked in it."""
    return any(mark.sheet for mark in outcome.marks)
