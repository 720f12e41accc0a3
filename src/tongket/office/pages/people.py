"""People and their roles: who holds what, where, when; to give, to end, to lock."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongket.cycle import enrol, invite
from tongket.cycle.enrol import Giver
from tongket.domain.access import Permission as P
from tongket.domain.access import Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.unit_rows import read_day
from tongket.domain.units import search_key
from tongket.office import clock, invitations, role_words, tables
from tongket.office.entrance import sentences, staff
from tongket.office.journal_words import act_words, value_words
from tongket.records.models import AuditEntry, Invitation, Membership

SIZE = 100
SORTS = {"ten": "username", "don-vi": "unit", "vai-tro": "role", "tu": "start"}


def giver(request: HttpRequest) -> Giver:
    """Return who gives out roles in this request."""
    actor = request.actor
    user = request.user
    return Giver(user.get_username(), actor.grants, actor.tree, user.is_superuser)


@staff(P.RUN_YEAR)
def people(request: HttpRequest) -> HttpResponse:
    """List every role at the units in reach; filtered, sorted, page by page, as CSV."""
    asked = request.GET
    rows = listed(request)
    if asked.get("tai") == "csv":
        return as_csv(rows)
    context = {
        "title": gettext("Người dùng và vai trò"),
        "lede": gettext(
            "Ai giữ vai trò nào, ở đơn vị nào, từ ngày nào đến ngày nào; cấp, cho thôi "
            "và khóa tài khoản đều ghi vào nhật ký."
        ),
        "page": tables.page(request, rows, SIZE),
        "query": tables.query(request),
        "query_sort": tables.query(request, "sap"),
        "asked": asked,
        "roles": [(str(each), role_words.role(each)) for each in Role],
    }
    return render(request, "office/people/list.html", context)


def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the roles in reach that the filters leave, in the order asked for."""
    asked, tree = request.GET, request.actor.tree
    scope = request.actor.scope(P.RUN_YEAR)
    found = Membership.objects.select_related("user", "unit").order_by("user__username")
    if asked.get("vt") in set(Role):
        found = found.filter(role=asked["vt"])
    matches = tables.matching(asked.get("q", "").strip())
    rows = []
    for row in found:
        if row.unit.key not in scope:
            continue
        told = role_words.told(row, tree)
        is_asked = asked.get("tt", "") in {"", told["state"], access(row.user)}
        if is_asked and matches(row.user.username, row.post, told["unit"]):
            rows.append({**told, "access": access(row.user)})
    keys = {
        "ten": lambda each: each["row"].user.username,
        "don-vi": lambda each: search_key(each["unit"]),
        "vai-tro": lambda each: each["role"],
        "tu": lambda each: each["row"].start_on,
    }
    return sorted(rows, key=keys.get(asked.get("sap", ""), keys["ten"]))


def access(user: User) -> str:
    """Return whether an account is locked, waits for its owner, or is in use."""
    if not user.is_active:
        return "locked"
    return "used" if user.has_usable_password() else "waiting"


def as_csv(rows: list[dict[str, Any]]) -> HttpResponse:
    """Return the list for a spreadsheet."""
    header = [
        gettext("Tên đăng nhập"),
        gettext("Chức danh"),
        gettext("Vai trò"),
        gettext("Khóa đơn vị"),
        gettext("Đơn vị"),
        gettext("Từ ngày"),
        gettext("Đến hết ngày"),
        gettext("Trạng thái"),
    ]
    lines = [
        [
            each["row"].user.username,
            each["row"].post,
            each["role"],
            each["row"].unit.key,
            each["unit"],
            f"{each['row'].start_on:%d/%m/%Y}",
            f"{each['row'].end_on:%d/%m/%Y}" if each["row"].end_on else "",
            each["words"],
        ]
        for each in rows
    ]
    return tables.csv_response("nguoi-dung.csv", header, lines)


