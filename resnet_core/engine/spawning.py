"""Keeps worker processes from executing the server's main script again, as a spawned process usually does."""

import multiprocessing.spawn
from typing import Any


def spare_workers_the_main_script() -> None:
    """Let processes called "Dask Worker ..." import nothing of the main script. Twice is as good as once."""
    prepare = multiprocessing.spawn.get_preparation_data
    if getattr(prepare, "spares_workers", False):
        return

    def prepare_without_main(name: str) -> dict[str, Any]:
        data = prepare(name)
        if name.startswith("Dask Worker"):
            data.pop("init_main_from_name", None)
            data.pop("init_main_from_path", None)
        return data

    prepare_without_main.spares_workers = True  # pyright: ignore[reportFunctionMemberAccess]
    multiprocessing.spawn.get_preparation_data = prepare_without_main
