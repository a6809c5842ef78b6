"""Who signs in, and what each may do in which action."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from claims.rules.rights import Right, list_roles


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are kept in small letters, so that each person is there once."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new user. Without a password the account can only be entered by a code sent to the address."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *args: Any, **fields: Any) -> "User":
        """Never: nobody may do everything here."""
        raise NotImplementedError("There are no superusers: rights come from roles (manage.py make_user, grant_role).")

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this address, whatever its capitals."""
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in by e-mail. Rights come from `Role` and from one's own claims, from nowhere else."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    # How many times all sessions of this person were ended: it is part of what binds a session to the account.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_capitals"),)

    def __str__(self) -> str:
        return self.name or f"user {self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password, as Django does, and to the number of times that all of them were ended."""
        bound = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.sessions_ended:
            return bound
        return salted_hmac("sessions ended", f"{bound} {self.sessions_ended}", secret=secret).hexdigest()


class RoleQuerySet(models.QuerySet["Role"]):
    """Roles, of which only the current ones give a right."""

    def current(self) -> "RoleQuerySet":
        """Return the roles whose time is not over, of people whose account is open."""
        is_running = models.Q(ends_at=None) | models.Q(ends_at__gt=timezone.now())
        return self.filter(is_running, user__is_active=True)

    def holding(self, right: Right) -> "RoleQuerySet":
        """Return the current roles that hold a right."""
        return self.current().filter(name__in=list_roles(right))


class Role(models.Model):
    """What a member of the office may do in one action. A claimant needs none: the claim itself gives the right."""

    class Name(models.TextChoices):
        LAWYER = "lawyer", _("lawyer")
        STAFF = "staff", _("staff")
        FINANCE = "finance", _("finance")
        AUDITOR = "auditor", _("auditor")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="roles")
    action = models.ForeignKey("claims.Action", models.CASCADE, related_name="roles")
    name = models.CharField(max_length=13, choices=Name)
    ends_at = models.DateTimeField(null=True, blank=True)  # for experts; from then on it gives no right

    objects: ClassVar["models.Manager[Role]"] = RoleQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "action"], name="role_one_per_user_and_action"),
            models.CheckConstraint(
                condition=models.Q(name__in=["lawyer", "staff", "finance", "auditor", "administrator"]),
                name="role_name_known",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} in action {self.action_id}"

    @property
    def last_day(self) -> date | None:
        """The last day on which the role gives its rights, at the court; None: no end."""
        return timezone.localtime(self.ends_at - timedelta(microseconds=1)).date() if self.ends_at else None


class FormerAddress(models.Model):
    """An address that a user had before, as a blind index: enough to find and erase the mails that went there."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_addresses")
    address_key = models.CharField(max_length=32)
    until = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "address_key"], name="former_address_once_for_a_user"),)

    def __str__(self) -> str:
        return f"former address {self.pk}"


class FactorReset(models.Model):
    """That somebody lost the second factor: one administrator asks to take it off, another one agrees."""

    user = models.ForeignKey(User, models.CASCADE, related_name="factor_resets")
    action = models.ForeignKey("claims.Action", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    agreed_by = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(agreed_at__isnull=True), name="factor_reset_one_open"
            ),
            models.CheckConstraint(condition=~models.Q(asked_by=models.F("agreed_by")), name="factor_reset_by_two"),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("asked_by")) & ~models.Q(user=models.F("agreed_by")),
                name="factor_reset_not_by_its_owner",
            ),
        )

    def __str__(self) -> str:
        return f"factor reset {self.pk}"
