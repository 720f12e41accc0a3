"""What would each row of a list of people do; and the accounts and roles it makes."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction

from tongket.cycle import enrol
from tongket.cycle.enrol import Giver
from tongket.documents.workbooks.people_list import PersonRow, read_people
from tongket.domain.access import Grant, Role
from tongket.domain.sentences import Refusal
from tongket.domain.unit_rows import read_day
from tongket.domain.units import search_key
from tongket.records import audit, sentences
from tongket.records.models import Membership, Unit, Upload

BATCH = 1000
KEPT = ("unit", "role", "username", "email", "post", "start", "end")
_USERNAME = re.compile(r"[\w.@+-]{3,150}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# Vietnamese as typed in a list and shown on a page.
ROLE_WORDS: Mapping[Role, str] = {
    Role.REPORTER: "cán bộ báo cáo",
    Role.CLERK: "cán bộ nhập liệu",
    Role.REVIEWER: "cán bộ kiểm tra",
    Role.STANDING_OFFICE: "cơ quan thường trực",
    Role.COMMITTEE_MEMBER: "ủy viên Ban Chỉ đạo",
    Role.CHAIR: "Trưởng Ban Chỉ đạo",
    Role.EDITOR: "biên tập viên",
}
_ROLES = {
    search_key(name): role
    for role, words in ROLE_WORDS.items()
    for name in (words, role, role.replace("_", " "))
}


class UnitUnknown(Refusal):
    """A row names a unit that does not stand in the tree of the day."""

    words = (
        "Không có đơn vị “{unit}” vào ngày này; dùng mã hoặc khóa trong danh sách đơn "
        "vị."
    )


class RoleUnknown(Refusal):
    """A row names no role."""

    words = "Không có vai trò “{role}”; chọn trong: {known}."


class NameMissing(Refusal):
    """A row has neither a user name nor an e-mail address."""

    words = "Thiếu tên đăng nhập và e-mail; điền một trong hai."


class NameWrong(Refusal, ValueError):
    """A user name that cannot be typed as one."""

    words = (
        "Tên đăng nhập “{name}” phải có 3–150 chữ, số hoặc . @ + - _, không dấu cách."
    )


class EmailWrong(Refusal, ValueError):
    """What stands for an e-mail address is none."""

    words = "“{email}” không phải là một địa chỉ e-mail."


class EmailTaken(Refusal):
    """Another account has the address."""

    words = "Địa chỉ “{email}” đã thuộc tài khoản “{username}”."


class TwiceInList(Refusal):
    """The same account gets the same role at the same unit in an earlier row."""

    words = "Trùng với dòng {line}: cùng tài khoản, vai trò và đơn vị."


class NothingToMake(Refusal):
    """No row of the list makes an account or a role."""

    words = "Không có dòng nào tạo tài khoản hoặc vai trò mới."


class AppliedAlready(Refusal):
    """The list was carried out before."""

    words = "Danh sách này đã được thực hiện; nhập danh sách mới nếu cần thêm."


class Outcome(StrEnum):
    """What a row of a list does."""

    ACCOUNT = "ACCOUNT"  # a new account with the role
    ROLE = "ROLE"  # a further role for an account that exists
    SAME = "SAME"  # nothing: the account has the role already
    REFUSED = "REFUSED"


MAKES = (Outcome.ACCOUNT, Outcome.ROLE)


@transaction.atomic
def dry_run(*, content: bytes, filename: str, giver: Giver, at: dt.datetime) -> Upload:
    """Keep a list and what each of its rows would do; refuses what is no list."""
    return _kept(read_people(content), filename, giver, at)


@transaction.atomic
def for_one(*, told: Mapping[str, str], giver: Giver, at: dt.datetime) -> Upload:
    """Keep a list of one person, whose unit, role, name and so on are told."""
    filled = {name: text.strip() for name, text in told.items() if text.strip()}
    title = filled.get("username") or filled.get("email", "")
    return _kept([PersonRow("", 1, filled)], title, giver, at)


@transaction.atomic
def alone(*, told: Mapping[str, str], giver: Giver, at: dt.datetime) -> User:
    """Make one account with its role at once; nobody need be signed in for it."""
    (line,) = Examination(giver).lines([PersonRow("", 1, told)])
    if line["outcome"] != Outcome.ACCOUNT:
        raise NothingToMake
    user = _accounts([line])[line["username"]]
    _roles([line], {user.username: user})
    new = {name: line[name] for name in ("role", "unit", "post")}
    act = audit.Act("invite", f"account:{user.username}", new)
    audit.record([act], by=giver.username, at=at)
    return user


@transaction.atomic
def for_every(*, kind: str, giver: Giver, title: str, at: dt.datetime) -> Upload:
    """Keep a list that gives a reporting account to each unit of a kind without one.

    Only units at which the giver may give out the role; the name is made of the code.
    """
    today = giver.tree.day
    rows = Membership.objects.filter(role=Role.REPORTER).values_list(
        "unit__key", "start_on", "end_on"
    )
    has = {
        key for key, *days in rows if Grant(Role.REPORTER, key, *days).holds_on(today)
    }
    people = [
        PersonRow(
            "",
            number,
            {
                "unit": unit.unit,
                "role": Role.REPORTER,
                "username": f"bc-{unit.code or unit.unit}".lower(),
                "post": f"Cán bộ báo cáo, {unit.name}",
            },
        )
        for number, unit in enumerate(giver.tree.of_kind(kind), start=1)
        if unit.unit not in has and giver.may_give(Role.REPORTER, unit.unit)
    ]
    if not people:
        raise NothingToMake
    return _kept(people, title, giver, at)


def _kept(
    people: Sequence[PersonRow], filename: str, giver: Giver, at: dt.datetime
) -> Upload:
    lines = Examination(giver).lines(people)
    return Upload.objects.create(
        kind=Upload.Kind.ACCOUNTS,
        state=Upload.State.READ,
        user=User.objects.get(username=giver.username),
        filename=filename[-255:],
        at=at,
        total=len(lines),
        results={"lines": lines},
    )


class Examination:
    """What each row of a list would do, with everything known read once."""

    def __init__(self, giver: Giver) -> None:
        self.giver, self.day = giver, giver.tree.day
        accounts = list(User.objects.values_list("username", "email"))
        self.names = {name.casefold(): name for name, _ in accounts}
        self.emails = {email.casefold(): name for name, email in accounts if email}
        self.by_code = {each.code: each.unit for each in giver.tree if each.code}
        rows = Membership.objects.values_list(
            "user__username", "role", "unit__key", "start_on", "end_on"
        )
        self.held = {
            (name, role, unit)
            for name, role, unit, start, end in rows
            if end is None or end >= self.day
        }
        self.seen: dict[tuple[str, str, str], int] = {}

    def lines(self, people: Iterable[PersonRow]) -> list[dict[str, Any]]:
        """Return a line for each row: what it would do, or why it is refused."""
        return [self._line(each) for each in people]

    def _line(self, person: PersonRow) -> dict[str, Any]:
        told = person.told
        line: dict[str, Any] = {
            "row": person.line,
            "sheet": person.sheet,
            "unit": told.get("unit", ""),
            "name": told.get("unit", ""),
            "role": told.get("role", ""),
            "username": told.get("username") or told.get("email", ""),
            "email": told.get("email", ""),
            "post": told.get("post", ""),
            "start": self.day.isoformat(),
            "end": "",
            "sentences": [],
        }
        refusals = [*self._place(line), *self._person(line), *self._days(line, told)]
        if not refusals:
            refusals = list(self._again(line))
        if refusals:
            line["outcome"] = Outcome.REFUSED
            line["sentences"] = [sentences.to_json(each.sentence) for each in refusals]
        return line

    def _place(self, line: dict[str, Any]) -> Iterable[Refusal]:
        """Settle unit and role."""
        unit, role = line["unit"], _ROLES.get(search_key(line["role"]))
        unit = unit if unit in self.giver.tree else self.by_code.get(unit)
        if role is None:
            known = ", ".join(ROLE_WORDS.values())
            yield RoleUnknown(role=line["role"], known=known)
        if unit is None:
            yield UnitUnknown(unit=line["unit"])
            return
        line["unit"], line["name"] = unit, self.giver.tree[unit].name
        if role is not None:
            line["role"] = role
            if not self.giver.may_give(role, unit):
                yield enrol.NotYours(unit=line["name"])

    def _person(self, line: dict[str, Any]) -> Iterable[Refusal]:
        """Settle which account it is, and whether it is a new one."""
        name, email = line["username"], line["email"]
        if not name:
            yield NameMissing()
            return
        if not _USERNAME.fullmatch(name):
            yield NameWrong(name=name)
        if email and not _EMAIL.fullmatch(email):
            yield EmailWrong(email=email)
        known = self.names.get(name.casefold())
        owner = self.emails.get(email.casefold()) if email else None
        if owner is not None and owner != known:
            yield EmailTaken(email=email, username=owner)
        if known == self.giver.username:
            yield enrol.NotToYourself()
        line["username"] = known or name
        line["outcome"] = Outcome.ROLE if known else Outcome.ACCOUNT

    def _days(self, line: dict[str, Any], told: Mapping[str, str]) -> Iterable[Refusal]:
        """Settle from when until when; from today on where nothing is said."""
        for name in ("start", "end"):
            try:
                day = read_day(told.get(name, ""))
            except Refusal as wrong:
                yield wrong
            else:
                line[name] = day.isoformat() if day else line[name]
        if line["end"] and line["end"] < line["start"]:
            yield enrol.DaysTheWrongWay(
                start=dt.date.fromisoformat(line["start"]),
                end=dt.date.fromisoformat(line["end"]),
            )

    def _again(self, line: dict[str, Any]) -> Iterable[Refusal]:
        """Find what stands there already, in the records or above in the list."""
        key = (line["username"], line["role"], line["unit"])
        if key in self.held:
            line["outcome"] = Outcome.SAME
        elif key in self.seen:
            yield TwiceInList(line=self.seen[key])
        else:
            self.seen[key] = line["row"]
            # A second row for a new account gives it a further role.
            folded = line["username"].casefold()
            self.names.setdefault(folded, line["username"])
            if line["email"]:
                self.emails.setdefault(line["email"].casefold(), line["username"])


def carry_out(*, upload: Upload, giver: Giver, at: dt.datetime) -> Upload:
    """Make the accounts and roles of a list; each row is examined again first."""
    try:
        return _carried_out(upload, giver, at)
    except IntegrityError:
        # Another list made one of the accounts at this instant; now it is seen.
        return _carried_out(upload, giver, at)


@transaction.atomic
def _carried_out(upload: Upload, giver: Giver, at: dt.datetime) -> Upload:
    kept = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
    if kept.state == Upload.State.APPLIED:
        raise AppliedAlready
    told = [
        PersonRow(
            line["sheet"],
            line["row"],
            {
                name: line[name]
                for name in (
                    "unit",
                    "role",
                    "username",
                    "email",
                    "post",
                    "start",
                    "end",
                )
                if line[name]
            },
        )
        for line in kept.results["lines"]
    ]
    lines = Examination(giver).lines(told)
    makes = [line for line in lines if line["outcome"] in MAKES]
    if not makes:
        raise NothingToMake
    users = _accounts(makes)
    _roles(makes, users)
    acts = [
        audit.Act(
            "invite" if line["outcome"] == Outcome.ACCOUNT else "grant",
            f"account:{line['username']}",
            {"role": line["role"], "unit": line["unit"], "post": line["post"]},
        )
        for line in makes
    ]
    audit.record(acts, by=giver.username, at=at)
    counts = Counter(line["outcome"] for line in lines)
    kept.results = {"lines": lines}
    kept.done, kept.state = counts[Outcome.ACCOUNT], Upload.State.APPLIED
    kept.save(update_fields=["results", "done", "state"])
    return kept


def _accounts(makes: Sequence[Mapping[str, Any]]) -> dict[str, User]:
    """Make the accounts that are new; return every account of the list by name."""
    new = [
        User(
            username=line["username"],
            email=line["email"],
            first_name=line["post"][:150],
            password=make_password(None),
        )
        for line in makes
        if line["outcome"] == Outcome.ACCOUNT
    ]
    User.objects.bulk_create(new, batch_size=BATCH)
    names = {line["username"] for line in makes}
    found: dict[str, User] = {}
    for some in _in_batches(sorted(names)):
        found.update({u.username: u for u in User.objects.filter(username__in=some)})
    return found


def _in_batches(names: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


def _roles(makes: Sequence[Mapping[str, Any]], users: Mapping[str, User]) -> None:
    ids = dict(Unit.objects.values_list("key", "id"))
    Membership.objects.bulk_create(
        [
            Membership(
                user=users[line["username"]],
                role=line["role"],
                unit_id=ids[line["unit"]],
                post=line["post"][:200],
                start_on=dt.date.fromisoformat(line["start"]),
                end_on=dt.date.fromisoformat(line["end"]) if line["end"] else None,
            )
            for line in makes
        ],
        batch_size=BATCH,
    )
    editors = [users[each["username"]] for each in makes if each["role"] == Role.EDITOR]
    if editors:
        Group.objects.get(name=enrol.EDITORS).user_set.add(*editors)
