"""What a person is told, in either language."""

import pytest

from tongket.domain.sentences import Refusal, Refusals, Sentence
from tongket.domain.sources import Mark, Source

ENGLISH = {
    "Đơn vị {unit} {what}.": "Unit {unit} {what}.",
    "chưa gửi": "has not sent",
}


class NotSent(Refusal):
    words = "Đơn vị {unit} chưa gửi báo cáo."


def test_a_sentence_is_said_in_vietnamese_when_nobody_translates():
    said = Sentence(
        "Đơn vị {unit} {what}.", {"unit": "A", "what": Sentence("chưa gửi")}
    )
    assert str(said) == "Đơn vị A chưa gửi."


def test_a_translated_sentence_translates_the_sentences_inside_it_too():
    said = Sentence(
        "Đơn vị {unit} {what}.", {"unit": "A", "what": Sentence("chưa gửi")}
    )
    assert said.translated(ENGLISH.__getitem__) == "Unit A has not sent."


def test_a_refusal_is_its_sentence_with_the_values_kept_apart():
    refusal = NotSent(unit="Xã Đồng Sơn")
    assert str(refusal) == "Đơn vị Xã Đồng Sơn chưa gửi báo cáo."
    assert refusal.sentence.values == {"unit": "Xã Đồng Sơn"}


def test_a_refusal_without_words_of_its_own_gives_the_reason():
    assert str(Refusal(reason="không rõ")) == "không rõ"


def test_several_refusals_are_told_together_in_order():
    told = Refusals([NotSent(unit="A"), NotSent(unit="B")])
    assert str(told).splitlines() == [str(each) for each in told.refusals]
    assert len(told.refusals) == 2


def test_a_group_without_refusals_is_impossible():
    with pytest.raises(AssertionError):
        Refusals([])


@pytest.mark.parametrize(
    ("mark", "doubtful"),
    [
        (Mark.CONFIRMED, False),
        (Mark.DERIVED, False),
        (Mark.PARTLY, True),
        (Mark.RECALLED, True),
    ],
)
def test_what_is_only_partly_known_or_recalled_asks_to_be_verified(mark, doubtful):
    assert Source("12/KH-BCĐ", mark=mark).needs_verification is doubtful


def test_a_source_names_the_place_before_the_instrument():
    assert str(Source("09/2019/NĐ-CP", "Điều 12")) == "Điều 12, 09/2019/NĐ-CP"
    assert str(Source("09/2019/NĐ-CP")) == "09/2019/NĐ-CP"
