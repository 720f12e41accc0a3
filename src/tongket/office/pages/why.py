"""Why is a figure what it is? Definition, parts, comparison, units below, returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.cycle import collect, count, freeze
from tongket.domain.access import Permission as P
from tongket.domain.forms import Measure
from tongket.domain.indicators import NOTHING, Comparison, Indicator, Sum, compare
from tongket.domain.periods import Frequency, NoSuchPeriod, Period, parse
from tongket.domain.units import Tree, UnitVersion
from tongket.office import clock, facts, figures
from tongket.office.entrance import staff
from tongket.office.figures import Told
from tongket.office.reading import a_list
from tongket.office.templatetags.office import (
    number,
    percent,
    said,
    said_with_window,
)
from tongket.records.models import OpenPeriod
from tongket.records.register import register

# Which stage counts a sum that no return holds, by the beginning of its key.
LISTS = {"scores": "score", "plans": "plan", "awards": "commend"}


@dataclass(frozen=True, slots=True)
class Part:
    """One sum of the numerator or denominator, with who is in it."""

    label: str
    sum: Sum
    list_url: str


@dataclass(frozen=True, slots=True)
class Child:
    """One unit below, its figure, and what it adds to the change of the whole."""

    unit: UnitVersion
    told: Told
    share: Decimal | None
    added: Decimal | None

    @property
    def added_words(self) -> str:
        """The part of the change in points, with its sign."""
        assert self.added is not None, "the page asks only where there is one"
        sign = "−" if self.added < 0 else "+" if self.added > 0 else ""
        size = number(abs(self.added), 2)
        return gettext("%(size)s điểm phần trăm") % {"size": f"{sign}{size}"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one return says about one measure."""

    period: Period
    measure: Measure
    answer: count.Answer
    url: str


@staff(P.VIEW)
@require_safe
def why(request: HttpRequest, indicator: str, unit: str, period: str) -> HttpResponse:
    """Show all that a figure came from, one step down the tree or its returns."""
    request.actor.must(P.VIEW, unit)
    pack = facts.pack()
    if indicator not in pack.indicators:
        raise Http404
    try:
        window = parse(period, pack.regimes)
    except NoSuchPeriod as unknown:
        raise Http404 from unknown
    tree = register().on(window.end)
    if unit not in tree:
        raise Http404
    a_list(request, "why", {unit})
    told = figures.one(indicator, unit, window)
    is_direct = not figures.is_counted_by_stages(told.indicator)
    below = list(children(told, tree)) if is_direct else []
    context = {
        "title": said(told.indicator),
        "kicker": f"{tree[unit].name} · {said_with_window(window)}",
        "crumbs": crumbs(request, told, tree),
        "told": told,
        "unit": tree[unit],
        "numerator": parts(told.indicator.numerator, told),
        "denominator": parts(told.indicator.denominator, told),
        "parts": ratio_parts(told),
        "regime": pack.regimes[window.regime],
        "children": sorted(below, key=lambda each: -(each.told.reading.value or 0)),
        "leaves": leaves(told, tree) if is_direct else [],
        "calculation": calculation(told.compared),
        "window_children": [w for w in narrower(window) if is_direct],
    }
    return render(request, "office/count/why.html", context)


def crumbs(request: HttpRequest, told: Told, tree: Tree) -> list[dict[str, str]]:
    """Return the way down to the unit, through those above that the person sees."""
    reading, scope = told.reading, request.actor.scope(P.VIEW)
    found = [{"label": gettext("Tổng hợp"), "url": reverse("count")}]
    for each in reversed(tree.ancestors(reading.unit)):
        if each == reading.unit:
            found.append({"label": tree[each].name})
        elif each in scope:
            arguments = [reading.indicator.key, each, reading.period.key]
            url = reverse("why", args=arguments)
            found.append({"label": tree[each].name, "url": url})
    return found


def parts(measures: tuple[str, ...], told: Told) -> list[Part]:
    """Return the sums that make up a numerator or denominator."""
    reading = told.reading
    sums = facts.store().sums(reading.period)
    pack = facts.pack()
    known = pack.measures
    beside = freeze.beside(pack=pack, year=reading.period.year, on=clock.today())
    return [
        Part(
            said(known[key]) if key in known else counted_by(key),
            sums.get((reading.unit, key), NOTHING)
            if key in known
            else beside.get(key, NOTHING),
            "" if key in known else list_of(key, reading.period.year),
        )
        for key in measures
    ]


def counted_by(key: str) -> str:
    """Return which list a stage counts a sum from, in words."""
    stage, _, what = key.partition(".")
    names = {
        "scores": gettext("Kết quả xếp loại"),
        "plans": gettext("Danh sách kế hoạch khắc phục"),
        "awards": gettext("Danh sách khen thưởng"),
        "programme": gettext("Chương trình công tác năm sau"),
    }
    bands = {
        band.key: said(band)
        for edition in facts.pack().editions.values()
        for band in edition.bands
    }
    detail = bands.get(what, "")
    return f"{names[stage]}: {detail}" if detail else names[stage]


