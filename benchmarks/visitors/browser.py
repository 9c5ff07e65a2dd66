"""One browser tab: it opens the app's address, obeys what the app sends, and clicks.

It speaks what Streamlit's own page speaks: cookies and the XSRF token, a WebSocket with protobuf messages, timers of
parts that redraw themselves, hashes of messages that it has kept, and uploads over HTTP. It draws nothing.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsResponse, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from benchmarks.visitors.clicks import REDRAWN, Awaited, Click
from benchmarks.visitors.fetch import fetch
from benchmarks.visitors.messages import ask_where_to_upload, open_socket, rerun
from benchmarks.visitors.screen import Screen, Thing
from benchmarks.visitors.shelf import Shelf
from benchmarks.visitors.timers import Timers

PATIENCE = 60.0  # seconds after which a click counts as unanswered


class Browser:
    """One tab of one visitor. `on_redrawn` is called whenever something on the screen has been redrawn."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies: dict[str, str] = {} if cookies is None else cookies
        self.screen = Screen()
        self.clicks: list[Click] = []
        self.bytes = 0  # that came over the WebSocket
        self.refreshes = 0  # that a timer asked for and that came to their end
        self.pages: dict[str, str] = {}  # hash of each page's script, by its address
        self.on_redrawn: Callable[[], None] = lambda: None
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._timers = Timers(self._ask_again)
        self._shelf = Shelf()
        self._session = self._run = ""
        self._page = self._query = self._start = ""
        self._awaited: Awaited | None = None
        self._urls: asyncio.Future[FileURLsResponse] | None = None
        self._runs: dict[str, bool] = {}  # runs under way: whether a timer asked for them

    @property
    def connected(self) -> bool:
        """Whether the WebSocket is open."""
        return self._reader is not None and not self._reader.done()

    async def open(self, page: str = "", query: str = "", kind: str = "open") -> bool:
        """Load a page by its address, in a session of its own. Returns whether it came."""
        begin = time.perf_counter()
        await self.drop()
        self._session, self._page, self._start, self._query = "", "", page, query
        self.screen, self._shelf = Screen(), Shelf()
        for path in (f"/{page}?{query}", "/_stcore/health", "/_stcore/host-config"):
            answer = await fetch(self.port, "GET", path, self.cookies)
            self._keep(answer.cookies)
        await self._connect()
        return await self._ask(kind, begin=begin)

    async def reconnect(self) -> bool:
        """Come back with the same page still on the screen, as after a hiccup of the Wi-Fi."""
        begin = time.perf_counter()
        await self._connect()
        return await self._ask("reconnect", begin=begin)

    async def press(self, key: str, kind: str) -> bool:
        """Press a button and wait for the answer. False where there is none, or no answer comes."""
        thing = self.screen.find(key, ("button",))
        return thing is not None and await self._ask(kind, pressed=thing)

    async def choose(self, key: str, value: object, kind: str) -> bool:
        """Give a widget a value and wait for the answer."""
        thing = self.screen.find(key)
        if thing is None:
            return False
        self.screen.set(thing, value)
        if thing.address:
            spoken = str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else ""
            self._query = urlencode({**dict(parse_qsl(self._query)), thing.address: spoken})
        return await self._ask(kind, fragment=thing.fragment)

    async def turn_to(self, page: str) -> bool:
        """Go to another page by its entry in the navigation."""
        if page not in self.pages:
            return False
        self._timers.stop_all()
        self._page, self._query = self.pages[page], ""
        return await self._ask("page")

    async def upload(self, key: str, name: str, content: bytes) -> bool:
        """Give a file to an upload field, as a browser does: ask where to, put it there, say so."""
        begin = time.perf_counter()
        thing = self.screen.find(key)
        if thing is None:
            return False
        self._urls = asyncio.get_running_loop().create_future()
        await self._send(ask_where_to_upload(name, self._session))
        urls = (await asyncio.wait_for(self._urls, PATIENCE)).file_urls[0]
        answer = await fetch(self.port, "PUT", urls.upload_url, self.cookies, (name, content))
        if answer.status not in (200, 204):
            return False
        info = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
        self.screen.set(thing, FileUploaderState(uploaded_file_info=[info]))
        return await self._ask("upload", begin=begin)

    def fall_silent(self) -> None:
        """Close the lid: nothing is sent any more, not even a farewell or an answer to the server's pings."""
        self._timers.stop_all()
        if self._socket is not None:
            self._socket.transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue] - it is a socket's

    async def drop(self) -> None:
        """Lose the connection at once, as where the Wi-Fi ends."""
        self._timers.stop_all()
        if self._socket is not None:
            self._socket.transport.abort()
            await self._socket.wait_closed()
        await self._end_reader()

    async def close(self) -> None:
        """Close the tab."""
        self._timers.stop_all()
        if self._socket is not None:
            with suppress(ConnectionClosed, OSError, TimeoutError):
                await asyncio.wait_for(self._socket.close(), 5)
        await self.drop()

    async def _end_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    def _keep(self, cookies: SimpleCookie) -> None:
        self.cookies.update({name: morsel.value for name, morsel in cookies.items()})

    async def _connect(self) -> None:
        self._socket = await open_socket(self.port, self.cookies, self._session)
        self._reader = asyncio.create_task(self._read(self._socket))

    async def _read(self, socket: ClientConnection) -> None:
        try:
            async for data in socket:
                assert isinstance(data, bytes)
                self.bytes += len(data)
                self._heed(ForwardMsg.FromString(data))
        except ConnectionClosed:
            pass
        finally:
            self._timers.stop_all()
            if self._awaited:
                self._awaited.end(answered=False)

    async def _ask(
        self, kind: str, *, fragment: str = "", pressed: Thing | None = None, begin: float | None = None
    ) -> bool:
        """Ask for a run of the script, or of one fragment, and wait until it has come to its end."""
        begin = time.perf_counter() if begin is None else begin
        fragment = pressed.fragment if pressed else fragment
        while self._timers.waits_for(fragment):  # so that the answer to a timer is not taken for the answer to a click
            await asyncio.sleep(0.005)
            if time.perf_counter() - begin > PATIENCE:
                break
        self._awaited = awaited = Awaited(fragment)
        try:
            await self._rerun(fragment, pressed)
            answered = await asyncio.wait_for(awaited.finished, PATIENCE)
        except (TimeoutError, ConnectionClosed):
            answered = False
        self._awaited = None
        end = time.perf_counter()
        self.clicks.append(Click(kind, begin, (awaited.first or end) - begin, end - begin, answered))
        return answered

    async def _rerun(self, fragment: str = "", pressed: Thing | None = None, *, timer: bool = False) -> None:
        page = (self._page, "" if self._page else self._start)
        widgets, kept = self.screen.states(pressed), self._shelf.hashes()
        await self._send(rerun(self.port, self._query, widgets, page, fragment, kept, timer=timer))

    async def _send(self, message: bytes) -> None:
        assert self._socket is not None
        await self._socket.send(message)

    def _heed(self, message: ForwardMsg) -> None:
        run, fragments = message.metadata.run.script_run_id, tuple(message.metadata.run.fragment_ids)
        match message.WhichOneof("type"):
            case "delta":
                thing = self.screen.draw(tuple(message.metadata.delta_path), message.delta, self._run)
                self._shelf.keep(message, thing)
                self._drawn()
            case "ref_hash":
                thing = self._shelf.take(message.ref_hash)
                if thing is not None:
                    self.screen.draw_again(tuple(message.metadata.delta_path), thing, self._run)
                self._drawn()
            case "new_session":
                self._begin(message, run, fragments)
            case "script_finished":
                self._finish(message.script_finished, run, fragments)
            case "navigation":
                self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
                self._page = message.navigation.page_script_hash
            case "page_info_changed":
                self._query = message.page_info_changed.query_string
            case "auto_rerun":
                self._timers.set(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._timers.stop(fragment)
            case "file_urls_response":
                if self._urls is not None and not self._urls.done():
                    self._urls.set_result(message.file_urls_response)

    def _drawn(self) -> None:
        if self._awaited:
            self._awaited.drawn(self._run)

    def _begin(self, message: ForwardMsg, run: str, fragments: tuple[str, ...]) -> None:
        self._session = message.new_session.initialize.session_id
        self._shelf.lifetime = message.new_session.config.max_cached_message_age
        self._run = run
        self._runs[run] = self._timers.begun(fragments)
        if not fragments:
            self._timers.stop_all()
        if self._awaited:
            self._awaited.begin(run, fragments)

    def _finish(self, status: int, run: str, fragments: tuple[str, ...]) -> None:
        by_timer = self._runs.pop(run, False)
        if status in REDRAWN:
            self.refreshes += by_timer
            self.screen.tidy(run, fragments)
            self._shelf.grow_older(fragments)
            self.on_redrawn()
        if self._awaited:
            self._awaited.finish(run, status)

    async def _ask_again(self, fragment: str) -> None:
        with suppress(ConnectionClosed):
            await self._rerun(fragment, timer=True)
