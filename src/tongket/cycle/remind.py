"""Remind people of what is theirs to do: a notice each, and one mail for all of them.

The schedule is the pack's (domain/reminders.py). Notices and the mail that tells of
them are written in one transaction; what somebody was told once is not told again,
however often this runs.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import transaction

from tongket.cycle import collect, post, rungs
from tongket.domain.access import Role
from tongket.domain.periods import parse
from tongket.domain.reminders import (
    Channel,
    Need,
    Owed,
    Reminded,
    Reminder,
    due_reminders,
)
from tongket.domain.sentences import Sentence
from tongket.domain.units import Tree
from tongket.loader.pack import Pack
from tongket.records import sentences
from tongket.records.models import (
    Delegation,
    MailChoice,
    Membership,
    Notice,
    OpenPeriod,
    Return,
    WorkerLease,
)
from tongket.records.register import register

CAUSE = "reminders"
CAUGHT_UP = dt.timedelta(days=2)  # how long ago a reminder may be that is told today
NEEDS = {
    "": Need.SENDING,
    Return.State.SENT: Need.DECIDING,
    Return.State.SENT_BACK: Need.CORRECTING,
    Return.State.TAKEN_BACK: Need.SENDING,
}
DECIDERS = (Role.REVIEWER, Role.STANDING_OFFICE)

AHEAD = "{unit}: biểu “{form}” {period} đến hạn gửi ngày {due}."
OVERDUE = "{unit}: biểu “{form}” {period} quá hạn gửi từ ngày {due}; gửi báo cáo ngay."
CORRECT = "{unit}: biểu “{form}” {period} bị trả lại (hạn gửi {due}); sửa và gửi lại."
MANY = "{count} đơn vị còn phải gửi biểu “{form}” {period}, hạn gửi {due}."
DECIDE = "{count} báo cáo biểu “{form}” {period} (hạn gửi {due}) chờ duyệt."
DIGEST = "{count} báo cáo {period} của chế độ “{scheme}” còn thiếu, hạn gửi {due}."

MAIL_SUBJECT = "Tổng kết năm: bạn có {count} việc"
MAIL_SEND = "- Gửi báo cáo: {form}, {period}, hạn {due}."
MAIL_DECIDE = "- Duyệt báo cáo: {form}, {period}, hạn gửi của đơn vị {due}."
MAIL_DIGEST = "- Đôn đốc báo cáo còn thiếu: {form}, {period}, hạn {due}."
MAIL_BODY = (
    "Bạn có {count} việc trên hệ thống tổng kết năm:\n\n{lines}\n\n"
    "Xem chi tiết: {address}\n\n"
    "Không muốn nhận thư nhắc việc: mở trang trên và chọn “Không nhận thư nhắc "
    "việc”. Thông báo trong hệ thống vẫn hiện như thường."
)


@dataclass
class Told:
    """One thing that one person is to be told: the reminders that it stands for."""

    user: int
    subject: str
    reminders: list[Reminder] = field(default_factory=list)
    is_outdated: bool = False  # caught up together with a later one about the same

    @property
    def first(self) -> Reminder:
        """A reminder that tells rule, form, period and due day of them all."""
        return self.reminders[0]


def remind(
    *,
    pack: Pack,
    on: dt.date,
    hour: int,
    address: str,
    by: str,
    at: dt.datetime,
) -> int:
    """Tell everybody what falls due by this hour of the day; return how many notices.

    `address` is where the person reads the notices, for the mail.
    """
    due = [each for each in _due(pack, on) if each.day < on or each.rule.hour <= hour]
    if not due:
        return 0
    with transaction.atomic():
        _one_at_a_time(at)
        fresh = _fresh(_told(pack, due, on))
        Notice.objects.bulk_create(
            (_notice(pack, each, on, at) for each in fresh), batch_size=500
        )
        fresh = [each for each in fresh if not each.is_outdated]
        post.queue(_letters(pack, fresh, address), cause=CAUSE, by=by, at=at)
    return len(fresh)


def _one_at_a_time(at: dt.datetime) -> None:
    """Wait until nobody else reminds: what both would tell must be told once."""
    WorkerLease.objects.get_or_create(name=CAUSE, defaults={"until": at})
    WorkerLease.objects.select_for_update().get(name=CAUSE)


def _due(pack: Pack, on: dt.date) -> Iterator[Reminder]:
    for opened in OpenPeriod.objects.all():
        if not _may_be_due(pack, opened, on):
            continue
        wanted = wanting(pack=pack, opened=opened, on=on)
        yield from due_reminders(
            pack.reminders, wanted, since=on - CAUGHT_UP, on=on, calendar=pack.calendar
        )


def _may_be_due(pack: Pack, opened: OpenPeriod, on: dt.date) -> bool:
    """Whether any rule speaks today of a due day of the period; asks for no return."""
    rule, period = collect.scheme_of(pack, opened.scheme), collect.window(pack, opened)
    days = {rule.due(period, kind, pack.calendar) for kind in rule.unit_kinds}
    days.update(opened.extensions.values_list("until", flat=True))
    return any(
        each.holds_for(due) and on - CAUGHT_UP <= each.day(due, pack.calendar) <= on
        for each in pack.reminders
        for due in days
        if due <= pack.calendar.checked_until
    )


def wanting(*, pack: Pack, opened: OpenPeriod, on: dt.date) -> Iterator[Owed]:
    """Yield each return of the period that needs something done.

    Once the period is closed nothing can be sent; what waits must still be decided.
    """
    waiting = Return.objects.filter(period=opened, state=Return.State.SENT)
    awaited = rungs.awaited(pack, waiting, on)
    rows = waiting.values_list("pk", "unit__key", "form")
    places = {(unit, form): awaited[pk] for pk, unit, form in rows if pk in awaited}
    is_open = opened.state == OpenPeriod.State.OPEN
    for debt in collect.owing(pack=pack, opened=opened, on=on):
        need = NEEDS.get(debt.state)
        if need is None or not (is_open or need is Need.DECIDING):
            continue
        rung = places.get((debt.unit.unit, debt.form), "")
        yield Owed(
            debt.unit.unit,
            debt.form,
            opened.scheme,
            opened.period,
            debt.due,
            need,
            rung,
        )


class People:
    """Who holds which role where on a day, those that stand in for somebody too."""

    def __init__(self, on: dt.date) -> None:
        self._at: dict[tuple[str, str], list[int]] = defaultdict(list)
        rows = Membership.objects.filter(start_on__lte=on, user__is_active=True)
        for unit, role, user in rows.exclude(end_on__lt=on).values_list(
            "unit__key", "role", "user"
        ):
            self._at[unit, role].append(user)
        lent = Delegation.objects.filter(
            start_on__lte=on, end_on__gte=on, ended_at=None, taker__is_active=True
        )
        # Only while the giver's own role holds, and to decide, whatever that role is:
        # as cycle/check/delegating.py gives it.
        lent = lent.filter(giver__is_active=True, membership__start_on__lte=on)
        for unit, user in lent.exclude(membership__end_on__lt=on).values_list(
            "membership__unit__key", "taker"
        ):
            self._at[unit, Role.REVIEWER].append(user)

    def at(self, unit: str, *roles: Role) -> list[int]:
        """Return the accounts that hold one of the roles at the unit itself."""
        found = (user for role in roles for user in self._at.get((unit, role), ()))
        return list(dict.fromkeys(found))

    def clerks(self, unit: str, tree: Tree) -> list[int]:
        """Return who files for a unit that has no reporter: the nearest above."""
        for each in tree.ancestors(unit) if unit in tree else ():
            if found := self.at(each, Role.CLERK):
                return found
        return []


def _told(pack: Pack, due: Iterable[Reminder], on: dt.date) -> list[Told]:
    """Return what each person is told; who does it for many units is told once."""
    people, tree = People(on), register().on(on)
    found: dict[tuple[int, str], Told] = {}
    for each in due:
        for user, subject in _readers(pack, each, people, tree):
            told = found.setdefault((user, subject), Told(user, subject))
            told.reminders.append(each)
    return list(found.values())


def _readers(
    pack: Pack, each: Reminder, people: People, tree: Tree
) -> Iterator[tuple[int, str]]:
    owed, day = each.owed, each.day.isoformat()
    common = f"{each.rule.key}/{owed.scheme}/{owed.period}/{day}"
    if each.rule.to is Reminded.STANDING_OFFICE:
        users = people.at(pack.province, Role.STANDING_OFFICE)
        subject = each.subject
    elif each.rule.to is Reminded.RUNG:
        users = people.at(owed.rung, *DECIDERS)
        subject = f"{common}/{owed.rung}/{owed.form}"
    elif users := people.at(owed.unit, Role.REPORTER):
        subject = each.subject
    else:
        users = people.clerks(owed.unit, tree)
        subject = f"{common}/*/{owed.form}"
    for user in users:
        yield user, subject


def _fresh(told: list[Told]) -> list[Told]:
    """Return what was not told before; of several about the same the last is shown."""
    rules = {each.first.rule.key for each in told}
    since = min((each.first.day for each in told), default=None)
    if since is None:
        return []
    # A reminder is never told before its own day.
    known = set(
        Notice.objects.filter(reminder__in=rules, at__date__gte=since).values_list(
            "user", "subject"
        )
    )
    fresh = [each for each in told if (each.user, each.subject) not in known]
    latest: dict[object, Told] = {}
    for each in sorted(fresh, key=lambda one: one.first.day):
        rule, units = (
            each.first.rule,
            frozenset(one.owed.unit for one in each.reminders),
        )
        about = each.user, rule.to, each.first.owed.period, each.first.owed.form, units
        if about in latest:
            latest[about].is_outdated = True
        latest[about] = each
    return fresh


def _notice(pack: Pack, told: Told, on: dt.date, at: dt.datetime) -> Notice:
    return Notice(
        user_id=told.user,
        reminder=told.first.rule.key,
        subject=told.subject,
        words=sentences.to_json(_words(pack, told, on)),
        place=_place(told),
        in_app=Channel.APP in told.first.rule.channels and not told.is_outdated,
        at=at,
    )


def _words(pack: Pack, told: Told, on: dt.date) -> Sentence:
    each, owed = told.first, told.first.owed
    values = {**_common(pack, owed), "count": len(told.reminders)}
    if each.rule.to is Reminded.STANDING_OFFICE:
        scheme = Sentence(pack.schemes[owed.scheme].name)
        return Sentence(DIGEST, {**values, "scheme": scheme})
    if each.rule.to is Reminded.RUNG:
        return Sentence(DECIDE, values)
    if len(told.reminders) > 1:
        return Sentence(MANY, values)
    period = parse(owed.period, pack.regimes)
    unit = register().on(period.end)[owed.unit].name
    words = OVERDUE if on > owed.due else AHEAD
    words = CORRECT if owed.need is Need.CORRECTING else words
    return Sentence(words, {**values, "unit": unit})


def _common(pack: Pack, owed: Owed) -> dict[str, object]:
    period = parse(owed.period, pack.regimes)
    return {
        "form": Sentence(pack.forms[owed.form].label),
        "period": Sentence(period.label),
        "due": f"{owed.due:%d/%m/%Y}",
    }


def _place(told: Told) -> list[str]:
    """Return the name of the page where it is done, and what its address is made of."""
    each, owed = told.first, told.first.owed
    if each.rule.to is Reminded.RUNG:
        return ["check"]
    if each.rule.to is Reminded.SENDER and len(told.reminders) == 1:
        return ["return", owed.scheme, owed.period, owed.unit, owed.form]
    return ["collect-period", owed.scheme, owed.period]


def _letters(pack: Pack, fresh: Iterable[Told], address: str) -> Iterator[post.Letter]:
    """Yield one mail a person: names of forms and due days, no figure, no unit."""
    works: dict[int, list[Told]] = defaultdict(list)
    for each in fresh:
        if Channel.EMAIL in each.first.rule.channels:
            works[each.user].append(each)
    for user, recipient in _takers(works).items():
        lines = dict.fromkeys(_line(pack, each) for each in works[user])
        told = {"count": len(works[user]), "lines": "\n".join(lines)}
        yield post.Letter(
            recipient,
            MAIL_SUBJECT.format(**told),
            MAIL_BODY.format(**told, address=address),
            user,
        )


def _takers(users: Collection[int]) -> Mapping[int, str]:
    """Return the address of each person who has one and takes reminders by mail."""
    refused = MailChoice.objects.filter(takes_reminders=False)
    found = User.objects.filter(pk__in=users, is_active=True).exclude(email="")
    return dict(found.exclude(pk__in=refused.values("user")).values_list("pk", "email"))


def _line(pack: Pack, told: Told) -> str:
    words = {
        Reminded.SENDER: MAIL_SEND,
        Reminded.RUNG: MAIL_DECIDE,
        Reminded.STANDING_OFFICE: MAIL_DIGEST,
    }[told.first.rule.to]
    return str(Sentence(words, _common(pack, told.first.owed)))


def mark_read(*, user: User, notices: Collection[int], at: dt.datetime) -> int:
    """Mark notices of a person as read; return how many were new."""
    found = Notice.objects.filter(user=user, pk__in=notices, read_at=None)
    return found.update(read_at=at)


def mark_all_read(*, user: User, at: dt.datetime) -> int:
    """Mark every notice of a person as read; return how many were new."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=at)


def choose_mail(*, user: User, takes: bool, at: dt.datetime) -> None:
    """Keep whether a person takes reminders by mail; notices are shown all the same."""
    told = {"takes_reminders": takes, "changed_at": at}
    MailChoice.objects.update_or_create(user=user, defaults=told)
