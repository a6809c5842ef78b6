"""Read the settings that come from outside, and stop with a sentence where one is missing or bad."""

import base64
import binascii
import sys
from collections.abc import Callable
from typing import Any, NoReturn
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}
LOOPBACK = {*OWN_MACHINE, "testserver"}


def stop(sentence: str) -> NoReturn:
    """End the start of any process with one line that names the setting and how to mend it."""
    print(f"Redress cannot start: {sentence}", file=sys.stderr)
    raise SystemExit(1)


def check_secret_key(key: str) -> str:
    """Return the key; stop where it is missing or too short to sign anything."""
    if not key:
        stop("SECRET_KEY is missing. Set it to 50 random characters or more; `make setup` makes one for this machine.")
    if len(key) < 50 or len(set(key)) < 10:
        stop("SECRET_KEY is too weak. Set it to 50 random characters or more.")
    return key


def parse_field_keys(text: str) -> dict[str, bytes]:
    """Return key id -> 32 bytes from `id:base64,id:base64`.

    `index` keys the blind indexes; the last whose id begins with `master` wraps the data keys. Both must be there.
    """
    if not text:
        stop("FIELD_KEYS is missing. Set it to `index:BASE64,master:BASE64`; `make setup` makes them for this machine.")
    keys = {}
    for part in text.split(","):
        name, _, value = part.strip().partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not name or len(key) != 32 or len(set(key)) < 8:
            stop(f"FIELD_KEYS is bad at `{name or '?'}`. Each part is `id:BASE64` with 32 random bytes.")
        keys[name] = key
    if "index" not in keys:
        stop("FIELD_KEYS has no key with the id `index`. Add `index:BASE64` with 32 random bytes.")
    if not any(name.startswith("master") for name in keys):
        stop("FIELD_KEYS has no master key. Add `master:BASE64` with 32 random bytes.")
    if len(set(keys.values())) < len(keys):
        stop("FIELD_KEYS has the same bytes under two ids. Each key needs its own 32 random bytes.")
    return keys


def check_base_url(url: str) -> str:
    """Return the address that people use; plain HTTP is for the own machine only."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, brackets that do not close
        is_whole = False
    if not is_whole:
        stop("BASE_URL is missing or bad. Set it to the address that people use, for example https://redress.example.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        stop("BASE_URL is plain HTTP. Use https://, except for 127.0.0.1 on your own machine.")
    return url.rstrip("/")


def check_url(name: str, url: str, schemes: tuple[str, ...]) -> str:
    """Return the URL of a service; stop where its scheme is not one that is supported."""
    if not url.startswith(tuple(f"{scheme}://" for scheme in schemes)):
        shown = ", ".join(f"{scheme}://" for scheme in schemes)
        stop(f"{name} is bad. It must begin with one of: {shown}")
    return url


def check_flag(name: str, text: str) -> bool:
    """Return whether a setting is on."""
    if (flag := text.strip().lower()) not in {"", "on", "off", "true", "false", "yes", "no", "1", "0"}:
        stop(f"{name} is bad. Set it to `on` or `off`.")
    return flag in {"on", "true", "yes", "1"}


def check_shows_mails(text: str, *, backend: str, base_url: str) -> bool:
    """Return whether a page shows the mails: where it is asked for, none leaves this machine, and no other sees it."""
    is_asked_for = check_flag("SHOW_MAILS", text)
    is_own_machine = urlsplit(base_url).hostname in OWN_MACHINE
    return is_asked_for and is_own_machine and backend == "django.core.mail.backends.filebased.EmailBackend"


def check_hosts(hosts: list[str]) -> list[str]:
    """Return the names under which the site is reached; stop where one stands for names that nobody chose."""
    if not hosts or any(not host.strip() or host.startswith(("*", ".")) for host in hosts):
        stop("ALLOWED_HOSTS must name each host; `*` or `.name` would let others forge the links in our mails.")
    return hosts


def check_log_level(level: str) -> str:
    """Return the level of the log."""
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        stop("LOG_LEVEL is bad. Set it to DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return level


def parse_url(name: str, url: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """Return the settings in a URL; stop where it cannot be read. Never repeats it: it can hold a password."""
    try:
        return parse(url)
    except (ValueError, KeyError, ImproperlyConfigured):
        stop(f"{name} is bad. Write it as in the README, for example with a port that is a number.")
