"""A pack in more languages than its documents hold: catalogues, and declarations as small texts of their own."""

import shutil
from pathlib import Path

import pytest

from claims.actions import find_translation
from claims.base.errors import Refused
from claims.base.languages import find_catalogue
from claims.models import CriteriaVersion, DeclarationText
from claims.packs import load_pack, read_pack
from config.languages import list_folder_faults, make_catalogue, write_catalogue
from tests.factories import SMALL_PACK

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def pack(tmp_path):
    """The small pack in French too: each text in the catalogue, each declaration as a file of its own."""
    folder = Path(shutil.copytree(SMALL_PACK, tmp_path / "small"))
    change(folder / "action.yaml", "languages: [en, de]", "languages: [en, de, fr]")
    entries = [f'msgid "{escape(m.id)}"\nmsgstr "fr {escape(m.id)}"\n' for m in make_catalogue(folder, "fr") if m.id]
    texts = folder / "languages" / "fr"
    texts.mkdir(parents=True)
    find_catalogue(folder, "fr").write_text(HEAD + "\n".join(entries), "utf-8")
    for document in read_pack(SMALL_PACK).declarations:
        kind, parts = document.data["kind"], document.data
        lines = [f"{part}: fr {kind} {part}" for part in ("title", "summary", "accept", "body") if part in parts]
        head = ["schema: declaration-text/1", f"kind: {kind}", "version: 1", "language: fr", "signed_off: null"]
        (texts / f"{kind}.yaml").write_text("\n".join(head + lines), "utf-8")
    return folder


def escape(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def change(file, old, new):
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_a_pack_speaks_the_languages_of_its_catalogues_and_loading_it_again_changes_nothing(db, pack):
    action = load_pack(pack).action
    assert action.facts["name"]["fr"] == f"fr {action.facts['name']['en']}"
    assert action.questions[0]["label"]["fr"].startswith("fr ")
    assert not load_pack(pack).changed
    assert CriteriaVersion.objects.count() == 1


def test_each_declaration_is_a_text_of_its_own_in_each_language(db, pack):
    action = load_pack(pack).action
    truth = {text.language: text for text in DeclarationText.objects.filter(action=action, kind="truth")}
    assert truth["fr"].body == "fr truth body" and truth["fr"].is_translation
    assert len({text.sha256 for text in truth.values()}) == len(truth)


def test_what_the_pack_says_otherwise_has_lost_its_translation_and_loading_names_the_place(pack):
    change(pack / "action.yaml", "name: {en: ", "name: {en: New ")
    with pytest.raises(Refused, match=r"action.yaml, line \d+, name: the text in `fr` is missing.*languages/fr"):
        read_pack(pack)


def test_the_check_names_what_is_missing_and_what_is_no_longer_used(pack):
    assert list(list_folder_faults(pack, "fr")) == []
    name = read_pack(pack).action.data["name"]["en"]
    change(pack / "action.yaml", "name: {en: ", "name: {en: New ")
    (pack / "languages" / "fr" / "gone.yaml").write_text("kind: gone")
    faults = "\n".join(list_folder_faults(pack, "fr"))
    assert f"small, fr: no longer used: {name}" in faults and "small, fr: missing: New" in faults
    assert "gone.yaml translates no declaration" in faults


def test_a_catalogue_that_is_written_anew_keeps_what_is_still_said(pack):
    change(pack / "action.yaml", "name: {en: ", "name: {en: New ")
    assert write_catalogue(pack, "fr")[1] == 1
    assert [fault.split(":")[1] for fault in list_folder_faults(pack, "fr")] == [" missing"]


def test_a_declaration_of_another_version_is_refused(pack):
    change(pack / "languages" / "fr" / "truth.yaml", "version: 1", "version: 2")
    with pytest.raises(Refused, match=r"fr/truth.yaml, line 3, version: must be `1`"):
        read_pack(pack)


def test_an_unchecked_translation_is_warned_of_until_a_lawyer_signs_it_off(db, pack):
    text = pack / "languages" / "fr" / "truth.yaml"
    assert any("`fr`" in warning and "truth" in warning for warning in load_pack(pack).warnings)
    sha256 = DeclarationText.objects.get(kind="truth", language="fr").sha256
    change(text, "signed_off: null", "signed_off: Maître Invention")
    loaded = load_pack(pack)
    truth = DeclarationText.objects.get(kind="truth", language="fr")
    assert loaded.changed and not any("`fr`" in warning and "truth" in warning for warning in loaded.warnings)
    assert (truth.signed_off_by, truth.sha256) == ("Maître Invention", sha256)


def test_a_catalogue_that_is_none_is_refused(pack):
    find_catalogue(pack, "fr").write_text("name: no catalogue", "utf-8")
    with pytest.raises(Refused, match=r"languages/fr.po is no .po file"):
        read_pack(pack)


def test_who_signed_off_the_words_of_a_pack_is_kept_by_language_and_reloading_shows_it(db, pack):
    action = load_pack(pack).action
    assert find_translation(action, "de") is None  # it prevails
    assert (find_translation(action, "fr").prevailing_language, find_translation(action, "fr").signed_off_by) == (
        "de",
        "",
    )
    change(pack / "action.yaml", "stage: draft", "signed_off: {fr: Maître Invention, en: null}\nstage: draft")
    loaded = load_pack(pack)
    assert loaded.changed and find_translation(loaded.action, "fr").signed_off_by == "Maître Invention"
    assert find_translation(loaded.action, "en").signed_off_by == "" and list(list_folder_faults(pack, "fr")) == []
