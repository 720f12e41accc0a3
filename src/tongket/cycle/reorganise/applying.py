"""How does a plan of rows change the register: all or nothing, told, taken back?

Between the dry run and the act somebody else may have changed the register. Its edition
is compared under a lock, and a stale plan is refused.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import ProtectedError

from tongket.cycle.reorganise import writing
from tongket.domain.reorganisation import ImportPlan, plan
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_rows import Row
from tongket.domain.units import Register
from tongket.loader.pack import Pack
from tongket.records import audit
from tongket.records.models import AuditEntry, Unit
from tongket.records.register import SUBJECT, register, state

ACT, UNIT_ACT, BACK = "reorganise", "reorganise_unit", "reorganise_back"


class RegisterChanged(Refusal):
    """Somebody changed the register after the dry run."""

    words = (
        "Danh sách đơn vị đã thay đổi sau lần chạy thử; chạy thử lại để xem kết quả "
        "trên danh sách hiện tại rồi mới ghi."
    )


class NothingToTakeBack(Refusal):
    """The last change of the register is no change that can be taken back."""

    words = (
        "Chỉ hoàn tác được lần thay đổi gần nhất của danh sách đơn vị; lần này đã có "
        "thay đổi khác tiếp theo hoặc đã được hoàn tác."
    )


class InUse(Refusal):
    """A unit that a change brought is used by now."""

    words = (
        "Không hoàn tác được: đơn vị mới đã có báo cáo, tài khoản hoặc dữ liệu khác. "
        "Hãy ghi một thay đổi mới."
    )


def last_change() -> AuditEntry | None:
    """Return the entry of the log that tells the latest change of the register."""
    return AuditEntry.objects.filter(subject=SUBJECT).order_by("-id").first()


def edition() -> str:
    """Return a mark of the register as it is; another one after every change."""
    return state()


def preview(*, pack: Pack, rows: Sequence[Row], on: dt.date) -> ImportPlan:
    """Return what rows would do to the register as it is; nothing is written."""
    return plan(register(), rows, on=on, kinds=pack.kinds, root=pack.province)


@transaction.atomic
def apply(
    *,
    pack: Pack,
    rows: Sequence[Row],
    on: dt.date,
    edition: str,
    title: str,
    by: str,
    at: dt.datetime,
) -> ImportPlan:
    """Bring rows into the register, all of them, or refuse with what is wrong.

    `edition` is that of the register in which the rows were previewed; `title` tells
    the log what was done. Nothing is written when nothing changes.
    """
    lock()
    if edition != _edition():
        raise RegisterChanged
    before = register()
    made = preview(pack=pack, rows=rows, on=on)
    if made.refused:
        raise Refusals([each for step in made.refused for each in step.refusals])
    if made.writes:
        told = {"title": title, "rows": len(made.writes), "on": on.isoformat()}
        _write(before, made.register, ACT, told, by, at)
    return made


_edition = edition  # the parameter of `apply` has the same name


@transaction.atomic
def take_back(*, edition: str, by: str, at: dt.datetime) -> int:
    """Undo the latest change of the register; return how many units it concerned.

    Refuses when the register was changed again, or when a unit that it brought has
    returns, accounts or anything else by now.
    """
    lock()
    last = last_change()
    if last is None or last.act != ACT or edition != _edition():
        raise NothingToTakeBack
    before = register()
    state = writing.states(before)
    entries = AuditEntry.objects.filter(id__gt=last.pk).order_by("id")
    told = list(entries[: last.new["units"]])
    assert all(entry.act == UNIT_ACT for entry in told), "a change lies in one piece"
    gone = []
    for entry in told:
        key = entry.subject.removeprefix("unit:")
        if entry.old is None:
            gone.append(key)
            del state[key]
        else:
            state[key] = entry.old
    after = writing.register_of(state)
    new = {"title": last.new["title"]}
    _write(before, after, BACK, new, by, at)
    try:
        with transaction.atomic():
            writing.delete_units(gone)
    except ProtectedError:
        raise InUse from None
    return len(told)


def lock() -> None:
    """Let one at a time change the register, until the transaction ends."""
    # SQLite's immediate transactions have one writer already.
    list(Unit.objects.select_for_update().order_by("id")[:1])


def _write(
    before: Register,
    after: Register,
    act: str,
    told: dict[str, object],
    by: str,
    at: dt.datetime,
) -> None:
    """Write the difference of two registers, and tell it to the log."""
    writing.write(before, after)
    old, new = writing.states(before), writing.states(after)
    changed = [
        key for key in dict.fromkeys([*new, *old]) if new.get(key) != old.get(key)
    ]
    head = audit.Act(act, SUBJECT, {**told, "units": len(changed)})
    each = [
        audit.Act(UNIT_ACT, f"unit:{key}", new.get(key), old.get(key))
        for key in changed
    ]
    audit.record([head, *each], by=by, at=at)
