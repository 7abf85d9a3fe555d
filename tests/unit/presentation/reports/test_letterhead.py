"""A letterhead brings its pixels and nothing else."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pypdf
import pytest
from PIL import Image, PngImagePlugin

from simulator.base.errors import InvalidInput
from simulator.presentation.reports import pdf
from simulator.presentation.reports.pdf_report import MOST_BYTES, MOST_PIXELS, printable_letterhead
from tests.unit.presentation.reports.examples import scenario

SECRET = "43.2951 N, 0.3708 W"


def drawn(kind: str = "PNG", size: tuple[int, int] = (300, 80), **saving: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (15, 107, 107)).save(out, kind, **saving)
    return out.getvalue()


def with_secrets() -> list[bytes]:
    """Pictures that hide a place: in a comment, in what a camera writes, and after their end."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", SECRET)
    exif = Image.Exif()
    exif[0x010E] = SECRET
    return [
        drawn(pnginfo=said),
        drawn("JPEG", exif=exif),
        drawn("JPEG", comment=SECRET.encode()),
        drawn("PNG", exif=exif),
        drawn("PNG", icc_profile=SECRET.encode()),
        drawn() + SECRET.encode(),
    ]


def pixels(svg: str) -> Image.Image:
    found = re.search(r"base64,([^\"]+)", svg)
    assert found
    return Image.open(io.BytesIO(base64.b64decode(found[1])))


@pytest.mark.parametrize("content", with_secrets())
def test_what_a_picture_hides_stays_behind(content: bytes) -> None:
    assert content not in (drawn(), drawn("JPEG")), "nothing is hidden in it"
    svg = printable_letterhead(content)
    again = base64.b64decode(re.search(r"base64,([^\"]+)", svg)[1])  # type: ignore[index]
    assert SECRET.encode() not in again
    image = pixels(svg)
    assert image.size == (300, 80)
    assert image.info == {}
    red, green, blue = image.convert("RGB").getpixel((150, 40))  # type: ignore[misc]
    assert (red, green, blue) == pytest.approx((15, 107, 107), abs=3)


def test_the_letterhead_is_printed() -> None:
    without, with_it = (pdf(scenario(), letterhead=head) for head in (None, drawn(size=(900, 200))))
    first = pypdf.PdfReader(io.BytesIO(with_it)).pages[0]
    assert len(pypdf.PdfReader(io.BytesIO(with_it)).pages) <= 2
    assert len(first.images) > len(pypdf.PdfReader(io.BytesIO(without)).pages[0].images)


def test_a_transparent_picture_stands_on_paper() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (100, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert pixels(printable_letterhead(out.getvalue())).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller_and_keeps_its_proportions() -> None:
    image = pixels(printable_letterhead(drawn(size=(3000, 1000))))
    assert image.size == (1500, 500)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_picture"),
        (b"<svg onload='alert(1)'/>", "not_a_picture"),
        (b"%PDF-1.7", "not_a_picture"),
        (drawn()[:100], "not_a_picture"),
        (drawn("GIF"), "not_a_picture"),
        (drawn("BMP"), "not_a_picture"),
        (b"\0" * (MOST_BYTES + 1), "too_large"),
        (drawn(size=(5000, MOST_PIXELS // 5000 + 1)), "too_large"),
    ],
)
def test_what_is_no_small_picture_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        printable_letterhead(content)
    assert caught.value.code == code
    assert caught.value.data["field"] == "letterhead"


def test_a_letterhead_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "tête.png"
    path.write_bytes(drawn())
    assert printable_letterhead(path) == printable_letterhead(str(path)) == printable_letterhead(drawn())
    for wrong, code in ((tmp_path / "none.png", "file_not_found"), (tmp_path, "is_a_folder")):
        with pytest.raises(InvalidInput) as caught:
            printable_letterhead(wrong)
        assert caught.value.code == code
