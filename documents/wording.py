"""How filings are said on pages: what they are called, and what a lawyer should look at before filing."""

from django.utils.translation import gettext

from documents.models import Filing


def name_filing(filing: Filing) -> str:
    """Return what a filing is, with its rendering where it has one."""
    kind = str(filing.get_kind_display())
    return f"{kind}, {filing.get_rendering_display()}" if filing.rendering else kind


def say_warning(code: str) -> str:
    """Return a warning of a filing in words; one that is no longer known is shown as it is."""
    sentences = {
        "too_few": gettext("Fewer people meet the criteria than the law of this action asks for."),
        "register_differs": gettext(
            "The newest sealed register has another number of rows than people who meet the criteria now. "
            "Build a register, and then this filing again."
        ),
        "missing_claimant-register": gettext("There is no sealed register of claimants to lie beside it."),
        "missing_eligibility-report": gettext("There is no sealed eligibility report to lie beside it."),
        "missing_scenario-annex": gettext("There is no sealed scenario annex to lie beside it."),
        "scenario": gettext("The run of the scenario has warnings of its own; its page shows them."),
    }
    return sentences.get(code, code)
