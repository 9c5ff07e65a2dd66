"""What may stand on a class board."""

import unicodedata
from collections.abc import Sequence

from resnet_core.errors import StoreError
from resnet_core.recipe import RunSpec
from resnet_core.records import RunRecord
from resnet_core.summary import NetworkSummary, summarise


def one_line(name: str, text: str, longest: int) -> str:
    """What a person wrote, as one line without blanks around it.

    Raises:
        StoreError: it is longer than `longest` characters, or holds signs that cannot be printed.
    """
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(line) > longest:
        raise StoreError(
            "{kind} has {count} characters. It may have {longest}.", kind=name, count=len(line), longest=longest
        )
    if not line.isprintable():
        raise StoreError("{kind} holds signs that cannot be printed. Use letters, digits and blanks.", kind=name)
    return line


def summaries_of(spec: RunSpec, records: Sequence[RunRecord]) -> tuple[NetworkSummary, ...]:
    """What a finished run comes to, network by network.

    Raises:
        StoreError: a network neither went to the last step nor diverged, or learned from pictures that only its
            visitor has.
    """
    if spec.data.name in ("folder", "jpegs"):
        raise StoreError("A run on your own pictures does not go on a board: nobody else has them to compare with.")
    summaries = summarise(records, len(spec.networks))
    if not all(summary.diverged or summary.steps == spec.training.steps for summary in summaries):
        raise StoreError("Only a run that has finished goes on a board.")
    return summaries
