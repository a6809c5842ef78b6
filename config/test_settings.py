"""Settings of the tests: fixed keys and own folders; everything else as in production."""

import os
import tempfile
from pathlib import Path

os.environ["SECRET_KEY"] = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF"
os.environ["FIELD_KEYS"] = (
    "index:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLTMyYi4=,master:bWFzdGVyLWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3ODk="
)
os.environ["BASE_URL"] = "http://testserver"
os.environ["ALLOWED_HOSTS"] = "testserver"
os.environ["PROOF_TRIES"] = "4"  # the tests of proofs say what they want
os.environ["UNPROVEN_WAIT_SECONDS"] = "0"
if "REDRESS_TEST_DIR" not in os.environ:  # one folder for a run: the processes of xdist inherit it
    os.environ["REDRESS_TEST_DIR"] = tempfile.mkdtemp(prefix="redress-test-")
TEST_DIR = Path(os.environ["REDRESS_TEST_DIR"])
os.environ["HISTORY_CHECKPOINTS"] = str(TEST_DIR / f"checkpoints-{os.getpid()}.log")
PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "main")  # each process of the tests has queues of its own
os.environ["BROKER_DIR"] = str(TEST_DIR / f"broker-{PROCESS}")
if os.environ.get("BROKER_URL", "").startswith("redis://") and PROCESS != "main":
    os.environ["BROKER_URL"] = f"{os.environ['BROKER_URL'].rpartition('/')[0]}/{PROCESS.removeprefix('gw')}"

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MEDIA_ROOT = str(TEST_DIR / "media")
WHITENOISE_AUTOREFRESH = True  # each client of a test is a server of its own, which would read all static files first
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: workers that the tests start are processes of their own and must see the rows.
    DATABASES["default"]["TEST"] = {"NAME": str(TEST_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["OPTIONS"] = {}  # the pool would outlive the test database
