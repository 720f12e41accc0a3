"""A list of proposals pasted from Excel is kept whole or not at all."""

import pytest
from django.urls import reverse
from tests import factories
from tests.factories import THO_XUONG
from tests.web.conftest import Office

from tongket.domain.commendations import AwardeeKind
from tongket.domain.sentences import Refusals
from tongket.office import facts
from tongket.office.pages import proposals
from tongket.records.models import Award

ADDRESS = reverse("commend-paste") + "?nam=2023"
GOOD = (
    "Tập thể Công an xã minh họa\ttập thể\tPhá nhanh vụ trộm\n\n"
    "Cá nhân 01; Cá Nhân; Cứu người trong vụ cháy"
)


def test_lines_with_tabs_and_with_semicolons_become_proposals(office: Office) -> None:
    answer = office.client("office").post(ADDRESS, {"form": "chair", "list": GOOD})
    assert answer.status_code == 302
    kept = list(Award.objects.order_by("id").values_list("awardee", "kind", "ground"))
    assert kept == [
        ("Tập thể Công an xã minh họa", "COLLECTIVE", "Phá nhanh vụ trộm"),
        ("Cá nhân 01", "INDIVIDUAL", "Cứu người trong vụ cháy"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Xã A\ttập thể", "Dòng 1: cần ba cột"),
        ("\nXã A\tđoàn thể\tTốt", "Dòng 2: loại “đoàn thể” không rõ"),
        ("  \n ", "Danh sách trống"),
        (f"{'x' * 201}\ttập thể\tTốt", "Dòng 1: tên dài 201 chữ, tối đa 200"),
        (f"{GOOD}\nXã A\ttập thể\t", "chưa nêu thành tích"),
    ],
)
def test_one_wrong_row_keeps_nothing_and_what_was_typed_stays(
    office: Office, text: str, told: str
) -> None:
    answer = office.client("office").post(ADDRESS, {"form": "chair", "list": text})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert text.strip().splitlines()[0:1] == [] or text.strip().split("\t")[0] in page
    assert Award.objects.count() == 0


def test_every_wrong_row_is_named_at_once() -> None:
    with pytest.raises(Refusals) as caught:
        proposals.proposals("a\nb;c\nd;x;y", "chair", factories_tree())
    assert [str(each)[:6] for each in caught.value.refusals] == [
        "Dòng 1",
        "Dòng 2",
        "Dòng 3",
    ]


def factories_tree():
    return factories.small_pack().register.on(factories.year().end)


def test_a_collective_named_as_a_unit_is_that_unit(office: Office) -> None:
    name = factories_tree()[THO_XUONG].name
    (found,) = proposals.proposals(f"{name};tập thể;Tốt", "chair", factories_tree())
    assert (found.awardee, found.kind) == (THO_XUONG, AwardeeKind.COLLECTIVE)
    assert facts.pack().province == factories.PROVINCE
