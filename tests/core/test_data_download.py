"""A web server on this machine stands for the one in Toronto."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from resnet_core.datasets.download import download_cifar10
from resnet_core.errors import DataError

ARCHIVE = bytes(range(256)) * 4000  # about 1 MB: four chunks
MD5 = hashlib.md5(ARCHIVE, usedforsecurity=False).hexdigest()


class Toronto(BaseHTTPRequestHandler):
    """/whole knows ranges, /simple does not, /short breaks off, anything else is not there."""

    asked: list[str | None]

    def do_GET(self):
        start = self.headers.get("Range")
        self.server.asked.append(start)
        first = int(start.removeprefix("bytes=").removesuffix("-")) if start and self.path == "/whole" else 0
        if self.path not in ("/whole", "/simple", "/short"):
            self.send_error(404)
        elif first >= len(ARCHIVE):
            self.send_error(416)
        else:
            self.send_response(206 if first else 200)
            self.send_header("Content-Length", str(len(ARCHIVE) - first))
            self.end_headers()
            self.wfile.write(ARCHIVE[first : 300_000 if self.path == "/short" else None])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Toronto) as httpd:
        httpd.asked = []
        thread = threading.Thread(target=httpd.serve_forever, args=(0.02,))
        thread.start()
        yield httpd
        httpd.shutdown()
        thread.join()


def address(server, page: str) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/{page}"


def test_a_download_is_checked_and_reports_how_far_it_is(server, tmp_path):
    reports = []
    path = download_cifar10(
        tmp_path / "new", url=address(server, "whole"), md5=MD5, progress=lambda *now: reports.append(now)
    )
    assert path.read_bytes() == ARCHIVE
    assert [done for done, _ in reports] == sorted({done for done, _ in reports})
    assert reports[-1] == (len(ARCHIVE), len(ARCHIVE))
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_an_archive_that_is_there_is_not_fetched_again(server, tmp_path):
    for _ in range(2):
        download_cifar10(tmp_path, url=address(server, "whole"), md5=MD5)
    assert server.asked == [None]


def test_a_wrong_sum_is_said_and_the_file_deleted(server, tmp_path):
    with pytest.raises(DataError, match=f"MD5 sum {MD5} instead of {'0' * 32}"):
        download_cifar10(tmp_path, url=address(server, "whole"), md5="0" * 32)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_is_not_there_is_said(server, tmp_path):
    with pytest.raises(DataError, match="answers 404"):
        download_cifar10(tmp_path, url=address(server, "missing"), md5=MD5)


@pytest.mark.parametrize(("page", "asked"), [("whole", "bytes=300000-"), ("simple", "bytes=300000-")])
def test_an_interrupted_download_goes_on_where_it_ended(server, tmp_path, page, asked):
    with pytest.raises(DataError, match=f"ended after 300000 of {len(ARCHIVE)} bytes"):
        download_cifar10(tmp_path, url=address(server, "short"), md5=MD5)
    reports = []
    path = download_cifar10(
        tmp_path, url=address(server, page), md5=MD5, progress=lambda done, total: reports.append(done)
    )
    assert path.read_bytes() == ARCHIVE
    assert server.asked == [None, asked]
    assert (reports[0] > 300_000) == (page == "whole")  # a server without ranges sends everything again


def test_a_finished_but_wrong_part_is_thrown_away(server, tmp_path):
    (tmp_path / "cifar-10-python.tar.gz.part").write_bytes(bytes(len(ARCHIVE)))
    assert download_cifar10(tmp_path, url=address(server, "whole"), md5=MD5).read_bytes() == ARCHIVE


def test_a_cancelled_download_keeps_what_has_come(server, tmp_path):
    class Cancelled(Exception):
        pass

    def cancel(done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        download_cifar10(tmp_path, url=address(server, "whole"), md5=MD5, progress=cancel)
    assert 0 < (tmp_path / "cifar-10-python.tar.gz.part").stat().st_size < len(ARCHIVE)


def test_without_a_connection_the_message_says_what_still_works(tmp_path):
    with pytest.raises(DataError, match="Is this machine connected") as caught:
        download_cifar10(tmp_path, url="http://127.0.0.1:1/nobody-listens", md5=MD5)
    assert "The lessons need no download" in str(caught.value)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "cifar"])
def test_only_web_addresses_are_fetched(tmp_path, url):
    with pytest.raises(DataError, match="not a web address"):
        download_cifar10(tmp_path, url=url)
