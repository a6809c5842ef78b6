"""Texts that break careless programs, made by rule: every script, every sign that hides, turns or controls, the
languages of machines, lengths. `TEXTS` are texts, `BYTES` are what no text can hold."""

import unicodedata


def list_scripts():
    """A word of each block of Unicode that has letters, as Python knows them."""
    words = []
    for start in (*range(0x80, 0x3400, 0x80), *range(0xA000, 0xD800, 0x400), *range(0xF900, 0x1F000, 0x100)):
        letters = [chr(code) for code in range(start, start + 0x80) if unicodedata.category(chr(code))[0] == "L"]
        if len(letters) > 7:
            words.append("".join(letters[3:8]))
    return words


def place(signs, *, patterns=("{0}x", "a{0}b", "b{0}")):
    return [pattern.format(sign) for sign in signs for pattern in patterns]


BIDI = place("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
HIDDEN = place("\u00ad\u034f\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u2060\u2061\u2800\u3164\ufe0f\ufeff\uffa0\ufff9\U000e0001\U000e0041", patterns=("{0}", "a{0}b"))  # fmt: skip
CONTROLS = [f"a{chr(code)}b" for code in (*range(0x20), *range(0x7F, 0xA0))] + ["\0", "\0" * 9, "\t", "\r\n\r\n"]
SPACES = [f"a{sign}{sign}b" for sign in "  \u1680\u2000\u2003\u2007\u2009\u202f\u205f\u3000\u2028\u2029"] + [" ", "  ", "\u3000"]  # fmt: skip
NO_SIGNS = place("\ue000\uf8ff\ufdd0\ufffe\uffff\U0001fffe\U0010ffff\U000f0000\ufffd", patterns=("a{0}b",))
COMBINED = [
    "Å", "A\u030a", "\u212b", "Z\u0351\u036b\u0343\u036a\u0302\u036b" * 30, "\u0301", "e\u0301" * 90, "각", "\u1100\u1161\u11a8", "ﬁﬂﬃ",
    "İıŞşßẞ", "ſ", "Ǆǅǆ", "\u0958", "q\u0307\u0323", "q\u0323\u0307", "①②③", "𝕿𝖍𝖊", "ｆｕｌｌ", "٣٤٥", "१२३", "Ⅷ", "½", "²", "ª", "ℵ",
]  # fmt: skip
EMOJI = [
    "🙂",
    "🙂" * 60,
    "👩‍👩‍👧‍👦",
    "🏳️‍🌈",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "👍🏽",
    "🇦🇹🇩🇪",
    "🇦",
    "1️⃣",
    "❤️",
    "🫠",
    "☃",
    "✈︎",
    "\U0001f3fb",
    "👨\u200d",
    "‍👩",
]
NOTHINGS = [
    "null", "NULL", "nil", "None", "undefined", "void", "NaN", "nan", "Infinity", "-Infinity", "inf", "true", "True", "FALSE", "yes", "no",
    "on", "off", "unknown", "[]", "{}", "()", "''", '""', "-", ".", "..", "~", "*", "?", "0", "00", "-0", "+0", "0.0", "1/0", "#N/A", "#REF!",
]  # fmt: skip
NUMBERS = [
    "1e309", "1e-400", "-1", "2147483648", "-2147483649", "9223372036854775808", "18446744073709551616", "9" * 30, "0x1F", "0b11", "0o17",
    "1_000", "1,000", "1.000,00", "1 000", "１２３", "1e5", ".5", "5.", "--5", "+5", "5e", "௧", "3.14159", "0.1", "1E+2", "10" * 99, "²³",
]  # fmt: skip
DAYS = [
    "31.02.1990", "2023-02-29", "0000-00-00", "9999-12-31", "1899-12-31", "2999-01-01", "32/13/2020", "1990-1-1", "tomorrow", "1970-01-01T00:00Z",
    "-1-1-1", "12:61", "24:00", "1. Ιανουαρίου 1990", "١٩٩٠-٠١-٠١",
]  # fmt: skip
MARKUP = [
    "<script>alert(1)</script>", "<script>window.pwned=1</script>", '"><img src=x onerror=window.pwned=1>', "'><svg onload=window.pwned=1>",
    "<svg/onload=window.pwned=1>", "<iframe src=javascript:window.pwned=1>", "<a href=javascript:window.pwned=1>x</a>", "javascript:alert(1)",
    "<body onload=window.pwned=1>", "<input autofocus onfocus=window.pwned=1>", "<details open ontoggle=window.pwned=1>", "<b>bold</b>",
    "<style>*{display:none}</style>", "<link rel=stylesheet href=//tracker.example/a.css>", "<base href=//tracker.example/>", "</title>",
    "</textarea><script>window.pwned=1</script>", "</script><script>window.pwned=1</script>", "<!--", "-->", "]]>", "<![CDATA[x]]>", "<?xml?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>", "&lt;script&gt;", "&#60;b&#62;", "&amp;amp;", "&nbsp;", "&#x202e;", "&bogus;",
    "<math><mtext></p><script>window.pwned=1</script>", "<img src=http://tracker.example/p.gif>", "<table><td colspan=1000000000>",
    "<form action=//tracker.example><button>x", "<meta http-equiv=refresh content=0;url=//tracker.example>", "<plaintext>", "<template>", "<x" * 99,
    "onmouseover=alert(1)", "' autofocus onfocus=alert(1) x='", "expression(alert(1))", "url(//tracker.example/a)", "@import '//tracker.example'",
]  # fmt: skip
TEMPLATES = [
    "{{ 7 * 7 }}", "{% debug %}", "{% load i18n %}", "{# x #}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{constructor.constructor('alert(1)')()}}",
    "{{ request.user.password }}", "{0}", "{name}", "{0.__class__}", "{", "}", "%s%n%x", "%(name)s", "%", "%%", "%d%d%d", "%c", "$name", "$$", "$(x)",
    "#read(\"/etc/passwd\")", "#include \"x\"", "$ x $", "\\input{/etc/passwd}", "\\write18{ls}", "\\", "\\n", "\\u202e", "\\x00", "@preview", "_a_ *b* `c`",
]  # fmt: skip
QUERIES = [
    "'; DROP TABLE claims_claim; --", "' OR '1'='1", "\" OR 1=1 --", "1; SELECT pg_sleep(9)", "' UNION SELECT null --", "Robert'); --", "O'Neill",
    "''", "'", '"', "`", "´", "\\'", "\\\\'", "%' AND 1=0", "_", "%%%", "*)(uid=*))(|(uid=*", "*()|&'", "\\2a", "' or ''='", "//user[name()='x']",
    '{"$gt": ""}', '{"a": 1}', '{"__proto__": {"x": 1}}', "[object Object]", '{"a":', "a: b: c", "- a", "!!python/object:os.system", "&a *a", "---",
]  # fmt: skip
SHELLS = [
    "`id`", "$(id)", "; ls", "| cat", "&& ls", "> /tmp/x", "< /etc/passwd", "-rf /", "--help", "-", "$HOME", "${IFS}", "!!", "~root", "%COMSPEC%",
    "../../../../etc/passwd", "..\\..\\windows", "/etc/passwd\0.png", "C:\\Windows\\system32", "\\\\server\\share", "file:///etc/passwd", "CON", "NUL",
    "http://127.0.0.1:8000/", "http://[::1]/", "gopher://x", "data:text/html,x", "//tracker.example", "a/b", "a\\b", ".htaccess", "name.exe", "x.svg",
]  # fmt: skip
CELLS = [
    '=HYPERLINK("http://x")', "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff201", "\t=1+1", " =1+1",
    "a,b", "a;b", 'a"b', "a\nb", '",="', "'=1", "|a|b|", "a\tb",
]  # fmt: skip
HEADERS = [
    "a\r\nBcc: all@muster.example", "a\nSubject: x", "\r\n\r\nSet-Cookie: a=b", "a%0d%0aX: y", "=?utf-8?q?x?=", "<a@b.example>, c@d.example", "a@b",
    "a@b.example\n", "Ünï@bücher.example", "a@[127.0.0.1]", '"a b"@c.example', "a@-b.example", "a@b..example", ".a@b.example", "a" * 65 + "@b.example",
]  # fmt: skip
PEOPLE = [
    "Ελένη Παραδείγματος", "Стефан Примеров", "例え話 花子", "Müller-Lüdenscheidt", "d'Exemple", "de la Cruz y Ejemplo", "O’Muster", "Nguyễn Ví Dụ",
    "Þórdís Dæmi", "Łucja Przykładowa", "X", "Mc Muster Jr.", "Null Muster", "Test Test", "Иво-Test", "مثال أحمد", "דוגמה", "ตัวอย่าง", "김예시", "李",
]  # fmt: skip
LONG = [
    "a" * 41,
    "a" * 201,
    "a" * 301,
    "ä" * 4_999,
    "a" * 5_001,
    "a" * 100_000,
    "a b " * 5_000,
    "\n" * 6_000,
    "🙂" * 300,
    "\u202e" * 300,
    "(" * 900,
]
BYTES = [
    b"\xed\xa0\x80", b"\xed\xb0\x80", b"a\xed\xa0\xbdb", b"\xff\xfe", b"\xc0\xaf", b"\xf8\x88\x80\x80\x80", b"\xe2\x82", b"\x80", b"a\xffb", b"\xc3\x28",
]  # fmt: skip

TEXTS = list(
    dict.fromkeys(
        [
            *list_scripts(), *BIDI, *HIDDEN, *CONTROLS, *SPACES, *NO_SIGNS, *COMBINED, *EMOJI, *NOTHINGS, *NUMBERS, *DAYS, *MARKUP, *TEMPLATES,
            *QUERIES, *SHELLS, *CELLS, *HEADERS, *PEOPLE, *LONG,
        ]
    )
)  # fmt: skip
