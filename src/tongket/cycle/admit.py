"""Admit ("cho vào"): may this guess be made now, and who came in, or tried to?

Wrong guesses make the next one wait, longer and longer, for who comes from the same
network for the same account, and for a network as a whole. Nobody's guesses make anyone
wait on a device from which the owner signed in before: so nobody is locked out by
others (OWASP's device cookies, without the lock of the account that goes with them).
Counts lie in the database, which all processes of the server share.
"""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from tongket.domain.sentences import Refusal
from tongket.records import audit
from tongket.records.models import GuessCount

KEPT_FOR = dt.timedelta(days=2)
FIRST_WAIT = dt.timedelta(seconds=4)
NOBODYS = "?"  # the account of guesses at names that nobody has


class TooSoon(Refusal):
    """The next guess from here must wait."""

    words = (
        "Đã thử sai nhiều lần từ nơi này; chờ {seconds} giây rồi thử lại. Máy mà chủ "
        "tài khoản từng đăng nhập không phải chờ."
    )


@dataclass(frozen=True, slots=True)
class Pace:
    """How often may be guessed: `free` times, then each waits twice as long as before.

    A wrong guess is forgotten after `forgotten`; no wait is longer than `longest`.
    """

    free: int
    longest: dt.timedelta
    forgotten: dt.timedelta

    def left(self, failures: float, since: dt.timedelta) -> float:
        """Return how many failures still count after some time without one."""
        return max(0.0, failures - since / self.forgotten)

    def wait(self, failures: float) -> dt.timedelta:
        """Return how long the guess after so many failures waits."""
        beyond = round(failures) - self.free  # a little was forgotten meanwhile
        if beyond < 0:
            return dt.timedelta(0)
        return min(self.longest, FIRST_WAIT * 2 ** min(beyond, 20))


PERSON = Pace(5, dt.timedelta(minutes=15), dt.timedelta(hours=1))
# Behind one address may sit a whole office that mistypes now and then.
NETWORK = Pace(30, dt.timedelta(minutes=1), dt.timedelta(seconds=30))


@dataclass(frozen=True, slots=True)
class Guess:
    """One guess at an account; `device` names one that its owner used before, or ""."""

    account: str
    network: str
    device: str = ""

    def counts(self) -> list[tuple[str, Pace]]:
        """Return where a guess at the password counts."""
        if self.device:
            return [(keyed("device", self.account, self.device), PERSON)]
        return [
            (keyed("pair", self.account, self.network), PERSON),
            (keyed("network", self.network), NETWORK),
        ]

    def code_counts(self) -> list[tuple[str, Pace]]:
        """Return where a guess at the second factor counts.

        Who is asked for it knows the password already; six digits would not withstand
        many networks, so that all unknown devices share one count.
        """
        return [(keyed("code", self.account, self.device), PERSON)]


def keyed(*parts: str) -> str:
    """Return the key of a count, from which its parts cannot be read."""
    text = "\0".join(parts).encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()


def charge(counts: list[tuple[str, Pace]], *, at: dt.datetime) -> None:
    """Count a guess as wrong before it is looked at; refuse one that must wait.

    Charged first, so that guesses at the same instant in many processes cannot all
    slip through; `refund` takes it back when it was right.
    """
    with transaction.atomic():
        found = [(_locked(key, at), pace) for key, pace in counts]
        waits = [row.until - at for row, _ in found if row.until > at]
        if waits:
            raise TooSoon(seconds=int(max(waits).total_seconds()) + 1)
        for row, pace in found:
            row.failures = pace.left(row.failures, at - row.at) + 1
            row.at, row.until = at, at + pace.wait(row.failures)
            row.save()


def refund(counts: list[tuple[str, Pace]], *, at: dt.datetime) -> None:
    """Take back what a right guess was charged: one from a network, all from a person.

    Somebody who guesses and signs in to an own account in turns gains nothing.
    """
    with transaction.atomic():
        for key, pace in counts:
            row = _locked(key, at)
            row.failures = max(0.0, row.failures - 1) if pace is NETWORK else 0.0
            row.until = at
            row.save()


def _locked(key: str, at: dt.datetime) -> GuessCount:
    """Return the row of a count, held until the transaction ends."""
    new = {"failures": 0, "at": at, "until": at}
    GuessCount.objects.get_or_create(key=key, defaults=new)
    return GuessCount.objects.select_for_update().get(key=key)


def first_use(user: User, code: str, *, at: dt.datetime) -> bool:
    """Whether a code of an application is used for the first time; remembers it."""
    key = keyed("used", str(user.pk), code)
    try:
        with transaction.atomic():
            GuessCount.objects.create(key=key, failures=1, at=at, until=at)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def failed(*, username: str, at: dt.datetime, recorded_at: dt.datetime) -> None:
    """Count a wrong guess at an account; the 1st, 10th, 100th… of an hour is audited.

    `username` is an account's, or NOBODYS: names that nobody has are not written down.
    """
    row = _locked(keyed("hour", username, f"{at:%Y-%m-%d %H}"), at)
    row.failures += 1
    row.at = at
    row.save(update_fields=["failures", "at"])
    count = int(row.failures)
    if str(count).strip("0") == "1":
        act = audit.Act("sign_in_failed", f"account:{username}", {"count": count})
        audit.record([act], by=username, at=recorded_at)


@transaction.atomic
def succeeded(
    *, user: User, how: list[str], at: dt.datetime, recorded_at: dt.datetime
) -> None:
    """Record that somebody signed in and by what; forget counts of days ago."""
    GuessCount.objects.filter(at__lt=at - KEPT_FOR).delete()
    name = user.get_username()
    act = audit.Act("sign_in", f"account:{name}", {"how": how})
    audit.record([act], by=name, at=recorded_at)


@transaction.atomic
def factor_changed(*, user: User, kind: str, act: str, at: dt.datetime) -> None:
    """Record that a second factor was added, removed or made anew by its owner."""
    name = user.get_username()
    audit.record([audit.Act(act, f"account:{name}", {"kind": kind})], by=name, at=at)
