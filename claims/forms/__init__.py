"""Checks of what comes in."""

from claims.forms.fields import UNKNOWN
from claims.forms.filters import ClaimFilterForm, SaveViewForm, SearchForm
from claims.forms.questions import QuestionForm, make_question_field

__all__ = ["UNKNOWN", "ClaimFilterForm", "QuestionForm", "SaveViewForm", "SearchForm", "make_question_field"]
