"""What the server is told and what a visitor can read, checked from the settings themselves."""

import ast
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from ui import folders, kept_list

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def luminance(colour):
    """Relative luminance of an sRGB colour, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_says():
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the best-known grey that just fails


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_links_and_accents_stand_out_from_both_grounds(theme, ground):
    colours = SETTINGS["theme"][theme]
    assert contrast(colours["textColor"], colours[ground]) >= 7
    assert contrast(colours["linkColor"], colours[ground]) >= 4.5
    assert contrast(colours["primaryColor"], colours[ground]) >= 4.5


def test_type_is_large_and_fonts_are_the_systems_own():
    theme = SETTINGS["theme"]
    assert theme["baseFontSize"] >= 18
    assert "fontFaces" not in theme
    assert not any(":" in theme[font] for font in ("font", "headingFont", "codeFont"))
    assert all(float(size[:-3]) >= float(after[:-3]) for size, after in pairwise(theme["headingFontSizes"]))


def test_the_server_keeps_to_itself():
    assert SETTINGS["browser"] == {"gatherUsageStats": False, "serverAddress": "localhost"}
    server = SETTINGS["server"]
    assert (server["enableXsrfProtection"], server["enableCORS"], server["headless"]) == (True, True, True)
    assert SETTINGS["client"]["showErrorDetails"] == "none"


def uploaders():
    """Every upload widget of the app by its key, with the sizes that it names in MB."""
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "file_uploader":
                words = {word.arg: word.value for word in node.keywords}
                key = words["key"].values[0] if isinstance(words["key"], ast.JoinedStr) else words["key"]
                yield ast.literal_eval(key), words.get("max_upload_size")


def test_a_network_of_torchvision_can_be_uploaded_and_nothing_else_may_be_that_large():
    largest = SETTINGS["server"]["maxUploadSize"]
    # the sizes of torchvision's files, as its documentation gives them in MB
    assert largest >= max({"resnet18": 44.7, "resnet34": 83.3, "resnet50": 97.8, "resnet101": 170.5}.values())
    limits = {key: limit.value if isinstance(limit, ast.Constant) else limit.id for key, limit in uploaders()}
    assert limits == {"weights": largest, "upload": 20, "folder": "MEGABYTES", "import_": "MEGABYTES"}
    assert (folders.MEGABYTES, kept_list.MEGABYTES) == (20, 20)


def test_every_setting_exists_in_this_streamlit():
    from streamlit import config

    known = set(config.get_config_options(force_reparse=True))
    ours = {f"{section}.{name}" for section, table in SETTINGS.items() for name in table}
    assert ours - known - {"theme.light", "theme.dark"} == set()
