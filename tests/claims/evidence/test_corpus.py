"""Everything that could be sent: nothing is accepted live, and each file gets a verdict of its own."""

import io

import pikepdf
import pytest
from PIL import Image

from claims.evidence import explain, open_copy
from claims.models import Evidence
from tests.claims.evidence import corpus

pytestmark = pytest.mark.django_db
STARTS = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG", "pdf": b"%PDF-", "text": b"\xef\xbb\xbf"}
LIVE = (
    b"<script",
    b"/JavaScript",
    b"/JS",
    b"/OpenAction",
    b"/AA",
    b"/EmbeddedFile",
    b"/Launch",
    b"/URI",
    b"/XFA",
    b"/Annot",
)


def unfold(copy):
    """The copy with all that is packed in it."""
    if not copy.startswith(b"%PDF"):
        return copy
    out, whole = io.BytesIO(), pikepdf.ObjectStreamMode.disable
    with pikepdf.open(io.BytesIO(copy)) as opened:
        for thing in opened.objects:
            if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/FlateDecode":
                thing.write(thing.read_bytes())
        opened.save(out, qdf=True, compress_streams=False, object_stream_mode=whole)
    return out.getvalue()


@pytest.mark.parametrize("name", corpus.REFUSED)
def test_what_we_do_not_take_is_refused_by_its_content_and_not_kept(name, check, list_files):
    data, reason = corpus.REFUSED[name]
    evidence = check(corpus.build(data), name)
    assert (evidence.state, evidence.reason) == ("refused", reason)
    assert not list_files()
    assert explain(evidence).endswith(".")


@pytest.mark.parametrize("name", corpus.QUARANTINED)
def test_what_cannot_be_copied_is_kept_sealed_and_never_shown(name, check, list_files):
    data, reason = corpus.QUARANTINED[name]
    evidence = check(corpus.build(data), name)
    assert (evidence.state, evidence.reason, evidence.copy_kind) == ("quarantined", reason, "")
    assert [path.suffix for path in list_files()] == [".original"]


@pytest.mark.parametrize("name", corpus.READY)
def test_the_copy_is_of_a_kind_that_we_made_and_holds_nothing_that_lives_or_tells(name, check):
    data, kind = corpus.READY[name]
    evidence = check(corpus.build(data), name)
    assert (evidence.state, evidence.reason, evidence.copy_kind, evidence.scan) == ("ready", "", kind, "none")
    copy = open_copy(evidence)
    assert copy.startswith(STARTS[kind])
    unfolded = unfold(copy)
    assert b"CANARY-7f3a" not in unfolded
    assert kind == "text" or not [sign for sign in LIVE if sign in unfolded]


def test_the_corpus_is_large():
    assert len({**corpus.REFUSED, **corpus.QUARANTINED, **corpus.READY}) >= 80


@pytest.mark.parametrize("name", ["photo.jpg", "iphone.heic", "still.webp"])
def test_a_photo_stands_upright_without_its_exif(name, check):
    evidence = check(corpus.READY[name][0])
    copy = Image.open(io.BytesIO(open_copy(evidence)))
    assert (evidence.width, evidence.height) == copy.size
    assert copy.height > copy.width
    assert not copy.getexif()
    assert not {"icc_profile", "comment", "exif", "xmp"} & set(copy.info)


def test_colours_of_16_bits_are_scaled_not_cut_off(check):
    copy = Image.open(io.BytesIO(open_copy(check(corpus.READY["deep.png"][0]))))
    assert copy.getpixel((0, 0)) == 40_000 >> 8


def test_a_long_screenshot_stays_legible_and_a_large_photo_gets_smaller(check):
    long = check(corpus.make_image("PNG", size=(1080, 9000)))
    large = check(corpus.make_image(size=(8064, 6048)))
    assert (long.width, long.height) == (1080, 9000)
    assert (large.width, large.height) == (3200, 2400)


def test_a_rebuilt_pdf_shows_its_pages_and_what_was_filled_in(check):
    evidence = check(corpus.make_live_pdf())
    copy = unfold(open_copy(evidence))
    assert evidence.pages == 1
    assert b"0 0 m 100 100 l S" in copy.replace(b"\n", b" ")
    assert b"(filled in) Tj" in copy


def test_a_photo_on_a_page_keeps_its_pixels(check):
    with pikepdf.open(io.BytesIO(open_copy(check(corpus.READY["scan.pdf"][0])))) as copy:
        [photo] = copy.pages[0].get_images().values()
        pixels = Image.open(io.BytesIO(photo.read_raw_bytes())).tobytes()
    assert pixels == Image.open(io.BytesIO(corpus.PHOTO)).tobytes()


def test_an_email_is_shown_as_its_words_and_the_names_of_what_was_attached(check):
    text = open_copy(check(corpus.make_email())).decode("utf-8-sig")
    assert text.startswith("From: Ana <ana@muster.example>\nTo: privacy@platform.example\nDate: Sat, 24 May 2025")
    assert "I object." in text
    assert "[attached: virus.exe]" in text


def test_signs_that_hide_can_be_seen_in_the_copy_of_a_text(check):
    text = open_copy(check(corpus.READY["tricks.txt"][0])).decode("utf-8-sig")
    assert text == "file⟨U+202E⟩txt.exe ⟨U+001B⟩[31m ⟨U+200B⟩"


def test_every_reason_is_a_sentence(db):
    for reason in Evidence.Reason:
        assert str(reason.label).endswith(".")
