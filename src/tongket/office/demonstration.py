"""The demonstration year, run through the cycle: eight stages, each safe to repeat.

Every act is dated to the day on which it would have been done: returns when they were
sent, the conference on 12/01/2024. What is there already is left as it is.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from tongket.cycle import (
    check,
    collect,
    commend,
    enrol,
    freeze,
    plan,
    publish,
    reorganise,
    report,
    rungs,
    score,
)
from tongket.cycle.collect import Sending
from tongket.documents import pictures
from tongket.domain.commendations import AwardState
from tongket.domain.periods import Period
from tongket.domain.releases import Photo
from tongket.domain.remediation import PlanState
from tongket.loader import demonstration
from tongket.loader.demonstration import Demo, SyntheticReturn
from tongket.office import demonstration_month, facts
from tongket.records.models import (
    AnnualReport,
    Award,
    OpenPeriod,
    RemediationPlan,
    Return,
)

BY = "minh-hoa"
REVIEWER = "minh-hoa-duyet"  # who sent a return never decides on it
YEAR = 2023
CONFERENCE = dt.date(2024, 1, 12)
NEXT_MONTH_FROM = dt.date(2024, 1, 22)  # January's returns and summaries were sent
STAGES = (
    "collect",
    "check",
    "count",
    "score",
    "plan",
    "commend",
    "report",
    "publish",
)
Tick = Callable[[int, int], None]


def noon(day: dt.date) -> dt.datetime:
    """Return the middle of a day in the demonstration's time zone."""
    return dt.datetime.combine(day, dt.time(12), demonstration.HANOI)


def folder() -> Path:
    """Return where the demonstration of the province's pack lies."""
    return Path(settings.PACKS_DIR) / settings.PROVINCE_PACK / "demo"


