"""The engine's half of an app server: what it reads, line by line, it asks the engine of its environment.

["ready"], ["submit", steps, visitor], ["poll", run id] and ["stop", run id]; the end of input closes the engine.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from resnet_core.engine import close_engine, get_engine, warm_up
from tests.core.engine_stand_in import spec


def poll(run_id):
    update = get_engine().poll(run_id)
    run = get_engine()._ledger.find(run_id)
    return {
        "state": update.state,
        "steps": [record.record.step for record in update.records],
        "error": update.error,
        "note": update.note,
        "place": run.place,
        "pid": run.pid,
    }


def main():
    answers = {
        "ready": lambda: warm_up(30.0),
        "submit": lambda steps, owner: get_engine().submit(spec("", steps=steps), owner),
        "poll": poll,
        "stop": lambda run_id: get_engine().stop(run_id),
    }
    for line in sys.stdin:
        word, *rest = json.loads(line)
        sys.stdout.write(json.dumps(answers[word](*rest)) + "\n")
        sys.stdout.flush()
    close_engine()


if __name__ == "__main__":
    main()
