"""The board: for each unit and period, is the return in, and was it on time?"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tongket.documents.long_tables import write_table
from tongket.domain.access import Permission as P
from tongket.domain.completeness import Mark, Standing, Tally
from tongket.office import clock, duties, facts, tables, tracking, years
from tongket.office.entrance import Actor, staff
from tongket.office.reading import a_list
from tongket.office.templatetags.office import said
from tongket.office.tracking import Asked, Cell, Row
from tongket.records.register import register

ROWS_A_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TONES = {
    Standing.MISSING: "bad",
    Standing.SENT_BACK: "bad",
    Standing.TAKEN_BACK: "warn",
    Standing.DUE_SOON: "warn",
    Standing.DRAFTED: "neutral",
    Standing.NOT_DUE: "neutral",
    Standing.WAITING: "info",
    Standing.ACCEPTED: "good",
    Standing.LOCKED: "good",
    Standing.AMENDED: "info",
}


def words_of(standing: Standing) -> str:
    """Return what a standing is called, in the language of the page."""
    return {
        Standing.MISSING: gettext("Quá hạn"),
        Standing.SENT_BACK: gettext("Bị trả lại"),
        Standing.TAKEN_BACK: gettext("Đã rút"),
        Standing.DUE_SOON: gettext("Sắp đến hạn"),
        Standing.DRAFTED: gettext("Đang nhập"),
        Standing.NOT_DUE: gettext("Chưa đến hạn"),
        Standing.WAITING: gettext("Chờ duyệt"),
        Standing.ACCEPTED: gettext("Đã nhận"),
        Standing.LOCKED: gettext("Đã khóa"),
        Standing.AMENDED: gettext("Đã sửa sau khóa"),
    }[standing]


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as the page shows it; an empty `words` is a unit that owes nothing."""

    words: str = ""
    note: str = ""
    tone: str = ""
    url: str = ""
    label: str = ""  # what the cell is about, for those who hear it


