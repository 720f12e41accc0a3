"""Commendation ("khen thưởng"): who may be proposed, in which form, and how many.

Awards and awardees are counted apart: one person may hold two awards. An award is
cancelled with a reason, never deleted. What blocks a proposal is stored as yes or no,
never its content.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tongket.domain.sentences import Refusal, Sentence
from tongket.domain.sources import Source


class AwardeeKind(StrEnum):
    """Who is commended."""

    COLLECTIVE = "COLLECTIVE"
    INDIVIDUAL = "INDIVIDUAL"


KIND_WORDS: Mapping[AwardeeKind, str] = {
    AwardeeKind.COLLECTIVE: "tập thể",
    AwardeeKind.INDIVIDUAL: "cá nhân",
}


class AwardState(StrEnum):
    """Where an award stands."""

    PROPOSED = "PROPOSED"
    APPRAISED = "APPRAISED"
    DECIDED = "DECIDED"
    CONFERRED = "CONFERRED"
    REFUSED = "REFUSED"
    CANCELLED = "CANCELLED"


AWARD_MOVES: Mapping[AwardState, frozenset[AwardState]] = {
    AwardState.PROPOSED: frozenset({AwardState.APPRAISED, AwardState.REFUSED}),
    AwardState.APPRAISED: frozenset({AwardState.DECIDED, AwardState.REFUSED}),
    AwardState.DECIDED: frozenset({AwardState.CONFERRED, AwardState.CANCELLED}),
    AwardState.CONFERRED: frozenset({AwardState.CANCELLED}),
    AwardState.REFUSED: frozenset(),
    AwardState.CANCELLED: frozenset(),
}
STATE_WORDS: Mapping[AwardState, str] = {
    AwardState.PROPOSED: "đề nghị",
    AwardState.APPRAISED: "đã thẩm định",
    AwardState.DECIDED: "đã quyết định",
    AwardState.CONFERRED: "đã trao tặng",
    AwardState.REFUSED: "không chấp nhận",
    AwardState.CANCELLED: "đã hủy",
}
STANDING = frozenset({AwardState.DECIDED, AwardState.CONFERRED})


@dataclass(frozen=True, slots=True)
class AwardForm:
    """One form of award: its name, who decides on it, what it is for.

    `quota` is the most collectives and individuals; None where nothing limits them.
    """

    key: str
    label: str
    english: str
    decided_by: str
    source: Source
    quota: Mapping[AwardeeKind, int] | None = None
    quota_together: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One awardee proposed for one form of award.

    `band` is the band of a collective that was scored; `is_blocked` says yes to any
    disciplinary review, inspection or complaint, without its content.
    """

    awardee: str
    kind: AwardeeKind
    form: str
    band: str | None = None
    ground: str = ""
    is_blocked: bool = False


class AwardRefused(Refusal):
    """A proposal that cannot go on."""


class OverQuota(AwardRefused):
    """More awards than the form allows."""

    words = (
        "{form}: đề nghị {count} {kind}, tối đa {quota}; bớt danh sách hoặc trình số "
        "lượng bổ sung."
    )


class Blocked(AwardRefused):
    """A circumstance stands against the award."""

    words = "{awardee}: đang có trường hợp chưa được xét khen thưởng; rút đề nghị này."


class BandTooLow(AwardRefused):
    """The collective's band does not allow an award."""

    words = "{awardee}: xếp loại năm chưa đủ để đề nghị {form}; rút đề nghị này."


class ProposedTwice(AwardRefused):
    """One awardee stands twice in the list for one form."""

    words = "{awardee}: có hai đề nghị cùng hình thức {form}; giữ lại một đề nghị."


class GroundMissing(AwardRefused):
    """The achievement is not stated."""

    words = "{awardee}: chưa nêu thành tích; bổ sung tóm tắt thành tích."


class WrongAwardMove(AwardRefused):
    """The award is not where the act expects it."""

    words = "{awardee}: đề nghị đang ở bước “{state}”, không thể chuyển sang “{to}”."


def refusals(
    form: AwardForm, proposals: Iterable[Proposal], worthy_bands: frozenset[str]
) -> Iterator[Refusal]:
    """Yield everything that stands against a list of proposals for one form."""
    listed = [proposal for proposal in proposals if proposal.form == form.key]
    seen: set[str] = set()
    for proposal in listed:
        if proposal.awardee in seen:
            yield ProposedTwice(awardee=proposal.awardee, form=form.label)
        seen.add(proposal.awardee)
        if proposal.is_blocked:
            yield Blocked(awardee=proposal.awardee)
        if not proposal.ground.strip():
            yield GroundMissing(awardee=proposal.awardee)
        if proposal.band is not None and proposal.band not in worthy_bands:
            yield BandTooLow(awardee=proposal.awardee, form=form.label)
    for kind, quota in (form.quota or {}).items():
        count = sum(proposal.kind is kind for proposal in listed)
        if count > quota:
            words = Sentence(KIND_WORDS[kind])
            yield OverQuota(form=form.label, count=count, kind=words, quota=quota)
    if form.quota_together is not None and len(listed) > form.quota_together:
        yield OverQuota(
            form=form.label,
            count=len(listed),
            kind=Sentence("tập thể và cá nhân"),
            quota=form.quota_together,
        )


def move(awardee: str, state: AwardState, to: AwardState) -> AwardState:
    """Return the state after the move, or refuse it."""
    if to not in AWARD_MOVES[state]:
        raise WrongAwardMove(
            awardee=awardee,
            state=Sentence(STATE_WORDS[state]),
            to=Sentence(STATE_WORDS[to]),
        )
    return to
