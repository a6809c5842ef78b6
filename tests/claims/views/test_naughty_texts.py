"""Every text that breaks careless programs, where the office words an action: facts, criteria, the source of proofs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.base import vault
from claims.base.documents import CONTROL
from claims.base.errors import Refused
from claims.drafting.editing import change_criterion, list_tests, read_criterion
from claims.drafting.sources import read_source, write_source
from claims.forms.criteria import CriterionForm
from claims.forms.opening import FactsForm
from claims.forms.procedure import JoiningFileForm, LineField
from claims.models import Action, JoiningFile
from claims.opening import change_facts
from claims.proof_words import open_source, seal_source
from tests.factories import make_user
from tests.naughty import TEXTS

pytestmark = pytest.mark.django_db
# With them what stands beside them is kept too.
CONTACT = {"reason": "A test", "email": "office@example.org", "people": 1000}


def deal_out(fields):
    """Return forms full of texts: each text goes to one of the fields, and no two fields of a form have the same."""
    return [dict(zip(fields, TEXTS[i : i + len(fields)], strict=False)) for i in range(0, len(TEXTS), len(fields))]


def take_fitting(make, typed):
    """Return a valid form: what it refuses, in words beside the field, is left as it was."""
    form = make(typed)
    if not form.is_valid():
        assert all(str(sentence).strip() for sentences in form.errors.values() for sentence in sentences)
        assert set(form.errors) <= set(typed), form.errors
        form = make({name: text for name, text in typed.items() if name not in form.errors})
        assert form.is_valid(), form.errors
    return form


def put_off(make, typed):
    """Return the fields that the form itself refuses."""
    return set(make(typed).errors)


def put(make, typed):
    return take_fitting(make, typed).list_changes()


def test_texts_of_facts_come_back_from_the_database_as_they_were_typed(action):
    office, kept = make_user(), 0

    def make(typed):
        now = Action.objects.get(pk=action.pk)
        known = FactsForm(None, action=now).initial_values() | CONTACT | typed
        return FactsForm({name: value for name, value in known.items() if value is not None}, action=now)

    fields = [name for name, field in make({}).fields.items() if isinstance(field, LineField) and name != "reason"]
    for typed in deal_out(fields):
        form = take_fitting(make, typed)
        said = {name: form.cleaned_data[name] for name in fields}
        change_facts(form.action, form.list_changes(), by=office, reason="A test")
        read = make({}).initial_values()
        assert {name: read[name] for name in fields if said[name]} == {
            name: text for name, text in said.items() if text
        }
        kept += sum(said[name] == text.strip() for name, text in typed.items())
    assert kept > len(TEXTS) / 2


def test_texts_of_a_criterion_come_back_from_its_source_as_they_were_typed_or_are_refused_in_words(action):
    source, kept = write_source(action.criteria.document), 0
    criterion = read_criterion(source, "consumer")

    def make(typed):
        options = {"tests": list_tests(criterion, action), "languages": ["en", "de"], "questions": action.questions}
        options |= {"criterion": criterion, "revision": 1}
        known = {name: field.initial for name, field in CriterionForm(None, **options).fields.items()}
        return CriterionForm({**known, "revision": 1, **typed}, **options)

    lines = [name for name in make({}).fields if name.split("_")[0] in {"title", "yes", "no", "unknown", "cite0"}]
    for typed in deal_out([name for name in lines if name != "cite0_source"]):
        unfit = {name for name, text in typed.items() if CONTROL.search(text) or not text.strip()}
        if any(CONTROL.search(typed[name]) for name in unfit - put_off(make, typed)):
            with pytest.raises(Refused, match=r"^criteria\.yaml, line [0-9]+, criteria\.0"):
                read_source(action, change_criterion(action, source, "consumer", **put(make, typed)))
        changes = put(make, {name: text for name, text in typed.items() if name not in unfit})
        text = change_criterion(action, source, "consumer", **changes)
        read_source(action, text)
        read = read_criterion(text, "consumer")
        assert {part: read[part] for part in changes["texts"]} == changes["texts"]
        assert read["citations"] == changes["citations"]
        kept += len(typed.keys() - unfit)
    assert kept > 350


def test_the_source_of_a_file_of_proofs_comes_back_from_under_its_seal(action):
    kept = 0
    for text in TEXTS:
        form = JoiningFileForm({"source": text}, {"file": SimpleUploadedFile("proofs.csv", b"x")})
        if not form.is_valid():
            assert set(form.errors) == {"source"} and str(form.errors["source"][0]).strip()
            continue
        file = JoiningFile(action=action, data_key=vault.make_data_key(), header=[])
        file.source = seal_source(file, form.cleaned_data["source"])
        file.save()
        assert open_source(JoiningFile.objects.get(pk=file.pk)) == text.strip()
        kept += 1
    assert kept > 400
