"""A whole list of proposals at once, pasted from Excel: one row an awardee.

Columns: name, kind (tập thể or cá nhân), achievement; separated by tabs, as Excel
copies them, or by semicolons. One wrong row and nothing of the list is kept.
"""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext

from tongket.cycle import commend
from tongket.domain.access import Permission as P
from tongket.domain.commendations import KIND_WORDS, AwardeeKind, Proposal
from tongket.domain.sentences import Refusal, Refusals
from tongket.domain.units import Tree, search_key
from tongket.office import clock, facts, figures, years
from tongket.office.entrance import sentences, staff
from tongket.office.pages.commend import form_of
from tongket.records.models import Award
from tongket.records.register import register

LONGEST_NAME = Award._meta.get_field("awardee").max_length
KINDS = {search_key(words): kind for kind, words in KIND_WORDS.items()}


class ThreeColumns(Refusal, ValueError):
    """A row without name, kind and achievement."""

    words = (
        "Dòng {row}: cần ba cột tên, loại và thành tích, cách nhau bằng dấu tab hoặc "
        "dấu chấm phẩy; dòng này có {count} cột."
    )


class NoSuchKind(Refusal, ValueError):
    """A kind that is neither collective nor individual."""

    words = "Dòng {row}: loại “{text}” không rõ; ghi “tập thể” hoặc “cá nhân”."


class NameTooLong(Refusal, ValueError):
    """A name longer than the records keep."""

    words = "Dòng {row}: tên dài {count} chữ, tối đa {most}; rút gọn tên."


class EmptyList(Refusal, ValueError):
    """Nothing was pasted."""

    words = "Danh sách trống; dán các dòng đã chép từ Excel vào ô danh sách."


def proposals(text: str, form: str, tree: Tree) -> list[Proposal]:
    """Return the proposals of a pasted list; refuses every wrong row at once.

    A collective that bears the name of exactly one unit is that unit, so that its band
    is taken from its result.
    """
    refusals: list[Refusal] = []
    found = []
    for row, columns in rows(text):
        if len(columns) != 3:
            refusals.append(ThreeColumns(row=row, count=len(columns)))
        elif search_key(columns[1]) not in KINDS:
            refusals.append(NoSuchKind(row=row, text=columns[1]))
        elif len(columns[0]) > LONGEST_NAME:
            refusals.append(
                NameTooLong(row=row, count=len(columns[0]), most=LONGEST_NAME)
            )
        else:
            name, kind, ground = columns[0], KINDS[search_key(columns[1])], columns[2]
            named = tree.named(name) if kind is AwardeeKind.COLLECTIVE else ()
            awardee = named[0].unit if len(named) == 1 else name
            found.append(Proposal(awardee, kind, form, ground=ground))
    if refusals:
        raise Refusals(refusals)
    if not found:
        raise EmptyList
    return found


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number from 1, columns) of each line that is not empty."""
    for number, line in enumerate(text.replace("\0", "").splitlines(), 1):
        if line.strip():
            mark = "\t" if "\t" in line else ";"
            yield number, [column.strip() for column in line.split(mark)]


@staff(P.RUN_YEAR)
def paste(request: HttpRequest) -> HttpResponse:
    """Show the field for the list; on POST propose all of it or nothing."""
    pack, year = facts.pack(), years.chosen(request)
    request.actor.must(P.RUN_YEAR, pack.province)
    told: list[str] = []
    text = request.POST.get("list", "")
    if request.method == "POST":
        form = form_of(request.POST.get("form", ""))
        tree = register().on(figures.regime().year(year).end)
        try:
            made = commend.propose(
                pack=pack,
                year=year,
                proposals=proposals(text, form.key, tree),
                by=request.user.username,
                at=clock.now(),
            )
        except (Refusal, Refusals) as refused:
            told = sentences(refused)
        else:
            words = ngettext(
                "Đã ghi %(count)s đề nghị khen thưởng.",
                "Đã ghi %(count)s đề nghị khen thưởng.",
                len(made),
            )
            messages.success(request, words % {"count": len(made)})
            return redirect(f"{reverse('commend')}?nam={year}")
    back = f"{reverse('commend')}?nam={year}"
    context = {
        "title": gettext("Dán danh sách đề nghị khen thưởng"),
        "crumbs": [
            {"label": gettext("Khen thưởng"), "url": back},
            {"label": gettext("Dán danh sách")},
        ],
        "back": back,
        "year": year,
        "forms": pack.award_forms.values(),
        "form_key": request.POST.get("form", request.GET.get("hinh-thuc", "")),
        "text": text,
        "sentences": told,
    }
    status = 422 if told else 200
    return render(request, "office/commend/paste.html", context, status=status)


urlpatterns = [
    path("van-phong/khen-thuong/danh-sach/", paste, name="commend-paste"),
]
