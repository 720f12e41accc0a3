"""The settings of a test run: the product's own, in a folder that is thrown away.

pytest-django reads settings before any conftest, so the folder is chosen here.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "TONGKET_DATA_DIR" not in os.environ:
    folder = tempfile.mkdtemp(prefix="tongket-test-")
    os.environ["TONGKET_DATA_DIR"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)

# WhiteNoise warns where the folder of collected files is missing; nothing is collected.
Path(os.environ["TONGKET_DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)

from tongket.config.settings import *  # noqa: E402, F403

# The test client speaks plain HTTP; how PostgreSQL's profile is served is nginx's part.
SECURE_SSL_REDIRECT = False
# Signing in is not what the tests are about: a quick hash.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Nor is a second factor, but where a test says so: production requires it.
IS_SECOND_FACTOR_REQUIRED = False
