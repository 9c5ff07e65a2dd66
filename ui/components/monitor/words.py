"""Every word that the monitor shows or reads out, in the visitor's language. The browser fills in the {names}."""

from collections.abc import Callable


def words(say: Callable[[str], str]) -> dict[str, str]:
    """The monitor's words by the names under which its scripts know them."""
    return {
        "loss": say("Training loss (nats)"),
        "accuracy": say("Right answers"),
        "lossNow": say("loss {value}"),
        "accuracyNow": say("{value} right"),
        "curvesNote": say(
            "Thin: each batch. Thick: mean of the last {count}. "
            "Rings: a few dozen test pictures, at the last step up to several hundred."
        ),
        "step": say("step"),
        "logScale": say("Logarithmic"),
        "guessing": say("guessing"),
        "offScale": say("▲ off the scale"),
        "diverged": say("diverged at step {step}"),
        "waiting": say("not started yet"),
        "gradients": say("Gradient of each layer's weights (L2 norm)"),
        "zero": say("exactly 0"),
        "notFinite": say("not finite"),
        "layer": say("layer by step"),
        "atStep": say("at step {step}"),
        "maps": say("What the picture ({name}) becomes: {count} feature maps of each stage, after step {step}."),
        "curveAlt": say("{title}: {results} at step {step} of {steps}."),
        "heatAlt": say("{label}: gradient norm {first} at the first layer, {last} at the last, at step {step}."),
        "mapsAlt": say("{label}: {count} feature maps of each of {stages} stages, after step {step}."),
        "spoken": say("Step {step} of {steps}. {results}."),
    }
