"""The pictures that shipped networks learned from. They are not shipped: bring the archives to record again."""

from dataclasses import dataclass

from resnet_core.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """An archive of JPEG pictures, see datasets/jpegs.py."""

    file: str
    title: str
    pictures: str  # what they are, how many, and how they differ from what others call by that name
    licence: str
    source: str  # to cite


CORPORA = {
    "cifar10_jpeg": Corpus(
        file="cifar10_jpeg.npz",
        title="CIFAR-10 as JPEG",
        pictures="CIFAR-10's 50,000 and 10,000 colour pictures of 32 x 32 pixels in ten classes, re-encoded as JPEG "
        "of quality 75 or so. Learned from and tested on in this form: errors are not comparable with published "
        "ones, which are measured on the original pixels.",
        licence="CIFAR-10 is passed on by its authors without a stated licence, for research. No picture is shipped.",
        source="Krizhevsky 2009, Learning Multiple Layers of Features from Tiny Images",
    ),
    "photos64": Corpus(
        file="photos64.npz",
        title="42 everyday classes of Tiny ImageNet",
        pictures="20,666 photographs to learn from and 2,069 to test on, of 64 x 64 pixels, in 42 classes of things "
        "and animals that a class may photograph or know; a selection from Tiny ImageNet, itself one from ImageNet.",
        licence="ImageNet's pictures are for research and teaching that earns nothing; their makers keep their "
        "rights. No picture is shipped.",
        source="Russakovsky et al. 2015, arXiv:1409.0575; Le & Yang 2015, Tiny ImageNet Visual Recognition Challenge",
    ),
}


def corpus(name: str) -> Corpus:
    """One by its name.

    Raises:
        ConfigError: there is none of that name.
    """
    if name not in CORPORA:
        raise ConfigError(
            "There is no corpus {name!r}. There are {allowed}.", name=name, allowed=", ".join(sorted(CORPORA))
        )
    return CORPORA[name]
