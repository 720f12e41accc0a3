"""How are recorded documents compared, and how are they recorded anew?

`pytest tests/documents --regenerate-golden` rewrites `golden/`; read the difference
before it is committed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-golden",
        action="store_true",
        default=False,
        help="rewrite the recorded documents under tests/documents/golden",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the recorded one of this name."""

    def compare(name: str, text: str) -> None:
        recorded = GOLDEN / name
        if request.config.getoption("--regenerate-golden", default=False):
            GOLDEN.mkdir(exist_ok=True)
            recorded.write_text(text, encoding="utf-8")
        assert text == recorded.read_text(encoding="utf-8")

    return compare
