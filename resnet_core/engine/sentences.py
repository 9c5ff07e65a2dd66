"""What the engine says to visitors about their runs: English templates, see errors.Sentence."""

from resnet_core.errors import Sentence

WORKER_DIED = Sentence(
    "The process that trained this run died, perhaps for want of memory. What it had shown until then is kept. "
    "Start the run again when you like, or a smaller one."
)
WORKER_REPLACED = Sentence(
    "The process that trained this run died, perhaps for want of memory. The run continues from step {step}, where it "
    "was saved last."
)
CLUSTER_LOST = Sentence(
    "The connection to the workers was lost. What this run had shown until then is kept. "
    "Start it again when the workers are back."
)
CLUSTER_AWAITED = Sentence(
    "The connection to the workers was lost. When it is back the run continues from step {step}, where it was saved "
    "last."
)
STARTED_OVER = Sentence(
    "The worker of this run died and the run was about to start again from nothing. It was ended instead; "
    "what it had shown until then is kept. Start it again when you like."
)
NOBODY_WATCHED = Sentence(
    "Nobody watched this run for {seconds:g} s, so it was ended to free the machine. What it had shown is kept."
)
TIME_IS_UP = Sentence(
    "This run has trained for {seconds:g} s, which is as long as one may on this server, so it was ended. "
    "What it had shown and its weights are kept."
)
TURN_IS_OVER = Sentence(
    "Others are waiting and this run has trained for {seconds:g} s, so it made room at step {step}. "
    "It continues from there when its turn comes again."
)
PAUSE_MADE_ROOM = Sentence(
    "Others are waiting, so this paused run gave its worker to them. When you resume it, it joins the end of the queue "
    "and continues from step {step}."
)
GAP = Sentence(
    "Some of the records of this run were lost on their way to this page, so it was ended. What came before is kept. "
    "Start it again when you like."
)
TOO_MANY_STEPS = Sentence(
    "The run asks for {steps} steps of each network. On this server it may be {limit} at most. Choose fewer steps."
)
