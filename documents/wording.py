"""How filings are said on pages: what they are called, and what a lawyer should look at before filing."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from claims.wording import day
from documents.models import Filing


def name_filing(filing: Filing) -> str:
    """Return what a filing is, with its rendering where it has one."""
    kind = str(filing.get_kind_display())
    return f"{kind}, {filing.get_rendering_display()}" if filing.rendering else kind


def say_warning(code: str) -> str:
    """Return a warning of a filing in words; one that is no longer known is shown as it is."""
    sentences = {
        "too_few": gettext("Fewer people met the criteria than the law of this action asks for."),
        "undecided": gettext("It names or counts people who meet the criteria and whom no lawyer has accepted yet."),
        "unscreened": gettext(
            "Some claims had not been screened under the newest version of the criteria when this was frozen."
        ),
        "register_differs": gettext(
            "The newest sealed register had another number of rows than people who met the criteria. "
            "Build a register, and then this filing again."
        ),
        "total_differs": gettext(
            "The register for the court asks for another sum than this statement, or its sum cannot be read. "
            "Build the register on the same scenario, and then this filing again."
        ),
        "missing_claimant-register": gettext("There was no sealed register of claimants yet when this was frozen."),
        "missing_eligibility-report": gettext("There was no sealed eligibility report yet when this was frozen."),
        "missing_scenario-annex": gettext("There was no sealed scenario annex yet when this was frozen."),
        "scenario": gettext("The run of the scenario has warnings of its own; its page shows them."),
    }
    return sentences.get(code, code)


def local_moment(value: datetime) -> str:
    """Return a moment in the time of the court, with the name of the place."""
    return f"{day(value)}, {timezone.localtime(value):%H:%M:%S} ({settings.TIME_ZONE})"
