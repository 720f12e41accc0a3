"""Is a version or an edit that was changed behind the log's back named?"""

from typing import Any

import pytest
from django.db import connection
from tests import factories
from tests.factories import AT, MONTHLY, THO_XUONG, form_of, month, opened
from tests.postgres import APPLICATION

from tongket.cycle import enter
from tongket.cycle.enter import Edit
from tongket.records import contents
from tongket.records.models import AuditEntry, ReturnVersion

FORM = form_of(MONTHLY).key
SUBJECT = f"return:{THO_XUONG}:{FORM}:nd09-2023-m12"


def behind_the_log(table: str, statement: str) -> None:
    """Change rows as somebody with the database's password could.

    The test's transaction brings rows and triggers back.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("RESET ROLE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = origin")
            cursor.execute(f"SET ROLE {APPLICATION}")
            return
        for kind in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {table}_no_{kind}")
        cursor.execute(statement)


def typed_and_sent(text: str, version: int = 0) -> None:
    """Type a number and its explanation into the return of December, and send it."""
    key: dict[str, Any] = {
        "pack": factories.small_pack(),
        "opened": opened(month(12)),
        "unit": THO_XUONG,
        "form": FORM,
        "version": version,
        "by": "an",
        "at": AT,
    }
    over = enter.sheet(opened=key["opened"], unit=THO_XUONG, form=FORM)
    edits = over.edits.get("theft_cases", 0), over.words_edits.get("theft_cases", 0)
    enter.save(**key, edits=[Edit(f"a{text}", "theft_cases", text, edits[0])])
    words = [Edit(f"b{text}", "theft_cases", f"vì {text}", edits[1])]
    enter.explain(**key, words=words)
    assert enter.submit(**key, edits_seen=1000)


@pytest.fixture(autouse=True)
def _two_sendings(pack: Any) -> None:
    typed_and_sent("2")
    typed_and_sent("3", version=1)


def faults() -> list[str]:
    """Return what is found, in words."""
    return [str(each) for each in contents.faults()]


def test_what_was_left_alone_agrees_with_the_log() -> None:
    assert faults() == []
    acts = AuditEntry.objects.filter(act="receive").order_by("id")
    assert [(each.new["version"], each.new["edits"]) for each in acts] == [
        (1, 2),
        (2, 4),
    ]


@pytest.mark.parametrize(
    ("table", "statement", "stretch"),
    [
        ("records_celledit", "update {} set text = '9' where number = 1", "1 đến 2"),
        ("records_celledit", "update {} set by = 'ba' where number = 3", "3 đến 4"),
        ("records_celledit", "delete from {} where number = 3", "3 đến 4"),
        ("records_wordsedit", "update {} set text = '' where number = 2", "1 đến 2"),
        ("records_wordsedit", "delete from {} where number = 4", "3 đến 4"),
    ],
)
def test_a_changed_edit_is_named_by_its_return_and_stretch(
    table: str, statement: str, stretch: str
) -> None:
    if "set by" in statement:
        statement = statement.replace(" by ", ' "by" ')
    behind_the_log(table, statement.format(table))
    (found,) = faults()
    assert SUBJECT in found
    assert f"các lần sửa từ {stretch}" in found


def test_edits_that_are_all_gone_are_missed() -> None:
    behind_the_log("records_celledit", "delete from records_celledit")
    behind_the_log("records_wordsedit", "delete from records_wordsedit")
    (found,) = faults()
    assert f"cho {SUBJECT}: các lần sửa từ 1 đến 2" in found


def test_a_changed_version_is_named() -> None:
    table = "records_returnversion"
    behind_the_log(table, f"update {table} set explanations = '{{}}' where number = 2")
    assert faults() == [f"Lần gửi 2 của {SUBJECT} bị sửa: nội dung không khớp nhật ký."]


def test_a_version_that_the_log_never_saw_is_named_and_one_that_is_gone() -> None:
    table = "records_returnversion"
    behind_the_log(table, f"update {table} set number = 7 where number = 2")
    assert faults() == [
        f"Lần gửi 7 của {SUBJECT} không có trong nhật ký: bị chèn thêm.",
        f"Lần gửi 2 của {SUBJECT} có trong nhật ký nhưng không còn nữa.",
    ]


def test_a_sending_of_before_the_digests_is_not_compared() -> None:
    table = "records_auditentry"
    behind_the_log(table, f"update {table} set new = '{{\"version\": 1}}' where id = 2")
    assert ReturnVersion.objects.count() == 2
    assert faults() == []
