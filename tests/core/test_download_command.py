import hashlib
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from resnet_core.__main__ import main
from resnet_core.datasets import download


@pytest.fixture
def server():
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = b"an archive" if self.path == "/archive" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_the_command_says_where_the_archive_is(server, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(download.download_cifar10, "__kwdefaults__", {**download.download_cifar10.__kwdefaults__})
    download.download_cifar10.__kwdefaults__["md5"] = hashlib.md5(b"an archive").hexdigest()
    assert main(["download", "cifar10", "--to", str(tmp_path), "--url", f"{server}/archive"]) == 0
    written = tmp_path / "cifar-10-python.tar.gz"
    assert capsys.readouterr().out.strip() == str(written)
    assert written.read_bytes() == b"an archive"


def test_a_missing_archive_is_one_sentence_and_exit_code_2(server, tmp_path, capsys):
    assert main(["download", "cifar10", "--to", str(tmp_path), "--url", f"{server}/nothing"]) == 2
    assert "404" in capsys.readouterr().err
