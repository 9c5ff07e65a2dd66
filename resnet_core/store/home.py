"""The folder below which everything is kept, or a passing one where that cannot be written."""

import logging
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)


def open_home(home: Path) -> tuple[Path, tempfile.TemporaryDirectory[str] | None]:
    """`home`, made if need be; or, with a warning in the log, a temporary folder that goes with what is returned."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            return home, None
    except OSError as problem:
        log.warning(
            "%s cannot be written (%s). What is kept will be gone when the server ends. "
            "Set RESNET_LAB_HOME to a folder that can be written.",
            home,
            problem,
        )
        passing = tempfile.TemporaryDirectory(prefix="resnet-lab-", ignore_cleanup_errors=True)
        return Path(passing.name), passing
