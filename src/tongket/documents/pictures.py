"""How does a drawing or a photograph become the picture that a page shows?"""

import io

import vl_convert as vlc
from PIL import Image, ImageOps, UnidentifiedImageError

from tongket.domain.sentences import Refusal

WIDEST = 1600  # dots: what a reader's screen shows
MOST_DOTS = 60_000_000  # a small file can unpack to more than the memory holds
KINDS = ("JPEG", "PNG", "WEBP")


class PhotoUnreadable(Refusal, ValueError):
    """The file is no photograph."""

    words = "Không đọc được ảnh {file}; chọn ảnh JPEG, PNG hoặc WebP dưới 10 MB."


def png(svg: str, *, scale: float = 1.0) -> bytes:
    """Return the drawing as PNG, `scale` times its own size."""
    return bytes(vlc.svg_to_png(svg, scale=scale))


def photo(content: bytes, name: str) -> bytes:
    """Return a photograph drawn anew as JPEG, not wider or higher than a screen.

    What is hidden in the file (place, camera, owner) stays behind. `name` is what a
    refusal calls it.
    """
    try:
        picture = Image.open(io.BytesIO(content), formats=KINDS)
        if picture.width * picture.height > MOST_DOTS:
            raise PhotoUnreadable(file=name)
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as wrong:
        raise PhotoUnreadable(file=name) from wrong
    upright.thumbnail((WIDEST, WIDEST))
    drawn = io.BytesIO()
    upright.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
