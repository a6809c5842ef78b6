"""Withdrawing one's claim: what it means, one button, and a receipt."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.duplicates import find_joining_day
from claims.terms import describe_leaving
from claims.views.my import find_own_claim, once_entered
from claims.withdrawals import find_obstacle, withdraw_claim


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_entered
def withdraw(request: SignedInRequest, reference: str) -> HttpResponse:
    """What withdrawing does, and the button; where the law does not allow it, why. Pressed twice, it is done once."""
    claim = find_own_claim(request, reference)
    obstacle = find_obstacle(claim, on=timezone.localdate())
    if request.method == "POST":
        try:
            withdraw_claim(claim, by=request.user)
            messages.success(request, _("Your claim is withdrawn. We have sent you an e-mail that says so."))
            return redirect("claims:my-claim", claim.reference)
        except Refused as problem:
            obstacle = str(problem)
    context = {
        "claim": claim, "obstacle": obstacle, "leaving": describe_leaving(claim.action),
        "joined_on": find_joining_day(claim),
    }  # fmt: skip
    return render(request, "claims/my_withdraw.html", context)