def in_reach(request: HttpRequest, pk: int) -> User:
    """Return an account that has, or had, a role at a unit in reach; else 404."""
    user = get_object_or_404(User, pk=pk)
    keys = set(Membership.objects.filter(user=user).values_list("unit__key", flat=True))
    if not keys & request.actor.scope(P.RUN_YEAR):
        raise Http404
    return user


def crumbs(label: str, user: User | None = None) -> list[dict[str, str]]:
    """Return the way here from the list."""
    way = [{"label": gettext("Người dùng"), "url": reverse("people")}]
    if user is not None:
        url = reverse("person", args=[user.pk])
        way.append({"label": user.get_full_name() or user.get_username(), "url": url})
    return [*way, {"label": label}]


@staff(P.RUN_YEAR)
@never_cache
def person(request: HttpRequest, user: int) -> HttpResponse:
    """Show one account: roles, links, what was done with it, and what may be done."""
    return shown(request, in_reach(request, user))


def shown(
    request: HttpRequest, found: User, told: list[str] | None = None, **more: Any
) -> HttpResponse:
    """Render an account's page; `more` holds a link that is shown this once."""
    me, tree = giver(request), request.actor.tree
    rows = Membership.objects.filter(user=found).select_related("unit")
    name = found.get_username()
    context = {
        "title": found.get_full_name() or name,
        "crumbs": crumbs(found.get_full_name() or name),
        "person": found,
        "access": access(found),
        "roles": [
            {
                **role_words.told(row, tree),
                "may_end": found != request.user
                and (row.end_on is None or row.end_on >= tree.day)
                and me.may_give(Role(row.role), row.unit.key),
            }
            for row in rows
            if row.unit.key in request.actor.scope(P.RUN_YEAR)
        ],
        "may_care": found != request.user and me.cares_for(found),
        "is_own": found == request.user,
        "links": Invitation.objects.filter(user=found)[:5],
        "now": clock.now(),
        "log": log_of(name),
        "typed": request.POST if told else {},
        "choices": [(str(each), role_words.role(each)) for each in Role],
        "today": tree.day.isoformat(),
        "sentences": told,
        **more,
    }
    status = 422 if told else 200
    return render(request, "office/people/person.html", context, status=status)


def log_of(name: str) -> list[dict[str, Any]]:
    """Return the latest acts on an account, in words."""
    own = Q(subject=f"account:{name}") | Q(subject__startswith=f"account:{name}:")
    return [
        {
            "entry": each,
            "act": act_words(each.act),
            "told": value_words(each.new),
        }
        for each in AuditEntry.objects.filter(own).order_by("-id")[:20]
    ]


def day(text: str) -> dt.date | None:
    """Return the day that was typed; refuses what is none."""
    return read_day(text.strip())


