"""What stands in an invitation, and to which address does it lead?"""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, override

from tongket.cycle.invite import Link
from tongket.cycle.invite.links import Writer
from tongket.cycle.post import Letter
from tongket.documents.workbooks.people_list import sheet
from tongket.domain.units import Tree, search_key
from tongket.office import role_words
from tongket.records.models import Membership


def address(request: HttpRequest, token: str) -> str:
    """Return where a link leads; the Vietnamese page, which offers English."""
    with override("vi"):
        return request.build_absolute_uri(reverse("welcome-link", args=[token]))


def writer(request: HttpRequest) -> Writer:
    """Return what writes the letter of a link."""

    def letter(link: Link) -> Letter:
        with override("vi"):
            body = gettext(
                "Kính gửi %(post)s,\n\nTài khoản “%(name)s” của hệ thống tổng kết chờ "
                "bạn đặt mật khẩu tại:\n\n%(address)s\n\nLiên kết dùng một lần, đến "
                "%(until)s. Không chuyển thư này cho người khác."
            )
            told = {
                "post": link.user.get_full_name() or link.user.get_username(),
                "name": link.user.get_username(),
                "address": address(request, link.token),
                "until": f"{link.until:%H:%M %d/%m/%Y}",
            }
            subject = gettext("Đặt mật khẩu tài khoản hệ thống tổng kết")
            return Letter(link.user.email, subject, body % told, link.user.pk)

    return letter


def workbook(request: HttpRequest, links: Iterable[Link], tree: Tree) -> bytes:
    """Return the links as a sheet to print or to merge into letters."""
    made = list(links)
    roles: dict[int, list[str]] = {}
    rows = Membership.objects.filter(user__in=[each.user for each in made])
    for pk, role, unit in rows.values_list("user_id", "role", "unit__key"):
        name = tree[unit].name if unit in tree else unit
        roles.setdefault(pk, []).append(f"{role_words.role(role)}, {name}")
    titles = [
        gettext("Chức danh"),
        gettext("Vai trò"),
        gettext("Tên đăng nhập"),
        gettext("Liên kết đặt mật khẩu (dùng một lần)"),
        gettext("Dùng được đến"),
    ]
    lines = [
        [
            each.user.get_full_name(),
            "; ".join(roles.get(each.user.pk, [])),
            each.user.get_username(),
            address(request, each.token),
            f"{each.until:%H:%M %d/%m/%Y}",
        ]
        for each in made
    ]
    return sheet(gettext("Lời mời"), titles, lines)


def unit_of(typed: str, tree: Tree) -> str:
    """Return the key of a unit typed by key, code or whole name, else the text."""
    text = typed.strip()
    if text in tree:
        return text
    for unit in tree:
        if text and (unit.code == text or search_key(unit.name) == search_key(text)):
            return unit.unit
    return text
