"""One browser tab: it opens the app's address, obeys what the app sends, and clicks.

It speaks what Streamlit's own page speaks: cookies and the XSRF token, a WebSocket with protobuf messages, timers of
parts that redraw themselves, hashes of messages that it has kept, and uploads over HTTP. It draws nothing.
"""

import asyncio
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from http.cookies import SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileUploaderState, FileURLsResponse, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.visitors.fetch import fetch
from benchmarks.visitors.screen import Screen, Thing
from benchmarks.visitors.shelf import Shelf

PATIENCE = 60.0  # seconds after which a click counts as unanswered
REDRAWN = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Click(NamedTuple):
    """How long the app took to answer."""

    kind: str
    at: float  # time.perf_counter() when it was sent
    first: float  # seconds until the first element came
    done: float  # seconds until the script had ended
    answered: bool


class _Awaited:
    def __init__(self, fragment: str) -> None:
        self.fragment = fragment
        self.run = ""
        self.first = 0.0
        self.finished = asyncio.get_running_loop().create_future()


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
        self._timers: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._waiting_timers: set[str] = set()  # fragments that a timer asked for and that have not come
        self._shelf = Shelf()
        self._session = self._run = ""
        self._page = self._query = self._start = ""
        self._awaited: _Awaited | None = None
        self._urls: asyncio.Future[FileURLsResponse] | None = None
        self._runs: dict[str, bool] = {}  # runs under way: whether a timer asked for them

    @property
    def connected(self) -> bool:
        """Whether the WebSocket is open."""
        return self._reader is not None and not self._reader.done()

    async def open(self, page: str = "", query: str = "", kind: str = "open") -> bool:
        """Load a page by its address, in a session of its own. Returns whether it came."""
        begin = time.perf_counter()
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
        self._stop_timers()
        self._page, self._query = self.pages[page], ""
        return await self._ask("page")

    async def upload(self, key: str, name: str, content: bytes) -> bool:
        """Give a file to an upload field, as a browser does: ask where to, put it there, say so."""
        begin = time.perf_counter()
        thing = self.screen.find(key)
        if thing is None:
            return False
        self._urls = asyncio.get_running_loop().create_future()
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.file_names.append(name)
        request.file_urls_request.session_id = self._session
        await self._send(request)
        urls = (await asyncio.wait_for(self._urls, PATIENCE)).file_urls[0]
        answer = await fetch(self.port, "PUT", urls.upload_url, self.cookies, (name, content))
        if answer.status not in (200, 204):
            return False
        info = UploadedFileInfo(name=name, size=len(content), file_id=urls.file_id, file_urls=urls)
        self.screen.set(thing, FileUploaderState(uploaded_file_info=[info]))
        return await self._ask("upload", begin=begin)

    def fall_silent(self) -> None:
        """Close the lid: nothing is sent any more, not even a farewell or an answer to the server's pings."""
        self._stop_timers()
        if self._socket is not None:
            self._socket.transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue] - it is a socket's

    async def drop(self) -> None:
        """Lose the connection at once, as where the Wi-Fi ends."""
        self._stop_timers()
        if self._socket is not None:
            self._socket.transport.abort()
        await self._end_reader()

    async def close(self) -> None:
        """Close the tab."""
        self._stop_timers()
        if self._socket is not None:
            with suppress(ConnectionClosed, OSError, TimeoutError):
                await asyncio.wait_for(self._socket.close(), 5)
        await self._end_reader()

    async def _end_reader(self) -> None:
        if self._reader is not None:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    def _keep(self, cookies: SimpleCookie) -> None:
        self.cookies.update({name: morsel.value for name, morsel in cookies.items()})

    async def _connect(self) -> None:
        token = self.cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN")
        protocols = ["streamlit", token, *([self._session] if self._session else [])]
        self._socket = await connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=f"http://127.0.0.1:{self.port}",  # pyright: ignore[reportArgumentType]
            subprotocols=protocols,  # pyright: ignore[reportArgumentType]
            additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())},
            compression=None,  # the server has it off
            max_size=None,
            ping_interval=None,  # browsers do not; the server does
            proxy=None,
        )
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
            self._stop_timers()
            if self._awaited and not self._awaited.finished.done():
                self._awaited.finished.set_result(False)

    async def _ask(
        self, kind: str, *, fragment: str = "", pressed: Thing | None = None, begin: float | None = None
    ) -> bool:
        """Ask for a run of the script, or of one fragment, and wait until it has come to its end."""
        begin = time.perf_counter() if begin is None else begin
        fragment = pressed.fragment if pressed else fragment
        while fragment in self._waiting_timers:  # so that the answer to a timer is not taken for the answer to a click
            await asyncio.sleep(0.005)
            if time.perf_counter() - begin > PATIENCE:
                break
        self._awaited = awaited = _Awaited(fragment)
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
        message = BackMsg()
        state: ClientState = message.rerun_script
        state.query_string = self._query
        state.widget_states.CopyFrom(self.screen.states(pressed))
        state.page_script_hash = self._page
        state.page_name = "" if self._page else self._start
        state.fragment_id = fragment
        state.is_auto_rerun = timer
        state.cached_message_hashes.extend(self._shelf.hashes())
        context = state.context_info
        context.timezone, context.timezone_offset, context.locale = "UTC", 0, "en-US"
        context.url, context.is_embedded, context.color_scheme = f"http://127.0.0.1:{self.port}/", False, "light"
        await self._send(message)

    async def _send(self, message: BackMsg) -> None:
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    def _heed(self, message: ForwardMsg) -> None:
        run, fragments = message.metadata.run.script_run_id, tuple(message.metadata.run.fragment_ids)
        match message.WhichOneof("type"):
            case "delta":
                thing = self.screen.draw(tuple(message.metadata.delta_path), message.delta, self._run)
                self._shelf.keep(message, thing)
                self._first()
            case "ref_hash":
                thing = self._shelf.take(message.ref_hash)
                if thing is not None:
                    self.screen.draw_again(tuple(message.metadata.delta_path), thing, self._run)
                self._first()
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
                self._set_timer(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._stop_timer(fragment)
            case "file_urls_response":
                if self._urls is not None and not self._urls.done():
                    self._urls.set_result(message.file_urls_response)

    def _begin(self, message: ForwardMsg, run: str, fragments: tuple[str, ...]) -> None:
        self._session = message.new_session.initialize.session_id
        self._shelf.lifetime = message.new_session.config.max_cached_message_age
        if not fragments:
            self._stop_timers()
        self._run = run
        self._runs[run] = bool(self._waiting_timers & set(fragments))
        self._waiting_timers -= set(fragments) if fragments else self._waiting_timers
        awaited = self._awaited
        if awaited and not awaited.run and (not fragments or awaited.fragment in fragments):
            awaited.run = run  # a run of the whole script answers what was asked of a fragment as well

    def _first(self) -> None:
        if self._awaited and self._awaited.run == self._run and not self._awaited.first:
            self._awaited.first = time.perf_counter()

    def _finish(self, status: int, run: str, fragments: tuple[str, ...]) -> None:
        by_timer = self._runs.pop(run, False)
        awaited = self._awaited
        if status in REDRAWN:
            self.refreshes += by_timer
            self.screen.tidy(run, fragments)
            self._shelf.grow_older(fragments)
            self.on_redrawn()
        if awaited and awaited.run == run:
            if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                awaited.run = ""  # the run that follows is the answer
            elif not awaited.finished.done():
                awaited.finished.set_result(status in REDRAWN)

    def _set_timer(self, fragment: str, seconds: float) -> None:
        if fragment in self._timers and self._timers[fragment][0] == seconds:
            return
        self._stop_timer(fragment)
        self._timers[fragment] = seconds, asyncio.create_task(self._tick(fragment, seconds))

    async def _tick(self, fragment: str, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds)
            self._waiting_timers.add(fragment)
            with suppress(ConnectionClosed):
                await self._rerun(fragment, timer=True)

    def _stop_timer(self, fragment: str) -> None:
        if fragment in self._timers:
            self._timers.pop(fragment)[1].cancel()

    def _stop_timers(self) -> None:
        for fragment in list(self._timers):
            self._stop_timer(fragment)
        self._waiting_timers.clear()
