"""Proposal, appraisal, decision, list: who may be commended, how many, and by what."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.factories import (
    AT,
    BY,
    CANH_NAU,
    ENTERPRISES,
    THO_XUONG,
    YEAR,
    kinds,
    scored,
    whole_year,
)

from tongket.analytics.store import Store
from tongket.cycle import commend
from tongket.domain.commendations import (
    AwardeeKind,
    AwardForm,
    Proposal,
    WrongAwardMove,
)
from tongket.domain.sentences import Refusals
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import AuditEntry, Award

Acts = Callable[[], list[tuple[str, str]]]
GROUND = "Giữ vững an ninh, trật tự ở cơ sở."


def person(number: int, form: str = "chair", **change: object) -> Proposal:
    told = Proposal(
        f"Cá nhân minh họa {number:02}", AwardeeKind.INDIVIDUAL, form, None, GROUND
    )
    return replace(told, **change)


def collective(unit: str, form: str = "chair", **change: object) -> Proposal:
    return replace(Proposal(unit, AwardeeKind.COLLECTIVE, form, None, GROUND), **change)


def propose(pack: Pack, *proposals: Proposal) -> list[Award]:
    return commend.propose(pack=pack, year=YEAR, proposals=proposals, by=BY, at=AT)


def decide(pack: Pack, form: str = "chair", decision: str = "12/QĐ-MH") -> list[Award]:
    return commend.decide(
        pack=pack,
        year=YEAR,
        form=pack.award_forms[form],
        decision=decision,
        on=AT.date(),
        by=BY,
        at=AT,
    )


def state(award: Award) -> str:
    return Award.objects.get(pk=award.pk).state


@pytest.fixture
def decided(pack: Pack) -> Award:
    (award,) = propose(pack, person(1))
    commend.appraise(awards=[award], by=BY, at=AT)
    return decide(pack)[0]


def test_an_award_goes_from_proposal_to_the_conference(pack: Pack, acts: Acts) -> None:
    (award,) = propose(pack, person(1))
    assert (state(award), award.unit, award.band) == ("PROPOSED", None, "")
    commend.appraise(awards=[award], by=BY, at=AT)
    assert state(award) == "APPRAISED"
    decide(pack)
    award.refresh_from_db()
    assert (award.state, award.decision, award.decided_on) == (
        "DECIDED",
        "12/QĐ-MH",
        AT.date(),
    )
    commend.confer(awards=[award], by=BY, at=AT)
    assert state(award) == "CONFERRED"
    subject = f"award:2023:chair:{award.awardee}"
    assert acts() == [("propose", subject)] + [("move_award", subject)] * 3
    assert str(award) == f"{award.awardee} chair"


def test_the_band_of_a_scored_collective_comes_from_its_result(
    pack: Pack, counted: Callable[[], Store]
) -> None:
    whole_year()
    scored(counted())
    (award,) = propose(pack, collective(THO_XUONG, band="YEU"))
    assert award.unit is not None
    assert (award.unit.key, award.band) == (THO_XUONG, "XUAT_SAC")


@pytest.mark.parametrize("claimed", [None, "XUAT_SAC"])
def test_a_weak_collective_is_refused_whatever_the_list_says(
    pack: Pack, counted: Callable[[], Store], claimed: str | None
) -> None:
    whole_year()
    scored(counted())
    with pytest.raises(Refusals, match="xếp loại năm chưa đủ để đề nghị") as refused:
        propose(pack, collective(CANH_NAU, band=claimed))
    assert kinds(refused.value) == ["BandTooLow"]
    assert not Award.objects.exists()


def test_a_list_is_refused_whole_with_every_objection(pack: Pack) -> None:
    with pytest.raises(Refusals) as refused:
        propose(
            pack,
            person(1),
            person(1),
            person(2, is_blocked=True),
            person(3, ground=" "),
            collective(ENTERPRISES[0], band="YEU"),
        )
    assert kinds(refused.value) == [
        "ProposedTwice",
        "Blocked",
        "GroundMissing",
        "BandTooLow",
    ]
    assert "Cá nhân minh họa 02: đang có trường hợp chưa được xét" in str(refused.value)
    assert not Award.objects.exists()


def test_a_form_nobody_knows_is_refused_with_those_that_are_known(pack: Pack) -> None:
    with pytest.raises(Refusals, match="“medal”; chọn một trong: minister, chair"):
        propose(pack, person(1, form="medal"))


def test_proposing_again_adds_only_what_is_new(pack: Pack, acts: Acts) -> None:
    propose(pack, person(1))
    assert [award.awardee for award in propose(pack, person(1), person(2))] == [
        person(2).awardee
    ]
    assert Award.objects.count() == len(acts()) == 2


def test_one_person_may_hold_two_forms_of_award(pack: Pack) -> None:
    assert len(propose(pack, person(1), person(1, form="minister"))) == 2


def test_the_quota_counts_what_was_proposed_before(pack: Pack) -> None:
    propose(pack, *(person(number, form="minister") for number in range(13)))
    with pytest.raises(
        Refusals, match="đề nghị 14 tập thể và cá nhân, tối đa 13; bớt danh sách"
    ):
        propose(pack, person(14, form="minister"))
    assert Award.objects.count() == 13


def test_the_quota_of_each_kind_is_its_own(pack: Pack) -> None:
    propose(pack, *(person(number) for number in range(45)))
    with pytest.raises(Refusals, match="đề nghị 46 cá nhân, tối đa 45"):
        propose(pack, person(46))
    assert len(propose(pack, collective(THO_XUONG))) == 1


def test_a_refused_proposal_frees_its_place(pack: Pack) -> None:
    awards = propose(pack, *(person(number, form="minister") for number in range(13)))
    commend.refuse(award=awards[0], reason="Chưa đủ thời gian.", by=BY, at=AT)
    assert state(awards[0]) == "REFUSED"
    assert Award.objects.get(pk=awards[0].pk).reason == "Chưa đủ thời gian."
    assert len(propose(pack, person(14, form="minister"))) == 1


@pytest.mark.parametrize("decision", ["", "  "])
def test_a_decision_has_a_number(pack: Pack, decision: str) -> None:
    (award,) = propose(pack, person(1))
    commend.appraise(awards=[award], by=BY, at=AT)
    with pytest.raises(commend.DecisionMissing, match="Nhập số quyết định"):
        decide(pack, decision=decision)
    assert state(award) == "APPRAISED"


def test_what_was_not_appraised_is_not_decided(pack: Pack) -> None:
    propose(pack, person(1))
    with pytest.raises(commend.NothingToDecide, match="Không có đề nghị “Bằng khen"):
        decide(pack)


def test_a_form_is_decided_once(pack: Pack, decided: Award) -> None:
    with pytest.raises(commend.NothingToDecide):
        decide(pack, decision="13/QĐ-MH")
    assert Award.objects.get().decision == "12/QĐ-MH"


def test_one_form_is_decided_without_the_other(pack: Pack) -> None:
    awards = propose(pack, person(1), person(1, form="minister"))
    commend.appraise(awards=awards, by=BY, at=AT)
    decide(pack, form="minister")
    assert sorted(map(state, awards)) == ["APPRAISED", "DECIDED"]


def test_what_blocks_an_award_since_its_appraisal_stops_the_decision(
    pack: Pack,
) -> None:
    awards = propose(pack, person(1), person(2))
    commend.appraise(awards=awards, by=BY, at=AT)
    Award.objects.filter(pk=awards[1].pk).update(is_blocked=True)
    with pytest.raises(Refusals, match="chưa được xét khen thưởng"):
        decide(pack)
    assert {state(award) for award in awards} == {"APPRAISED"}
    assert not Award.objects.exclude(decision="").exists()


def test_the_second_of_two_officials_is_told_that_it_was_done(pack: Pack) -> None:
    (award,) = propose(pack, person(1))
    stale = Award.objects.get(pk=award.pk)
    commend.appraise(awards=[award], by=BY, at=AT)
    with pytest.raises(
        WrongAwardMove, match="“đã thẩm định”, không thể chuyển sang “đã thẩm định”"
    ):
        commend.appraise(awards=[stale], by=BY, at=AT)


def test_a_proposal_cannot_be_conferred_or_cancelled(pack: Pack) -> None:
    (award,) = propose(pack, person(1))
    with pytest.raises(WrongAwardMove, match=r"“đề nghị”.*“đã trao tặng”"):
        commend.confer(awards=[award], by=BY, at=AT)
    with pytest.raises(WrongAwardMove, match=r"“đề nghị”.*“đã hủy”"):
        commend.cancel(award=award, reason="x", by=BY, at=AT)
    assert state(award) == "PROPOSED"


def test_an_award_is_cancelled_with_a_reason_and_stays_in_the_list(
    decided: Award,
) -> None:
    commend.cancel(award=decided, reason="Kê khai sai thành tích.", by=BY, at=AT)
    kept = Award.objects.get()
    assert (kept.state, kept.reason) == ("CANCELLED", "Kê khai sai thành tích.")
    entry = AuditEntry.objects.last()
    assert entry is not None
    assert (entry.old, entry.new["reason"]) == ("DECIDED", "Kê khai sai thành tích.")


@pytest.mark.parametrize(
    ("act", "refusal", "words"),
    [
        (commend.cancel, commend.ReasonForCancelling, "Nêu lý do hủy"),
        (commend.refuse, commend.ReasonForRefusing, "Nêu lý do không chấp nhận"),
    ],
)
def test_nothing_is_refused_or_cancelled_without_a_reason(
    decided: Award,
    act: Callable[..., list[Award]],
    refusal: type[Exception],
    words: str,
) -> None:
    with pytest.raises(refusal, match=words):
        act(award=decided, reason=" ", by=BY, at=AT)
    assert state(decided) == "DECIDED"


def test_no_award_remains_when_its_audit_failed(
    pack: Pack, broken_audit: type[Exception]
) -> None:
    with pytest.raises(broken_audit):
        propose(pack, person(1))
    assert not Award.objects.exists()


def test_no_award_moves_when_its_audit_failed(
    pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    (award,) = propose(pack, person(1))
    monkeypatch.setattr(audit, "record", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        commend.appraise(awards=[award], by=BY, at=AT)
    assert state(award) == "PROPOSED"


def test_only_decided_awards_are_summed_by_form_and_kind(pack: Pack) -> None:
    awards = propose(
        pack,
        person(1),
        person(2),
        collective(THO_XUONG),
        person(1, form="minister"),
        person(3, form="minister"),
    )
    assert commend.sums(pack=pack, year=YEAR) == {}
    commend.appraise(awards=awards, by=BY, at=AT)
    decide(pack)
    decide(pack, form="minister")
    commend.confer(awards=list(Award.objects.filter(form="minister")), by=BY, at=AT)
    lost = Award.objects.get(form="chair", awardee=person(2).awardee)
    commend.cancel(award=lost, reason="x", by=BY, at=AT)
    sums = commend.sums(pack=pack, year=YEAR)
    assert {key: int(each.total) for key, each in sums.items()} == {
        "awards.chair.INDIVIDUAL": 1,
        "awards.chair.COLLECTIVE": 1,
        "awards.chair.all": 2,
        # Once anything was decided, a kind that nobody of was given is nought.
        "awards.minister.COLLECTIVE": 0,
        "awards.minister.INDIVIDUAL": 2,
        "awards.minister.all": 2,
    }
    assert isinstance(pack.award_forms["chair"], AwardForm)
