"""A language that nobody speaks: each text 40 % longer, accented, in brackets. What has no bracket was not marked.

It is made from code and templates at test time and never offered to anybody. Esperanto lends its name: Django and
Babel know it, and we have no catalogue of it. The pack has no text in it, so each of those has to say its language.
"""

import re
import shutil

import pytest
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from claims.base.documents import open_document
from claims.base.languages import walk_texts
from config.translations import extract_texts
from tests.factories import SMALL_PACK
from tests.journeys.conftest import is_too_wide

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is missing; install gettext"),
]
LAWYER, CLAIMANT, MOTHER = "lawyer@office.example", "ana@muster.example", "mother@muster.example"
CODE = "eo"
NAMES = {"Example", "Association", "Sample", "Redress", "Muster", "English", "Esperanto", "invented"}
ACCENTS = str.maketrans(
    "aceinouyACEINOUY",
    "\u00e0\u00e7\u00e9\u00ee\u00f1\u00f6\u00fb\u00fd\u00c0\u00c7\u00c9\u00ce\u00d1\u00d6\u00db\u00dd",
)
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w[^>]*>|\n)")
PAGES = [
    ("/", None),
    ("/actions/small/", None),
    ("/actions/small/check/", None),
    ("/actions/small/register/", None),
    ("/verify/", None),
    ("/my/", CLAIMANT),
    ("/my/claims/{reference}/", CLAIMANT),
    ("/my/claims/{reference}/contact/", CLAIMANT),
    ("/my/claims/{reference}/evidence/", CLAIMANT),
    ("/my/claims/{reference}/withdraw/", CLAIMANT),
    ("/my/claims/{reference}/erase/", CLAIMANT),
    ("/my/", MOTHER),
]
# All that a reader sees outside of what says that it is another language, somebody's own words, a name or a number.
VISIBLE = """() => {
  const skip = 'bdi, script, select, textarea, code, b, .ref, .hash, .brand, .menu, [lang]:not(html):not([lang=eo])';
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let found = '';
  while (walk.nextNode()) {
    const part = walk.currentNode.parentElement;
    if (!part.closest(skip) && part.checkVisibility()) found += ' ' + walk.currentNode.data;
  }
  return found;
}"""


def pseudo(text):
    """Return a text 40 % longer and accented, in brackets; what is filled in and marked up stays."""
    parts = (part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in KEPT.split(text))
    return f"[{''.join(parts)}{' lo' * (len(text) * 2 // 15)}]"


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory):
    """The folder of a catalogue in which every text of code and templates is said in the pseudo-language."""
    folder = tmp_path_factory.mktemp("pseudo")
    with extract_texts(folder, CODE).open("rb") as stream:
        texts = read_po(stream, locale=CODE)
    for message in texts:
        if message.id:
            plural = isinstance(message.id, list | tuple)
            message.string = tuple(map(pseudo, message.id)) if plural else pseudo(message.id)
            message.flags.discard("fuzzy")
    with (folder / "locale" / CODE / "LC_MESSAGES" / "django.mo").open("wb") as stream:
        write_mo(stream, texts)
    return folder / "locale"


@pytest.fixture
def speak_pseudo(settings, catalogue):
    settings.LANGUAGES = [("en", "English"), (CODE, "Pseudo")]
    settings.LOCALE_PATHS = [catalogue]


def list_untranslated(page):
    """Return the words that stand outside of brackets: neither ours nor marked as another language."""
    text = re.sub(r"\s+", " ", page.evaluate(VISIBLE))
    for file in SMALL_PACK.glob("*.yaml"):  # a name or a label that is filled into a sentence
        for _, texts in walk_texts(open_document(file).data):
            text = text.replace(texts["en"], " ")
    said = Locale(CODE)
    for name in (*said.territories.values(), *said.months["format"]["wide"].values()):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    while (shorter := re.sub(r"\[[^\[\]]*\]", " ", text)) != text:
        text = shorter
    return [word for word in re.findall(r"[A-Za-z]{4,}", text) if word not in NAMES]


@pytest.mark.parametrize(("path", "email"), PAGES, ids=[f"{path}-{email or 'stranger'}" for path, email in PAGES])
def test_a_page_in_long_words_fits_a_small_phone_and_has_no_text_that_is_not_marked(
    open_page, book, speak_pseudo, path, email
):
    page = open_page(path.format(reference=book.reference), email=email, width=320, locale=CODE)
    assert page.locator("html").get_attribute("lang") == CODE
    assert not is_too_wide(page)
    assert list_untranslated(page) == []
