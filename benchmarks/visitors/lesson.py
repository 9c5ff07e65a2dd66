"""A lesson: students arrive, work, lose a worker and connections, and say at the end what became of their runs."""

import asyncio
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from websockets.exceptions import WebSocketException

from benchmarks.visitors.book import Book
from benchmarks.visitors.browser import Browser
from benchmarks.visitors.clicks import Click
from benchmarks.visitors.house import House
from benchmarks.visitors.scales import Scales
from benchmarks.visitors.student import Student

ARRIVING = 20.0  # seconds over which a class comes in, at most
RECOVERY = 20.0  # seconds that the pool gets to have its workers back


async def hold(house: House, visitors: int, seconds: float, seed: int, pause: float) -> dict[str, Any]:
    """Hold a lesson and report it."""
    await prepare(house)
    scales, book = Scales(house), Book()
    end = time.perf_counter() + seconds
    students = [Student(number, house.port, book, end, seed, pause) for number in range(visitors)]
    weighing = asyncio.create_task(scales.weigh())
    killing = asyncio.create_task(_kill_in_the_middle(house, seconds))
    arriving = min(ARRIVING, seconds / 6)
    begin = time.perf_counter()
    await asyncio.gather(*(student.attend(arriving * student.number / visitors) for student in students))
    wall = time.perf_counter() - begin
    cores = scales.cores()
    kill = await killing
    found = await _call_the_roll(students)
    book.close(found)
    await asyncio.gather(*(student.go() for student in students))
    weighing.cancel()
    return {
        **_latencies([click for student in students for click in student.browser.clicks]),
        "server_mb": round(scales.server_mb),
        "workers_mb": round(scales.workers_mb),
        "server_pss_mb": round(scales.server_pss_mb),
        "workers_pss_mb": round(scales.workers_pss_mb),
        **_runs(book),
        **_kill_report(book, kill),
        "events": dict(sum((student.events for student in students), Counter())),
        "troubles": [f"visitor {one.number}: {trouble}" for one in students for trouble in one.troubles],
        "error_boxes": sorted({words for student in students for words in student.error_boxes}),
        "megabytes_sent": round(sum(student.browser.bytes for student in students) / 1e6, 1),
        "refreshes": sum(student.browser.refreshes for student in students),
        "cores": {name: round(used / wall, 3) for name, used in cores.items()},
    }


async def prepare(house: House) -> None:
    """A teacher opens the pages before the class does, which loads torch and the data."""
    teacher = Browser(house.port)
    for page, part in (("gradients", "profile"), ("maps", "maps"), ("train", ""), ("shortcuts", "count")):
        await teacher.open(page, f"part={part}" if part else "")
    await teacher.close()


async def _kill_in_the_middle(house: House, seconds: float) -> dict[str, Any]:
    await asyncio.sleep(seconds / 2)
    before = len(house.workers())
    pid = await asyncio.to_thread(house.kill_a_worker)
    begin = time.perf_counter()
    if pid is None:
        return {"killed": 0}
    back = False
    while not back and time.perf_counter() - begin < RECOVERY:
        await asyncio.sleep(0.1)
        living = [worker.pid for worker in house.workers()]
        back = pid not in living and len(living) >= before
    return {"killed": 1, "at": begin, "back": back, "after": time.perf_counter() - begin}


async def _call_the_roll(students: list[Student]) -> set[int]:
    found: set[int] = set()

    async def ask(student: Student) -> None:
        try:
            if await student.roll_call():
                found.add(student.number)
        except (WebSocketException, OSError, TimeoutError) as problem:
            student.troubles.append(repr(problem))

    await asyncio.gather(*map(ask, students))
    return found


def _latencies(clicks: list[Click]) -> dict[str, Any]:
    kinds: dict[str, list[Click]] = defaultdict(list)
    for click in clicks:
        kinds[click.kind].append(click)
    return {
        "p50_ms": _percentile((click.done for click in clicks), 50),
        "p95_ms": _percentile((click.done for click in clicks), 95),
        "first_p50_ms": _percentile((click.first for click in clicks), 50),
        "first_p95_ms": _percentile((click.first for click in clicks), 95),
        "interactions": len(clicks),
        "unanswered": sum(not click.answered for click in clicks),
        "kinds": {
            kind: {
                "n": len(some),
                "p50_ms": _percentile((click.done for click in some), 50),
                "p95_ms": _percentile((click.done for click in some), 95),
                "most_ms": _percentile((click.done for click in some), 100),
            }
            for kind, some in sorted(kinds.items())
        },
    }


def _percentile(seconds: Iterable[float], percent: int) -> float:
    """Milliseconds that so many of a hundred do not exceed; NaN for none."""
    times = sorted(seconds)
    if len(times) < 2 or percent == 100:
        return round(1000 * times[-1], 1) if times else float("nan")
    return round(1000 * statistics.quantiles(times, n=100, method="inclusive")[percent - 1], 1)


def _runs(book: Book) -> dict[str, Any]:
    unaccounted, lost = book.count("unaccounted"), book.count("lost")
    return {
        "started": len(book.entries),
        "completed": book.count("completed") + book.count("completed after restart"),
        "lost": lost + unaccounted,
        "reported_lost": lost,
        "unaccounted": unaccounted,
        "completed_after_restart": book.count("completed after restart"),
        "stopped_by_visitor": book.count("stopped by visitor"),
        "ended_by_leaving": book.count("ended by leaving"),
        "ended_by_limit": book.count("ended by limit"),
        "running_at_the_end": book.count("running at the end"),
        "refused": book.refused,
        "unaccounted_last_seen": [
            f"visitor {entry.visitor}: {entry.last.state} {entry.last.told}".strip()
            for entry in book.entries
            if entry.fate == "unaccounted"
        ],
    }


def _kill_report(book: Book, kill: dict[str, Any]) -> dict[str, Any]:
    told = [entry.told_at - kill["at"] for entry in book.entries if entry.told_at and entry.told_at > kill.get("at", 0)]
    return {
        "killed_workers": kill["killed"],
        "workers_back": kill.get("back", True),
        "workers_back_after_s": round(kill.get("after", 0.0), 1),
        "told_of_it_after_s": round(min(told), 1) if told else None,
        "told": sorted({entry.told for entry in book.entries if entry.told}),
    }
