"""What somebody types into the search of the book stays out of addresses: sealed for a day, opened by its code.

Addresses are kept by browsers, logs and whoever gets a link; a name or an e-mail address has no place there.
"""

import secrets
from datetime import timedelta

from django.utils import timezone

from claims.base.vault import Unreadable, make_data_key, open_text, seal_text
from claims.models import Action, KeptSearch, User

KEPT_FOR = timedelta(days=1)


def keep_search(action: Action, typed: str, *, by: User) -> str:
    """Seal what was typed and return the code that stands for it in addresses."""
    code, data_key = secrets.token_urlsafe(16), make_data_key()
    KeptSearch.objects.create(
        code=code, action=action, user=by, data_key=data_key, sealed=seal_text(data_key, typed, place=_name_place(code))
    )
    return code


def open_search(action: Action, code: str, *, user_id: int | None) -> str:
    """Return what was typed; "" where the code is of another person or action, made up, or older than a day."""
    if not code or user_id is None or "\x00" in code:
        return ""
    fresh = KeptSearch.objects.filter(made_at__gt=timezone.now() - KEPT_FOR)
    kept = fresh.filter(code=code[:40], action=action, user=user_id).first()
    try:
        return open_text(kept.data_key, kept.sealed, place=_name_place(kept.code)) if kept else ""
    except Unreadable:
        return ""


def forget_searches() -> None:
    """Delete what was typed a day ago."""
    KeptSearch.objects.filter(made_at__lte=timezone.now() - KEPT_FOR).delete()


def _name_place(code: str) -> str:
    return f"kept search {code}"
