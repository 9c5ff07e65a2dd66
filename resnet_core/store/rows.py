"""A kept run as a row of the index, and a row as what the pages see."""

import json

from resnet_core.errors import StoreError
from resnet_core.recipe import RunSpec
from resnet_core.store.about import MAX_NAME, About, summary_from_json, summary_to_json
from resnet_core.store.flaws import shortened
from resnet_core.store.index import Row
from resnet_core.store.kept import KeptRun


def row_of(run_id: str, spec: RunSpec, about: About, stamp: str, size: int) -> Row:
    """The row of a sound run."""
    content = {
        "name": about.name,
        "spec": json.loads(spec.to_json()),
        "state": about.state,
        "seconds": about.seconds,
        "imported": about.imported,
        "summaries": [summary_to_json(summary) for summary in about.summaries],
    }
    return Row(run_id, about.owner, about.created, size, stamp, content, flaw="")


def kept_run(row: Row) -> KeptRun:
    """What the pages see of a sound run."""
    content = row.content
    return KeptRun(
        run_id=row.run_id,
        owner=row.owner,
        name=content["name"],
        spec=RunSpec.from_json(json.dumps(content["spec"])),
        state=content["state"],
        seconds=content["seconds"],
        created=row.created,
        size=row.size,
        imported=content["imported"],
        summaries=tuple(map(summary_from_json, content["summaries"])),
    )


def checked_name(name: str) -> str:
    """A name that a run can have, without spaces around it.

    Raises:
        StoreError: it is too long, or has control characters.
    """
    name = name.strip()
    if len(name) > MAX_NAME or not name.isprintable():
        raise StoreError(
            "The name {name} cannot be used. A name has at most {limit} characters and no line breaks. Choose another.",
            name=shortened(name),
            limit=MAX_NAME,
        )
    return name
