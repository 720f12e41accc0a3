"""The packs, the counted store and the files that this installation works with."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from tongket.analytics.store import Store
from tongket.cycle import count
from tongket.domain.units import Tree
from tongket.loader import packs
from tongket.loader.pack import Pack
from tongket.office import clock
from tongket.records.register import register


@lru_cache(maxsize=1)
def pack() -> Pack:
    """Return the country's and the province's facts, read once a process."""
    return packs.load(
        settings.PACKS_DIR / settings.COUNTRY_PACK,
        settings.PACKS_DIR / settings.PROVINCE_PACK,
    )


def store() -> Store:
    """Return the counted store, fresh with everything accepted so far."""
    return count.refresh(pack=pack(), folder=settings.DATA_DIR / "counted")


def files() -> Path:
    """Return the folder that reports are written to and published from."""
    return Path(settings.DATA_DIR) / "files"


def tree() -> Tree:
    """Return the units as they are on the office's day."""
    return register().on(clock.today())
