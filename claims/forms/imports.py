"""The form of a file of claims."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    """A file of claims."""

    file = forms.FileField(
        label=_("CSV file"), widget=forms.ClearableFileInput(attrs={"class": "input", "accept": ".csv,text/csv"})
    )

    def clean_file(self) -> UploadedFile:
        """Refuse a file of which nothing was kept, because it was too big."""
        file: UploadedFile = self.cleaned_data["file"]
        if getattr(file, "is_cut", False):
            words = {"size": settings.EVIDENCE_FILE_BYTES >> 20}
            raise forms.ValidationError(
                _("The file has more than %(size)d MB. Cut it into several; each needs the header.") % words
            )
        return file
