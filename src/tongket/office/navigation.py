"""Where can this person go, and what must every staff page say about its figures?"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, gettext_lazy

from tongket.cycle import rungs
from tongket.domain.access import Permission as P
from tongket.office import facts, seats
from tongket.office.entrance import Actor
from tongket.records.models import Notice, Return

ANY = (P.VIEW, P.PUBLISH)
ENTRIES = (
    ("year", gettext_lazy("Năm"), ANY),
    ("overview", gettext_lazy("Tổng quan"), (P.OVERVIEW,)),
    ("collect", gettext_lazy("Thu thập"), (P.SEND_RETURN, P.REVIEW_RETURN, P.VIEW)),
    ("check", gettext_lazy("Kiểm tra"), (P.REVIEW_RETURN,)),
    ("count", gettext_lazy("Tổng hợp"), (P.VIEW,)),
    ("score", gettext_lazy("Chấm điểm"), (P.VIEW,)),
    ("plan", gettext_lazy("Kế hoạch"), (P.VIEW,)),
    ("commend", gettext_lazy("Khen thưởng"), (P.RUN_YEAR, P.SIGN, P.OVERVIEW)),
    ("report", gettext_lazy("Báo cáo"), (P.RUN_YEAR, P.SIGN, P.OVERVIEW, P.PUBLISH)),
    ("publish", gettext_lazy("Công bố"), (P.PUBLISH, P.RUN_YEAR, P.SIGN)),
    ("units", gettext_lazy("Đơn vị"), (P.VIEW,)),
    ("people", gettext_lazy("Người dùng"), (P.RUN_YEAR,)),
    ("audit", gettext_lazy("Nhật ký"), (P.RUN_YEAR, P.SIGN)),
)

# Pages of the whole province: a permission on units below it does not open them.
OF_PROVINCE = frozenset({"audit"})

# Pages that lie under another address than the entry they belong to.
ALSO = {
    "/van-phong/nop-tep/": "collect",
    "/van-phong/bang-theo-doi/": "collect",
    "/van-phong/vi-sao/": "count",
    "/van-phong/chuong-trinh/": "plan",
    "/van-phong/kiem-tra-du-thao/": "report",
    "/van-phong/khoa-api/": "",  # of the account, not of the year
    "/van-phong/tai-khoan/": "",
    "/van-phong/thong-bao/": "",
    "/van-phong/hop-thu-di/": "people",
}


def waiting(actor: Actor) -> int:
    """Return how many returns wait for this person's eye."""
    held = seats.units(seats.of(actor))
    return rungs.count_at(facts.pack(), held, actor.day) if held else 0


def given_back(actor: Actor) -> int:
    """Return how many returns of this person's own units were sent back."""
    scope = actor.scope(P.SEND_RETURN)
    if not scope:
        return 0
    found = Return.objects.filter(state=Return.State.SENT_BACK, unit__key__in=scope)
    return found.count()


def unread(actor: Actor) -> int:
    """Return how many notices this person has not read."""
    found = Notice.objects.filter(user=actor.user, in_app=True, read_at=None)
    return found.count()


def entries(request: HttpRequest, actor: Actor) -> list[dict[str, Any]]:
    """Return the pages this person may open, with how much waits at each."""
    counts = {"check": waiting(actor), "collect": given_back(actor)}
    addresses = {name: reverse(name) for name, _, _ in ENTRIES}
    under = [
        name for name, address in addresses.items() if request.path.startswith(address)
    ]
    here = max(under, key=lambda name: len(addresses[name]), default="")
    for address, name in ALSO.items():
        if address in request.path:
            here = name
    return [
        {
            "label": label,
            "url": addresses[name],
            "is_current": name == here,
            "count": counts.get(name, 0),
        }
        for name, label, permissions in ENTRIES
        if any(may_open(actor, name, permission) for permission in permissions)
    ]


def may_open(actor: Actor, name: str, permission: P) -> bool:
    """Whether a permission opens an entry to this person."""
    if name in OF_PROVINCE:
        return actor.may(permission, facts.pack().province)
    return actor.holds(permission)


def demonstration_warning() -> str:
    """Return what the banner says, with the day of the demonstration's calendar."""
    return gettext(
        "Số liệu dưới cấp tỉnh là số liệu tạo lập để trình bày, không phải số liệu "
        "thật của đơn vị nào. Ngày minh họa: %(day)s."
    ) % {"day": f"{settings.TODAY:%d/%m/%Y}"}


def staff_context(request: HttpRequest) -> dict[str, Any]:
    """Return what base_office.html reads; nothing on pages outside the office."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return {}
    context: dict[str, Any] = {
        "nav": SimpleLazyObject(lambda: entries(request, actor)),
        "unread": SimpleLazyObject(lambda: unread(actor)),
        "nav_label": gettext("Các phần của văn phòng"),
        "is_illustrative": settings.TODAY is not None,
    }
    if settings.TODAY is not None:
        context["warning"] = demonstration_warning()
    return context
