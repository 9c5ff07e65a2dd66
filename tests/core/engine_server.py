"""A server in miniature: its main script starts an engine and a run, without a guard against being imported.

It appends a line to the file it is given each time it is executed, and prints the workers' process numbers.
"""

import sys
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from resnet_core.engine.dask_engine import DaskEngine
from tests.core.engine_stand_in import open_run, spec

with Path(sys.argv[1]).open("a") as executions:
    executions.write("executed\n")

engine = DaskEngine(workers=1, source=open_run, warm=False)
run_id = engine.submit(spec(steps=10_000), "visitor")
while not engine.poll(run_id).records:
    time.sleep(0.05)
sys.stdout.write(" ".join(str(child.pid) for child in psutil.Process().children(recursive=True)) + "\n")
sys.stdout.flush()
while sys.stdin.readline() != "close\n":
    engine.poll(run_id)
engine.close()