@staff(P.VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponseBase:
    """Show units and periods of one form and year, one level at a time."""
    actor, year = request.actor, years.chosen(request)
    opened = duties.of_year(year)
    offered = tracking.choices(opened)
    told, seen = tracking.asked(request, actor, year, offered), tracking.visible(actor)
    must_see(told, seen)
    columns = tracking.columns(told, opened, seen, clock.today())
    if request.GET.get("tai") in {"csv", "xlsx"}:
        owing = tracking.owing(told, columns, seen).values()
        a_list(request, "board", {unit.unit for unit in owing})
        return as_file(request.GET["tai"], told, columns, seen)
    found = tracking.board(told, columns, seen)
    page = tables.page(request, found.rows, ROWS_A_PAGE)
    a_list(request, "board", {row.unit.unit for row in page})
    context = {
        "title": gettext("Bảng theo dõi"),
        "kicker": gettext("Năm %(year)s") % {"year": year},
        "crumbs": crumbs(told, actor, seen, year),
        "year": year,
        "years": years.opened(),
        "told": told,
        "forms": form_choices(offered),
        "places": places(told, actor, seen),
        "kinds": kinds(columns),
        "standings": [(str(each), words_of(each)) for each in Standing],
        "columns": columns,
        "page": page,
        "rows": [
            row_shown(row, each, told) for row, each in tracking.cells(found, page)
        ],
        "totals": [cell_html(sum_shown(each)) for each in found.totals],
        "total": found.total,
        "query": tables.query(request),
        "query_unsorted": tables.query(request, "xep"),
        "legend": [(TONES[each], words_of(each)) for each in Standing],
    }
    return render(request, "office/collect/tracking.html", context)


def must_see(told: Asked, seen: Any) -> None:
    """Answer as for a page that does not exist unless the person sees the root."""
    if told.root not in register() or (seen is not None and told.root not in seen):
        raise Http404
    if told.standing and told.standing not in set(Standing):
        raise Http404


def form_choices(offered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return value and words of each form that the board can show."""
    pack = facts.pack()
    return [
        (f"{scheme}:{form}", f"{said(pack.schemes[scheme])} – {said(pack.forms[form])}")
        for scheme, form in offered
    ]


def kinds(columns: Sequence[tracking.Column]) -> list[tuple[str, str]]:
    """Return key and name of the levels that may be listed: all those of the day."""
    if not columns:
        return []
    tree, known = register().on(columns[-1].opened.end_on), facts.pack().kinds
    present = dict.fromkeys(unit.kind for unit in tree)
    return [(key, said(known[key])) for key in present if key in known]


def places(told: Asked, actor: Actor, seen: Any) -> list[tuple[str, str]]:
    """Return the units that have others below them, for the filter by district."""
    tree = actor.tree
    found = [
        unit
        for unit in tree
        if tree.children(unit.unit) and (seen is None or unit.unit in seen)
    ]
    listed = [(unit.unit, unit.name) for unit in found]
    if told.root not in dict(listed):
        listed.insert(0, (told.root, register().life(told.root)[-1].name))
    return listed


def crumbs(told: Asked, actor: Actor, seen: Any, year: int) -> list[dict[str, str]]:
    """Return the way down to the unit whose parts are shown."""
    first = [{"label": gettext("Thu thập"), "url": reverse("collect")}]
    life = register().life(told.root)
    day = min(life[-1].end, actor.day) if life[-1].end else actor.day
    tree = register().on(max(day, life[0].start))
    above = [key for key in reversed(tree.ancestors(told.root)) if _sees(seen, key)]
    steps = [{"label": tree[key].name, "url": address(told, key)} for key in above[:-1]]
    return [*first, *steps, {"label": tree[told.root].name}]


def _sees(seen: Any, key: str) -> bool:
    return seen is None or key in seen


def address(told: Asked, root: str) -> str:
    """Return the address of the board of another unit: same form, year and filters."""
    query = f"?nam={told.year}&bieu={told.scheme}:{told.form}&don-vi={root}"
    if told.standing:
        query += f"&trang-thai={told.standing}"
    return reverse("board") + query


def row_shown(row: Row, cells: Sequence[Cell], told: Asked) -> dict[str, Any]:
    """Return what the page shows of one row."""
    url = ""
    if row.is_sum and row.unit.unit != told.root:
        url = address(told, row.unit.unit)
    return {
        "unit": row.unit,
        "is_sum": row.is_sum,
        "url": url or reverse("unit", args=[row.unit.unit]),
        "cells": [cell_html(cell_shown(each, row, url)) for each in cells],
        "total": row.total,
    }


def cell_html(shown: Shown) -> SafeString:
    """Return one cell of the table; a thousand of them are on a page."""
    if not shown.words:
        return NOT_OWED
    note = format_html('<span class="note">{}</span>', shown.note) if shown.note else ""
    if not shown.url:
        return format_html(
            '<td data-tone="{}">{}{}</td>', shown.tone, shown.words, note
        )
    return format_html(
        '<td data-tone="{}"><a href="{}"><span class="visually-hidden">{}: </span>{}'
        "</a>{}</td>",
        shown.tone,
        shown.url,
        shown.label,
        shown.words,
        note,
    )


NOT_OWED = format_html('<td><span class="not-applicable">{}</span></td>', "x")


def cell_shown(cell: Cell, row: Row, url: str) -> Shown:
    """Return what the page shows of one cell."""
    if cell.standing is None:
        return Shown()
    label = f"{row.unit.name}, {said(cell.column.period)}"
    if cell.mark is None:
        found = sum_shown(cell.tally)
        return Shown(found.words, found.note, found.tone, url, label)
    opened = cell.column.opened
    place = (opened.scheme, opened.period, row.unit.unit, cell.column.form)
    return Shown(
        one_words(cell.mark, cell.standing, cell.overdue),
        note(cell.mark, cell.standing, cell.rung),
        "warn" if cell.mark.is_late and cell.standing in LATE else TONES[cell.standing],
        reverse("return", args=place),
        label,
    )


LATE = {Standing.ACCEPTED, Standing.LOCKED}


def one_words(mark: Mark, standing: Standing, overdue: int) -> str:
    """Return where one return stands, in two or three words."""
    if standing is Standing.MISSING:
        return gettext("Quá hạn %(days)s ngày") % {"days": overdue}
    if standing is Standing.ACCEPTED:
        return gettext("Muộn") if mark.is_late else gettext("Đúng hạn")
    return words_of(standing)


def note(mark: Mark, standing: Standing, rung: str) -> str:
    """Return what else is to be said of one return: the rung, the day, lateness."""
    if standing is Standing.WAITING and rung:
        return rung
    if standing in {Standing.DUE_SOON, Standing.NOT_DUE, Standing.DRAFTED}:
        due = gettext("hạn %(day)s") % {"day": f"{mark.due:%d/%m}"}
        draft = mark.has_draft and standing is not Standing.DRAFTED
        return f"{due}, {gettext('đang nhập')}" if draft else due
    if standing is Standing.MISSING and mark.has_draft:
        return gettext("đang nhập")
    if mark.is_late and standing is not Standing.ACCEPTED:
        return gettext("muộn")
    return ""


def sum_shown(tally: Tally) -> Shown:
    """Return how much of a sum is in, and the most urgent thing that is not."""
    worst = tally.worst
    if worst is None:
        return Shown()
    share = tally.completeness
    count = tally.standings.get(worst, 0)
    done = {Standing.WAITING, Standing.ACCEPTED, Standing.LOCKED, Standing.AMENDED}
    more = "" if worst in done else f"{words_of(worst).lower()}: {count}"
    return Shown(f"{share.part}/{share.whole}", more, TONES[worst])


def as_file(
    kind: str, told: Asked, columns: Sequence[tracking.Column], seen: Any
) -> HttpResponseBase:
    """Return every unit that owes below the root, its cells in words, as a file."""
    pack = facts.pack()
    header = [
        gettext("Mã"),
        gettext("Đơn vị"),
        gettext("Cấp trên"),
        *(f"{said(each.period)}" for each in columns),
        gettext("Phải gửi"),
        gettext("Đã có"),
        gettext("Đến hạn"),
        gettext("Đúng hạn"),
    ]
    # Everything is read before the answer begins; the stream asks the database nothing.
    units = tracking.everybody(told, columns, seen)
    lines = rows_of_file(units, columns, words(), gettext("muộn"))
    name = f"theo-doi_{told.scheme}_{told.year}.{kind}"
    if kind == "csv":
        return tables.csv_stream(name, header, lines)
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    title = f"{said(pack.schemes[told.scheme])} – {told.year}"
    write_table(target, title=title, header=header, rows=lines, widths=(10, 34, 26))
    target.seek(0)
    return FileResponse(target, as_attachment=True, filename=name, content_type=XLSX)


def words() -> dict[Standing, str]:
    """Return every standing's words, said before the stream begins."""
    return {each: words_of(each) for each in Standing}


def rows_of_file(
    units: Iterable[tracking.Line],
    columns: Sequence[tracking.Column],
    said_as: dict[Standing, str],
    late: str,
) -> Iterator[list[object]]:
    """Yield the cells of the file, one unit a row."""
    known: dict[Mark | None, str] = {None: "x"}
    for line in units:
        for mark, column in zip(line.marks, columns, strict=True):
            if mark not in known:
                text = said_as[mark.standing(column.on, column.soon)]
                known[mark] = f"{text}, {late}" if mark.is_late else text
        share, time = line.tally.completeness, line.tally.timeliness
        yield [
            line.unit.code,
            line.unit.name,
            line.above,
            *(known[mark] for mark in line.marks),
            share.whole,
            share.part,
            time.whole,
            time.part,
        ]


urlpatterns = [path("van-phong/bang-theo-doi/", board, name="board")]
