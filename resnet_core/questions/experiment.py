"""An entry of the catalogue: what an experiment asks, who asked it first, and where the code stands."""

from collections import deque
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from resnet_core.errors import ConfigError
from resnet_core.records.progress import Progress


class Experiment(NamedTuple):
    """One classroom question that can be answered by computing.

    Its function takes one value, the question, and is a generator of Progress: whoever consumes it decides pace,
    display and end. Importing an entry loads no torch; `function` does.
    """

    name: str  # on the command line, such as "loss-surface"
    asks: str  # the question in plain English
    sections: tuple[str, ...]  # of the curriculum, such as "9.4"
    source: str  # paper, section, figure
    where: str  # module and name of the function, "resnet_core.experiments.surfaces:loss_surface"
    question: type[Any]  # the frozen class of what it is asked; its defaults are a classroom's
    seconds: float  # that the default question takes on one thread, about

    @property
    def function(self) -> Callable[[Any], Iterator[Progress]]:
        """The code that runs."""
        module, _, name = self.where.partition(":")
        return getattr(import_module(module), name)

    def ask(self, question: object) -> Iterator[Progress]:
        """Begin. Each value that is pulled is one moment of the experiment.

        Raises:
            ConfigError: the question is another experiment's.
        """
        if not isinstance(question, self.question):
            raise ConfigError(
                "The experiment {name!r} was asked a {kind}. Ask it a {expected}.",
                name=self.name,
                kind=type(question).__name__,
                expected=self.question.__name__,
            )
        return self.function(question)

    def answer(self, question: object = None) -> Any:  # noqa: ANN401 - each experiment has its own kind of record
        """Run to the end and return the whole record. Without a question the default one is asked."""
        (last,) = deque(self.ask(self.question() if question is None else question), maxlen=1)
        return last.record
