"""Read a stranger's Parquet file in a process of its own, with little memory and little time.

A few hundred bytes of Parquet can ask for gigabytes, and the reader is C++: a mistake of its own would end the server.
What comes back was written anew by ourselves. `python -m resnet_core.store.apart ROWS MEMORY` is that process.
"""

import os
import subprocess
import sys
from pathlib import Path

import resnet_core
from resnet_core.errors import StoreError
from resnet_core.records import RunRecord
from resnet_core.store.flaws import Flaw

MEMORY = 1 << 30  # bytes of address space; 4,000 honest steps take a third of it
SECONDS = 20  # of processor time; three times as many by the clock, for a busy machine
MAX_BYTES = 64_000_000  # that may come back
_FLAWED = 3  # exit status


def read_metrics_apart(content: bytes, limit: int) -> tuple[RunRecord, ...]:
    """What metrics.read_metrics reads, of `limit` rows at most.

    Raises:
        Flaw: it is no Parquet file, one with other columns, or one that asks for too much.
        StoreError: this machine cannot start a process.
    """
    from resnet_core.store.metrics import read_metrics

    home = str(Path(resnet_core.__file__).parent.parent)
    environment = os.environ | {"PYTHONPATH": home, "OMP_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
    command = [sys.executable, "-m", __name__, str(limit), str(MEMORY)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=3 * SECONDS, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise Flaw(f"it takes more than {SECONDS} seconds to read") from None
    except OSError as problem:
        raise StoreError(
            "This server cannot look at files of runs at the moment ({problem}). Try again in a minute.",
            problem=problem.strerror or "OSError",
        ) from None
    if done.returncode == _FLAWED:
        raise Flaw(done.stderr.decode("utf-8", "replace")[:300])
    if done.returncode or len(done.stdout) > MAX_BYTES:
        raise Flaw("it cannot be read, or it asks for more memory than a run has")
    return read_metrics(done.stdout)


def main() -> int:
    """Standard input to standard output, with limits; the exit status says whether there was a flaw."""
    rows, memory = map(int, sys.argv[1:])
    _limit(memory)
    from resnet_core.store.metrics import read_metrics, write_metrics

    try:
        content = write_metrics(read_metrics(sys.stdin.buffer.read(), rows))
    except Flaw as flaw:
        sys.stderr.write(str(flaw))
        return _FLAWED
    sys.stdout.buffer.write(content)
    return 0


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
