"""What does the worker do each minute? Reminders at their hour, and the outbox."""

import datetime as dt
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from tongket.cycle import post, remind, shift
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, entrance, facts
from tongket.records import scope

LOG = logging.getLogger(__name__)
NAME = "worker"
BY = "tongket"
TURN = dt.timedelta(minutes=1)
LEASE = 2 * TURN


class Worker:
    """One process behind the pages; of several, the one that holds the lease works."""

    def __init__(self, *, goes_on: Callable[[], bool] = lambda: True) -> None:
        self.holder = (
            f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"
        )
        self.goes_on = goes_on
        self._reminded: set[tuple[dt.date, int]] = set()

    def turn(self) -> Iterator[str]:
        """Do what is due now, and tell of what was done; what fails is tried again."""
        # Reminders that fail keep no mail back.
        for work in (self._remind, self._send):
            try:
                with scope.whole("reminders and mail are for everybody"):
                    if self._has_lease():
                        yield from work()
            except Exception:  # whatever it was, the next turn tries again
                LOG.exception("a turn of the worker failed")

    def _has_lease(self) -> bool:
        # The machine's own clock: that of the demonstration jumps back at midnight.
        at = timezone.now()
        return shift.take(name=NAME, holder=self.holder, at=at, until=at + LEASE)

    def end(self) -> None:
        """Let another process begin at once."""
        shift.give_back(name=NAME, holder=self.holder)

    def _remind(self) -> Iterator[str]:
        """Remind once for each hour of a day; before the first hour, of nothing."""
        now = clock.now()
        if (now.date(), now.hour) in self._reminded:
            return
        try:
            told = remind.remind(
                pack=facts.pack(),
                on=now.date(),
                hour=now.hour,
                address=f"{settings.SITE_URL}{reverse('notices')}",
                by=BY,
                at=now,
            )
        except (Refusal, Refusals) as refused:
            yield from entrance.sentences(refused)
        else:
            if told:
                words = ngettext("Đã nhắc %(n)s việc.", "Đã nhắc %(n)s việc.", told)
                yield words % {"n": told}
        self._reminded = {(now.date(), now.hour)}

    def _send(self) -> Iterator[str]:
        if not settings.EMAIL_URL:
            post.doubt_abandoned(at=timezone.now())
            return
        assert not transaction.get_connection().in_atomic_block, "mail leaves for good"
        sent = post.send_due(
            connect=get_connection,
            sender=settings.DEFAULT_FROM_EMAIL,
            worker=self.holder,
            now=timezone.now,
            goes_on=self._goes_on,
        )
        if sent:
            yield gettext("Đã gửi %(n)s thư.") % {"n": sent}

    def _goes_on(self) -> bool:
        """Whether to take one more mail: not when stopped, or the lease was lost."""
        return self.goes_on() and self._has_lease()
