"""Waiting for what another process or thread does, on a machine that may be busy with anything else.

How fast something is, benchmarks/ measure. A test that waits says only that it happens at all.
"""

import time

PATIENCE = 240.0  # seconds


def wait_for(condition, seconds=PATIENCE):
    """The first answer of `condition` that counts as true."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.02)
    return value


def until(engine, run_id, *states):
    """The update of a run that has come into one of these states."""
    return wait_for(lambda: update if (update := engine.poll(run_id)).state in states else None)


def until_records(engine, run_id, count):
    """The update of a run that has shown so many records."""
    return wait_for(lambda: update if len((update := engine.poll(run_id)).records) >= count else None)
