"""tongket commend: the list of awards of a year."""

from typing import Any

from django.utils.translation import gettext as _

from tongket.domain.commendations import STANDING, AwardState
from tongket.office import facts, speech
from tongket.office.commands import YearCommand, add_period, period_of
from tongket.records.models import Award


class Command(YearCommand):
    """List the awards."""

    help = (
        "In danh sách khen thưởng của năm theo hình thức: số đề nghị, số đã có quyết "
        "định, và từng tập thể, cá nhân."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the year."""
        add_period(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one block a form of award."""
        year = period_of(options).year
        for form in facts.pack().award_forms.values():
            awards = Award.objects.filter(year=year, form=form.key)
            decided = [a for a in awards if AwardState(a.state) in STANDING]
            self.say(
                _("%(form)s: %(proposed)s đề nghị, %(decided)s đã quyết định.")
                % {
                    "form": speech.said(form),
                    "proposed": len(awards),
                    "decided": len(decided),
                }
            )
            for award in decided:
                self.say(f"  {award.awardee} ({award.decision})")
