"""More than two hundred ways to spoil an export, the same on every run.

``rewritten`` only writes it otherwise: it must be read exactly. ``damaged`` loses something: what is read must be
true, or the file refused.
"""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable, Iterator

from tests.unit.learning.exports import (
    AGE_COLUMNS,
    CAMPAIGN_COLUMNS,
    DAY_COLUMNS,
    Row,
    Style,
    as_csv,
    as_xlsx,
    by_age,
    by_day,
    campaigns,
    delimited,
    table,
)

Variant = tuple[str, bytes, list[Row]]

SETS = ((campaigns, CAMPAIGN_COLUMNS), (by_age, AGE_COLUMNS), (by_day, DAY_COLUMNS))
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "utf-32")
NUMBERS = ((".", ""), (".", ","), (".", " "), (".", "\u00a0"), (",", ""), (",", "."), (",", "\u00a0"), (",", "\u202f"),
           (".", "'"), (",", "'"))  # fmt: skip
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%y", "%m/%d/%Y", "%Y-%m-%d 00:00:00")
PLAIN = Style("fr", totals="last")


def rewritten() -> Iterator[Variant]:
    """Yield (name, bytes, rows): every encoding, separator, number, date, header generation, in mixed company."""
    rng = random.Random(1)
    for number in range(160):
        build, columns = SETS[number % 3]
        encoding = ENCODINGS[number % len(ENCODINGS)]
        decimal, thousands = rng.choice(NUMBERS)
        if encoding in ("cp1252", "mac_roman") and thousands == "\u202f":
            thousands = "\u00a0"
        style = Style(
            headers=rng.choice(("en", "en_older", "fr", "fr_older")),
            separator=rng.choice((",", ";", "\t", "|")),
            encoding=encoding,
            decimal=decimal,
            thousands=thousands,
            dates=rng.choice(DATES),
            newline=rng.choice(("\n", "\r\n", "\r")),
            totals=rng.choice(("", "first", "last")),
        )
        rows = build()
        try:
            yield f"style {number} {style}", as_csv(rows, columns, style), rows
        except UnicodeEncodeError:  # the narrow no-break space of a header
            content = delimited(table(rows, columns, style), style.separator, style.newline)
            yield f"style {number} {style}", content.replace("\u202f", "\u00a0").encode(encoding), rows
    yield from _rearranged()


def _rearranged() -> Iterator[Variant]:
    """Yield what people and tools do to a file without losing anything."""
    rows = campaigns()
    cells = table(rows, CAMPAIGN_COLUMNS, PLAIN)
    rng = random.Random(2)
    for number in range(12):
        order = rng.sample(range(len(cells[0])), len(cells[0]))
        yield f"columns shuffled {number}", delimited([[row[i] for i in order] for row in cells]).encode(), rows
    text = delimited(cells)
    twice = text.encode().decode("cp1252", "replace")
    assert "\ufffd" not in twice.splitlines()[0]
    yield "accents encoded twice", _sloppy(text).encode(), rows
    yield "accents encoded three times", _sloppy(_sloppy(text)).encode(), rows
    yield "accents read as Mac Roman", text.encode().decode("mac_roman").encode(), rows
    yield "two byte order marks", b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(), rows
    yield "upper case header", "\n".join([text.splitlines()[0].upper(), *text.splitlines()[1:]]).encode(), rows
    yield "no accents in the header", _without_accents(text).encode(), rows
    yield "blank lines between", text.replace("\n", "\n\n").encode(), rows
    yield "lines end thrice", text.replace("\n", "\r\r\n").encode(), rows
    yield "lines of separators at the end", (text + ("," * (len(cells[0]) - 1) + "\n") * 20).encode(), rows
    yield "a title above", ("Export du compte\n\n" + text).encode(), rows
    yield "sep= above", ("sep=;\n" + delimited(cells, ";")).encode(), rows
    yield "a foot note", (text + "Chiffres inventés\n").encode(), rows
    yield "no end of line", text.rstrip("\n").encode(), rows
    yield "the header again", (text + text.splitlines()[0] + "\n").encode(), rows
    yield "spaces around headers", delimited([[f"  {h} " for h in cells[0]], *cells[1:]]).encode(), rows
    quoted = "\n".join(",".join('"' + each.replace('"', '""') + '"' for each in row) for row in cells)
    yield "everything quoted", quoted.encode(), rows
    money = CAMPAIGN_COLUMNS.index("spend")
    for sign in ("{} €", "€{}", "EUR {}", "{} EUR"):
        signed = [cells[0], *([*row[:money], sign.format(row[money]), *row[money + 1 :]] for row in cells[1:])]
        yield f"amounts as {sign}", delimited(signed).encode(), rows
    both = [[*row, row[money]] for row in cells]
    yield "a column twice", delimited(both).encode(), rows
    older = table(rows, CAMPAIGN_COLUMNS, Style("fr_older", totals="last"))
    yield "both generations of headers", delimited([a + b for a, b in zip(cells, older, strict=True)]).encode(), rows
    for build, columns in SETS:
        for headers in ("en", "en_older", "fr", "fr_older"):
            yield f"workbook {headers} {build.__name__}", as_xlsx(build(), columns, Style(headers)), build()


