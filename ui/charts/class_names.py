"""What the classes of shipped networks are called, in the visitor's language."""

from collections.abc import Mapping, Sequence

from ui.charts.labels import Say


def class_names(classes: Sequence[str], say: Say = str) -> tuple[str, ...]:
    """`classes` as the visitor calls them. Names that nobody has translated stay as they are."""
    known = {**_things(say), **_cifar10(say)}
    return tuple(known.get(name, name) for name in classes)


def _things(say: Say) -> Mapping[str, str]:
    """The 42 classes of the networks for photographs, by their names in ImageNet."""
    return {
        "tabby": say("tabby cat"),
        "golden retriever": say("golden retriever"),
        "German shepherd": say("German shepherd"),
        "lion": say("lion"),
        "African elephant": say("African elephant"),
        "brown bear": say("brown bear"),
        "king penguin": say("king penguin"),
        "goldfish": say("goldfish"),
        "monarch": say("monarch butterfly"),
        "ladybug": say("ladybird"),
        "bee": say("bee"),
        "tarantula": say("tarantula"),
        "snail": say("snail"),
        "jellyfish": say("jellyfish"),
        "koala": say("koala"),
        "hog": say("pig"),
        "goose": say("goose"),
        "bullfrog": say("bullfrog"),
        "American alligator": say("alligator"),
        "school bus": say("school bus"),
        "sports car": say("sports car"),
        "bullet train": say("high-speed train"),
        "tractor": say("tractor"),
        "gondola": say("gondola"),
        "triumphal arch": say("triumphal arch"),
        "suspension bridge": say("suspension bridge"),
        "barn": say("barn"),
        "seashore": say("seashore"),
        "alp": say("mountain"),
        "coral reef": say("coral reef"),
        "beacon": say("lighthouse"),
        "fountain": say("fountain"),
        "pizza": say("pizza"),
        "espresso": say("espresso"),
        "banana": say("banana"),
        "orange": say("orange"),
        "mushroom": say("mushroom"),
        "ice cream": say("ice cream"),
        "teapot": say("teapot"),
        "computer keyboard": say("keyboard"),
        "umbrella": say("umbrella"),
        "sunglasses": say("sunglasses"),
    }


def _cifar10(say: Say) -> Mapping[str, str]:
    return {
        "airplane": say("aeroplane"),
        "automobile": say("car"),
        "bird": say("bird"),
        "cat": say("cat"),
        "deer": say("deer"),
        "dog": say("dog"),
        "frog": say("frog"),
        "horse": say("horse"),
        "ship": say("ship"),
        "truck": say("lorry"),
    }
