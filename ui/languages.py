"""The languages that the app speaks. English is the language of the source; the others have a catalogue."""

from typing import Literal

Language = Literal["en", "ko"]
DEFAULT: Language = "en"
NAMES: dict[Language, str] = {"en": "English", "ko": "한국어"}
