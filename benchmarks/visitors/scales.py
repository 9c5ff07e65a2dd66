"""What the server, its workers and the visitors themselves take up, looked at twice a second."""

import asyncio
import re
from contextlib import suppress
from pathlib import Path

import psutil

from benchmarks.visitors.house import House, seconds

MB = 1 << 20


class Scales:
    """Peaks of memory, and processor time since the start."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.server_mb = self.server_pss_mb = self.workers_mb = self.workers_pss_mb = 0.0
        self._me = psutil.Process()
        self._worked: dict[int, float] = {}
        self._begin = self._times()

    async def weigh(self) -> None:
        """Look until cancelled."""
        looks = 0
        while True:
            with suppress(psutil.NoSuchProcess):
                self._look(exactly=looks % 10 == 0)
            looks += 1
            await asyncio.sleep(0.5)

    def cores(self) -> dict[str, float]:
        """Processor time of each side since the start, in seconds."""
        return {name: now - self._begin[name] for name, now in self._times().items()}

    def _times(self) -> dict[str, float]:
        for worker in self._house.workers():
            self._worked[worker.pid] = max(seconds(worker), self._worked.get(worker.pid, 0.0))
        return {
            "server": seconds(self._house.process),
            "workers": sum(self._worked.values()),  # those that died included
            "visitors": seconds(self._me),
        }

    def _look(self, *, exactly: bool) -> None:
        workers = self._house.workers()
        self.server_mb = max(self.server_mb, resident_mb(self._house.process))
        self._times()
        self.workers_mb = max(self.workers_mb, sum(map(resident_mb, workers)))
        if exactly:
            self.server_pss_mb = max(self.server_pss_mb, shared_out_mb(self._house.process))
            self.workers_pss_mb = max(self.workers_pss_mb, sum(map(shared_out_mb, workers)))


def resident_mb(process: psutil.Process) -> float:
    """Memory that a process holds, pages that it shares with others counted in full."""
    try:
        return process.memory_info().rss / MB
    except psutil.NoSuchProcess:
        return 0.0


def shared_out_mb(process: psutil.Process) -> float:
    """Memory that a process holds, shared pages divided among their holders; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0
