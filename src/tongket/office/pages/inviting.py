"""A list of people to invite: dry run, accounts, then links on paper or by mail."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongket.cycle import invite
from tongket.cycle.invite import MAKES, Outcome
from tongket.documents.workbooks import people_list
from tongket.documents.workbooks.unit_list import MOST_BYTES, FileTooLarge
from tongket.domain.access import Permission as P
from tongket.domain.access import Role
from tongket.domain.sentences import Refusal, Refusals
from tongket.office import clock, facts, invitations, role_words, speech, tables
from tongket.office.entrance import sentences, staff
from tongket.office.pages.people import crumbs, giver
from tongket.records import sentences as kept_sentences
from tongket.records.models import Invitation, Upload

ROWS = 200
LATEST = 10
FIELDS = ("unit", "role", "username", "email", "post", "start", "end")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def outcomes() -> dict[str, tuple[str, str]]:
    """Return what each outcome of a row is called, and its tone."""
    return {
        Outcome.ACCOUNT: (gettext("Tài khoản mới"), "good"),
        Outcome.ROLE: (gettext("Thêm vai trò"), "info"),
        Outcome.SAME: (gettext("Đã có"), "neutral"),
        Outcome.REFUSED: (gettext("Không nhận"), "bad"),
    }


@staff(P.RUN_YEAR)
def invite_page(request: HttpRequest) -> HttpResponse:
    """Take a list of people, or make one from the register; go on to its dry run."""
    if request.GET.get("tai") == "mau":
        return sample(request)
    told: list[str] = []
    if request.method == "POST":
        try:
            upload = taken(request)
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            return redirect("invite-list", upload.pk)
    lists = Upload.objects.filter(kind=Upload.Kind.ACCOUNTS, user=request.user)
    context = {
        "title": gettext("Mời dùng hệ thống"),
        "crumbs": crumbs(gettext("Mời dùng hệ thống")),
        "lists": lists.defer("results")[:LATEST],
        "kinds": kinds(request),
        "choices": [(str(each), role_words.role(each)) for each in Role],
        "today": request.actor.day.isoformat(),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/people/invite.html", context, status=status)


def kinds(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the kinds of unit in reach, with how many there are of each."""
    scope, tree = request.actor.scope(P.RUN_YEAR), request.actor.tree
    counts = Counter(unit.kind for unit in tree if unit.unit in scope)
    names = facts.pack().kinds
    return [
        {"key": key, "label": speech.said(names[key]), "count": count}
        for key, count in counts.items()
        if key in names
    ]


def taken(request: HttpRequest) -> Upload:
    """Return the dry run of what was sent, or refuse it."""
    who, at = giver(request), clock.now()
    if "username" in request.POST:
        told = {name: request.POST.get(name, "") for name in FIELDS}
        told["unit"] = invitations.unit_of(told["unit"], request.actor.tree)
        return invite.for_one(told=told, giver=who, at=at)
    if kind := request.POST.get("kind"):
        label = next((e["label"] for e in kinds(request) if e["key"] == kind), kind)
        title = gettext("Mỗi đơn vị một tài khoản báo cáo: %(kind)s") % {"kind": label}
        return invite.for_every(kind=kind, giver=who, title=title, at=at)
    sent = request.FILES.get("file")
    if sent is not None and sent.size > MOST_BYTES:
        raise FileTooLarge(megabytes=sent.size >> 20, most=MOST_BYTES >> 20)
    content = sent.read() if sent else b""
    name = sent.name if sent else ""
    return invite.dry_run(content=content, filename=name, giver=who, at=at)


def sample(request: HttpRequest) -> HttpResponse:
    """Return an example list, with units in reach."""
    scope = request.actor.scope(P.RUN_YEAR)
    some = [unit for unit in request.actor.tree if unit.unit in scope][:2]
    lines = [
        [
            unit.code or unit.unit,
            role_words.role(Role.REPORTER),
            f"bc-{unit.code or unit.unit}",
            "",
            gettext("Cán bộ báo cáo, %(unit)s") % {"unit": unit.name},
            "",
            "",
        ]
        for unit in some
    ]
    return attached(people_list.sample(lines), "mau-danh-sach-moi.xlsx")


def attached(content: bytes, name: str) -> HttpResponse:
    """Return a workbook to be saved."""
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=SHEET, headers=told)


def found(request: HttpRequest, upload: str) -> Upload:
    """Return a list of one's own, or answer 404."""
    own = {"kind": Upload.Kind.ACCOUNTS, "user": request.user}
    return get_object_or_404(Upload, pk=upload, **own)


