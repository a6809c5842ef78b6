"""Declarations: shown in the reader's language, accepted one by one, and never edited afterwards."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from claims.models import Acceptance, Action, Claim, DeclarationText, Registration


def list_declarations(action: Action, language: str) -> list[DeclarationText]:
    """Return the newest version of each declaration, in this language, else in the one that prevails."""
    newest: dict[str, DeclarationText] = {}
    texts = list(action.declaration_texts.order_by("kind", "version"))
    for text in texts:
        kept = newest.get(text.kind)
        if kept is None or text.version > kept.version or _rank(text, language) > _rank(kept, language):
            newest[text.kind] = text
    _add_prevailing(newest.values(), texts)
    return list(newest.values())


def _add_prevailing(shown: Iterable[DeclarationText], texts: Iterable[DeclarationText]) -> None:
    """Put beside each translation the text that prevails: whoever is bound by it can read it."""
    prevailing = {(it.action_id, it.kind, it.version): it for it in texts if not it.is_translation}
    for text in shown:
        if text.is_translation:
            text.prevailing_text = prevailing.get((text.action_id, text.kind, text.version))


def _rank(text: DeclarationText, language: str) -> int:
    return 2 if text.language == language else text.language == text.prevailing_language


def list_wanted_kinds(action: Action, values: Mapping[str, object]) -> set[str]:
    """Return the kinds of declaration that this person is asked for, without their words in every language."""
    newest: dict[str, bool] = {}
    texts = action.declaration_texts.order_by("version").values_list("kind", "is_optional", "version").distinct()
    for kind, is_optional, _version in texts:
        newest[kind] = bool(is_optional)
    return {kind for kind, is_optional in newest.items() if not is_optional} - list_contradicted(action, values)


def list_wanted(action: Action, values: Mapping[str, object], language: str) -> list[DeclarationText]:
    """Return the declarations that this person is asked for: not one that an answer already contradicts."""
    contradicted, texts = list_contradicted(action, values), list_declarations(action, language)
    return [text for text in texts if not text.is_optional and text.kind not in contradicted]


def list_contradicted(action: Action, values: Mapping[str, object]) -> set[str]:
    """Return the kinds of declaration that an answer contradicts: nobody declares them, even who once accepted them."""
    return {
        question["declared"]["kind"]
        for question in action.questions
        if "declared" in question and values.get(question["id"]) not in {None, question["declared"]["answer"]}
    }


def list_optional(action: Action, language: str) -> list[DeclarationText]:
    """Return the consents that a claim does not depend on: asked apart, and never ticked beforehand."""
    return [text for text in list_declarations(action, language) if text.is_optional]


@transaction.atomic
def accept_declarations(registration: Registration, texts: Iterable[DeclarationText]) -> None:
    """Keep that these declarations, and no others, are accepted now. One accepted before keeps its time."""
    chosen = {text.pk: text for text in texts}
    registration.acceptances.exclude(text__in=chosen).delete()
    held = set(registration.acceptances.values_list("text_id", flat=True))
    now = timezone.now()
    Acceptance.objects.bulk_create(
        Acceptance(registration=registration, text=text, accepted_at=now)
        for pk, text in chosen.items()
        if pk not in held
    )
    Registration.objects.filter(pk=registration.pk).update(saved_at=now)  # what was checked before holds no more


def accept_for_claim(claim: Claim, text: DeclarationText) -> None:
    """Keep that a declaration was accepted after sending, with a corrected answer, in the transaction of that."""
    Acceptance.objects.create(claim=claim, text=text, accepted_at=timezone.now())


def list_acceptances(claim: Claim) -> list[Acceptance]:
    """Return what was accepted for a claim, each with the very words, in order; what was taken back since too."""
    acceptances = list(claim.acceptances.select_related("text").order_by("accepted_at", "pk"))
    kinds = {acceptance.text.kind for acceptance in acceptances if acceptance.text.is_translation}
    prevailing = DeclarationText.objects.filter(
        action=claim.action_id, kind__in=kinds, language=F("prevailing_language")
    )
    _add_prevailing([acceptance.text for acceptance in acceptances], prevailing if kinds else ())
    return acceptances


def list_accepted_kinds(registration: Registration) -> set[str]:
    """Return the kinds of declaration that are accepted so far: until it is sent, in the newest words only."""
    standing = registration.acceptances.filter(taken_back_at=None)
    accepted = set(standing.values_list("text__kind", "text__version"))
    if registration.state != Registration.State.OPEN:
        return {kind for kind, _ in accepted}
    texts = DeclarationText.objects.filter(action=registration.action_id, kind__in=[kind for kind, _ in accepted])
    newest = dict(texts.order_by().values_list("kind").annotate(Max("version")))
    return {kind for kind, version in accepted if version == newest[kind]}


def answer_by_declaring(action: Action, accepted: Iterable[str]) -> dict[str, str]:
    """Return question -> answer for what accepting these kinds of declaration answers."""
    kinds = set(accepted)
    return {
        question["id"]: question["declared"]["answer"]
        for question in action.questions
        if "declared" in question and question["declared"]["kind"] in kinds
    }
