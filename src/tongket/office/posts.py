"""What did a browser post for a whole form, and what had its page shown?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tongket.cycle import check, enter
from tongket.domain.forms import Form
from tongket.domain.sentences import Refusal
from tongket.office import sheets, speech
from tongket.office.returns import Place
from tongket.office.templatetags.office import said

DECIDED = "decided"  # posted by the page on which two values were chosen between


@dataclass(frozen=True, slots=True)
class Posted:
    """The rows as they were typed, and the words beside them."""

    texts: Mapping[str, str]
    explanations: Mapping[str, str]
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The version and the last edit that the posted page was made from."""

    version: int
    edits: int


def read(post: Mapping[str, str], place: Place) -> Posted:
    """Return what was posted; a row that was not posted is not touched."""
    keys = [measure.key for measure in place.form.measures]
    texts = {
        key: post[f"{sheets.CELL}{key}"]
        for key in keys
        if f"{sheets.CELL}{key}" in post
    }
    explained = {
        key: post[f"{sheets.EXPLAIN}{key}"].strip()
        for key in [*keys, check.EVERYTHING]
        if f"{sheets.EXPLAIN}{key}" in post
    }
    return Posted(texts, explained, DECIDED in post)


def seen(post: Mapping[str, str], place: Place) -> Seen:
    """Return what the page was made from; what stands now, where it does not say."""
    version, edits = (_number(post.get(name)) for name in ("version", "edits_seen"))
    if version is not None and edits is not None:
        return Seen(version, edits)
    current = enter.sheet(**place.key)
    return Seen(
        current.version if version is None else version,
        current.last_edit if edits is None else edits,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def wrong(form: Form, texts: Mapping[str, str]) -> dict[str, str]:
    """Return a sentence for each row that is refused."""
    found = {}
    for measure in form.measures:
        try:
            enter.read(measure, texts.get(measure.key, ""))
        except Refusal as refusal:
            found[measure.key] = speech.translated(refusal.sentence)
    return found


def put_back(
    blocks: Iterable[sheets.Block], texts: Mapping[str, str], wrong: Mapping[str, str]
) -> list[str]:
    """Put what was typed back into the rows; return what is wrong, with its row."""
    told = []
    for block in blocks:
        for line in block.lines:
            line.typed = texts.get(line.measure.key, line.typed)
            line.error = wrong.get(line.measure.key, "")
            if line.error:
                told.append(f"{line.number} {said(line.measure)}: {line.error}")
    return told
