"""Where uploaded pictures lie between the server and the processes that train."""

import stat
import subprocess
import sys
import threading
from pathlib import Path

from ui.shelf import Shelf


def names(shelf):
    return sorted(path.name for path in shelf.place("probe", lambda: b"").parent.iterdir())


def test_a_file_is_written_once_and_found_again():
    shelf, written = Shelf(), []

    def content():
        written.append(1)
        return b"pictures"

    paths = [shelf.place("a.npz", content) for _ in range(3)]
    assert len(set(paths)) == len(written) == 1
    assert paths[0].read_bytes() == b"pictures"


def test_nobody_else_can_read_the_folder_or_guess_its_name():
    one, other = Shelf().place("a", lambda: b""), Shelf().place("a", lambda: b"")
    assert one.parent != other.parent
    assert stat.S_IMODE(one.parent.stat().st_mode) == 0o700


def test_when_there_are_too_many_the_one_goes_that_nobody_asked_for_longest():
    shelf = Shelf(most=3, least=2)
    for name in ("a", "b", "c", "a", "d"):
        shelf.place(name, lambda: b"x")
    assert sorted(path.name for path in shelf.place("d", lambda: b"").parent.iterdir()) == ["a", "c", "d"]
    assert shelf.place("b", lambda: b"y").read_bytes() == b"y"  # written anew


def test_when_they_take_up_too_much_the_last_few_stay_all_the_same():
    shelf = Shelf(most=100, most_bytes=1000, least=3)
    for name in "abcdef":
        path = shelf.place(name, lambda: bytes(400))
    assert sorted(file.name for file in path.parent.iterdir()) == ["d", "e", "f"]


def test_a_file_that_cannot_be_made_leaves_nothing_behind():
    shelf = Shelf()

    def content():
        raise ValueError("no zip")

    for _ in range(2):
        try:
            shelf.place("a", content)
        except ValueError:
            continue
        raise AssertionError
    assert names(shelf) == ["probe"]


def test_two_visitors_with_the_same_upload_at_once_get_one_whole_file():
    shelf, both = Shelf(), threading.Barrier(2, timeout=10)
    paths = []

    def content():
        both.wait()  # both find that it is not there
        return bytes(100_000)

    threads = [threading.Thread(target=lambda: paths.append(shelf.place("a", content))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.stat().st_size for path in paths] == [100_000] * 2
    assert names(shelf) == ["a", "probe"]


def test_the_folder_goes_when_the_process_ends():
    code = "from ui.shelf import Shelf; print(Shelf().place('a', lambda: b'x'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    path = Path(done.stdout.strip())
    assert path.name == "a"
    assert not path.parent.exists()
