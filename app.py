"""The door: starts the engine, serves the browser components' files, and hands every page to ui/shell.py."""

import contextlib
import ctypes
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from resnet_core.engine import close_engine, get_engine
from ui import attendance, reruns
from ui.visitor import Introduce

ROOT = Path(__file__).parent
with contextlib.suppress(OSError, AttributeError):  # only Linux's C library has this
    ctypes.CDLL(None).mallopt(-8, 2)  # M_ARENA_MAX: else each visitor's thread keeps freed memory of its own
sys.setswitchinterval(0.0005)  # seconds, not 0.005: else the server's loop waits behind each visitor's script in turn
os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch is imported: many visitors share few cores


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Start the engine beside the server, so that the first page need not wait for its workers, and end it after."""
    closed = threading.Event()
    threading.Thread(target=get_engine, name="engine start", daemon=True).start()
    threading.Thread(target=attendance.keep, args=(closed,), name="attendance", daemon=True).start()
    try:
        yield
    finally:
        closed.set()
        await anyio.to_thread.run_sync(close_engine)


async def readyz(_request: Request) -> PlainTextResponse:
    """Whether training can start: 200 once the engine's workers are up, 503 before."""
    ready = await anyio.to_thread.run_sync(lambda: get_engine().ready())
    return PlainTextResponse("ready", 200) if ready else PlainTextResponse("starting", 503)


reruns.deliver_first()
BASE = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")  # Streamlit does not prefix an app's own routes

app = st.App(
    ROOT / "ui" / "shell.py",
    lifespan=lifespan,
    middleware=[Middleware(Introduce, path=BASE)],
    routes=[
        Route(f"{BASE.rstrip('/')}/readyz", readyz),
        Mount(f"{BASE.rstrip('/')}/assets/components", StaticFiles(directory=ROOT / "ui" / "components")),
    ],
)
