"""Files that people, and people who wish us ill, could send. Made here, so nothing harmful lies in the repository."""

import base64
import io
import struct
import zipfile
import zlib

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = "CANARY-7f3a-where-she-lives"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"  # in two, for scanners of disks
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAA"
    "AAAERAAAIAAQAAAAAB7AABAAAAAAAAABkAAgAAAAACBQABAAAAAAAAADwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVp"
    "bmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADmaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGE"
    "ABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkA"
    "AAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEH"
    "BpeGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAF1tZGF0AAAA"
    "FSgBrwtg9eWDr//yyvfqKIOhV0/1DgAAAAZFeGlmAABNTQAqAAAACAACAQ4AAgAAAAwAAAAmARIAAwAAAAEABgAAAAAAAENBTkFSWS03ZjNhAA"
    "=="
)  # 64 x 48, turned by its Exif, which also says CANARY-7f3a


def make_image(form="JPEG", size=(80, 60), mode="RGB", color=None, **options):
    out = io.BytesIO()
    Image.new(mode, size, color or 0).save(out, form, **options)
    return out.getvalue()


def make_exif(orientation=6):
    """Exif with a place, a comment, and the camera held upright."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E], exif[0x013B] = orientation, CANARY, CANARY
    exif.get_ifd(0x8825)[0x001D] = CANARY
    return exif


def make_photo(**options):
    """A photo as a phone makes it: lying, with Exif, comment and colour profile."""
    profile = CANARY.encode().ljust(132, b"\0")
    return make_image(
        size=(80, 60), color=(200, 30, 30), exif=make_exif(), comment=CANARY.encode(), icc_profile=profile, **options
    )


def make_screenshot():
    notes = PngInfo()
    notes.add_text("Comment", CANARY)
    notes.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{CANARY}</x:xmpmeta>")
    return make_image("PNG", pnginfo=notes, exif=make_exif(1))


def make_animation(form):
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def make_png_header(width, height, data=b""):
    """A PNG that says how big it is, whatever comes after."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def make_png_bomb(side=50_000):
    packer = zlib.compressobj(1)
    rows = b"".join(packer.compress(b"\0" * (side * 3 + 1)) for _ in range(200))
    return make_png_header(side, side, rows + packer.flush())


def make_jpeg_bomb():
    """A small JPEG whose header says 60,000 x 60,000."""
    data = bytearray(make_image())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", 60_000, 60_000)
    return bytes(data)


def make_zip(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in (files or {"a.txt": b"a"}).items():
            packed.writestr(name, data)
    return out.getvalue()


def make_zip_bomb(size=300_000_000):
    """Some 300 kB that unpack to this size."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("zeros", "w", force_zip64=True) as inside,
    ):
        for _ in range(size // 1_000_000):
            inside.write(b"\0" * 1_000_000)
    return out.getvalue()


def make_link_zip():
    """A ZIP whose one entry is a symbolic link to a file of the machine."""
    out = io.BytesIO()
    entry = zipfile.ZipInfo("photo.jpg")
    entry.create_system, entry.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(entry, "/etc/passwd")
    return out.getvalue()


def make_docx():
    return make_zip(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"})


def save(pdf, **options):
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def make_pdf(pages=1, content=b"0 0 m 100 100 l S", **options):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200)).Contents = pikepdf.Stream(pdf, content)
    return save(pdf, **options)


def make_pdf_bomb(size=200_000_000):
    """A page of blanks: some hundred kB that unpack to this size."""
    return make_pdf(content=b" " * size, recompress_flate=True)


def make_nested_pdf_bomb():
    """A stream packed twice: 200 MB behind a few hundred bytes."""
    pdf = pikepdf.new()
    packed = zlib.compress(zlib.compress(b" " * 200_000_000, 1), 9)
    stream = pikepdf.Stream(pdf, b"")
    stream.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * 2))
    pdf.add_blank_page().Contents = stream
    return save(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def make_picture_pdf(photo, width=80, height=60):
    """A page with a photo on it, as a scanner or a phone makes it."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    stream = pikepdf.Stream(pdf, b"")
    stream.write(photo, filter=pikepdf.Name.DCTDecode)
    for key, value in {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB"}.items():
        stream[key] = pikepdf.Name(value)
    stream.Width, stream.Height, stream.BitsPerComponent = width, height, 8
    stream.Metadata = pikepdf.Stream(pdf, f"<x>{CANARY}</x>".encode())
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Metadata=stream))
    page.Contents = pikepdf.Stream(pdf, b"q 80 0 0 60 0 0 cm /Metadata Do Q")
    return save(pdf)


