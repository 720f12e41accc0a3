"""Does the front page say where the year stands and what this person must do?"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from tests import factories
from tests.factories import (
    COMMUNES,
    NGO_QUYEN,
    THO_XUONG,
    accepted,
    crimes,
    month,
    opened,
    sent,
)
from tests.web.conftest import Office

from tongket import cycle
from tongket.cycle import commend, plan
from tongket.domain.commendations import AwardeeKind, Proposal
from tongket.office import facts, years
from tongket.office.journal_words import act_words
from tongket.records.models import AuditEntry


def text_of(
    office: Office, person: str, name: str, *arguments: Any, **query: str
) -> str:
    """Return the text of a page as a person sees it."""
    url = reverse(name, args=arguments)
    return office.client(person).get(url, query).content.decode()


def stages(text: str) -> list[str]:
    """Return the states of the eight stages on the page."""
    return re.findall(r'class="stage" data-state="(\w+)"', text)


def test_the_year_begins_with_nothing_done(office: Office) -> None:
    text = text_of(office, "office", "year")
    assert stages(text) == ["todo"] * 8
    assert "Chưa mở kỳ nào" in text


def test_the_line_says_what_is_late_and_what_waits(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    text = text_of(office, "office", "year")
    assert stages(text)[:3] == ["late", "now", "todo"]
    assert "3 báo cáo quá hạn" in text
    assert "1 chờ duyệt" in text


def test_the_first_three_stages_are_done_when_all_is_accepted(office: Office) -> None:
    accepted(month(12), {unit: crimes(1) for unit in COMMUNES})
    assert stages(text_of(office, "office", "year"))[:4] == ["done"] * 3 + ["todo"]


def test_who_owes_is_told_by_the_unit_above(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    text = text_of(office, "office", "year")
    owing = text[text.index("Địa bàn còn thiếu báo cáo") :]
    assert owing.index("Huyện Yên Thế") < owing.index("Thành phố Bắc Giang")


def test_a_reporter_sees_the_own_duties_first(office: Office) -> None:
    opened(month(12))
    text = text_of(office, "own", "year")
    assert text.index("Việc cần làm") < text.index("Tám giai đoạn của năm")
    assert "Hạn gửi 18/12/2023." in text
    assert "Phường Ngô Quyền" not in text


def test_a_reporter_reads_why_a_return_came_back(office: Office) -> None:
    (version,) = sent(month(12), {THO_XUONG: crimes(2)})
    factories.decided([version], "Thiếu số vụ.", by="office")
    text = text_of(office, "own", "year")
    assert "Lý do trả lại (office): Thiếu số vụ." in text
    assert "Sửa và gửi lại" in text


def test_a_reporter_who_owes_nothing_is_told_so(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2)})
    assert "Không còn báo cáo hay kế hoạch nào" in text_of(office, "own", "year")


def test_a_reviewer_sees_how_many_returns_wait(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(2), NGO_QUYEN: crimes(1)})
    text = text_of(office, "reviewer", "year")
    assert "Báo cáo chờ bạn duyệt" in text
    assert '<span class="count">2</span>' in text


def test_a_stage_that_may_not_be_opened_is_no_link(office: Office) -> None:
    text = text_of(office, "own", "year")
    assert f'href="{reverse("collect")}?nam=' in text
    assert f'href="{reverse("check")}' not in text


def test_an_account_without_a_role_is_told_whom_to_ask(office: Office) -> None:
    User.objects.create_user("nobody")
    answer = office.client("nobody").get(reverse("year"))
    assert answer.url == reverse("no-role")
    told = "Tài khoản của bạn chưa được giao vai trò ở đơn vị nào."
    assert told in text_of(office, "nobody", "no-role")


def test_every_page_of_the_demonstration_says_its_day(office: Office) -> None:
    text = text_of(office, "office", "units")
    assert "Số liệu minh họa" in text
    assert "Ngày minh họa: 16/01/2024" in text


def test_no_page_outside_the_demonstration_speaks_of_one(
    office: Office, settings: Any
) -> None:
    settings.TODAY = None
    assert "Số liệu minh họa" not in text_of(office, "office", "units")


def test_a_year_is_under_review_for_two_months_after_its_end(
    office: Office, settings: Any, rf: Any
) -> None:
    opened(month(12))
    opened(month(1, 2024))
    assert years.opened() == [2024, 2023]
    assert years.chosen(rf.get("/")) == 2023
    assert years.chosen(rf.get("/?nam=2024")) == 2024
    settings.TODAY = settings.TODAY.replace(month=3)
    assert years.chosen(rf.get("/")) == 2024


@pytest.mark.parametrize("words", ["tho xuong", "THỌ XƯƠNG", "07201"])
def test_a_unit_is_found_without_its_accents(words: str, office: Office) -> None:
    text = text_of(office, "office", "units", q=words)
    assert "Phường Thọ Xương" in text
    assert "Phường Ngô Quyền" not in text


def test_the_units_of_a_kind_are_listed(office: Office) -> None:
    text = text_of(office, "office", "units", loai="district", csv="1")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == [
        factories.CITY,
        factories.YEN_THE,
    ]


def test_the_tree_shows_only_what_the_person_may_see(office: Office) -> None:
    text = text_of(office, "reviewer", "units")
    assert "Phường Thọ Xương" in text
    assert "Xã Canh Nậu" not in text


def test_a_unit_tells_its_returns(office: Office) -> None:
    accepted(month(12), {THO_XUONG: crimes(1)})
    text = text_of(office, "own", "unit", THO_XUONG)
    assert "Tháng 12/2023" in text
    assert "Đã nhận" in text


def test_the_journal_is_searched(office: Office) -> None:
    sent(month(12), {THO_XUONG: crimes(1), NGO_QUYEN: crimes(1)})
    text = text_of(office, "chair", "audit", q=THO_XUONG, viec="receive")
    assert f"return:{THO_XUONG}:" in text
    assert f"return:{NGO_QUYEN}:" not in text
    assert "Không có dòng nào khớp" in text_of(
        office, "chair", "audit", den="2021-01-01"
    )


@pytest.mark.parametrize("field", ["tu", "den"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "hôm nay"])
def test_a_day_that_no_calendar_can_compare_leaves_the_acts_alone(
    field: str, day: str, office: Office
) -> None:
    answer = office.client("chair").get(reverse("audit"), {field: day})
    assert "Nạp danh sách đơn vị" in answer.content.decode()


def test_every_act_that_is_recorded_has_words() -> None:
    recorded = set()
    for path in Path(cycle.__path__[0]).rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        recorded |= set(re.findall(r'audit\.Act\(\s*"(\w+)"', text))
        recorded |= set(re.findall(r'_turn\([^)]*"(\w+)"', text))
    assert {"enrol", "reopen_period", "publish"} <= recorded
    assert [act for act in sorted(recorded) if act_words(act) == act] == []


def test_a_sound_chain_of_acts_is_said_to_be_sound(office: Office) -> None:
    answer = office.client("office").post(reverse("audit-verify"))
    assert "Chuỗi nhật ký nguyên vẹn" in answer.content.decode()


def test_a_forged_act_breaks_the_chain_for_all_to_see(office: Office) -> None:
    opened(month(12))
    entry = AuditEntry.objects.latest("id")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_auditentry "
            '(id, at, "by", act, subject, unit, salt, body_hash, previous_hash, hash) '
            "VALUES (%s, %s, 'x', 'x', 'x', '', %s, %s, %s, %s)",
            [entry.pk + 1, entry.at, "0" * 32, "0" * 64, entry.hash, "0" * 64],
        )
    answer = office.client("office").post(reverse("audit-verify"))
    forged = AuditEntry.objects.get(act="x")
    assert "Chuỗi nhật ký bị đứt" in answer.content.decode()
    assert f"Dòng {forged.pk} " in answer.content.decode()


def test_the_last_four_stages_follow_what_was_done(office: Office) -> None:
    factories.whole_year()
    assert stages(text_of(office, "office", "year"))[3:] == ["todo"] * 5
    pack, by, at = factories.small_pack(), factories.BY, factories.AT
    factories.scored(facts.store())
    plan.assign(pack=pack, year=2023, by=by, at=at)
    proposal = Proposal("Tổ phụ nữ", AwardeeKind.COLLECTIVE, "chair", ground="Tốt")
    commend.propose(pack=pack, year=2023, proposals=[proposal], by=by, at=at)
    text = text_of(office, "office", "year")
    assert stages(text)[3:] == ["done", "now", "now", "todo", "todo"]
    assert "hạn 31/01/2024" in text
    assert "1 đề nghị chờ quyết định" in text


def test_a_plan_that_was_not_filed_in_time_makes_its_stage_late(
    office: Office, settings: Any
) -> None:
    factories.whole_year(weak=[THO_XUONG])
    factories.scored(facts.store())
    plan.assign(
        pack=factories.small_pack(), year=2023, by=factories.BY, at=factories.AT
    )
    assert "Kế hoạch khắc phục năm 2023" in text_of(office, "own", "year")
    settings.TODAY = settings.TODAY.replace(month=2, day=1)
    text = text_of(office, "office", "year", nam="2023")
    assert stages(text)[4] == "late"
    assert "kế hoạch quá hạn" in text
