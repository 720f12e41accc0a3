"""tongket invite: the first account of a site, or a new link for an account."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from tongket.cycle import enrol, invite, reorganise
from tongket.domain.access import Role
from tongket.office import clock, facts, invitations
from tongket.office.commands import YearCommand


class Command(YearCommand):
    """Give somebody a role and a link to set a password."""

    help = (
        "Cấp vai trò và liên kết đặt mật khẩu dùng một lần: cho người đầu tiên của hệ "
        "thống, hoặc cho người quên mật khẩu khi không ai khác cấp lại được."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the account, and a role at a unit for a new one."""
        parser.add_argument("username", help=_("tên đăng nhập"))
        parser.add_argument(
            "--role",
            choices=[str(role) for role in Role],
            default=str(Role.STANDING_OFFICE),
            help=_("vai trò; cơ quan thường trực nếu không nêu"),
        )
        parser.add_argument(
            "--unit", default="", help=_("khóa, mã hoặc tên đơn vị; tỉnh nếu không nêu")
        )
        parser.add_argument("--post", default="", help=_("chức danh"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the account if there is none, and say its link."""
        pack, now, name = facts.pack(), clock.now(), options["username"]
        reorganise.load_units(pack=pack, by="tongket", at=now)
        tree = facts.tree()
        giver = enrol.Giver("tongket", (), tree, is_administrator=True)
        user = User.objects.filter(username=name).first()
        if user is None:
            told = {
                "username": name,
                "unit": invitations.unit_of(options["unit"] or pack.province, tree),
                "role": options["role"],
                "post": options["post"] or name,
            }
            user = invite.alone(told=told, giver=giver, at=now)
        link = invite.reset_link(user=user, reason="tongket", giver=giver, at=now)
        with override("vi"):
            address = settings.SITE_URL.rstrip("/") + reverse(
                "welcome-link", args=[link.token]
            )
        self.say(
            _("Mở liên kết này một lần, trước %(until)s, để đặt mật khẩu:")
            % {"until": f"{link.until:%H:%M %d/%m/%Y}"}
        )
        self.stdout.write(address)