def list_of(key: str, year: int) -> str:
    """Return the address of the list that a stage counts a sum from."""
    stage, _, what = key.partition(".")
    if stage == "programme":
        return f"{reverse('programme')}?nam={year}"
    address = f"{reverse(LISTS[stage])}?nam={year}"
    if stage == "scores" and what != "all":
        return f"{address}&xep-loai={what}"
    if stage == "awards":
        form, _, kind = what.partition(".")
        return f"{address}&hinh-thuc={form}" + (
            "" if kind == "all" else f"&loai={kind}"
        )
    if stage == "plans" and what == "overdue":
        return f"{address}&tinh-trang=qua-han"
    return address


def ratio_parts(told: Told) -> str:
    """Return "966 / 1.008 × 100" for a rate, "" for a count."""
    reading = told.reading
    if reading.numerator is None or not reading.denominator:
        return ""
    above, below = number(reading.numerator), number(reading.denominator)
    times = reading.indicator.per
    return f"{above} / {below}" + (f" × {number(times)}" if times != 1 else "")


def calculation(compared: Comparison) -> str:
    """Return how the change in percent is worked out, with its numbers."""
    if compared.percent is None or not compared.direction:
        return ""
    now, before = compared.current.value, compared.base.value
    assert now is not None, "a percentage has both ends"
    assert before is not None, "a percentage has both ends"
    share = percent(compared.percent).replace("-", "−")
    return f"({number(now)} − {number(before)}) / {number(before)} × 100 = {share}"


def children(told: Told, tree: Tree) -> Iterator[Child]:
    """Yield the same figure of each unit directly below, with its part of the change.

    The part is the unit's own difference in percent of the whole base, so that the
    parts of all units add up to the change of the whole.
    """
    store, whole = facts.store(), told.compared
    before = dict(count.below(store, tree=tree, reading=whole.base))
    for key, reading in count.below(store, tree=tree, reading=whole.current):
        if key not in before:
            base = count.readings(
                store, pack=facts.pack(), unit=key, period=whole.base.period
            )[reading.indicator.key]
        else:
            base = before[key]
        compared = compare(reading, base)
        yield Child(
            tree[key],
            Told(compared),
            percent_of(reading.value, whole.current.value, reading.indicator),
            percent_of(compared.difference, whole.base.value, reading.indicator),
        )


def percent_of(
    part: Decimal | None, whole: Decimal | None, indicator: Indicator
) -> Decimal | None:
    """Return a part in percent of the whole; None for rates and without a whole."""
    if indicator.is_ratio or part is None or not whole:
        return None
    return part * 100 / whole


def leaves(told: Told, tree: Tree) -> list[Leaf]:
    """Return the cells of the unit's own returns, where the unit owes any."""
    pack, reading = facts.pack(), told.reading
    kind = tree[reading.unit].kind
    if not any(
        kind in pack.forms[form].unit_kinds and not pack.forms[form].summarises
        for scheme in pack.schemes.values()
        for form in scheme.forms
    ):
        return []
    opened = {
        (each.period, form): each
        for each in OpenPeriod.objects.filter(
            start_on__gte=reading.period.start, end_on__lte=reading.period.end
        )
        for form in collect.scheme_of(pack, each.scheme).forms
        if kind in collect.scheme_of(pack, each.scheme).unit_kinds
        and not pack.forms[form].summarises
    }
    found = []
    for answer in count.answers(pack=pack, reading=reading):
        form = next(
            (
                form
                for period, form in opened
                if period == answer.period and pack.forms[form].measure(answer.measure)
            ),
            None,
        )
        if form is None:
            continue
        place = opened[answer.period, form]
        arguments = [place.scheme, answer.period, reading.unit, form]
        url = reverse("return", args=arguments)
        period = parse(answer.period, pack.regimes)
        found.append(Leaf(period, pack.measures[answer.measure], answer, url))
    return found


def narrower(period: Period) -> list[Period]:
    """Return the next shorter windows inside one: a year's quarters, their months."""
    shorter = {
        Frequency.YEAR: Frequency.QUARTER,
        Frequency.HALF: Frequency.QUARTER,
        Frequency.NINE_MONTHS: Frequency.QUARTER,
        Frequency.QUARTER: Frequency.MONTH,
    }
    regime = facts.pack().regimes[period.regime]
    length = shorter.get(period.frequency)
    if length is None or length not in regime.frequencies:
        return []
    return list(regime.parts(period, length))


urlpatterns = [
    path(
        "van-phong/vi-sao/<slug:indicator>/<slug:unit>/<slug:period>/", why, name="why"
    ),
]
