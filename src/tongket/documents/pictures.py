"""A drawing becomes a picture: SVG → PNG, for pages that want a photo."""

import vl_convert as vlc


def png(svg: str, *, scale: float = 1.0) -> bytes:
    """Return the drawing as PNG, `scale` times its own size."""
    return bytes(vlc.svg_to_png(svg, scale=scale))
