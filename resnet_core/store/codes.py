"""Codes that are read from a screen at the back of a room and typed on a phone."""

import secrets
import unicodedata

SIGNS = "23456789CFHJKMNPQRTVWXY"  # no two that look alike, and no vowels, so that no code is a word
_TAKEN_FOR = str.maketrans(
    {"0": "Q", "O": "Q", "1": "7", "I": "7", "L": "7", "Z": "2", "S": "5", "B": "8", "G": "6", "U": "V"}
)
_LONGEST = 8  # characters of what was typed that are looked at


def new_code(length: int) -> str:
    """A code that nobody can foresee."""
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def read_code(typed: str) -> str:
    """What was meant. Small letters, blanks, hyphens and signs that look alike are forgiven."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    signs = [sign for sign in wide if sign.isascii() and sign.isalnum()]
    return "".join(signs[:_LONGEST]).translate(_TAKEN_FOR)
