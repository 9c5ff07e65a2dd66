"""Who a visitor is: a random number that their browser keeps, so that a page opened again finds its run and its runs.

The number says nothing about a person, is sent to this server only, and no script on the page can read it.
"""

import re
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import streamlit as st

COOKIE = "resnet_lab_visitor"
DAYS = 180
_NUMBER = re.compile(r"[0-9a-f]{32}")

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def owner() -> str:
    """The visitor's number, 32 hexadecimal digits. A browser that keeps no cookies has a new one at every visit."""
    if "_visitor" not in st.session_state:
        known = str(st.context.cookies.get(COOKIE, ""))
        st.session_state["_visitor"] = known if _NUMBER.fullmatch(known) else uuid.uuid4().hex
    return st.session_state["_visitor"]


class Introduce:
    """Gives every browser that has none a number, along with the page. An ASGI middleware."""

    def __init__(self, app: Application, path: str = "/") -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass everything on; add the cookie to an HTML page that is sent to a stranger."""
        if scope["type"] != "http" or _is_known(scope):
            await self._app(scope, receive, send)
            return

        async def send_with_number(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                message["headers"] = [*message["headers"], (b"set-cookie", self._cookie(scope).encode())]
            await send(message)

        await self._app(scope, receive, send_with_number)

    def _cookie(self, scope: Message) -> str:
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        number, seconds = uuid.uuid4().hex, DAYS * 24 * 3600
        return f"{COOKIE}={number}; Path={self._path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def _is_known(scope: Message) -> bool:
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies = SimpleCookie(value.decode("latin-1"))
            except CookieError:
                continue
            if COOKIE in cookies and _NUMBER.fullmatch(cookies[COOKIE].value):
                return True
    return False


def _is_page(message: Message) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])
