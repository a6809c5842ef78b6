"""A missing or bad setting stops the start with a sentence that names it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INDEX = "index:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLTMyYi4="
MASTER = "master:bWFzdGVyLWZvci10ZXN0cy1vbmx5LTAxMjM0NTY3ODk="
GOOD = {
    "SECRET_KEY": "production-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEF",
    "FIELD_KEYS": f"{INDEX},{MASTER}",
    "BASE_URL": "https://redress.example",
    "PATH": "/usr/bin:/bin",
}
LOAD = "import environ; environ.Env.read_env = lambda *a, **k: None; import config.settings as s; print(s.IS_HTTPS, s.ALLOWED_HOSTS)"


def load_settings(*, load=LOAD, **changes):
    environment = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", load], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


OWN = {"BASE_URL": "http://127.0.0.1:8000", "SHOW_MAILS": "on"}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, True),
        ({"BASE_URL": "http://localhost:8000"}, True),
        ({"DEBUG": "on"}, True),
        ({"SHOW_MAILS": None}, False),
        ({"SHOW_MAILS": "off"}, False),
        ({"BASE_URL": "https://redress.example"}, False),
        ({"BASE_URL": "https://127.0.0.1.redress.example"}, False),
        ({"BASE_URL": "http://testserver"}, False),
        ({"EMAIL_URL": "smtp://127.0.0.1:25"}, False),
        ({"EMAIL_URL": "consolemail://"}, False),
    ],
)
def test_mails_are_shown_on_ones_own_machine_only_where_none_leaves_it_and_one_asks_for_it(changes, shown):
    done = load_settings(**{**OWN, **changes}, load=f"{LOAD}; print(s.SHOWS_MAILS)")
    assert done.stdout.split()[-1] == str(shown)


@pytest.mark.parametrize(
    ("changes", "is_own"),
    [
        ({}, True),
        ({"SHOW_MAILS": None}, True),
        ({"BASE_URL": "https://redress.example"}, False),
        ({"EMAIL_URL": "smtp://127.0.0.1:25"}, False),
    ],
)
def test_codes_of_the_demonstration_are_reckoned_on_ones_own_machine_however_the_server_runs(changes, is_own):
    done = load_settings(**{**OWN, **changes}, load=f"{LOAD}; print(s.IS_OWN_MACHINE)")
    assert done.stdout.split()[-1] == str(is_own)


def test_good_settings_start():
    assert load_settings().stdout.strip() == "True ['redress.example']"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", None, "SECRET_KEY is missing"),
        ("SECRET_KEY", "short", "too weak"),
        ("SECRET_KEY", "a" * 60, "too weak"),
        ("FIELD_KEYS", None, "FIELD_KEYS is missing"),
        ("FIELD_KEYS", "index:short", "FIELD_KEYS is bad at `index`"),
        ("FIELD_KEYS", "k1:dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLTMyYi4=", "no key with the id `index`"),
        ("FIELD_KEYS", INDEX, "no master key"),
        ("FIELD_KEYS", f"{INDEX},{INDEX.replace('index', 'master')}", "same bytes under two ids"),
        ("BASE_URL", None, "BASE_URL is missing"),
        ("BASE_URL", "redress.example", "BASE_URL is missing or bad"),
        ("BASE_URL", "http://redress.example", "plain HTTP"),
        ("ALLOWED_HOSTS", "*", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ".example", "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", "", "ALLOWED_HOSTS"),
        ("BASE_URL", "https://[::1", "BASE_URL is missing or bad"),
        ("BASE_URL", "https://redress.example:99999", "BASE_URL is missing or bad"),
        ("FIELD_KEYS", f"index:{'A' * 43}=", "FIELD_KEYS is bad at `index`"),
        ("DEBUG", "maybe", "DEBUG is bad"),
        ("BEHIND_PROXY", "perhaps", "BEHIND_PROXY is bad"),
        ("SHOW_MAILS", "perhaps", "SHOW_MAILS is bad"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is bad"),
        ("CACHE_URL", "nothing://", "CACHE_URL is bad"),
        ("EMAIL_URL", "pigeon://x", "EMAIL_URL is bad"),
        ("DATABASE_URL", "postgres://a:secret@h:abc/d", "DATABASE_URL is bad"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL is bad"),
        ("BROKER_URL", "amqp://x", "BROKER_URL is bad"),
    ],
)
def test_a_bad_setting_is_named_in_one_line(name, value, words):
    done = load_settings(**{name: value})
    assert done.returncode == 1
    assert words in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
