"""What becomes of a list that somebody sent, between the dry run and the act?"""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from tests.factories import AT, BY, CITY, NGO_QUYEN, THO_XUONG, small_pack

from tongket.cycle import reorganise
from tongket.domain.sentences import Refusals
from tongket.domain.unit_rows import Row, Table
from tongket.loader.pack import Pack
from tongket.records.models import Upload
from tongket.records.register import register

ON = dt.date(2024, 2, 1)
HEADING = "Khóa,Mã,Tên đơn vị,Loại đơn vị,Cấp trên,Từ ngày,Đến ngày\n"


def renamed(name: str) -> None:
    """Let somebody else change the register."""
    row = Row(Table.UNITS, "", 0, {"unit": THO_XUONG, "name": name})
    reorganise.apply(
        pack=small_pack(),
        rows=[row],
        on=ON,
        edition=reorganise.edition(),
        title="Thử",
        by=BY,
        at=AT,
    )


@pytest.fixture
def person(pack: Pack) -> User:
    return User.objects.create(username=BY)


def kept(folder: Path, text: str, **given: Any) -> Upload:
    """Return the dry run of a CSV file."""
    told = {"at": AT, "filename": "danh-sach.csv", **given}
    return reorganise.dry_run(
        pack=small_pack(), content=text.encode(), on=ON, folder=folder, by=BY, **told
    )


def test_only_chosen_rows_of_a_list_are_written(
    person: User, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    rows = f"{THO_XUONG},,Phường A,,,,\n,,Sai,,,,\n{NGO_QUYEN},,Phường B,,,,\n"
    upload = kept(tmp_path, HEADING + rows)
    assert upload.results["counts"] == {"CHANGED": 2, "REFUSED": 1}
    assert register().on(ON)[THO_XUONG].name == "Phường Thọ Xương"
    given = {"pack": small_pack(), "folder": tmp_path, "by": BY, "at": AT}
    with pytest.raises(Refusals):
        reorganise.apply_list(upload=upload, chosen=None, **given)
    with pytest.raises(reorganise.NothingChosen):
        reorganise.apply_list(upload=upload, chosen=[], **given)
    with django_capture_on_commit_callbacks(execute=True):
        done = reorganise.apply_list(upload=upload, chosen=[2], **given)
    assert (done.state, done.done) == (Upload.State.APPLIED, 1)
    tree = register().on(ON)
    assert (tree[THO_XUONG].name, tree[NGO_QUYEN].name) == (
        "Phường Thọ Xương",
        "Phường B",
    )
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(reorganise.ListApplied):
        reorganise.apply_list(upload=upload, chosen=[0], **given)


def test_a_list_is_run_again_after_the_register_changed(
    person: User, tmp_path: Path
) -> None:
    upload = kept(tmp_path, HEADING + f"{THO_XUONG},,Phường A,,,,\n")
    renamed("Phường A")
    given = {"pack": small_pack(), "folder": tmp_path}
    with pytest.raises(reorganise.RegisterChanged):
        reorganise.apply_list(upload=upload, chosen=None, by=BY, at=AT, **given)
    again = reorganise.read_again(upload=upload, **given)
    assert again.results["counts"] == {"UNCHANGED": 1}


def test_a_list_that_nobody_applied_is_removed_after_a_week(
    person: User, tmp_path: Path
) -> None:
    old = kept(tmp_path, HEADING + f"{THO_XUONG},,Phường A,,,,\n")
    kept(tmp_path, HEADING + f"{THO_XUONG},,Phường B,,,,\n", at=AT + dt.timedelta(8))
    assert not Upload.objects.filter(pk=old.pk).exists()
    (left,) = Upload.objects.all()
    assert [path.name for path in tmp_path.iterdir()] == [str(left.pk)]
    reorganise.drop(upload=left, folder=tmp_path, by=BY, at=AT)
    assert not Upload.objects.exists()
    assert list(tmp_path.iterdir()) == []


def test_refusals_of_a_list_are_kept_with_their_days(
    person: User, tmp_path: Path
) -> None:
    upload = kept(tmp_path, HEADING + f"{CITY},,,,,,31/01/2024\n")
    (line,) = Upload.objects.get(pk=upload.pk).results["lines"]
    told = str(reorganise.revived(line["refusals"][0]))
    assert "01/02/2024" in told
    assert "Phường Thọ Xương" in told
