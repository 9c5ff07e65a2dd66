"""HTTP as far as a browser needs it before and beside its WebSocket."""

import asyncio
import http.client
import uuid
from http.cookies import SimpleCookie
from typing import NamedTuple


class Answer(NamedTuple):
    """What came back."""

    status: int
    cookies: SimpleCookie


async def fetch(
    port: int, method: str, path: str, cookies: dict[str, str], upload: tuple[str, bytes] | None = None
) -> Answer:
    """Ask the server on this machine for something, or put a file (name, content) there as a form does."""
    return await asyncio.to_thread(_fetch, port, method, path, cookies, upload)


def _fetch(port: int, method: str, path: str, cookies: dict[str, str], upload: tuple[str, bytes] | None) -> Answer:
    headers = {"Accept": "text/html,*/*", "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    body = None
    if upload is not None:
        name, content = upload
        mark = uuid.uuid4().hex
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        body = f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        headers["X-Xsrftoken"] = cookies.get("_streamlit_xsrf", "")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        got = SimpleCookie()
        for value in answer.headers.get_all("set-cookie", []):
            got.load(value)
        return Answer(answer.status, got)
    finally:
        connection.close()
