"""A web server on this machine stands for the one that publishes torchvision's weights."""

import hashlib
import io
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import torch

from resnet_core.official import OFFICIAL, OfficialWeights
from tests.core.torchvision_oracle import torchvision_models


class Publisher(BaseHTTPRequestHandler):
    """/whole knows ranges, /short breaks off, /slow takes its time, /wrong sends something else."""

    def do_GET(self):
        folder, _, name = self.path.strip("/").partition("/")
        content = self.server.files.get(name)
        self.server.asked.append((folder, self.headers.get("Range")))
        if content is None or folder == "nowhere":
            self.send_error(404)
            return
        if folder == "wrong":
            content = content[::-1]
        first = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(content) - first))
        self.end_headers()
        half = len(content) // 2
        self.wfile.write(content[first:half] if folder in ("short", "slow") else content[first:])
        if folder == "slow":
            self.server.half_way.set()
            self.server.go_on.wait(60)
            with suppress(ConnectionError):  # who cancels hangs up
                self.wfile.write(content[max(first, half) :])

    def log_message(self, *_):
        pass


@contextmanager
def publishing(monkeypatch, home):
    """The weights of one untrained network stand for those of ResNet-18. `home` is where fetched ones are kept."""
    monkeypatch.setenv("RESNET_LAB_HOME", str(home))
    file = io.BytesIO()
    torch.save(torchvision_models().resnet18(weights=None).state_dict(), file)
    content = file.getvalue()
    name = f"resnet18-{hashlib.sha256(content).hexdigest()[:8]}.pth"
    monkeypatch.setitem(OFFICIAL, "resnet18", OfficialWeights("resnet18", name, len(content) / 2**20, 0.1))
    with ThreadingHTTPServer(("127.0.0.1", 0), Publisher) as server:
        server.files, server.asked = {name: content}, []
        server.half_way, server.go_on = threading.Event(), threading.Event()
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        server.at = lambda folder: f"http://127.0.0.1:{server.server_address[1]}/{folder}/"
        yield server
        server.go_on.set()
        server.shutdown()
        thread.join()
