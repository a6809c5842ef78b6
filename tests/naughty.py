"""Texts that break careless programs: signs, scripts, lengths and words of other languages."""

TEXTS = [
    # nothing, and what looks like it
    " ", "\t", "null", "None", "undefined", "NaN", "Infinity", "-0", "1e309", "0x1F", "1/0", "true", "[]", "{}",
    # control, invisible and turning signs
    "\0", "a\0b", "\x07\x08\x1b[31m", "\x7f", "\u00ad", "\u200b\u200b", "\u200e\u200f", "\u202eevil\u202c", "\u2066x\u2069",
    "\ufeffstart", "\ufffe", "\uffff", "\U000e0001\U000e0041", "\u2028line\u2029paragraph", "\r\n\r\nSet-Cookie: a=b",
    # scripts, signs over signs, and pictures
    "Ελένη Παραδείγματος", "Стефан Примеров", "אבגדה", "مثال", "例え話", "ตัวอย่าง", "ﬁﬂ ﬃ", "İıŞş ßẞ", "Å\u030a\u0301",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 40, "👩‍👩‍👧‍👦🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🙂" * 300, "𝕿𝖍𝖊 𝖖𝖚𝖎𝖈𝖐", "①②③", "٣٤٥", "\ud800".encode("utf-8", "replace").decode(),
    # other languages of machines
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "<!--#exec cmd=\"ls\"-->", "]]>",
    "{{ 7 * 7 }}", "{% debug %}", "${7*7}", "#{7*7}", "'; DROP TABLE claims_claim; --", "\" OR 1=1 --", "%s%n%x", "%(name)s", "{0}{name}",
    "../../../../etc/passwd", "C:\\Windows\\system32", "file:///etc/passwd", "http://127.0.0.1:8000/", "`id`", "$(id)", "; ls", "| cat",
    "=HYPERLINK(\"http://x\")", "+1+1", "-1+1", "@SUM(A1)", "\uff1d1+1", "#read(\"/etc/passwd\")", "\\input{/etc/passwd}",
    # too long, and without a break
    "a" * 5_001, "a" * 100_000, "a b " * 5_000, "\n" * 6_000, "ä" * 4_999,
]  # fmt: skip
