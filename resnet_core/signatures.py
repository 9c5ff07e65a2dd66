"""What a file looks like from its first bytes, in words for an error message. Extensions are not believed."""

ALLOWED = "PNG, JPEG, WebP or GIF"

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"8BPS", "a Photoshop file"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
)
_BRANDS = {b"heic": "a HEIC picture", b"heix": "a HEIC picture", b"mif1": "a HEIC picture", b"avif": "an AVIF picture"}


def looks_like(data: bytes) -> str:
    """A noun phrase such as "a PDF document"; "something else" if nothing is recognised."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "a WebP picture"
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "a video")
    for start, words in _STARTS:
        if data.startswith(start):
            return words
    return _text_like(data[:1000])


def _text_like(start: bytes) -> str:
    if b"<svg" in start:
        return "an SVG drawing"
    if b"<html" in start.lower() or b"<!doctype html" in start.lower():
        return "a web page"
    return "something else" if any(byte < 9 for byte in start) else "plain text"
