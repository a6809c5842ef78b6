"""What a lawyer fills in to ask, refuse, set a finding, note or uncover."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.access import list_workers
from claims.curing import list_asked
from claims.forms.opening import NOT_TO_COME, NOT_TOO_EARLY
from claims.forms.procedure import DayField
from claims.models import Action, Claim, Reveal
from claims.models.actions import pick_text
from claims.questions import is_asked_of_people, list_record_questions
from claims.review.casework import LONGEST_NOTE
from claims.review.periods import EVIDENCE, MOST_DAYS
from claims.review.record import read_record
from claims.rules.eligibility import Verdict
from claims.wording import day as say_day

LONGEST = LONGEST_NOTE


def _words(label: Any, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4, "class": "input", "maxlength": LONGEST})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=widget)


def _days() -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"class": "input w-4"})
    return forms.IntegerField(label=_("Days to answer"), min_value=1, max_value=MOST_DAYS, widget=widget)


class AskForm(forms.Form):
    """Which questions, until when, and a word of one's own."""

    questions = forms.MultipleChoiceField(label=_("Questions"), widget=forms.CheckboxSelectMultiple)
    words = _words(_("What the claimant should know (shown on the page, not in the mail)"))
    days = _days()

    def __init__(self, data: Any, *, claim: Claim, unknown: list[str]) -> None:
        record = read_record(claim.action)
        super().__init__(data, initial={"days": record.cure_days, "questions": unknown})
        plain = list_record_questions() | {
            it["id"]: it for it in claim.action.questions
        }  # the office reads one wording
        asked = [
            (name, pick_text(dict(plain.get(name, it)["label"])))
            for name, it in list_asked(claim).items()
            if not it.get("final")
        ]
        asked.sort(key=lambda it: it[0] not in unknown)  # what is chosen already stands first
        field = self.fields["questions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [*asked, (EVIDENCE, _("A file that shows it"))]


class AnnounceForm(forms.Form):
    """Why a claim may be refused, and until when the claimant can answer."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.Select(attrs={"class": "input"}))
    words = _words(_("In our own words to the claimant"))
    days = _days()

    def __init__(self, data: Any, *, claim: Claim) -> None:
        record = read_record(claim.action)
        super().__init__(data, initial={"days": record.hearing_days})
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Choose one")), *record.list_reasons()]


class WordsForm(forms.Form):
    """Words alone: why a claim is refused for good, or taken up again."""

    words = _words(_("In our own words to the claimant"))


class RefuseForm(WordsForm):
    """Refusing after the hearing; while the time to answer runs, a tick says that this is meant."""

    before_end = forms.BooleanField()

    def __init__(self, data: Any, *, until: date | None) -> None:
        super().__init__(data)
        if until is None:
            del self.fields["before_end"]
            return
        self.fields["before_end"].label = _(
            "The claimant has answered and I have read it. The time to answer runs until {until}; I decide before that."
        ).format(until=say_day(until))


class ReopenForm(forms.Form):
    """Why a decided claim is taken up again."""

    words = _words(_("Why the claim is taken up again"), required=True)


class OverrideForm(forms.Form):
    """Another finding, and why."""

    verdict = forms.ChoiceField(
        label=_("The finding"), widget=forms.RadioSelect,
        choices=[(Verdict.YES, _("Yes: met")), (Verdict.NO, _("No: not met")), (Verdict.UNKNOWN, _("Unknown"))],
    )  # fmt: skip
    reason = _words(_("Why (kept sealed, for the office)"), required=True)


class NoteForm(forms.Form):
    """A note of the office."""

    words = _words(_("New note"), required=True)


class BornForm(forms.Form):
    """The day of birth as the office enters it, and why."""

    born_on = DayField(label=_("Date of birth"), validators=[NOT_TOO_EARLY, NOT_TO_COME])
    reason = _words(_("Why it is corrected"), required=True)

    def list_problems(self) -> str:
        """Return what is wrong, each with the name of its field."""
        return " ".join(f"{self[name].label}: {' '.join(map(str, said))}" for name, said in self.errors.items())


class RevealForm(forms.Form):
    """Why what is masked is uncovered: a reason that this person can have."""

    reason = forms.ChoiceField(
        label=_("Why do you need to see it?"),
        choices=Reveal.Reason.choices,
        widget=forms.Select(attrs={"class": "input"}),
    )
    words = forms.CharField(
        label=_("In your own words"), required=False, max_length=400, widget=forms.TextInput(attrs={"class": "input"})
    )

    def __init__(self, data: Any = None, *, may_decide: bool) -> None:
        super().__init__(data)
        reasons = self.fields["reason"]
        assert isinstance(reasons, forms.ChoiceField)
        if not may_decide:
            reasons.choices = [it for it in Reveal.Reason.choices if it[0] != Reveal.Reason.DECIDE]


class BulkForm(forms.Form):
    """What is decided on all claims of a view: to accept them, or to ask them the same questions."""

    decision = forms.ChoiceField(
        label=_("What to do"), widget=forms.RadioSelect, initial="accept",
        choices=[
            ("accept", _("Accept those that meet every criterion")),
            ("ask", _("Ask them for more")),
            ("assign", _("Give them to somebody to work on")),
        ],
    )  # fmt: skip
    questions = forms.MultipleChoiceField(label=_("Questions"), required=False, widget=forms.CheckboxSelectMultiple)
    words = _words(_("What the claimant should know (shown on the page, not in the mail)"))
    days = _days()
    to = forms.ChoiceField(label=_("To whom"), required=False, widget=forms.Select(attrs={"class": "input"}))
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    field_order = ("decision", "to", "questions", "words", "days")

    def __init__(self, data: Any, *, action: Action, seen: int, decision: str | None = None) -> None:
        asked_for = decision if decision in {"ask", "assign"} else "accept"
        super().__init__(data, initial={"days": read_record(action).cure_days, "seen": seen, "decision": asked_for})
        asked = [
            (q["id"], pick_text(dict(q["label"])))
            for q in action.questions
            if is_asked_of_people(q) and not q.get("final")
        ]
        field = self.fields["questions"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [*asked, (EVIDENCE, _("A file that shows it"))]
        workers = self.fields["to"]
        assert isinstance(workers, forms.ChoiceField)
        workers.choices = [("", _("Choose one")), *((str(user.pk), str(user)) for user in list_workers(action))]

    def clean(self) -> dict[str, Any]:
        """Want a person where claims are given to one."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("decision") == "assign" and not data.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose somebody who works in this action."))
        return data
