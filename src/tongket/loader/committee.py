"""How are the files read about the committee: itself, its posts, work and documents?"""

import re

from tongket.domain.programme import Programme, Work, WorkKind
from tongket.domain.wording import FORMS, literal_figures
from tongket.loader.boundaries import refuse_excluded
from tongket.loader.draft import Draft
from tongket.loader.pack import Heading, Post, Template, TemplateBlock
from tongket.loader.refusals import NotChoice, TypedNumber
from tongket.loader.rows import Row, by_name

# What `cycle.draft` gives a sentence besides figures.
GIVEN = (
    "province",
    "period",
    "base_period",
    "window",
    "base_window",
    "year",
    "base_year",
    "next_year",
    "plan_month",
)
BLOCKS = (
    "title",
    "lead",
    "ground",
    "heading",
    "subheading",
    "body",
    "point",
    "table",
    "chart",
    "list",
)
LISTS = ("weak_units", "awards", "objectives", "solutions", "tasks", "coordination")
_GAP = re.compile(r"\{([^{}]+)\}")


def read_pack(file: Row, draft: Draft) -> None:
    """Read who the pack is for; key and labels are those of the folder named last."""
    for key in ("key", "label", "english"):
        draft.words.values[key] = file.text(key)
    if file.has("province"):
        draft.words.put("province", file.name("province", "unit", "đơn vị"), file)
    if file.has("regime"):
        name = file.name("regime", "regime", "quy tắc kỳ")
        draft.words.put("regime", name, file)
    heading = file.row("letterhead") if file.has("letterhead") else None
    if heading:
        draft.letterhead.put("letterhead", _heading(heading), heading)


def _heading(row: Row) -> Heading:
    return Heading(
        row.text("governing_body"),
        row.text("issuing_body"),
        row.text("place"),
        row.text("authority"),
        row.text("post"),
        row.text("suffix"),
        row.texts("recipients"),
        row.source(),
    )


def read_posts(file: Row, draft: Draft) -> None:
    """Read the posts of the committees; posts only, never names."""
    file.source()
    for row in file.rows("posts"):
        label, english = row.text("label"), row.text("english")
        refuse_excluded(row, label, english)
        kind = row.name("unit_kind", "kind", "loại đơn vị")
        post = Post(row.text("key"), label, english, kind)
        draft.posts.put(post.key, post, row)


def read_programme(file: Row, draft: Draft) -> None:
    """Read the work set for one year, in the order it was set."""
    year = file.whole("year")
    works = tuple(_work(row) for row in file.rows("works"))
    draft.programmes.put(str(year), Programme(year, works), file)


def _work(row: Row) -> Work:
    label, english = row.text("label"), row.text("english")
    refuse_excluded(row, label, english)
    return Work(
        row.text("key"),
        row.choice("kind", by_name(WorkKind)),
        label,
        english,
        row.optional("owner"),
        row.optional_day("due_on"),
        row.source(),
    )


def read_template(file: Row, draft: Draft) -> None:
    """Read the outline of one document; every number in it comes through a gap."""
    template = Template(
        file.text("key"),
        file.optional("kind"),
        file.optional("symbol"),
        file.text("subject"),
        tuple(_block(row) for row in file.rows("blocks")),
        file.optional("byline"),
    )
    _look_through(file, template.subject)
    draft.templates.put(template.key, template, file)


def _block(row: Row) -> TemplateBlock:
    kind = row.choice("kind", {name: name for name in BLOCKS})
    text = row.text("text")
    what = "chỉ tiêu công bố"
    drawn = kind in ("table", "chart")
    indicators = row.names("indicators", "indicator", what) if drawn else ()
    of = row.choice("of", {name: name for name in LISTS}) if kind == "list" else ""
    _look_through(row, text)
    return TemplateBlock(kind, text, indicators, of)


def _look_through(row: Row, text: str) -> None:
    """Note gaps that cannot be filled and figures that somebody typed."""
    for gap in _GAP.findall(text):
        names, _, form = gap.partition(":")
        form = form.partition(":")[0]
        if not form:
            _one_of(row, names, GIVEN)
            continue
        _one_of(row, form, FORMS)
        for name in names.split("+"):
            row.mention("indicator", "chỉ tiêu công bố", name, "text")
    for typed in literal_figures(text):
        example = "{social_order_cases:count}"
        row.refuse(TypedNumber, text=typed.surface, example=example)


def _one_of(row: Row, text: str, known: tuple[str, ...]) -> None:
    if text not in known:
        row.refuse(NotChoice, key="text", text=text, known=", ".join(known))
