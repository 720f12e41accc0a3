"""A pack with a fault is refused with one sentence for each fault, and only that.

Every folder under `broken/` is read on top of the shipped packs and holds one mistake;
its `sentences.txt` holds what a person is told, a line for each fault.
"""

from pathlib import Path

import pytest

from tongket.domain.sentences import Refusal, Refusals
from tongket.loader.packs import load
from tongket.loader.refusals import PackRefused

HERE = Path(__file__).parent
PACKS = HERE.parents[1] / "packs"
SHIPPED = (PACKS / "vietnam", PACKS / "bac-giang")
BROKEN = sorted(path for path in (HERE / "broken").iterdir() if path.is_dir())
BY_NAME = pytest.mark.parametrize("folder", BROKEN, ids=lambda path: path.name)


def refused(*folders: Path) -> tuple[Refusal, ...]:
    """Return what the shipped packs with these folders are refused with."""
    with pytest.raises(Refusals) as caught:
        load(*SHIPPED, *folders)
    return caught.value.refusals


def sentences(folder: Path) -> list[str]:
    """Return what a person should be told about a broken pack."""
    return (folder / "sentences.txt").read_text(encoding="utf-8").splitlines()


@BY_NAME
def test_a_broken_pack_is_refused_with_exactly_its_sentences(folder: Path) -> None:
    assert [str(refusal) for refusal in refused(folder)] == sentences(folder)


@BY_NAME
def test_each_refusal_names_its_file_and_can_be_translated(folder: Path) -> None:
    for refusal in refused(folder):
        assert isinstance(refusal, PackRefused)
        assert str(refusal).startswith(f"{folder.name}/")
        assert refusal.sentence.translated(lambda words: words) == str(refusal)


def test_all_faults_of_all_folders_are_told_at_once() -> None:
    folders = [HERE / "broken" / case for case in ("undated", "band-gap", "excluded")]
    told = sorted(str(refusal) for refusal in refused(*folders))
    assert told == sorted(text for folder in folders for text in sentences(folder))
