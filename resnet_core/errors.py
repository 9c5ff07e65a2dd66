"""The errors that resnet_core raises for bad input. Each message says what came, what is allowed, and what to do.

Every class here takes an English sentence first; from that, `make text` knows what there is to translate.
"""


class ResNetCoreError(ValueError):
    """Any mistake in what the caller asked for. The user interface shows its text as it stands.

    `message` is an English template with `{names}` in it and `values` what they stand for, so that a translator can
    work on the template while `str(error)` reads as a finished sentence.
    """

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values) if values else message)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross a process boundary with template and values intact."""
        return _rebuild, (type(self), self.message, self.values)


def _rebuild(kind: type[ResNetCoreError], message: str, values: dict[str, object]) -> ResNetCoreError:
    return kind(message, **values)


class Sentence(str):
    """A sentence for the visitor that is handed on instead of raised: an English template, see ResNetCoreError."""

    __slots__ = ()


class ConfigError(ResNetCoreError):
    """A setting, or a combination of settings, that describes no network, no data set or no run."""


class DataError(ResNetCoreError):
    """A picture, a folder or an archive that cannot be read, or that is not what it says it is."""


class CheckpointError(ResNetCoreError):
    """A file of weights that cannot be read, or that belongs to another network."""


class ProbeError(ResNetCoreError):
    """A probe was pointed at something the network does not have, or read before anything was measured."""


class EngineError(ResNetCoreError):
    """A run that could not be started, found or finished."""


class QueueFull(EngineError):
    """More runs are waiting than this server allows."""


class StoreError(ResNetCoreError):
    """A kept run, a board or a file of one that is not there, cannot be read, or belongs to somebody else."""
