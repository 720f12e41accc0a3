"""Who is asking, and may they? Every staff page goes through here; default is no.

What a person may not see answers exactly as what does not exist (404), so that nobody
learns of a unit by trying its address.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import OperationalError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from tongket.cycle.check import delegating
from tongket.cycle.consult import Reading
from tongket.domain import access
from tongket.domain.access import MAY, Grant, Permission, Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree
from tongket.office import clock, speech
from tongket.records import scope
from tongket.records.models import Membership
from tongket.records.register import Kept, register

View = Callable[..., HttpResponse]
LARGEST_REQUEST = 64 * 2**20  # bytes; an upload of workbooks may have 50 MB


@dataclass(frozen=True)
class Actor:
    """A signed-in person with the grants they hold on the office's day."""

    user: User
    day: dt.date

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """The person's roles, as recorded."""
        found = Membership.objects.filter(user=self.user).select_related("unit")
        return tuple(found)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """The person's roles, and what they do for somebody away, as the rules know."""
        own = [
            Grant(Role(row.role), row.unit.key, row.start_on, row.end_on)
            for row in self.memberships
        ]
        return (*own, *delegating.taken_by(self.user))

    @cached_property
    def own(self) -> frozenset[str]:
        """The units at which the person holds a role, not for somebody away."""
        held = (each for each in self.grants if each.holds_on(self.day))
        return frozenset(each.unit for each in held if not each.giver)

    def at(self, permission: Permission) -> frozenset[str]:
        """Return the units at which the person holds a role that may do this."""
        held = (each for each in self.grants if each.holds_on(self.day))
        return frozenset(each.unit for each in held if permission in MAY[each.role])

    @cached_property
    def readings(self) -> list[Reading]:
        """What a request is about to show of units that are not the person's own."""
        return []

    @cached_property
    def tree(self) -> Tree:
        """The units as they are on the office's day."""
        return self._register.on(self.day)

    @cached_property
    def _register(self) -> Kept:
        return register()

    @property
    def reach(self) -> scope.Scope:
        """Whose rows the person's requests see and change; the pages ask further."""
        return self._register.scope_of(self.grants, self.day, self.user.pk)

    def may(self, permission: Permission, unit: str) -> bool:
        """Whether the person may do this to the unit."""
        return access.may(self.grants, permission, unit, self.tree)

    def must(self, permission: Permission, unit: str) -> None:
        """Answer as for a page that does not exist unless the person may."""
        if not self.may(permission, unit):
            raise Http404

    def scope(self, permission: Permission) -> frozenset[str]:
        """Return every unit on which the person holds the permission."""
        # The menu of one page asks twenty times; a province has 12,000 units below it.
        if permission not in self._scopes:
            found = access.units_for(self.grants, permission, self.tree)
            self._scopes[permission] = found
        return self._scopes[permission]

    @cached_property
    def _scopes(self) -> dict[Permission, frozenset[str]]:
        return {}

    def holds(self, permission: Permission) -> bool:
        """Whether the person holds the permission on any unit at all."""
        return bool(self.scope(permission))


def admit(request: HttpRequest, actor: Actor) -> None:
    """Let the rest of a request act for a person, within the units they reach."""
    request.actor = actor
    scope.become(actor.reach)


def staff(*permissions: Permission) -> Callable[[View], View]:
    """Let a page be seen by signed-in people who hold one of the permissions.

    `request.actor` is the person; the page itself must still ask `actor.must` for the
    unit that it shows or changes.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = Actor(request.user, clock.today())
            if permissions and not any(actor.holds(each) for each in permissions):
                raise Http404
            admit(request, actor)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def sentences(refusal: Refusal | Refusals) -> list[str]:
    """Return what went wrong in the language of the page, one sentence each."""
    each = refusal.refusals if isinstance(refusal, Refusals) else (refusal,)
    return [speech.translated(one.sentence) for one in each]


class ScopeMiddleware:
    """Every request begins with nobody's rows, and leaves no scope behind.

    A stream is made after the request is over; it keeps the scope of who asked for it.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with scope.acting(scope.NOBODY):
            response = self.get_response(request)
            if response.streaming and not isinstance(response, FileResponse):
                parts = iter(response.streaming_content)
                response.streaming_content = scope.carried(parts)
            return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Let the system's administrator keep accounts in Wagtail's own pages."""
        if request.path.startswith("/cms/") and request.user.is_superuser:
            scope.become(scope.Whole("Wagtail's pages of the administrator"))


class RefusalMiddleware:
    """Show a refusal that no page caught as sentences, never as a broken page.

    A request larger than any page sends is refused before its files are written
    anywhere; the API counts its own bodies.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > LARGEST_REQUEST and not request.path.startswith("/api/"):
            words = gettext("Các tệp lớn hơn %(most)s MB; chia thành nhiều lần gửi.")
            told = [words % {"most": LARGEST_REQUEST >> 20}]
            return render(
                request, "office/refused.html", {"sentences": told}, status=413
            )
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer 422 with the sentences, 503 when the database was held too long."""
        if isinstance(exception, Refusal | Refusals):
            told, status = sentences(exception), 422
        elif isinstance(exception, OperationalError):
            words = gettext(
                "Hệ thống đang bận ghi dữ liệu khác; chờ vài giây rồi gửi lại."
            )
            told, status = [words], 503
        else:
            return None
        page = {"sentences": told}
        return render(request, "office/refused.html", page, status=status)