def make_live_pdf():
    """A PDF with everything that acts or tells: scripts, actions, a form with XFA, embedded files, films, metadata."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String(f"app.alert('{CANARY}')"))
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(f"https://tracker.example/{CANARY}"))
    run = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String(f"{CANARY}.exe"))
    pdf.Root.OpenAction = pdf.make_indirect(script)
    pdf.Root.AA = pikepdf.Dictionary(WC=script)
    pdf.attachments["macro.exe"] = b"MZ" + CANARY.encode()
    pdf.Root.Names.JavaScript = pikepdf.Dictionary(Names=[pikepdf.String("a"), script])
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Contents=pikepdf.String(CANARY), Rect=[0, 0, 9, 9]
    )
    jump = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=link, Rect=[0, 0, 9, 9])
    look = pikepdf.Stream(
        pdf,
        b"BT /Helv 9 Tf (filled in) Tj ET",
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Form,
        BBox=[0, 0, 50, 9],
    )
    field = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, T=pikepdf.String("name"),
            V=pikepdf.String("filled in"), F=4, A=run, AA=pikepdf.Dictionary(K=script), Rect=[10, 10, 60, 20],
            AP=pikepdf.Dictionary(N=pdf.make_indirect(look)),
        )
    )  # fmt: skip
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], XFA=pikepdf.Stream(pdf, f"<xdp>{CANARY}</xdp>".encode()))
    page.Annots = pdf.make_indirect(pikepdf.Array([note, jump, field]))
    page.AA = pikepdf.Dictionary(O=script)
    page.PieceInfo = pikepdf.Dictionary(X=pikepdf.Dictionary(Private=pikepdf.String(CANARY)))
    page.Metadata = pikepdf.Stream(pdf, CANARY.encode())
    hidden = pikepdf.Dictionary(Type=pikepdf.Name.Action, S=pikepdf.Name.JavaScript, JS=pikepdf.String(CANARY))
    page.Resources = pikepdf.Dictionary(
        ExtGState=pikepdf.Dictionary(
            G=pikepdf.Dictionary(CA=1, Metadata=pikepdf.Stream(pdf, CANARY.encode()), X=hidden)
        ),
        Properties=pikepdf.Dictionary(P=pikepdf.Dictionary(Note=pikepdf.String(CANARY))),
    )
    page.Contents = pikepdf.Stream(pdf, b"0 0 m 100 100 l S")
    pdf.docinfo["/Author"] = CANARY
    return save(pdf) + b"<script>" + CANARY.encode() + b"</script>"


def make_email():
    lines = (
        "From: Ana <ana@muster.example>", "To: privacy@platform.example", "Subject: My objection",
        "Date: Sat, 24 May 2025 10:00:00 +0200", "MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b"', "",
        "--b", "Content-Type: text/html; charset=utf-8", "", f"<p>I object.</p><script>{CANARY}</script>",
        "--b", "Content-Type: application/octet-stream", 'Content-Disposition: attachment; filename="virus.exe"', "",
        f"MZ{CANARY}", "--b", "Content-Type: text/plain", 'Content-Disposition: attachment; filename="list.txt"', "", CANARY, "--b--", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode()


PHOTO = make_photo()


def build(data):
    """The bytes of an entry; large ones are made when they are needed."""
    return data() if callable(data) else data


REFUSED = {
    "empty.jpg": (b"", "empty"),
    "archive.zip": (make_zip(), "archive"),
    "bomb.zip": (make_zip_bomb, "archive"),
    "zip-in-zip.zip": (make_zip(inner=make_zip(zeros=b"\0" * 9_000_000)), "archive"),
    "paths.zip": (make_zip(**{"../../etc/passwd": b"x"}), "archive"),
    "links.zip": (make_link_zip(), "archive"),
    "eicar.zip": (make_zip(eicar=EICAR), "archive"),
    "zip-as-photo.jpg": (make_zip(), "archive"),
    "data.gz": (b"\x1f\x8b\x08\0", "archive"),
    "data.7z": (b"7z\xbc\xaf\x27\x1c", "archive"),
    "data.rar": (b"Rar!\x1a\x07\0", "archive"),
    "letter.docx": (make_docx(), "office"),
    "letter.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "office"),
    "letter.rtf": (b"{\\rtf1 hello}", "office"),
    "page.html": (b"<!doctype html><script>alert(1)</script>", "web_page"),
    "page-as-photo.jpg": (b"\n  <html><body onload=alert(1)>", "web_page"),
    "utf16.html": ("<script>alert(1)</script>".encode("utf-16"), "web_page"),
    "picture.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "web_page"),
    "bom.svg": (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "web_page"),
    "entities.xml": (b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>", "web_page"),
    "program.exe": (b"MZ\x90\0" + b"\0" * 99, "program"),
    "program.pdf": (b"\x7fELF\x02\x01", "program"),
    "script.txt": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "Applet.class": (b"\xca\xfe\xba\xbe\0\0", "program"),
    "js.gif": (b"GIF89a/*\x01\0*/=1;alert(1)", "picture"),
    "moving.gif": (make_animation("GIF"), "picture"),
    "scan.tiff": (make_image("TIFF"), "picture"),
    "paint.bmp": (make_image("BMP"), "picture"),
    "new.avif": (b"\0\0\0\x1cftypavif\0\0\0\0", "picture"),
    "icon.ico": (b"\0\0\1\0\1\0", "picture"),
    "film.mp4": (b"\0\0\0\x20ftypisom\0\0\2\0", "media"),
    "sound.wav": (b"RIFF\x24\0\0\0WAVEfmt ", "media"),
    "sound.mp3": (b"ID3\x03\0", "media"),
    "film.webm": (b"\x1aE\xdf\xa3", "media"),
    "noise.bin": (bytes(range(256)) * 9, "unknown"),
    "nul.txt": (b"hello\0world", "unknown"),
}
QUARANTINED = {
    "bomb.png": (make_png_bomb, "too_large_inside"),
    "square.png": (make_png_header(9_000, 9_000), "too_large_inside"),
    "bomb-of-nothing.png": (make_png_header(50_000, 50_000), "too_large_inside"),
    "thin.png": (make_png_header(1, 2_000_000_000), "too_large_inside"),
    "bomb.jpg": (make_jpeg_bomb(), "too_large_inside"),
    "bomb.pdf": (make_pdf_bomb, "too_large_inside"),
    "nested-bomb.pdf": (make_nested_pdf_bomb, "too_large_inside"),
    "photo-bomb.pdf": (make_picture_pdf(make_jpeg_bomb()), "too_large_inside"),
    "wide-bomb.pdf": (make_picture_pdf(PHOTO, 90_000, 90_000), "too_large_inside"),
    "thousand.pdf": (lambda: make_pdf(pages=1000), "too_many_pages"),
    "locked.pdf": (make_pdf(encryption=pikepdf.Encryption(user="secret", owner="secret")), "locked"),
    "script.pdf": (b"%PDF-1.4\n<script>alert(1)</script>", "broken"),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<<", "broken"),
    "empty.pdf": (save(pikepdf.new()), "broken"),
    "cut.jpg": (make_image(size=(900, 900))[:3000], "broken"),
    "head.jpg": (b"\xff\xd8\xff\xe0", "broken"),
    "cut.png": (make_image("PNG", size=(900, 900))[:200], "broken"),
    "empty.png": (b"\x89PNG\r\n\x1a\n", "broken"),
    "cut.webp": (make_image("WEBP")[:30], "broken"),
    "cut.heic": (HEIC[:200], "broken"),
    "fake.heic": (b"\0\0\0\x1cftypheic" + b"\0" * 99, "broken"),
}
READY = {
    "photo.jpg": (PHOTO, "jpeg"),
    "photo.exe": (PHOTO, "jpeg"),
    "zip-behind.jpg": (PHOTO + make_zip(secret=CANARY.encode()), "jpeg"),
    "page-behind.jpg": (PHOTO + b"<script>" + CANARY.encode() + b"</script>", "jpeg"),
    "cmyk.jpg": (make_image(mode="CMYK"), "jpeg"),
    "grey.jpg": (make_image(mode="L"), "jpeg"),
    "progressive.jpg": (make_image(progressive=True), "jpeg"),
    "double.jpg": (make_animation("MPO"), "jpeg"),
    "iphone.heic": (HEIC, "jpeg"),
    "still.webp": (make_image("WEBP", exif=make_exif()), "jpeg"),
    "moving.webp": (make_animation("WEBP"), "jpeg"),
    "clear.webp": (make_image("WEBP", mode="RGBA"), "png"),
    "screenshot.png": (make_screenshot(), "png"),
    "script-behind.png": (make_screenshot() + b"<script>" + CANARY.encode(), "png"),
    "moving.png": (make_animation("PNG"), "png"),
    "deep.png": (make_image("PNG", mode="I;16", color=40_000), "png"),
    "two.png": (make_image("PNG", mode="1"), "png"),
    "palette.png": (make_image("PNG", mode="P", transparency=0), "png"),
    "clear.png": (make_image("PNG", mode="LA"), "png"),
    "large.png": (lambda: make_image("PNG", mode="RGBA", size=(7000, 7000), compress_level=1), "png"),
    "plain.pdf": (make_pdf(), "pdf"),
    "live.pdf": (make_live_pdf(), "pdf"),
    "scan.pdf": (make_picture_pdf(PHOTO), "pdf"),
    "owner-locked.pdf": (make_pdf(encryption=pikepdf.Encryption(user="", owner="secret")), "pdf"),
    "notes.txt": ("Grüße, I objected on 24 May.".encode(), "text"),
    "old.txt": ("Grüße".encode("cp1252"), "text"),
    "utf16.txt": ("Grüße".encode("utf-16"), "text"),
    "formula.csv": (b"=cmd|' /C calc'!A0,1\n", "text"),
    "eicar.txt": (EICAR, "text"),
    "tricks.txt": ("file\u202etxt.exe \x1b[31m \u200b".encode(), "text"),
    "objection.eml": (make_email(), "text"),
}
