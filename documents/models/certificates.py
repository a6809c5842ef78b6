"""Certificates of registration: what a person had told us and where the claim stood, at one moment."""

import secrets

from django.conf import settings
from django.db import models

from claims.models import Claim

# Crockford's base 32: no I, L, O or U, so that a code can be read aloud and typed.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16


def make_code() -> str:
    """Return a new code of 80 random bits: nobody finds one by trying."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


class Certificate(models.Model):
    """A certificate of one claim in one language. Its contents never change; a changed claim gets a new one."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+")
    language = models.CharField(max_length=5)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=make_code, editable=False)
    contents = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the contents
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = (
            # Asking twice, or two people at once, gives one certificate while nothing has changed.
            models.UniqueConstraint(
                fields=["claim", "language", "sha256"], name="certificate_once_for_the_same_contents"
            ),
        )

    def __str__(self) -> str:
        return f"certificate {self.pk}"  # never the code: whoever has it can show the certificate