def damaged() -> Iterator[Variant]:
    """Yield (name, bytes, rows): the rows are what any figure that is read must be found in."""
    rows = campaigns()
    base = as_csv(rows, CAMPAIGN_COLUMNS, PLAIN)
    rng = random.Random(3)
    for style in (PLAIN, Style("en", ";", "utf-16", ",", "\u00a0"), Style("en_older", "\t", "cp1252", thousands=",")):
        content = as_csv(rows, CAMPAIGN_COLUMNS, style)
        for _ in range(15):
            cut = rng.randrange(1, len(content))
            yield f"cut at {cut} {style.encoding}", content[:cut], rows
    counts_last = tuple(c for c in CAMPAIGN_COLUMNS if c not in ("attribution", "cpm", "cpc", "ctr_all", "campaign_id"))
    ends = as_csv(rows, counts_last, Style("fr"))
    for cut in range(1, 40):
        yield f"cut {cut} from the end", ends[:-cut], rows
    cells = table(rows, CAMPAIGN_COLUMNS, PLAIN)
    for place, header in enumerate(cells[0]):
        yield f"without {header}", delimited([row[:place] + row[place + 1 :] for row in cells]).encode(), rows
    for number in range(10):
        short = [list(row) for row in cells]
        del short[rng.randrange(1, len(short))][rng.randrange(len(cells[0]))]
        yield f"a cell lost {number}", delimited(short).encode(), rows
    commas = table(rows, CAMPAIGN_COLUMNS, Style("fr", decimal=",", totals="last"))
    yield "decimal commas without quotes", "\n".join(map(",".join, commas)).encode(), rows
    for spoiler in ("1.2E+05", "#REF!", "#####", "-5", "=1+1", "12,34,5", "1e400", "nan", "inf", "1_000", "٣٤", "0x1F",
                    "1.5.2", "--5", "%", "12 34", "1,2345", "TRUE", "'=cmd|'/C calc'!A0"):  # fmt: skip
        for column in ("spend", "reach", "impressions"):
            spoiled = [list(row) for row in cells]
            spoiled[3][CAMPAIGN_COLUMNS.index(column)] = spoiler
            yield f"{column} is {spoiler}", delimited(spoiled).encode(), rows
    for name, spoil in BYTES.items():
        yield name, spoil(base), rows
    book = as_xlsx(rows, CAMPAIGN_COLUMNS, Style("fr"))
    for _ in range(12):
        cut = rng.randrange(4, len(book))
        yield f"workbook cut at {cut}", book[:cut], rows
    for part in zipfile.ZipFile(io.BytesIO(book)).namelist():
        yield f"workbook without {part}", _without_part(book, part), rows


BYTES: dict[str, Callable[[bytes], bytes]] = {
    "NUL bytes at the end": lambda base: base + b"\0" * 512,
    "NUL bytes inside": lambda base: base[:500] + b"\0\0\0" + base[500:],
    "every byte followed by NUL, once": lambda base: base[:64] + b"\0".join(base[i : i + 1] for i in range(64, 900)),
    "a quote that never closes": lambda base: base.replace(b"\n", b'\n"', 3),
    "text after a quote": lambda base: base.replace(b'"Boulangerie', b'"Boul"angerie'),
    "broken UTF-8 in a name": lambda base: base.replace("é".encode(), b"\xc3", 9),
    "two tables": lambda base: base + as_csv(campaigns(), tuple(reversed(CAMPAIGN_COLUMNS)), PLAIN),
    "accents lost": lambda base: base.decode().encode("ascii", "replace"),
    "accents dropped": lambda base: base.decode().encode("ascii", "ignore"),
    "compressed": gzip.compress,
    "an archive": lambda base: _archive({"export.csv": base}),
    "a web page": lambda base: b"<html><table><tr><td>" + base + b"</td></tr></table></html>",
    "XML": lambda base: b'<?xml version="1.0"?><Workbook>' + base,
    "an old workbook": lambda base: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + base,
    "JSON": lambda base: b'[{"campaign": 1}]',
    "PDF": lambda base: b"%PDF-1.7" + base,
    "nothing": lambda base: b"",
    "white space": lambda base: b" \n\t\n  ",
    "only a byte order mark": lambda base: b"\xef\xbb\xbf",
    "one line": lambda base: base.replace(b"\n", b" "),
    "no separator": lambda base: base.replace(b",", b" "),
    "numbers only": lambda base: b"1,2,3\n4,5,6\n",
    "German": lambda base: b"Kampagnenname,Ausgegebener Betrag (EUR),Reichweite,Impressionen\nA,1.00,2,3\n",
    "Spanish": lambda base: "Nombre de la campaña;Importe gastado (EUR);Alcance\nA;1,00;2\n".encode(),
    "reach and impressions exchanged": lambda base: base.replace(b"Couverture,Impressions", b"Impressions,Couverture"),
    "spend called something else": lambda base: base.replace("Montant dépensé".encode(), b"Argent"),
}  # fmt: skip


def _sloppy(text: str) -> str:
    """Read the UTF-8 of a text as cp1252, as tools do: the five open codes stand for themselves."""
    return "".join(
        bytes((byte,)).decode("cp1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )


def _without_accents(text: str) -> str:
    plain = str.maketrans("éèêÉÈâÂûôàç’", "eeeEEaAuoac'")
    header, rest = text.split("\n", 1)
    return header.translate(plain) + "\n" + rest


def _archive(parts: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _without_part(book: bytes, part: str) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(book))
    return _archive({name: source.read(name) for name in source.namelist() if name != part})
