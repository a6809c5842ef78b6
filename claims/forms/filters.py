"""What to show of the book: one form turns an address into a choice of claims, for pages, bulk steps and exports."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from claims import book as the_book
from claims.base.countries import name_country
from claims.book import ANY, DUE, ME, NEWEST, NO, NOBODY, UNKNOWN, WAITING, YES
from claims.criteria import Rulebook
from claims.kept_searches import open_search
from claims.lines import list_all
from claims.models import Action, Claim
from claims.models.actions import pick_text
from claims.search import Found, find_people, rank_people
from claims.sizes import Sizes, read_sizes
from claims.waits import NAMES

EVERYTHING = ("", _("Any"))
YES_NO = [EVERYTHING, (YES, _("Yes")), (NO, _("No"))]
MAIN = ("status", "outcome", "state", "tier", "sort")  # the others are behind "More filters" until one is set


class OfferedField(forms.ChoiceField):
    """A choice; one that nobody offered is named, cut short, since it may be anything."""

    def validate(self, value: Any) -> None:
        """Refuse what was not offered."""
        if value and not self.valid_value(value):
            shown = Truncator(str(value)).chars(60)
            raise ValidationError(_("There is no “%(value)s” to choose here."), params={"value": shown})


class ClaimFilterForm(forms.Form):
    """What to show of the book. A value that nobody offered is an error: the page names it and shows no rows."""

    search = forms.CharField(
        label=_("Name, reference or e-mail"), required=False, max_length=40
    )  # a code: kept_searches
    status = OfferedField(label=_("Status"), required=False)
    outcome = OfferedField(label=_("Outcome"), required=False)
    state = OfferedField(label=_("Lives in"), required=False)
    tier = OfferedField(label=_("Tier"), required=False)
    sort = OfferedField(
        label=_("Order"), required=False,
        choices=[
            ("", _("last registered first")),
            (WAITING, _("waiting longest first")),
            (DUE, _("by the last day to answer")),
        ],
    )  # fmt: skip
    criterion = OfferedField(label=_("Criterion"), required=False)
    finding = OfferedField(
        label=_("Its finding"), required=False, choices=[*YES_NO, (UNKNOWN, _("Unknown"))],
    )  # fmt: skip
    joined = OfferedField(label=_("Joined in court"), required=False, choices=YES_NO)
    channel = OfferedField(label=_("Came by"), required=False, choices=[EVERYTHING, *Claim.Channel.choices])
    assigned = OfferedField(
        label=_("With"), required=False,
        choices=[EVERYTHING, (ME, _("me")), (NOBODY, _("nobody")), (ANY, _("somebody"))],
    )  # fmt: skip
    asked = OfferedField(label=_("Has an open question"), required=False, choices=YES_NO)
    waits = OfferedField(
        label=_("Waiting for you"), required=False, choices=[EVERYTHING, *NAMES.items()],
    )  # fmt: skip
    held = OfferedField(label=_("Held for a look"), required=False, choices=YES_NO)
    since = forms.DateField(label=_("Registered from"), required=False)
    until = forms.DateField(label=_("Registered to"), required=False)

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        action: Action,
        book: Rulebook | None,
        states: Iterable[str],
        me: int | None = None,
    ) -> None:
        super().__init__(data)
        self.action, self.book, self.me = action, book, me
        language = get_language() or "en"
        named = sorted((name_country(code, language), code) for code in states if code)
        tiers = [(tier.id, pick_text(dict(tier.title))) for tier in (book.tiers if book else ())]
        criteria = [(item.id, pick_text(dict(item.title))) for item in (book.criteria if book else ())]
        self.words = open_search(action, self.data.get("search", ""), user_id=me)  # what was typed, never in an address
        unknown = (UNKNOWN, _("Not yet known"))
        self.set_choices("status", [("", _("All that stand")), *Claim.Status.choices, (ANY, _("Every status"))])
        self.set_choices("outcome", [EVERYTHING, *Claim.OUTCOMES, (UNKNOWN, _("Not yet screened"))])
        self.set_choices("state", [EVERYTHING, unknown, *((code, name) for name, code in named)])
        self.set_choices("tier", [EVERYTHING, unknown, *tiers])
        self.set_choices("criterion", [EVERYTHING, *criteria])

    def set_choices(self, name: str, choices: list) -> None:
        """Offer these values in a field."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # all of them are
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        """Refuse a search that does not open, a finding without its criterion or the other way, days in disorder."""
        data: dict[str, Any] = super().clean() or {}
        if (data.get("search") or self.data.get("q")) and not self.words:  # `q`: an old address, that names somebody
            self.add_error("search", _("What is typed here is kept for a day, and only for who typed it."))
        if data.get("criterion") and not data.get("finding") and "finding" not in self.errors:
            self.add_error("finding", _("Choose what the criterion must have found."))
        if data.get("finding") and not data.get("criterion") and "criterion" not in self.errors:
            self.add_error("criterion", _("Choose the criterion of which this is the finding."))
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", _("This day lies before the first one."))
        return data

    def list_chosen(self) -> dict[str, str]:
        """Return the filters as they stand in the address, each as text: what a view, a job or a link keeps."""
        self.is_valid()
        kept = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value if isinstance(value, str) else value.isoformat() for name, value in kept.items()}

    @cached_property
    def sizes(self) -> Sizes:
        """How large the book and its parts are, asked for once."""
        return read_sizes(self.action)

    @cached_property
    def chosen(self) -> the_book.Chosen:
        """The filter as conditions. Ask `is_valid` first."""
        return self.read()

    def read(self, people: Q | None = None) -> the_book.Chosen:
        """Return the filter as conditions; `people` says who is meant, where that was looked up already."""
        chosen = self.list_chosen() | {"q": self.words}
        return the_book.read_filter(self.action, self.book, chosen, me=self.me, people=people)

    @cached_property
    def ranked(self) -> Found:
        """The claims of the people who may be meant by what was typed, the likeliest first. Ask `is_valid` first."""
        claims, people = list_all(self.action), find_people(self.action, self.words)
        exact, wide = (the_book.apply_filter(claims, self.read(meant)) for meant in (people.exact, people.wide))
        return rank_people(exact, wide, self.words)

    def filter(self, claims: QuerySet[Claim]) -> QuerySet[Claim]:
        """Return those of the claims of the action that are chosen; none where the filter is wrong."""
        if not self.is_valid():
            return claims.none()
        return the_book.apply_filter(claims.filter(action=self.action), self.chosen)

    @property
    def order(self) -> str:
        """The order of the list."""
        return self.list_chosen().get("sort") or NEWEST

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The filters that are always seen."""
        return [self[name] for name in MAIN]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The filters that are seldom used."""
        return [field for field in self if field.name not in (*MAIN, "search")]

    @property
    def uses_more(self) -> bool:
        """Whether one of the seldom used filters is set or wrong."""
        return any(field.errors or field.value() for field in self.more_fields)


class SearchForm(forms.Form):
    """What somebody types to find a claim."""

    q = forms.CharField(
        label=_("Name, reference or e-mail"), required=False, max_length=200,
        error_messages={"max_length": _("Type at most 200 signs.")},
    )  # fmt: skip


LONGEST_QUERY = 2000  # what a view can keep


class SaveViewForm(forms.Form):
    """A name for the filter that one sees, and whether colleagues see it too."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    query = forms.CharField(required=False, max_length=1500, widget=forms.HiddenInput)
    is_shared = forms.BooleanField(label=_("Share it with all who work in this action"), required=False)

    def clean_query(self) -> str:
        """Refuse what is too long once its signs are written as an address has them."""
        query: str = self.cleaned_data["query"]
        MaxLengthValidator(LONGEST_QUERY)(quote(query))
        return query
