"""A language that nobody speaks: each text 40 % longer, accented, in brackets. What has no bracket was not marked.

It is made from code and templates at test time and never offered to anybody. Esperanto lends its name: Django and
Babel know it, and we have no catalogue of it. The pack has no text in it, so each of those has to say its language.
"""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import timezone

import claims
from claims.base.documents import open_document
from claims.base.languages import walk_texts
from claims.models import Decision, DuplicatePair, User
from claims.review.refusing import announce_refusal
from config.translations import extract_texts
from tests.claims.duplicates.conftest import make_double, search
from tests.factories import SMALL_PACK
from tests.journeys.conftest import follow, is_too_wide, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("xgettext") is None, reason="xgettext is missing; install gettext"),
]
LAWYER, CLAIMANT, MOTHER = "lawyer@office.example", "ana@muster.example", "mother@muster.example"
CODE = "eo"
REGIME = Path(claims.__file__).parent / "regimes" / "AT-ABHILFE.yaml"
NAMES = {"Example", "Association", "Sample", "Redress", "Muster", "English", "Esperanto", "invented", "curia"}
NAMES |= {
    "ABHILFE",
    "base",
    "registered",
    "beta",
    "lognormal",
    "triangular",
}  # of a regime, of scenarios and their curves
NAMES |= {"angla", "bitokoj", "Retpo"}  # what Django and allauth say themselves
ACCENTS = str.maketrans(
    "aceinouyACEINOUY",
    "\u00e0\u00e7\u00e9\u00ee\u00f1\u00f6\u00fb\u00fd\u00c0\u00c7\u00c9\u00ce\u00d1\u00d6\u00db\u00dd",
)
KEPT = re.compile(r"(%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w[^>]*>|\n)")
REGISTER = "/actions/small/register/"
STEPS = ("capacity", "name", "birth", "address", "residence", "phone", "uses_privately", "platform", "effort_hours",
         "damage_text", "evidence", "declarations", "check", "stopped")  # fmt: skip
PEOPLE = {
    None: ["/", "/actions/small/", "/actions/small/check/", REGISTER, "/verify/",  "/accounts/login/code/"],
    CLAIMANT: [
        "/my/",
        *(f"/my/claims/{{reference}}/{page}" for page in ("", "answer/uses_privately/", "contact/", "evidence/", "withdraw/")),
        *(f"/my/claims/{{reference}}/{page}" for page in ("reply/", "certificate/", "erase/", "erase/code/")),
        "/my/connect/",
        "/my/email/",
        "/my/data/",
        "/my/sent/{reference}/",
    ],
    MOTHER: ["/my/", "/my/drafts/{draft}/erase/", *(f"{REGISTER}{step}/" for step in STEPS)],
    LAWYER: [
        *(f"/workspace/small/{page}" for page in ("", "claims/", "claims/{reference}/", "claims/{reference}/ask/")),
        *(f"/workspace/small/{page}/" for page in ("bulk", "procedure", "joining", "calendar", "rules", "rules/draft")),
        *(f"/workspace/small/{page}/" for page in ("duplicates", "duplicates/{pair}", "opening", "quarantine", "late")),
        *(f"/workspace/small/{page}/" for page in ("scenarios", "scenarios/base", "filings", "filings/{sealed}", "jobs")),
    ],
}  # fmt: skip
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
    # A name, a label or a sentence of the law that is filled into ours: packs and regimes have catalogues of their own.
    for file in (*SMALL_PACK.glob("*.yaml"), REGIME):
        for _, texts in walk_texts(open_document(file).data):
            text = text.replace(re.sub(r"\s+", " ", texts["en"]), " ")
    text = re.sub(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+\b", " ", text)  # a reference, which can have letters alone
    said = Locale(CODE)
    for name in (*said.territories.values(), *said.months["format"]["wide"].values()):
        text = re.sub(re.escape(name), " ", text, flags=re.IGNORECASE)
    while (shorter := re.sub(r"\[[^\[\]]*\]", " ", text)) != text:
        text = shorter
    return [word for word in re.findall(r"[A-Za-z]{4,}", text) if word not in NAMES]


@pytest.mark.parametrize("email", PEOPLE)
def test_pages_in_long_words_fit_a_small_phone_and_have_no_text_that_is_not_marked(
    open_window, book, speak_pseudo, email
):
    page, found, names = open_window(locale=CODE, width=320), [], vars(book) | book.filings | prepare(book)
    if email:
        sign_in(page, email)
    for path in PEOPLE[email]:
        page.goto(path.format_map(names))
        found += [f"{path}: {fault}" for fault in list_faults(page)]
    if not email:
        ask_for_code(page)
        found += [f"the page of the code: {fault}" for fault in list_faults(page)]
    assert not found, "\n".join(found)


def prepare(book):
    """A refusal that can be answered, and two claims that may be of one person."""
    announce_refusal(book, "other", "x", by=User.objects.get(email=LAWYER))
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))  # now the claimant is told
    make_double(book.action), make_double(book.action, email="other@muster.example")
    search(book.action)
    return {"pair": DuplicatePair.objects.earliest("pk").code}


def ask_for_code(page):
    page.goto(REGISTER)
    page.fill("#id_email", "eleni@paradeigma.example")
    follow(page)
    assert page.url.endswith("/code/")


def list_faults(page):
    """Return what is too wide and what is not translated on a page in the pseudo-language."""
    assert page.locator("html").get_attribute("lang") == CODE
    words = " ".join(list_untranslated(page))
    return (["wider than the window"] if is_too_wide(page) else []) + ([f"not marked: {words}"] if words else [])
