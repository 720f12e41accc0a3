"""Which addresses does the site answer, and with what are their gaps filled in?

An address that names a unit, or something of a unit, is asked for with each target: a
commune, its sibling, the units above, one elsewhere, and one that does not exist. What
that makes of person and target (own, child, parent, …) follows from the person's unit.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from tests import factories
from tests.factories import MONTHLY, form_of

from tongket.records.models import (
    AnnualReport,
    ApiToken,
    Award,
    ProgrammeWork,
    Upload,
)

TARGETS = {
    "commune": factories.THO_XUONG,
    "sibling": factories.NGO_QUYEN,
    "district": factories.CITY,
    "province": factories.PROVINCE,
    "elsewhere": factories.DONG_TIEN,
    "nonexistent": "bg-nowhere",
}
NOT_OF_A_UNIT = "-"
SENDERS = {"commune": "own", "sibling": "other", "district": "clerk"}
ABSENT = 999_999


def _first(rows: Any) -> Any:
    found = rows.order_by("pk").first()
    return found.pk if found else ABSENT


def _upload(target: str) -> Any:
    found = Upload.objects.filter(user__username=SENDERS.get(target, "nobody")).first()
    return found.pk if found else uuid.UUID(int=0)


def _award(target: str) -> Any:
    return _first(Award.objects.filter(unit__key=TARGETS[target], form="chair"))


# What fills a gap of an address, by the gap's name; those of a unit take the target.
OF_A_UNIT: dict[str, Callable[[str], Any]] = {
    "unit": TARGETS.__getitem__,
    "pk": _upload,
    "upload": _upload,
    "award": _award,
}
PLAIN: dict[str, Callable[[], Any]] = {
    "scheme": lambda: MONTHLY,
    "period": lambda: factories.month(11).key,
    "form": lambda: form_of(MONTHLY).key,
    "measure": lambda: "outreach_people",
    "indicator": lambda: "social_order_cases",
    "year": lambda: 2023,
    "number": lambda: 1,
    "act": lambda: "doi",
    "kind": lambda: "word",
    "work": lambda: _first(ProgrammeWork.objects),
    "written": lambda: _first(AnnualReport.objects),
    "token": lambda: _first(ApiToken.objects.filter(user__username="own")),
    "key": lambda: form_of(MONTHLY).key,
}
# Gaps that mean another thing at one address.
OTHERWISE: dict[tuple[str, str], Callable[..., Any]] = {
    ("unit", "key"): TARGETS.__getitem__,
    ("unit-change", "key"): TARGETS.__getitem__,
    ("api-1:unit", "key"): TARGETS.__getitem__,
    ("commend-move", "form"): lambda: "chair",
    ("count-freeze", "period"): lambda: "nd09-2023",
    ("why", "period"): lambda: "nd09-2023-m09",
    ("why", "indicator"): lambda: "outreach_people",
}
OTHERWISE_OF_A_UNIT = {place for place in OTHERWISE if place[1] == "key"}
BY_CONVERTER = {"int": ABSENT, "uuid": uuid.UUID(int=0)}
ELSEWHERE = ("cms/", "documents/", "_util/")  # Wagtail's own: nothing there is a unit's


@dataclass(frozen=True)
class Route:
    """One address of the site, with its gaps."""

    name: str
    path: str
    gaps: tuple[tuple[str, str], ...]  # converter and name
    wants_target: bool

    @property
    def is_wagtail_s(self) -> bool:
        """Whether it is one of Wagtail's own pages."""
        return self.path.startswith(ELSEWHERE)

    @property
    def targets(self) -> tuple[str, ...]:
        """With which targets it is asked for."""
        return tuple(TARGETS) if self.wants_target else (NOT_OF_A_UNIT,)

    def address(self, target: str) -> str:
        """Return the address with its gaps filled in."""
        path = self.path
        for converter, gap in self.gaps:
            path = path.replace(
                f"<{converter}:{gap}>", str(self._filled(converter, gap, target)), 1
            )
        return "/" + path

    def _filled(self, converter: str, gap: str, target: str) -> Any:
        place = (self.name, gap)
        if place in OTHERWISE:
            of_unit = place in OTHERWISE_OF_A_UNIT
            return OTHERWISE[place](target) if of_unit else OTHERWISE[place]()
        if self.wants_target and gap in OF_A_UNIT:
            return OF_A_UNIT[gap](target)
        if gap in PLAIN and not self.is_wagtail_s:
            return PLAIN[gap]()
        return BY_CONVERTER.get(converter, "x")


GAP = re.compile(r"<(?:(\w+):)?(\w+)>")


def routes() -> list[Route]:
    """Return every address of the site, each name once for every path it has."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver: Any, prefix: str, space: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        path = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = ":".join(filter(None, (space, each.namespace)))
            yield from _walk(each, path, inner)
        elif isinstance(each, URLPattern):
            yield _route(":".join(filter(None, (space, each.name or path))), path)


def _route(name: str, path: str) -> Route:
    # Regular expressions of Wagtail: their groups are filled in by hand.
    path = re.sub(r"\(\(\?:\[[^)]*\)\*\)|\(\.\*\)", "x/", path)
    path = re.sub(r"\(\\d\+\)", str(ABSENT), path).replace("^", "").replace("$", "")
    path = re.sub(r"\(\?P<\w+>[^)]*\)+", "1", path).replace("\\Z", "")
    gaps = tuple((kind or "str", gap) for kind, gap in GAP.findall(path))
    is_ours = not path.startswith(ELSEWHERE)
    wants = is_ours and any(
        gap in OF_A_UNIT or (name, gap) in OTHERWISE_OF_A_UNIT for _, gap in gaps
    )
    return Route(name, path, gaps, wants and not name.startswith("mfa_"))
