"""A server that keeps a pickled result again and again and says each id: store_writer HOME OWNER COUNT RESULT."""

import pickle
import sys
from pathlib import Path

from tests.core.store_runs import SPEC, open_store

if __name__ == "__main__":
    home, owner, count, path = sys.argv[1:]
    store = open_store(Path(home))
    result = pickle.loads(Path(path).read_bytes())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for number in range(int(count)):
        store.keep(f"{owner}{number}", owner, SPEC, result, name=f"run {number}")
        sys.stdout.write(f"{owner}{number}\n")
        sys.stdout.flush()
