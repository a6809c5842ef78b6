"""Files of claims that somebody sent in the browser, their lines sealed; and which rows no file may bring back."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from claims.models.actions import Action
from claims.models.jobs import Job


class ImportFile(models.Model):
    """A file of claims. Its key goes when the job ends: what was not worked through opens nowhere any more."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="import_files")
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="import_file")
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    delimiter = models.CharField(max_length=1)
    header = models.JSONField(default=list)
    data_key = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"import file {self.pk}"


class ImportPart(models.Model):
    """Some lines of such a file, sealed; gone when the job has worked through them or has ended."""

    file = models.ForeignKey(ImportFile, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    before = models.PositiveIntegerField()  # lines of the file that stand above these
    sealed = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["file", "number"], name="import_part_once"),)

    def __str__(self) -> str:
        return f"part {self.number} of {self.file_id}"


class ErasedRow(models.Model):
    """A row that was imported and whose person was erased: a keyed index of its reference, nothing of the person."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["action", "key"], name="erased_row_once"),)

    def __str__(self) -> str:
        return f"erased row {self.pk}"
