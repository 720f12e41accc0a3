"""Has `check --deploy` nothing to say against production as the guide sets it up?"""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from tests.postgres import APPLICATION

ROOT = Path(__file__).resolve().parents[2]
SERVING = "tongket_serving"  # a member of the application's role that may log in
pytestmark = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="production is PostgreSQL"
)


def checked(folder: Path, user: str, password: str) -> subprocess.CompletedProcess[str]:
    """Run the check as a server with this role would; any warning is a failure."""
    place = urlsplit(os.environ["TONGKET_DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TONGKET_")}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tongket.config.settings",
        "TONGKET_DATA_DIR": str(folder),
        "TONGKET_DATABASE_URL": (
            f"postgresql://{user}:{password}@{place.hostname}:{place.port}/{name}"
        ),
        "TONGKET_SECRET_KEY": secrets.token_urlsafe(50),
        "TONGKET_HOSTS": "tongket.example.vn",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True
    )


@pytest.fixture
def serving(transactional_db: None) -> Iterator[str]:
    """The password of a role that serves: it owns nothing, policies hold it."""
    password = secrets.token_hex(16)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"CREATE ROLE {SERVING} LOGIN PASSWORD '{password}'")
        cursor.execute(f"GRANT {APPLICATION} TO {SERVING}")
        cursor.execute(f"SET ROLE {APPLICATION}")
    yield password
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(f"DROP ROLE {SERVING}")
        cursor.execute(f"SET ROLE {APPLICATION}")


def test_production_is_fit_to_be_deployed(serving: str, tmp_path: Path) -> None:
    done = checked(tmp_path, SERVING, serving)
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout, done.stdout + done.stderr


def test_production_as_the_owner_of_the_tables_is_not(
    serving: str, tmp_path: Path
) -> None:
    place = urlsplit(os.environ["TONGKET_DATABASE_URL"])
    done = checked(tmp_path, str(place.username), str(place.password))
    assert done.returncode != 0
    assert "tongket.E001" in done.stderr
    assert "tongket.E002" in done.stderr