@staff(P.RUN_YEAR)
@require_POST
def grant(request: HttpRequest, user: int) -> HttpResponse:
    """Give a further role to an account."""
    found, typed = in_reach(request, user), request.POST
    try:
        row = enrol.grant(
            user=found,
            role=chosen_role(typed.get("role", "")),
            unit=invitations.unit_of(typed.get("unit", ""), request.actor.tree),
            post=typed.get("post", "") or found.get_full_name(),
            start=day(typed.get("start", "")) or request.actor.day,
            end=day(typed.get("end", "")),
            reason=typed.get("reason", ""),
            giver=giver(request),
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return shown(request, found, sentences(refused))
    words = gettext("Đã cấp vai trò %(role)s cho “%(name)s”.")
    told = {"role": role_words.role(row.role), "name": found.get_username()}
    messages.success(request, words % told)
    return redirect("person", found.pk)


def chosen_role(text: str) -> Role:
    """Return the role that was chosen; no page offers another."""
    if text not in set(Role):
        raise Http404
    return Role(text)


@staff(P.RUN_YEAR)
def end_role(request: HttpRequest, membership: int) -> HttpResponse:
    """Ask until when and why, then let a role end."""
    row = get_object_or_404(
        Membership.objects.select_related("user", "unit"), pk=membership
    )
    if row.unit.key not in request.actor.scope(P.RUN_YEAR):
        raise Http404
    told: list[str] = []
    if request.method == "POST":
        try:
            enrol.end_role(
                membership=row,
                end=day(request.POST.get("end", "")) or request.actor.day,
                reason=request.POST.get("reason", ""),
                giver=giver(request),
                at=clock.now(),
            )
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            messages.success(request, gettext("Đã ghi ngày kết thúc vai trò."))
            return redirect("person", row.user_id)
    context = {
        "title": gettext("Cho thôi vai trò"),
        "crumbs": crumbs(gettext("Cho thôi vai trò"), row.user),
        "role": role_words.told(row, request.actor.tree),
        "typed": request.POST,
        "today": request.actor.day.isoformat(),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/people/end_role.html", context, status=status)


@staff(P.RUN_YEAR)
@require_POST
@never_cache
def link(request: HttpRequest, user: int) -> HttpResponse:
    """Give out a link for a password: shown this once, or mailed."""
    found, is_mail = in_reach(request, user), request.POST.get("by") == "mail"
    try:
        made = invite.reset_link(
            user=found,
            reason=request.POST.get("reason", ""),
            giver=giver(request),
            letter=invitations.writer(request) if is_mail else None,
            at=clock.now(),
        )
    except (Refusal, Refusals) as refused:
        return shown(request, found, sentences(refused))
    if is_mail and found.email:
        words = gettext("Liên kết sẽ được gửi tới %(email)s.")
        messages.success(request, words % {"email": found.email})
        return redirect("person", found.pk)
    address = invitations.address(request, made.token)
    return shown(request, found, made=made, address=address)


@staff(P.RUN_YEAR)
def lock(request: HttpRequest, user: int) -> HttpResponse:
    """Ask why, then lock an account, or let it be used again."""
    found = in_reach(request, user)
    act = enrol.disable if found.is_active else enrol.enable
    title = gettext("Khóa tài khoản") if found.is_active else gettext("Mở tài khoản")
    if found.is_active:
        words = gettext(
            "Mọi phiên đang đăng nhập, khóa API và liên kết của tài khoản hết hiệu lực "
            "ngay."
        )
    else:
        words = gettext("Chủ tài khoản đăng nhập lại được; khóa API phải tạo lại.")
    return confirmed(request, found, act, title, words)


@staff(P.RUN_YEAR)
def remove_factors(request: HttpRequest, user: int) -> HttpResponse:
    """Ask why, then take away the second factors of somebody who lost them."""
    title = gettext("Gỡ xác thực hai bước")
    words = gettext(
        "Chỉ làm khi đã chắc chắn người đề nghị đúng là chủ tài khoản. Mọi phiên đang "
        "đăng nhập kết thúc; lần sau chủ tài khoản phải bật lại."
    )
    found = in_reach(request, user)
    return confirmed(request, found, enrol.remove_factors, title, words)


def confirmed(
    request: HttpRequest, found: User, act: Any, title: str, words: str
) -> HttpResponse:
    """Ask for a reason on a page of its own, then act on an account."""
    told: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            act(user=found, reason=reason, giver=giver(request), at=clock.now())
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            name = found.get_username()
            messages.success(request, f"{title}: {name}")
            return redirect("person", found.pk)
    context = {
        "title": title,
        "crumbs": crumbs(title, found),
        "person": found,
        "words": words,
        "typed": request.POST,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/people/confirm.html", context, status=status)


HERE = "van-phong/nguoi-dung/"
urlpatterns = [
    path(HERE, people, name="people"),
    path(f"{HERE}<int:user>/", person, name="person"),
    path(f"{HERE}<int:user>/vai-tro/", grant, name="role-grant"),
    path(f"{HERE}vai-tro/<int:membership>/", end_role, name="role-end"),
    path(f"{HERE}<int:user>/lien-ket/", link, name="person-link"),
    path(f"{HERE}<int:user>/khoa/", lock, name="person-lock"),
    path(f"{HERE}<int:user>/xac-thuc/", remove_factors, name="person-factors"),
]
