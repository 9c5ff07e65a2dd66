"""What a student does in an hour of the laboratory, with pauses to read and to think. Drawn by lot, the same each time.

A run is begun, watched or left alone; switches are thrown and their figure looked at; a picture is uploaded; pages are
turned; now and then a lid is closed, and opened again in time or too late or not at all.
"""

import asyncio
import io
import random
import time
from collections import Counter

import numpy as np
from PIL import Image
from websockets.exceptions import WebSocketException

from benchmarks.visitors.book import ERROR, Book, look, refused
from benchmarks.visitors.browser import Browser

PAUSE = 4.0  # seconds between two clicks, on average
GRACE = 20.0  # seconds that the app waits for someone who has gone
SMALL = "race={race}&data=digits&size_digits=8&width=4&steps={steps}"  # a link that a teacher hands out
DIGITS = 1  # the second choice of pictures, whose networks learn fastest
PROFILE = 1  # the second part of the page about gradients, after its lesson
MAPS = 1  # the second part of the page about one picture
COUNT = 4  # the part that counts what a 1x1 saves
RACES = ("degradation", "two_by_two", "vanishing")


class Student:
    """One visitor with one browser. `attend` is the whole visit."""

    def __init__(self, number: int, port: int, book: Book, end: float, seed: int, pause: float = PAUSE) -> None:
        self.number, self.book, self.end = number, book, end
        self.browser = Browser(port)
        self.events: Counter[str] = Counter()
        self.troubles: list[str] = []
        self.error_boxes: set[str] = set()
        self._chance = random.Random(seed * 1000 + number)
        self._pausing = pause
        self._page = ""
        self._gone = False
        self.browser.on_redrawn = self._see

    async def attend(self, arrival: float) -> None:
        """Come in after `arrival` seconds, and stay until the lesson ends or the lid is closed for good."""
        await asyncio.sleep(arrival)
        await self._arrive()
        while time.perf_counter() < self.end and not self._gone:
            wishes = (self._throw_switches, self._train, self._look_inside, self._count, self._close_lid)
            wish = self._chance.choices(wishes, (35, 35, 12, 12, 6))[0]
            try:
                await wish()
            except (WebSocketException, OSError, TimeoutError) as problem:
                self.troubles.append(repr(problem))
                await self._come_back()

    async def roll_call(self) -> bool:
        """Look for the last run once more, with a fresh page where there is none. Returns whether the page came."""
        if not self.book.has_open(self.number):
            return True
        if not self.browser.connected or self._gone:
            came = await self._reopen()
        else:
            came = self._page == "train" or await self._turn("train")
        for _ in range(4):
            self._see()
            if look(self.browser.screen).ended:
                break
            await asyncio.sleep(0.5)
        return came

    async def go(self) -> None:
        """Close the tab."""
        await (self.browser.drop() if self._gone else self.browser.close())

    async def _arrive(self) -> None:
        small = self._chance.random() < 0.7
        self._page = self._chance.choice(("", "gradients", "train", "train"))
        link = SMALL.format(race=self._chance.choice(RACES), steps=self._chance.choice((40, 80, 150)))
        link = {"train": link if small else "", "gradients": "part=profile"}.get(self._page, "")
        if not await self.browser.open(self._page, link):
            self.troubles.append("the first page did not come")

    async def _pause(self, most: float = 15.0) -> None:
        seconds = min(most, max(1.0, self._chance.lognormvariate(1.2, 0.6) * self._pausing / 4))
        await asyncio.sleep(max(0.05, min(seconds, self.end - time.perf_counter())))

    async def _turn(self, page: str) -> bool:
        self._page = page
        return await self.browser.turn_to(page)

    async def _throw_switches(self) -> None:
        await self._turn("gradients")
        if parts := self.browser.screen.find("part"):
            await self.browser.choose("part", [parts.options[PROFILE]], "settings")
        for _ in range(self._chance.randint(2, 5)):
            await self._pause()
            key = self._chance.choices(("bn", "init", "depth", "zg", "version"), (40, 25, 20, 10, 5))[0]
            await self._change(key, "toggle")

    async def _change(self, key: str, kind: str) -> None:
        """Give a widget another value than it has, whatever its kind."""
        thing = self.browser.screen.find(key)
        if thing is None:
            return
        if thing.kind == "checkbox":
            value: object = not self.browser.screen.value(thing).bool_value
        elif thing.options:
            value = [self._chance.choice(thing.options)]
        else:
            value = [float(self._chance.randint(*thing.range))]
        await self.browser.choose(key, value, kind)

    async def _train(self) -> None:
        if self._page != "train":
            await self._turn("train")
            await self._pause()
        if not self.book.has_open(self.number):
            await self._begin()
        await self._watch(self._chance.uniform(8, 40))

    async def _begin(self) -> None:
        if self._chance.random() < 0.4:
            await self._change("race", "settings")
            await self._pause(5)
        if self._chance.random() < 0.6 and (pictures := self.browser.screen.find("data")):
            await self.browser.choose("data", pictures.options[DIGITS], "settings")
            await self._pause(5)
            await self.browser.choose("steps", float(self._chance.choice((40, 80))), "settings")
        if not await self.browser.press("start_train", "train"):
            return
        if refused(self.browser.screen):
            self.book.refused += 1
        else:
            self.book.begin(self.number)
            self._see()

    async def _watch(self, patience: float) -> None:
        end = min(self.end, time.perf_counter() + patience)
        while time.perf_counter() < end and self.book.has_open(self.number) and self.browser.connected:
            await asyncio.sleep(0.5)
        lot = self._chance.random()
        if not self.book.has_open(self.number) or lot > 0.4:
            return
        if lot < 0.1 and await self.browser.press("pause_train", "pause"):
            await self._pause(5)
            await self.browser.press("resume_train", "resume")
        elif lot < 0.25:
            self.book.press_stop(self.number)
            await self.browser.press("stop_train", "stop")

    async def _look_inside(self) -> None:
        await self._turn("maps")
        if parts := self.browser.screen.find("part"):
            await self.browser.choose("part", [parts.options[MAPS]], "settings")
        await self._pause()
        picture = self.browser.screen.find("picture")
        if picture is not None:
            await self.browser.choose("picture", [picture.options[-1]], "settings")
            if await self.browser.upload("upload", f"{self.number}.jpg", self._photograph()):
                self.events["uploads"] += 1
        for _ in range(self._chance.randint(1, 3)):
            await self._pause()
            await self._change(self._chance.choice(("layer", "channel", "scale")), "maps")

    async def _count(self) -> None:
        await self._turn("shortcuts")
        if parts := self.browser.screen.find("part"):
            await self.browser.choose("part", [parts.options[COUNT]], "settings")
        for _ in range(self._chance.randint(1, 4)):
            await self._pause()
            await self._change(self._chance.choice(("reduce", "c_in", "kernel", "stage", "cost")), "cost")

    async def _close_lid(self) -> None:
        self.events["dropped connections"] += 1
        silent = self._chance.random() < 0.5
        if silent:
            self.browser.fall_silent()
        else:
            await self.browser.drop()
        lot = self._chance.random()
        if lot < 0.25:
            self._gone = True
            self.events["never came back"] += 1
            return
        soon = lot < 0.75
        await asyncio.sleep(self._chance.uniform(2, 0.6 * GRACE) if soon else self._chance.uniform(1.2, 1.6) * GRACE)
        self.events["came back in time" if soon else "came back too late"] += 1
        await self.browser.drop()
        await self._come_back()

    async def _come_back(self) -> None:
        try:
            if self._chance.random() < 0.5:
                await self.browser.reconnect()
            else:
                await self._reopen()
        except (WebSocketException, OSError, TimeoutError) as problem:
            self.troubles.append(repr(problem))
            self._gone = True

    async def _reopen(self) -> bool:
        """Load the page for training anew; the browser has kept its cookies."""
        await self.browser.drop()
        self._page = "train"
        return await self.browser.open("train", kind="reload")

    def _see(self) -> None:
        alerts = self.browser.screen.of_kind("alert", "exception")
        self.error_boxes |= {thing.text for thing in alerts if thing.kind == "exception" or thing.tone == ERROR}
        if self._page == "train":
            self.book.see(self.number, look(self.browser.screen))

    def _photograph(self) -> bytes:
        noise = np.random.default_rng(self._chance.randrange(1 << 30)).integers(0, 255, (30, 40, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(noise).resize((640, 480)).save(file, "JPEG")
        return file.getvalue()
