"""Which return does an address mean, and what did its unit report before?"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TypedDict

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from tongket.cycle import collect
from tongket.domain.access import Permission
from tongket.domain.figures import Cell
from tongket.domain.forms import Form, Measure
from tongket.domain.periods import Period
from tongket.domain.reporting import ReportingScheme
from tongket.domain.units import UnitVersion
from tongket.office import clock, facts, reading
from tongket.office.entrance import Actor
from tongket.records import cells
from tongket.records.models import COUNTS, OpenPeriod, Return, ReturnVersion, Review
from tongket.records.register import register

Cells = Mapping[str, Cell]
ADDRESS = "van-phong/thu-thap/<slug:scheme>/<slug:period>/<slug:unit>/<slug:form>/"


class Key(TypedDict):
    """What the cycle knows a return by."""

    opened: OpenPeriod
    unit: str
    form: str


@dataclass(frozen=True)
class Place:
    """One return that a unit owes."""

    opened: OpenPeriod
    period: Period
    scheme: ReportingScheme
    unit: UnitVersion
    form: Form

    @cached_property
    def row(self) -> Return | None:
        """The return itself; None until something was sent."""
        key = {"period": self.opened, "unit__key": self.unit.unit}
        return Return.objects.filter(**key, form=self.form.key).first()

    @property
    def arguments(self) -> list[str]:
        """What the addresses of the return's pages are made of."""
        return [self.opened.scheme, self.opened.period, self.unit.unit, self.form.key]

    @property
    def key(self) -> Key:
        """What the functions of the cycle ask for, by name."""
        return {
            "opened": self.opened,
            "unit": self.unit.unit,
            "form": self.form.key,
        }

    @property
    def due(self) -> dt.date:
        """The last day on which the unit is on time, an extension included."""
        return collect.due_of(pack=facts.pack(), **self.key)

    @property
    def may_send(self) -> bool:
        """Whether the period takes the return on the office's day."""
        return collect.may_send(**self.key, on=clock.today())

    def url(self, page: str) -> str:
        """Return the address of one of the return's pages."""
        return reverse(page, args=self.arguments)

    def versions(self) -> list[ReturnVersion]:
        """Return everything that was sent, the latest first."""
        if self.row is None:
            return []
        return list(self.row.versions.order_by("-number"))


def place(
    actor: Actor, permission: Permission, scheme: str, period: str, unit: str, form: str
) -> Place:
    """Return the return an address means; 404 unless the person may and it is owed."""
    actor.must(permission, unit)
    pack = facts.pack()
    opened = get_object_or_404(OpenPeriod, scheme=scheme, period=period)
    rule, window = collect.scheme_of(pack, scheme), collect.window(pack, opened)
    if form not in collect.owed_forms(pack=pack, opened=opened, unit=unit):
        raise Http404
    reading.a_return(actor, unit, form, period)
    version = register().on(window.end)[unit]
    return Place(opened, window, rule, version, pack.forms[form])


def measure_of(place: Place, key: str) -> Measure:
    """Return a row of the form; 404 when it has none of this key."""
    found = place.form.measure(key)
    if found is None:
        raise Http404
    return found


def accepted(unit: str, scheme: str, periods: Iterable[str]) -> dict[str, Cells]:
    """Return what was accepted of a unit for each of some periods of a scheme.

    An amendment stands in the place of what was accepted before it.
    """
    found = (
        Review.objects.filter(
            COUNTS,
            version__of__unit__key=unit,
            version__of__period__scheme=scheme,
            version__of__period__period__in=list(periods),
        )
        # Sorted here: asked for it, SQLite reads every review of the province in order.
        .order_by()
        .values_list("id", "version__of__period__period", "version__cells")
    )
    return {
        period: cells.from_json(stored)
        for _, period, stored in sorted(found, key=itemgetter(0))
    }
