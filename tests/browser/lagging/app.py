"""A server whose event loop is always a little late, as that of a class is."""

import asyncio
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[3]))

from ui import reruns

reruns.deliver_first()


async def lag():
    while True:
        time.sleep(0.04)
        await asyncio.sleep(0.005)


@asynccontextmanager
async def lifespan(_app):
    task = asyncio.create_task(lag())
    yield
    task.cancel()


app = st.App(Path(__file__).with_name("page.py"), lifespan=lifespan)
