"""What the tests of the walls start from: the small province, as in the cycle's."""

from tests.cycle.conftest import _nothing_remembered, pack

__all__ = ["_nothing_remembered", "pack"]
