"""A card as a page of Markdown, for people who look at the weights' folder."""

from collections.abc import Iterator

from resnet_core.recording.card import Card
from resnet_core.recording.corpora import corpus


def model_card(card: Card) -> str:
    """What the network is, where it comes from, what it can do, and where it fails. Every number is the card's."""
    return "\n".join(_lines(card)) + "\n"


def _lines(card: Card) -> Iterator[str]:
    (network,), training, data = card.spec.networks, card.spec.training, corpus(card.corpus)
    kind = "plain" if network.is_plain else "residual"
    yield f"# {card.name}"
    yield ""
    yield f"A {kind} network of {network.layers} layers with {card.parameters:,} parameters, trained on {data.title}."
    yield f"`{card.name}.json` holds every setting and the curves of training, `{card.name}.safetensors` the weights:"
    yield "convolutions and head in float16, BatchNorm in float32, SHA-256 " + f"`{card.sha256}`."
    yield ""
    yield "## Data"
    yield ""
    yield data.pictures
    yield f"{data.licence} Source: {data.source}."
    yield ""
    yield "## Recipe"
    yield ""
    yield (
        f"{training.steps:,} steps of {training.batch} pictures ({card.epochs:.1f} epochs), seed {training.seed}, "
        f"{training.optimiser}, learning rate {training.learning_rate:g} ({training.schedule}), "
        f"weight decay {training.weight_decay:g}."
    )
    yield (
        f"Recorded on {card.recorded.date} in {card.recorded.seconds / 60:.0f} minutes on {card.recorded.machine}, "
        f"PyTorch {card.recorded.torch}, {card.recorded.precision}. The same again:"
    )
    yield ""
    yield f"    {card.recorded.command}"
    yield ""
    yield "## How good it is"
    yield ""
    yield "| size | wrong | of | error | 95 % interval |"
    yield "|---:|---:|---:|---:|---|"
    for test in card.tests:
        low, high = test.interval()
        yield f"| {test.size} px | {test.wrong} | {test.images} | {test.error:.1%} | {low:.1%} to {high:.1%} |"
    yield ""
    yield (
        f"Test pictures are seen once each, never in training. Its training error at the end, on augmented pictures, "
        f"was {card.looks[-1].train_error:.1%}."
    )
    if any(test.size > card.spec.data.size for test in card.tests):
        yield "Above its own size the test pictures are enlarged, which adds no detail."
    yield ""
    yield "## Where it fails"
    yield ""
    for weak in card.weaknesses:
        yield (
            f"- {weak.name}: {weak.wrong} of {weak.images} wrong, most often taken for {weak.mistaken_for} "
            f"({weak.times})"
        )
    yield ""
    yield f"It knows {network.classes} classes and names one of them whatever it is shown."
    if card.samples:
        yield "The photographs in assets/images, which it has never seen, at the largest size above:"
        yield ""
    for sample in card.samples:
        shares = zip(sample.classes, sample.shares, strict=True)
        yield f"- {sample.picture}: " + ", ".join(f"{name} {share:.1%}" for name, share in shares)