@staff(P.RUN_YEAR)
@require_safe
@never_cache
def list_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Show what each row of a list would do, or did."""
    return shown(request, found(request, upload))


def shown(
    request: HttpRequest, upload: Upload, told: list[str] | None = None
) -> HttpResponse:
    """Render the rows that the filters leave, and what may be done with them."""
    lines, words = upload.results["lines"], outcomes()
    counts = Counter(line["outcome"] for line in lines)
    outcome, asked = request.GET.get("kq", ""), request.GET.get("q", "").strip()
    matches = tables.matching(asked)
    left = [
        line
        for line in lines
        if outcome in {"", line["outcome"]} and matches(line["name"], line["username"])
    ]
    page = tables.page(request, left, ROWS)
    is_applied = upload.state == Upload.State.APPLIED
    context = {
        "title": upload.filename,
        "kicker": gettext("Đã tạo") if is_applied else gettext("Chạy thử, chưa tạo"),
        "crumbs": crumbs(gettext("Danh sách mời")),
        "upload": upload,
        "page": page,
        "rows": [row(line, words) for line in page],
        "outcomes": [(key, *each, counts[key]) for key, each in words.items()],
        "makes": sum(counts[each] for each in MAKES),
        "refused": counts[Outcome.REFUSED],
        "is_applied": is_applied,
        "progress": progress(upload) if is_applied else None,
        "has_mail": any(line["email"] for line in lines),
        "asked": request.GET,
        "query": tables.query(request),
        "query_all": tables.query(request, "kq"),
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/people/invite_list.html", context, status=status)


def row(line: dict[str, Any], words: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a row as the page shows it, in its language."""
    told = [kept_sentences.from_json(each) for each in line["sentences"]]
    is_role = line["role"] in set(Role)
    return {
        **line,
        "role": role_words.role(line["role"]) if is_role else line["role"],
        "words": words[line["outcome"]][0],
        "tone": words[line["outcome"]][1],
        "told": [speech.translated(each) for each in told],
    }


def progress(upload: Upload) -> dict[str, int]:
    """Return how many accounts of a list have links, and how many are taken up."""
    names = {
        line["username"]
        for line in upload.results["lines"]
        if line["outcome"] == Outcome.ACCOUNT
    }
    rows = Invitation.objects.filter(created_by=upload.user.get_username())
    told = rows.values_list("user__username", "used_at", "revoked_at")
    mine = [each for each in told if each[0] in names]
    used = {name for name, used_at, _ in mine if used_at}
    sent = {name for name, _, revoked in mine if not revoked} | used
    return {"accounts": len(names), "sent": len(sent), "used": len(used)}


@staff(P.RUN_YEAR)
@require_POST
def apply_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Make the accounts and roles of a list."""
    kept = found(request, upload)
    try:
        made = invite.carry_out(upload=kept, giver=giver(request), at=clock.now())
    except (Refusal, Refusals) as refused:
        return shown(request, kept, sentences(refused))
    words = gettext("Đã tạo %(count)s tài khoản; bước tiếp theo là đưa liên kết.")
    messages.success(request, words % {"count": made.done})
    return redirect("invite-list", made.pk)


@staff(P.RUN_YEAR)
@require_POST
@never_cache
def links_page(request: HttpRequest, upload: str) -> HttpResponse:
    """Make new links for those who have not come in; as a sheet, or by mail."""
    kept, is_mail = found(request, upload), request.POST.get("by") == "mail"
    letter = invitations.writer(request) if is_mail else None
    who = giver(request)
    try:
        made = invite.links(upload=kept, giver=who, letter=letter, at=clock.now())
    except (Refusal, Refusals) as refused:
        return shown(request, kept, sentences(refused))
    if is_mail or not made:
        words = gettext("%(count)s liên kết được gửi bằng e-mail.")
        messages.success(request, words % {"count": len(made)})
        return redirect("invite-list", kept.pk)
    sheet = invitations.workbook(request, made, request.actor.tree)
    return attached(sheet, f"loi-moi-{kept.at:%Y%m%d}.xlsx")


HERE = "van-phong/nguoi-dung/moi/"
urlpatterns = [
    path(HERE, invite_page, name="invite"),
    path(f"{HERE}<uuid:upload>/", list_page, name="invite-list"),
    path(f"{HERE}<uuid:upload>/tao/", apply_page, name="invite-apply"),
    path(f"{HERE}<uuid:upload>/lien-ket/", links_page, name="invite-links"),
]
