"""Small folders of pictures, as file names with their contents."""

import io
import zipfile
from pathlib import Path

from PIL import Image


def png(colour: tuple[int, int, int], size: tuple[int, int] = (20, 12)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def red_and_blue(count: int = 10) -> dict[str, bytes]:
    """File name -> content: class "blue" and class "red", each picture of another brightness."""
    reds = {f"red/{n}.png": png((100 + n, 0, 0)) for n in range(count)}
    blues = {f"blue/{n}.png": png((0, 0, 100 + n)) for n in range(count)}
    return reds | blues


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def written(root: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root
