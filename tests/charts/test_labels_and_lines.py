import itertools

import pytest

from ui.charts import theme
from ui.charts.labels import big, layer_label, network_label, network_labels, plain_number
from ui.charts.line_ends import spread


def test_a_label_names_kind_depth_and_norm(network):
    assert network_label(network(9, skip=False)) == "plain-56 + BN"
    assert network_label(network(3, norm=False)) == "residual-20, no BN"


def test_a_label_is_translated_before_its_depth_is_filled_in(network):
    korean = {"plain-{layers} + BN": "일반-{layers} + BN"}
    assert network_label(network(9, skip=False), lambda text: korean.get(text, text)) == "일반-56 + BN"


def test_networks_that_would_read_the_same_are_told_apart_by_what_differs(network):
    labels = network_labels([network(init="he"), network(init="default"), network(9)])
    assert labels == ["residual-20 + BN, He init", "residual-20 + BN, PyTorch init", "residual-56 + BN"]


def test_networks_that_are_the_same_are_numbered(network):
    twin = network()
    assert network_labels([twin, network(9), twin]) == [
        "residual-20 + BN (1)",
        "residual-56 + BN",
        "residual-20 + BN (2)",
    ]
    labels = network_labels([twin, twin, network(init="default")])
    assert labels == [
        "residual-20 + BN, He init (1)",
        "residual-20 + BN, He init (2)",
        "residual-20 + BN, PyTorch init",
    ]


def test_hue_means_shortcuts_and_dash_means_batchnorm(network):
    assert theme.network_style(network(skip=False))[:2] == ("#D55E00", "solid")
    assert theme.network_style(network(skip=False, norm=False))[:2] == ("#D55E00", "dash")
    assert theme.network_style(network())[:2] == ("#0072B2", "solid")
    assert theme.network_style(network(norm=False))[:2] == ("#0072B2", "dash")


def test_cutting_every_shortcut_makes_a_network_plain_in_colour_too(network):
    every = tuple((stage, block) for stage in range(3) for block in range(3))
    assert theme.network_style(network(cut=every)).colour == theme.PLAIN


def test_of_two_depths_of_one_kind_the_deeper_keeps_the_full_colour(network):
    shallow, deep = theme.network_styles([network(3), network(9)])
    assert deep.colour == theme.RESIDUAL
    assert shallow.colour != theme.RESIDUAL
    assert shallow.dash == deep.dash == "solid"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (2.4e-7, "2.4×10⁻⁷"),
        (1e-20, "1×10⁻²⁰"),
        (0.66, "0.66"),
        (1234.4, "1,234"),
        (9.99e5, "1×10⁶"),
        (float("inf"), "∞"),
        (float("nan"), "–"),
    ],
)
def test_numbers_read_as_a_class_reads_them(value, text):
    assert plain_number(value) == text


def test_big_counts_have_three_digits_and_a_letter():
    assert [big(120_422_400), big(10_035_200), big(999_600), big(64)] == ["120 M", "10.0 M", "1.00 M", "64"]


def test_module_names_are_counted_from_one():
    assert layer_label("stages.1.0.conv2") == "stage 2, block 1, convolution 2"
    assert layer_label("stages.0.2") == "stage 1, block 3"
    assert layer_label("odd.name") == "odd.name"


def test_labels_that_end_close_together_are_moved_apart_in_their_own_order():
    places = spread([0.50, 0.51, 0.52], [0.1, 0.1, 0.1])
    assert places == sorted(places)
    assert min(later - earlier for earlier, later in itertools.pairwise(places)) >= 0.1 - 1e-9


def test_labels_stay_inside_the_axes():
    places = spread([1.0, 1.0, 0.0], [0.2, 0.2, 0.2])
    assert max(places) + 0.1 <= 1 + 1e-9
    assert min(places) - 0.1 >= -1e-9
