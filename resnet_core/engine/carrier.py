"""Carries orders and saves between this machine and workers elsewhere, without anybody waiting for them."""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, Self

from resnet_core.engine import tray
from resnet_core.engine.reports import Delivery, Fetched, Loss, Message, Order
from resnet_core.engine.runs import Run
from resnet_core.engine.sentences import WORKER_DIED, WORKER_REPLACED
from resnet_core.engine.spool import Spool

log = logging.getLogger(__name__)


class Address(NamedTuple):
    """Where one start of a run lives. The page in the book may change while something is on its way."""

    run_id: str
    start: int
    key: str
    place: str

    @classmethod
    def of(cls, run: Run) -> Self:
        """The address of a run as it is now."""
        return cls(run.run_id, run.start, run.key, run.place)


class Carrier:
    """Each errand ends with a message about what became of it.

    Args:
        ask: calls a function in the worker at a place, beside its training, and returns what it returned.
        spool: where saves go and come from.
        post: takes the messages.
    """

    def __init__(
        self, ask: Callable[..., Awaitable[Any]], spool: Spool, post: Callable[[bytes | Message], None]
    ) -> None:
        self._ask, self._spool, self._post = ask, spool, post

    async def send_order(self, to: Address, order: Order) -> None:
        """Write an order into the tray of a run."""
        heard = False
        try:
            heard = await self._ask(to.place, tray.heed, to.key, order)
        except Exception:
            log.info("An order did not reach its worker; it will be sent again", exc_info=True)
        self._post(Delivery(to.run_id, to.start, order.number, heard))

    async def fetch_save(self, at: Address, records: int) -> None:
        """Bring the save that was made after so many records, as a part."""
        came: int | None = None
        try:
            with self._spool.part(at.key) as part:
                while answer := await self._ask(at.place, tray.piece_of_save, at.key, records, part.tell()):
                    part.write(answer[1])
                    if part.tell() >= answer[0]:
                        came = records
                        break
        except Exception:
            log.info("A save could not be fetched; the next one will be", exc_info=True)
        self._post(Fetched(at.run_id, at.start, came))

    async def send_save(self, to: Address, length: int) -> None:
        """Send the save of a run to the worker that is to go on from it. Nothing is posted where that succeeds."""
        sent = 0
        try:
            for piece in self._spool.pieces(to.run_id):
                await self._ask(to.place, tray.receive, to.key, sent, piece, length)
                sent += len(piece)
        except Exception:
            log.info("A save could not be sent to a worker; the run is started once more", exc_info=True)
            self._post(Loss(to.run_id, to.start, "lost", WORKER_DIED, {}, WORKER_REPLACED))
