"""What a server refuses before a run is queued."""

from resnet_core.engine.jobs import Job
from resnet_core.engine.sentences import TOO_MANY_STEPS
from resnet_core.engine.settings import EngineSettings
from resnet_core.errors import EngineError, QueueFull
from resnet_core.recipe import RunSpec


def check_admission(spec: Job, waiting: int, settings: EngineSettings) -> None:
    """Refuse a run that asks for too much, and any where so many wait already.

    Raises:
        EngineError: it asks for more steps than the settings allow.
        QueueFull: there is no room in the queue.
    """
    if isinstance(spec, RunSpec) and spec.training.steps > settings.max_steps:
        raise EngineError(TOO_MANY_STEPS, steps=spec.training.steps, limit=settings.max_steps)
    if waiting >= settings.waiting:
        raise QueueFull(
            "All workers are busy and the queue, which has room for {limit} on this server, is full. Try again in "
            "a minute, or look at a finished run meanwhile.",
            limit=settings.waiting,
        )
