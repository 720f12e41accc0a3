"""tongket plan: who owes a remediation plan, who has filed, who is overdue."""

from typing import Any

from django.utils.translation import gettext as _

from tongket.cycle import plan
from tongket.domain.remediation import PlanState, is_overdue
from tongket.office import clock, facts, speech
from tongket.office.commands import YearCommand, add_period, period_of
from tongket.records.register import register


class Command(YearCommand):
    """Assign the plans owed and list them."""

    help = (
        "Xác định đơn vị phải lập kế hoạch khắc phục, giao chức danh Ban Chỉ đạo phụ "
        "trách, và in danh sách đã gửi, chưa gửi, quá hạn."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the year."""
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Assign, then list what is still missing."""
        period, today = period_of(options), clock.today()
        plan.assign(pack=facts.pack(), year=period.year, by="tongket", at=clock.now())
        plans = list(plan.standing(period.year).select_related("unit", "committee"))
        tree = register().on(period.end)
        late = [
            each
            for each in plans
            if is_overdue(PlanState(each.state), due=each.due_on, on=today)
        ]
        filed = sum(each.filed_on is not None for each in plans)
        self.say(
            _("%(owed)s kế hoạch phải gửi, %(filed)s đã gửi, %(late)s quá hạn.")
            % {"owed": len(plans), "filed": filed, "late": len(late)}
        )
        for each in late:
            name, committee = tree[each.unit.key].name, tree[each.committee.key].name
            post = speech.word(each.post)
            self.say(f"  {name} · {post}, {committee} · {each.due_on:%d/%m/%Y}")
