"""Where does each of the year's eight stages stand, and who owes what is missing?"""

import datetime as dt
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from tongket.cycle import score
from tongket.domain.commendations import STANDING, AwardState
from tongket.domain.remediation import WAITING, PlanState
from tongket.office import duties, facts, speech
from tongket.office.duties import Duty, Tally
from tongket.records.models import AnnualReport, Award, RemediationPlan


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the line: done, now, late or todo, and what is missing."""

    key: str
    name: str
    state: str
    note: str
    url: str
    is_current: bool = False


def address(key: str, year: int) -> str:
    """Return the address of a stage's front page for the year."""
    return f"{reverse(key)}?nam={year}"


def line(
    year: int, owed: Collection[Duty], scope: Collection[str], *, on: dt.date
) -> list[Stage]:
    """Return the eight stages of a year as far as the units of a scope go."""
    tally = duties.tally(owed)
    found = [
        collecting(tally),
        checking(tally),
        counting(tally),
        scoring(year, scope),
        planning(year, scope, on=on),
        commending(year),
        *reporting(year),
    ]
    names = {
        "collect": gettext("Thu thập"),
        "check": gettext("Kiểm tra"),
        "count": gettext("Tổng hợp"),
        "score": gettext("Chấm điểm"),
        "plan": gettext("Khắc phục"),
        "commend": gettext("Khen thưởng"),
        "report": gettext("Báo cáo"),
        "publish": gettext("Công bố"),
    }
    return [
        Stage(key, name, state, note, address(key, year))
        for (key, name), (state, note) in zip(names.items(), found, strict=True)
    ]


def collecting(tally: Tally) -> tuple[str, str]:
    """Return state and note of the first stage: what was not sent."""
    if not tally.owed:
        return "todo", gettext("Chưa mở kỳ nào")
    if tally.overdue:
        words = ngettext(
            "%(count)s báo cáo quá hạn", "%(count)s báo cáo quá hạn", tally.overdue
        )
        return "late", words % {"count": tally.overdue}
    if tally.unsent:
        words = ngettext(
            "%(count)s báo cáo chưa gửi", "%(count)s báo cáo chưa gửi", tally.unsent
        )
        return "now", words % {"count": tally.unsent}
    words = gettext("Đã gửi đủ %(count)s báo cáo")
    return "done", words % {"count": speech.number(tally.owed)}


def checking(tally: Tally) -> tuple[str, str]:
    """Return state and note of the second stage: what waits or was sent back."""
    if not tally.sent:
        return "todo", gettext("Chưa có báo cáo")
    left = []
    if tally.waiting:
        words = gettext("%(count)s chờ duyệt")
        left.append(words % {"count": tally.waiting})
    if tally.sent_back:
        words = gettext("%(count)s bị trả lại")
        left.append(words % {"count": tally.sent_back})
    if left:
        return "now", ", ".join(left)
    return "done", gettext("Đã duyệt hết báo cáo đã gửi")


def counting(tally: Tally) -> tuple[str, str]:
    """Return state and note of the third stage: how much of the total is in."""
    if not tally.accepted:
        return "todo", gettext("Chưa có số liệu")
    note = gettext("Từ %(accepted)s/%(owed)s báo cáo") % {
        "accepted": speech.number(tally.accepted),
        "owed": speech.number(tally.owed),
    }
    return ("done" if tally.accepted == tally.owed else "now"), note


def scoring(year: int, scope: Collection[str]) -> tuple[str, str]:
    """Return state and note of the fourth stage: how many units have a band."""
    graded = score.current(year).filter(unit__key__in=scope).count()
    if not graded:
        return "todo", gettext("Chưa chấm điểm")
    editions = [e for e in facts.pack().editions.values() if year in e.years]
    runs = score.current(year).values("run").distinct().count()
    words = ngettext(
        "%(count)s đơn vị đã xếp loại", "%(count)s đơn vị đã xếp loại", graded
    )
    return ("done" if runs >= len(editions) else "now"), words % {"count": graded}


def planning(year: int, scope: Collection[str], *, on: dt.date) -> tuple[str, str]:
    """Return state and note of the fifth stage: plans owed, and those overdue."""
    plans = list(
        RemediationPlan.objects.filter(year=year, unit__key__in=scope)
        .exclude(state=PlanState.WITHDRAWN)
        .values_list("state", "due_on")
    )
    if not plans:
        return "todo", gettext("Chưa giao kế hoạch")
    owing = [due for state, due in plans if state in WAITING]
    late = sum(due < on for due in owing)
    if late:
        words = ngettext(
            "%(count)s kế hoạch quá hạn", "%(count)s kế hoạch quá hạn", late
        )
        return "late", words % {"count": late}
    if owing:
        words = gettext("Còn %(count)s/%(all)s kế hoạch, hạn %(day)s")
        counts = {"count": len(owing), "all": len(plans)}
        return "now", words % {**counts, "day": f"{min(owing):%d/%m/%Y}"}
    return "done", gettext("Đã gửi đủ %(count)s kế hoạch") % {"count": len(plans)}


def commending(year: int) -> tuple[str, str]:
    """Return state and note of the sixth stage: decided and still proposed."""
    states = Counter(Award.objects.filter(year=year).values_list("state", flat=True))
    if not states:
        return "todo", gettext("Chưa có đề nghị")
    decided = sum(states[state] for state in STANDING)
    open_still = states[AwardState.PROPOSED] + states[AwardState.APPRAISED]
    if open_still:
        words = gettext("%(count)s đề nghị chờ quyết định")
        return "now", words % {"count": open_still}
    return "done", gettext("%(count)s đã quyết định") % {"count": decided}


def reporting(year: int) -> list[tuple[str, str]]:
    """Return state and note of the last two stages: written, signed, published."""
    period = facts.pack().regimes[facts.pack().regime].year(year).key
    last = AnnualReport.objects.filter(frozen__period=period).order_by("id").last()
    if last is None:
        return [
            ("todo", gettext("Chưa viết báo cáo")),
            ("todo", gettext("Chưa công bố")),
        ]
    state = AnnualReport.State
    if last.state == state.DRAFT:
        return [("now", gettext("Dự thảo chờ ký")), ("todo", gettext("Chưa công bố"))]
    if last.state == state.SIGNED:
        return [("done", gettext("Đã ký")), ("now", gettext("Chờ công bố"))]
    return [("done", gettext("Đã ký")), ("done", gettext("Đã công bố"))]
