"""How do folders of facts become one pack, or a full list of what is wrong with them?

The country's folder comes first, the province's after it. A later folder adds and never
overrides. Nothing is half loaded: with one fault there is no pack.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from tongket.domain.ladder import Ladder
from tongket.domain.sentences import Refusals
from tongket.domain.units import Register
from tongket.loader import (
    checking,
    committee,
    judging,
    law,
    measuring,
    naming,
    reminding,
    unitlist,
)
from tongket.loader.deriving import derive
from tongket.loader.draft import Draft
from tongket.loader.pack import (
    Example,
    Heading,
    Pack,
    Post,
    Template,
    TemplateBlock,
    UnitKind,
)
from tongket.loader.references import agree, lead_upwards, look_up
from tongket.loader.refusals import (
    FactMissing,
    FileUnknown,
    FolderMissing,
    NotReadable,
    PackRefused,
)
from tongket.loader.rows import Row
from tongket.loader.yamltext import Table, compose, text_of

__all__ = [
    "Example",
    "Heading",
    "Pack",
    "PackRefused",
    "Post",
    "Template",
    "TemplateBlock",
    "UnitKind",
    "load",
]

Reader = Callable[[Row, Draft], None]
# What reads which file; a name with "/" takes every file of that folder.
READERS: dict[str, Reader] = {
    "pack.yaml": committee.read_pack,
    "instruments.yaml": law.read_instruments,
    "regimes.yaml": law.read_regimes,
    "kinds.yaml": law.read_kinds,
    "holidays.yaml": law.read_holidays,
    "measure_units.yaml": naming.read_measure_units,
    "english.yaml": naming.read_phrases,
    "forms/": measuring.read_form,
    "schemes.yaml": measuring.read_schemes,
    "indicators.yaml": measuring.read_indicators,
    "checks.yaml": checking.read_checks,
    "examples/": measuring.read_examples,
    "criteria/": judging.read_edition,
    "deadlines.yaml": judging.read_dates,
    "disclosure.yaml": judging.read_disclosure,
    "commendations.yaml": judging.read_commendations,
    "reminders.yaml": reminding.read_reminders,
    "committee.yaml": committee.read_posts,
    "ladder.yaml": judging.read_ladder,
    "programme/": committee.read_programme,
    "templates/": committee.read_template,
}
LISTS: dict[str, Callable[[str, str, Draft], None]] = {
    "units.csv": unitlist.read_units,
    "lineage.csv": unitlist.read_lineage,
    "groups.csv": unitlist.read_groups,
}
APART = ("demo/",)  # read by the demonstration alone
FACTS = (".yaml", ".yml", ".csv")


def load(*folders: Path) -> Pack:
    """Return the pack that the folders make together, or refuse all faults at once.

    Raises `Refusals` of `PackRefused`, each naming file, line, key and remedy.
    """
    draft = Draft()
    for folder in folders:
        _read_folder(folder, draft)
    draft.log.unread_keys()
    derive(draft)
    agree(draft)
    checking.read_together(draft)
    lead_upwards(draft)
    look_up(draft)
    register = unitlist.register(draft)
    _complete(draft, folders)
    if draft.log.refusals:
        raise Refusals(draft.log.refusals)
    assert register is not None, "a register that cannot be made was refused"
    return _pack(draft, register, _fingerprint(folders))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name inside the folder and path of every file, in one order everywhere."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    named = ((path.relative_to(folder).as_posix(), path) for path in paths)
    yield from sorted(
        (name, path) for name, path in named if not path.name.startswith(".")
    )


def _fingerprint(folders: tuple[Path, ...]) -> str:
    """Return the SHA-256 of all files' names and bytes, in hexadecimal."""
    digest = hashlib.sha256()
    for folder in folders:
        for name, path in _files(folder):
            content = path.read_bytes()
            digest.update(f"{folder.name}/{name}\0{len(content)}\0".encode())
            digest.update(content)
    return digest.hexdigest()


def _read_folder(folder: Path, draft: Draft) -> None:
    if not (folder / "pack.yaml").is_file():
        refusal = FolderMissing(folder=folder.name, file="pack.yaml")
        draft.log.refusals.append(refusal)
        return
    for name, path in _files(folder):
        if path.suffix not in FACTS or name.startswith(APART):
            continue
        try:
            _read_file(name, path, f"{folder.name}/{name}", draft)
        except NotReadable as refusal:
            draft.log.refusals.append(refusal)


def _read_file(name: str, path: Path, file: str, draft: Draft) -> None:
    if name in LISTS:
        LISTS[name](text_of(path, file), file, draft)
        return
    reader = READERS.get(name) or READERS.get(f"{name.rpartition('/')[0]}/")
    if reader is None or path.suffix != ".yaml":
        draft.log.refusals.append(FileUnknown(file=file))
        return
    node, refusals = compose(text_of(path, file), file)
    draft.log.refusals += refusals
    if isinstance(node, Table):
        reader(Row(node, file, draft.log), draft)
    elif not refusals:
        draft.log.refusals.append(NotReadable(file=file, line=1))


def _complete(draft: Draft, folders: tuple[Path, ...]) -> None:
    """Note what every pack must state and none of the folders does."""
    name = ", ".join(folder.name for folder in folders)
    singles = {
        "province": ("pack.yaml", "province" in draft.words.rows),
        "regime": ("pack.yaml", "regime" in draft.words.rows),
        "letterhead": ("pack.yaml", bool(draft.letterhead.rows)),
        "holidays": ("holidays.yaml", bool(draft.calendar.rows)),
        "jump_times": ("checks.yaml", bool(draft.jump_times.rows)),
        "disclosure_threshold": ("disclosure.yaml", bool(draft.threshold.rows)),
        "worthy_bands": ("commendations.yaml", bool(draft.worthy_bands.rows)),
    }
    for key, (file, is_there) in singles.items():
        if not is_there:
            draft.log.refusals.append(FactMissing(pack=name, key=key, file=file))


def _pack(draft: Draft, register: Register, fingerprint: str) -> Pack:
    words = draft.words.values
    return Pack(
        key=words["key"],
        label=words["label"],
        english=words["english"],
        fingerprint=fingerprint,
        province=words["province"],
        regime=words["regime"],
        instruments=draft.instruments.values,
        regimes=draft.regimes.values,
        calendar=draft.calendar.values["holidays"],
        kinds=draft.kinds.values,
        register=register,
        measure_units=draft.measure_units.values,
        phrases=draft.phrases.values,
        schemes=draft.schemes.values,
        forms=draft.forms.values,
        indicators=draft.indicators.values,
        rules=tuple(draft.rules.values.values()),
        jump_times=draft.jump_times.values["jump_times"],
        watches=tuple(draft.watches),
        editions=draft.editions.values,
        dates=draft.dates.values,
        disclosure_threshold=draft.threshold.values["disclosure_threshold"],
        award_forms=draft.award_forms.values,
        worthy_bands=draft.worthy_bands.values["worthy_bands"],
        reminders=tuple(draft.reminders.values.values()),
        posts=tuple(draft.posts.values.values()),
        ladder=Ladder(draft.ladder.values),
        programmes={int(y): work for y, work in draft.programmes.values.items()},
        templates=draft.templates.values,
        vocabulary=draft.vocabulary,
        letterhead=draft.letterhead.values["letterhead"],
        examples={int(y): answers for y, answers in draft.examples.values.items()},
    )