def period() -> Period:
    """Return the year that is reviewed."""
    pack = facts.pack()
    return pack.regimes[pack.regime].year(YEAR)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the year: its stage, what it does in words, and the doing.

    `run` is given a tick(done, of) and returns a sentence about the outcome.
    """

    stage: str
    label: str
    run: Callable[[Tick], str]


def steps(*, until: str = "publish", hold_back: str | None = None) -> list[Step]:
    """Return the steps up to a stage; `hold_back` names a unit whose last monthly
    return is left for a person to send.
    """
    year = Year(demonstration.load_demo(folder()), hold_back)
    every = [
        Step("collect", _("Nạp đơn vị và tài khoản"), year.enrol),
        Step("check", _("Thu thập, kiểm tra báo cáo các kỳ"), year.collect_and_check),
        Step("count", _("Tổng hợp số liệu"), year.count),
        Step("score", _("Chấm điểm, xếp loại"), year.score),
        Step("plan", _("Giao kế hoạch khắc phục, chương trình năm sau"), year.plan),
        Step("commend", _("Khen thưởng"), year.commend),
        Step("report", _("Chốt số liệu, lập và ký báo cáo tổng kết"), year.report),
        Step("publish", _("Công bố lên cổng thông tin"), year.publish),
        Step("publish", _("Các đơn vị gửi kế hoạch khắc phục"), year.file_plans),
        Step("publish", _("Mở kỳ tháng 01 năm sau, đang thu thập"), year.next_month),
    ]
    allowed = STAGES[: STAGES.index(until) + 1]
    return [step for step in every if step.stage in allowed]


class Year:
    """The demonstration year, one method a stage."""

    def __init__(self, demo: Demo, hold_back: str | None) -> None:
        self.pack = facts.pack()
        self.demo = demo
        self.hold_back = hold_back

    def enrol(self, tick: Tick) -> str:
        """Load units; give each role an account."""
        start = dt.date(2022, 1, 4)
        reorganise.load_units(pack=self.pack, by=BY, at=noon(start))
        newcomers = [
            enrol.Newcomer(each.username, each.label, each.role, each.unit, start)
            for each in demonstration.accounts(self.pack, self.demo)
        ]
        enrol.enrol(
            newcomers=newcomers,
            password=make_password(password()),
            by=BY,
            at=noon(start),
        )
        units = len(self.pack.register)
        return _("%(units)s đơn vị, %(accounts)s tài khoản") % {
            "units": units,
            "accounts": len(newcomers),
        }

    def collect_and_check(self, tick: Tick) -> str:
        """Open each period, receive what was sent, send back, accept."""
        groups = [
            (scheme, window, list(sendings))
            for scheme, window, sendings in self._by_period()
        ]
        for place, (scheme, window, sendings) in enumerate(groups):
            self._one_period(scheme, window, sendings)
            tick(place + 1, len(groups))
        states = Return.objects.values_list("state", flat=True)
        accepted = sum(state == Return.State.ACCEPTED for state in states)
        return _("%(accepted)s báo cáo đã nhận") % {"accepted": accepted}

    def count(self, tick: Tick) -> str:
        """Count everything accepted."""
        counted = facts.store()
        sums = counted.sums(period())
        return _("%(sums)s tổng số của %(units)s đơn vị") % {
            "sums": len(sums),
            "units": len({unit for unit, _measure in sums}),
        }

    def score(self, tick: Tick) -> str:
        """Score communes and enterprises."""
        day = self.pack.calendar.first_working(dt.date(YEAR, 12, 25))
        score.run(
            pack=self.pack,
            counted=facts.store(),
            year=YEAR,
            period=period(),
            by=BY,
            at=noon(day),
        )
        sums = score.sums(pack=self.pack, year=YEAR)
        weak = sums["scores.TRUNG_BINH"].total + sums["scores.YEU"].total
        return _("%(units)s đơn vị, trong đó %(weak)s trung bình và yếu") % {
            "units": sums["scores.all"].total,
            "weak": weak,
        }

    def plan(self, tick: Tick) -> str:
        """Assign the plans owed; set next year's programme."""
        day = noon(dt.date(YEAR + 1, 1, 5))
        plans = plan.assign(pack=self.pack, year=YEAR, by=BY, at=day)
        works = plan.set_programme(
            pack=self.pack, year=YEAR + 1, by=BY, at=noon(CONFERENCE)
        )
        return _("%(plans)s kế hoạch phải gửi, %(works)s đầu việc năm sau") % {
            "plans": len(plans),
            "works": len(works),
        }

    def commend(self, tick: Tick) -> str:
        """Propose, appraise, decide and confer the awards."""
        bands = dict(score.current(YEAR).values_list("unit__key", "band"))
        proposals = demonstration.proposals(self.pack, self.demo, bands)
        day = noon(dt.date(YEAR + 1, 1, 3))
        commend.propose(pack=self.pack, year=YEAR, proposals=proposals, by=BY, at=day)
        waiting = Award.objects.filter(year=YEAR, state=AwardState.PROPOSED)
        commend.appraise(awards=list(waiting), by=BY, at=day)
        for place, form in enumerate(self.pack.award_forms.values()):
            appraised = Award.objects.filter(
                year=YEAR, form=form.key, state=AwardState.APPRAISED
            )
            if appraised.exists():
                commend.decide(
                    pack=self.pack,
                    year=YEAR,
                    form=form,
                    decision=f"{place + 1:02}/QĐ-MH",
                    on=dt.date(YEAR + 1, 1, 8),
                    by=BY,
                    at=day,
                )
        decided = Award.objects.filter(year=YEAR, state=AwardState.DECIDED)
        commend.confer(awards=list(decided), by=BY, at=noon(CONFERENCE))
        conferred = Award.objects.filter(year=YEAR, state=AwardState.CONFERRED)
        return _("%(awards)s quyết định khen thưởng") % {"awards": conferred.count()}

    def report(self, tick: Tick) -> str:
        """Freeze the figures; write and sign the report."""
        written = report.newest(period())
        if written is None or written.state == AnnualReport.State.DRAFT:
            freeze.freeze(
                facts.store(),
                pack=self.pack,
                period=period(),
                by=BY,
                at=noon(CONFERENCE),
            )
            written = report.write(
                pack=self.pack,
                period=period(),
                number=2,
                dated=CONFERENCE,
                folder=facts.files(),
                by=BY,
                at=noon(CONFERENCE),
            )
            report.sign(written=written, by=BY, at=noon(CONFERENCE))
        return f"{facts.files()}: {Path(written.word).name}, {Path(written.pdf).name}"

    def publish(self, tick: Tick) -> str:
        """Push article, figures and files to the portal."""
        release = publish.publish(
            pack=self.pack,
            period=period(),
            folder=facts.files(),
            photo=photo(period()),
            by=BY,
            at=noon(CONFERENCE),
        )
        return str(release)

    def file_plans(self, tick: Tick) -> str:
        """Let units file their plans, most in January, some late, some never."""
        owed = list(
            plan.standing(YEAR).filter(state=PlanState.OWED).select_related("unit")
        )
        keys = sorted(plan.standing(YEAR).values_list("unit__key", flat=True))
        filing = demonstration.plan_filing(self.pack, self.demo, keys)
        today = settings.TODAY or dt.date.max
        for place, each in enumerate(owed):
            day = filing[each.unit.key]
            if day is not None and day <= today:
                self._file(each, day)
            tick(place + 1, len(owed))
        filed = plan.standing(YEAR).exclude(state=PlanState.OWED).count()
        return _("%(filed)s/%(owed)s kế hoạch đã gửi") % {
            "filed": filed,
            "owed": len(keys),
        }

    def next_month(self, tick: Tick) -> str:
        """Begin the first month of the year after, once its calendar has come."""
        if settings.TODAY is not None and settings.TODAY < NEXT_MONTH_FROM:
            return _("chưa đến ngày")
        sent, owed = demonstration_month.begin(self.pack)
        facts.store()
        return _("%(sent)s/%(owed)s báo cáo đã gửi") % {"sent": sent, "owed": owed}

    def _file(self, owed: RemediationPlan, day: dt.date) -> None:
        sheet = score.sheet(self.pack, owed.result)
        lost = [(row.item.key, row.item.label) for row in sheet.lost]
        steps = demonstration.plan_steps(
            self.pack, self.demo, owed.unit.key, lost, owed.post
        )
        plan.file(pack=self.pack, plan=owed, steps=steps, on=day, by=BY, at=noon(day))

    def _by_period(self) -> Iterator[tuple[str, Period, Iterable[SyntheticReturn]]]:
        every = sorted(
            demonstration.returns(self.pack, self.demo),
            key=lambda each: (each.period.end, each.form, each.sent_at),
        )
        schemes = {
            form: scheme.key
            for scheme in self.pack.schemes.values()
            for form in scheme.forms
        }
        for (window, form), sendings in groupby(
            every, key=lambda each: (each.period, each.form)
        ):
            yield schemes[form], window, sendings

    def _one_period(
        self, scheme: str, window: Period, sendings: Sequence[SyntheticReturn]
    ) -> None:
        opened = OpenPeriod.objects.filter(scheme=scheme, period=window.key).first()
        if (
            opened
            and not Return.objects.filter(period=opened)
            .exclude(state=Return.State.ACCEPTED)
            .exists()
            and Return.objects.filter(period=opened).exists()
        ):
            return
        if opened is None:
            opened = collect.open_period(
                pack=self.pack,
                scheme=scheme,
                period=window,
                by=BY,
                at=noon(window.start),
            )
        is_last = window.end == period().end
        kept = [s for s in sendings if not (is_last and s.unit == self.hold_back)]
        first = [each for each in kept if not each.supersedes]
        second = [each for each in kept if each.supersedes]
        at = max(each.sent_at for each in kept)
        self._receive(opened, first, at)
        mended = {each.unit for each in second}
        if mended:
            waiting = Return.objects.filter(
                period=opened, unit__key__in=mended, state=Return.State.SENT
            )
            check.send_back(
                pack=self.pack,
                returns=list(waiting.select_related("unit", "period")),
                seats=[check.Seat(key) for key in self._above(mended, at)],
                reason="Số liệu mâu thuẫn, đề nghị kiểm tra và gửi lại.",
                by=REVIEWER,
                at=at,
            )
            self._receive(opened, second, at)
        check.climb_sound(pack=self.pack, opened=opened, by=REVIEWER, at=at)

    def _above(self, units: Iterable[str], at: dt.datetime) -> set[str]:
        """Return the units that decide first on the returns of some units."""
        return {rungs.first(self.pack, unit, at.date()) for unit in units}

    def _receive(
        self, opened: OpenPeriod, each: Sequence[SyntheticReturn], at: dt.datetime
    ) -> None:
        sendings = [
            Sending(
                one.unit,
                one.form,
                one.cells,
                one.sent_at,
                one.channel,
                {check.EVERYTHING: one.note} if one.note else {},
            )
            for one in each
        ]
        versions = collect.receive(
            pack=self.pack, opened=opened, sendings=sendings, by=BY, at=at
        )
        check.examine(pack=self.pack, versions=versions, at=at)


def password() -> str:
    """Return the one password of all demonstration accounts, made once."""
    path = Path(settings.DATA_DIR) / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_string(10, "abcdefghjkmnpqrstuvwxyz23456789"))
    return path.read_text()


def photo(reviewed: Period) -> Photo | None:
    """Return the drawing that stands where the article's photo would.

    None for a year that is no demonstration: nothing drawn goes out beside real events.
    """
    drawing = folder() / "conference.svg"
    if reviewed.year not in facts.pack().examples or not drawing.exists():
        return None
    return Photo(
        "hoi-nghi-tong-ket.png",
        pictures.png(drawing.read_text(encoding="utf-8")),
        "Quang cảnh hội nghị tổng kết (tranh minh họa).",
        "Tranh minh họa: hội trường với bục phát biểu, các đại biểu ngồi theo hàng ghế",
    )
