"""Small networks of every kind, for Hypothesis to choose from."""

from hypothesis import strategies as st

from resnet_core.config import ResNetConfig


def small(**settings):
    """Two stages, three blocks, eight channels: enough to have every kind of block."""
    return ResNetConfig(**({"depths": (1, 2), "widths": (4, 8), "stem_width": 4, "classes": 3} | settings))


@st.composite
def configs(draw):
    """Any small network that the config allows."""
    stages = draw(st.integers(1, 3))
    depths = tuple(draw(st.lists(st.integers(1, 2), min_size=stages, max_size=stages)))
    widths = tuple(sorted(draw(st.lists(st.integers(2, 9), min_size=stages, max_size=stages))))
    block = draw(st.sampled_from(["basic", "bottleneck"]))
    version = draw(st.sampled_from(["v1", "v1.5", "v2"]))
    norm = draw(st.sampled_from(["batch", "none"]))
    every = [(stage, block) for stage in range(stages) for block in range(depths[stage])]
    groups = draw(st.integers(1, 3)) if block == "bottleneck" else 1
    return ResNetConfig(
        stem=draw(st.sampled_from(["cifar", "imagenet"])),
        stem_width=draw(st.integers(1, widths[0])),
        block=block,
        depths=depths,
        widths=widths,
        version=version,
        shortcut=draw(st.sampled_from(["none", "A", "B", "C"])),
        zero_padding=draw(st.sampled_from(["end", "both"])),
        norm=norm,
        init=draw(st.sampled_from(["he", "default"])),
        zero_gamma=draw(st.booleans()) and norm == "batch" and version != "v2",
        groups=groups,
        width_per_group=draw(st.sampled_from([64, 128])) if block == "bottleneck" and groups > 1 else 64,
        cut=tuple(sorted(draw(st.sets(st.sampled_from(every))))),
        in_channels=draw(st.integers(1, 3)),
        classes=draw(st.integers(2, 5)),
    )
