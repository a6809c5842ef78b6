"""A mail into the queue: rendered in the reader's language, written in the transaction of the use case."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template import Context, Engine
from django.utils import timezone, translation

from claims.base.addresses import check_address, make_address_key
from claims.base.calls import call_worker
from claims.models import Mail

TASK = "claims.tasks.send_mails"
NO_WAIT = timedelta()


def queue_mail(
    to: str, *, kind: str, language: str, context: Mapping[str, Any], forget_at: datetime | None = None,
    wait: timedelta = NO_WAIT,
) -> Mail:  # fmt: skip
    """Write a mail in the caller's transaction and return it; it leaves within seconds after the commit and `wait`.

    Renders `claims/mail/<kind>.txt`, `.html` and `.subject.txt` in `language`, or in the main one where we do not
    speak it. From `forget_at` on the mail is not sent any more and says nothing: give it one where it holds a code.
    Raises Refused where `to` is no address.
    """
    mail = prepare_mail(to, kind=kind, language=language, context=context, forget_at=forget_at, wait=wait)
    mail.save(force_insert=True)
    transaction.on_commit(partial(nudge, wait))
    return mail


def queue_mails(mails: Sequence[Mail]) -> None:
    """Write many prepared mails in the caller's transaction, with one wake-up call for all of them."""
    Mail.objects.bulk_create(mails, batch_size=500)
    transaction.on_commit(nudge)


def prepare_mail(
    to: str, *, kind: str, language: str, context: Mapping[str, Any], forget_at: datetime | None = None,
    wait: timedelta = NO_WAIT,
) -> Mail:  # fmt: skip
    """Return a mail that is rendered and not yet written, for whoever writes many. Raises Refused as `queue_mail`."""
    address, language = check_address(to), find_language(language)
    mail = Mail(to=address, to_key=make_address_key(address), kind=kind, language=language, forget_at=forget_at)
    mail.next_at = timezone.now() + wait
    with translation.override(language):
        content = {**context, "language": language, "base_url": settings.BASE_URL}
        # Without the context: subjects are shown on locked screens, so none can hold what concerns a person.
        mail.subject = " ".join(render(f"{kind}.subject.txt", {}, is_html=False).split())
        mail.text = tidy_text(render(f"{kind}.txt", content, is_html=False))
        mail.html = render(f"{kind}.html", content, is_html=True)
    return mail


def nudge(wait: timedelta = NO_WAIT) -> None:
    """Ask a worker to send what waits, or what will after a time."""
    call_worker(TASK, in_seconds=wait.total_seconds())


def find_language(language: str) -> str:
    """Return the language of ours that is nearest to a code ("de-AT" is "de"), or the main one."""
    try:
        return translation.get_supported_language_variant(language)
    except LookupError:
        return settings.LANGUAGE_CODE


def render(name: str, context: Mapping[str, Any], *, is_html: bool) -> str:
    """Return a template of mails rendered; everything is escaped in HTML and nothing in plain text."""
    template = Engine.get_default().get_template(f"claims/mail/{name}")
    return template.render(Context(context, autoescape=is_html))


def tidy_text(text: str) -> str:
    """Return a plain text with one empty line between its paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
