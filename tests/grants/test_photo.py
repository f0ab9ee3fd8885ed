"""Photos drawn anew: nothing of the camera stays, nothing explodes, and what is broken is said to be broken."""

from io import BytesIO

import pytest
from PIL import Image

from grants import photo, upload
from grants.upload import JPEG, PNG, WEBP, Media, Unfit
from tests import uploads as sample

PAPERS = upload.files("papers")


def drawn(data: bytes, media: Media = JPEG) -> Image.Image:
    return Image.open(BytesIO(photo.redraw(data, "foto.jpg", media, PAPERS)))


def test_nothing_that_the_camera_wrote_stays_and_the_photo_stands_upright() -> None:
    data = sample.camera_picture()
    assert data.count(b"GEHEIM") >= 3
    assert Image.open(BytesIO(data)).getexif().get_ifd(0x8825)
    made = photo.redraw(data, "foto.jpg", JPEG, PAPERS)
    assert b"GEHEIM" not in made
    assert b"Exif" not in made
    with Image.open(BytesIO(made)) as found:
        assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (600, 800), {})
        assert set(found.info) <= {
            "jfif",
            "jfif_version",
            "jfif_unit",
            "jfif_density",
            "progressive",
            "progression",
        }


@pytest.mark.parametrize(
    ("size", "kept"), [((3000, 1500), (2000, 1000)), ((60, 30), (60, 30)), ((1, 4000), (1, 2000))]
)
def test_the_longest_side_is_bounded_and_nothing_is_blown_up(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    assert drawn(sample.picture(size)).size == kept


@pytest.mark.parametrize(
    ("form", "media", "mode"),
    [("PNG", PNG, "RGBA"), ("PNG", PNG, "P"), ("PNG", PNG, "1"), ("PNG", PNG, "LA"), ("PNG", PNG, "I;16"),
     ("WEBP", WEBP, "RGBA"), ("JPEG", JPEG, "L"), ("JPEG", JPEG, "CMYK")],
)  # fmt: skip
def test_every_kind_of_points_becomes_a_plain_jpeg(form: str, media: Media, mode: str) -> None:
    with drawn(sample.picture((50, 40), form, mode), media) as made:
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (50, 40))


def test_what_is_see_through_becomes_white() -> None:
    glass = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(glass, "PNG")
    assert drawn(glass.getvalue(), PNG).getpixel((10, 10)) == (255, 255, 255)


def test_what_was_hidden_behind_a_photo_is_gone() -> None:
    made = photo.redraw(sample.picture() + sample.ZIP + sample.HTML, "foto.jpg", JPEG, PAPERS)
    assert b"PK\x03\x04" not in made
    assert b"<script>" not in made


@pytest.mark.parametrize("data", [sample.bomb(), sample.bomb(8_000)], ids=["900 million", "64 million"])
def test_an_exploding_photo_is_refused_before_it_is_opened(data: bytes) -> None:
    assert len(data) < 1000
    with pytest.raises(Unfit, match="te veel beeldpunten"):
        photo.redraw(data, "foto.png", PNG, PAPERS)


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (sample.picture()[:2000], JPEG), (sample.picture()[:40], JPEG), (b"\xff\xd8\xff" + sample.ZIP, JPEG),
        (b"\xff\xd8\xff" + sample.HTML, JPEG), (sample.picture(form="PNG")[:5000], PNG),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), PNG), (sample.picture(form="WEBP")[:300], WEBP),
        (sample.picture(form="PNG"), JPEG), (sample.text_bomb(), PNG),
    ],
)  # fmt: skip
def test_a_broken_or_disguised_photo_is_refused(data: bytes, media: Media) -> None:
    with pytest.raises(Unfit, match="beschadigd"):
        photo.redraw(data, "foto.jpg", media, PAPERS)
