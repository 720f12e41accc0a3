"""The headline table in a terminal: figure, this year, the year before, change."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from rich.table import Table

from tongket.cycle import freeze, plan
from tongket.domain.indicators import Comparison
from tongket.domain.periods import Period
from tongket.domain.programme import WorkKind
from tongket.loader.pack import Example
from tongket.office import clock, facts, speech
from tongket.records.models import ProgrammeWork


def table(period: Period, *, everything: bool = False) -> Table:
    """Return the province's figures of a period; by default the published ones.

    The last column says whether the figure equals the published value, where there is
    one, and that it is illustrative where there is none.
    """
    pack = facts.pack()
    frozen = freeze.newest(period)
    compared = (
        freeze.comparisons(pack, frozen)
        if frozen and not everything
        else freeze.live(
            facts.store(),
            pack=pack,
            unit=pack.province,
            period=period,
            on=clock.today(),
        )
    )
    title = f"{speech.said(pack)} · {speech.said(period)} ({period.window})"
    shown = Table(title=title, title_justify="left")
    shown.add_column(_("Chỉ tiêu"), overflow="fold")
    base = pack.regimes[period.regime].same_period(period)
    for heading in (str(period.year), str(base.year)):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column(_("So với cùng kỳ"), overflow="fold")
    shown.add_column(_("Đối chiếu"), no_wrap=True)
    for key, each in compared.items():
        if everything or each.current.indicator.published:
            shown.add_row(*_row(each, pack.example(key, period.year)))
    return shown


def duties(period: Period) -> Iterator[str]:
    """Yield what a year leaves to do: plans under their posts, next year's work."""
    plans = list(plan.standing(period.year))
    if plans:
        words = _(
            "%(plans)s kế hoạch khắc phục phải gửi trước hết ngày %(due)s; %(posts)s "
            "kế hoạch có chức danh Ban Chỉ đạo phụ trách."
        )
        yield words % {
            "plans": len(plans),
            "due": f"{max(each.due_on for each in plans):%d/%m/%Y}",
            "posts": sum(bool(each.post) for each in plans),
        }
    works = list(ProgrammeWork.objects.filter(year=period.year + 1))
    tasks = sum(work.kind == WorkKind.TASK for work in works)
    if tasks:
        words = _("%(tasks)s nhiệm vụ Trưởng Ban giao cho năm %(year)s.")
        yield words % {"tasks": tasks, "year": period.year + 1}
    labels = facts.pack().programmes.get(period.year + 1)
    for work in labels.of_kind(WorkKind.COORDINATION) if works and labels else ():
        yield speech.said(work)


def _row(each: Comparison, example: Example | None) -> Iterator[str]:
    indicator = each.current.indicator
    yield speech.said(indicator)
    parts = speech.parts(each.current)
    value = speech.reading_value(each.current)
    yield f"{value} ({parts})" if parts else value
    yield speech.reading_value(each.base) if each.base.value is not None else "–"
    yield speech.change_alone(each) if each.difference is not None else "–"
    if example is None:
        yield _("minh họa")
    elif _agrees(each, example):
        yield _("khớp")
    else:
        yield _("LỆCH (%s)") % example.value


def _agrees(each: Comparison, example: Example) -> bool:
    if example.base is not None and each.base.value != example.base:
        return False
    return each.current.value == example.value
