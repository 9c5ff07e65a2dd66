"""Charts and verdicts about depth: what is drawn is what was recorded, and each branch of a sentence is reached."""

from dataclasses import replace

import numpy as np
import pytest

from resnet_core.records.depth import ConstructionReport, DegradationReport, IdentityReport, PreconditioningReport
from ui.charts import theme
from ui.charts.construction import ends_of, growth_alt, growth_curves, growth_table, smooth
from ui.charts.degradation import error_alt, error_by_depth, error_table
from ui.charts.identity import copies, copy_alt, copy_error, copy_table
from ui.charts.preconditioning import descents, descents_alt, preconditioning_table, spectra, spectra_alt
from ui.charts.verdicts.construction import construction_verdict
from ui.charts.verdicts.degradation import degradation_verdict
from ui.charts.verdicts.identity import identity_verdict
from ui.charts.verdicts.preconditioning import preconditioning_verdict


def lines(figure):
    return {trace.name: trace for trace in figure.data if trace.name and trace.type == "scatter"}


def by_depth(plain, residual, test=None, **settings):
    """Errors of two depths and two seeds: [[8: seed 0, seed 1], [20: ...]] of each kind."""
    errors = np.array([plain, residual], dtype=float)
    tests = errors if test is None else np.array([test, residual], dtype=float)
    empty = np.zeros(errors.shape, dtype=bool)
    return DegradationReport((8, 20), (0, 1), 60, 0.9, "batch", errors * 2, errors, tests, empty, **settings)


RISES, FLAT = [[0.02, 0.03], [0.5, 0.6]], [[0.02, 0.03], [0.02, 0.04]]


def test_the_error_lines_are_medians_with_the_seeds_as_a_band():
    figure = error_by_depth(by_depth(RISES, FLAT), "train")
    assert list(lines(figure)["plain"].y) == pytest.approx([0.025, 0.55])
    assert list(lines(figure)["plain"].x) == [8, 20]
    band = next(trace for trace in figure.data if trace.fill == "toself")
    assert list(band.y) == [0.03, 0.6, 0.5, 0.02]
    assert tuple(figure.layout.yaxis.range) == (0, 1)
    assert {"plain", "residual", None} >= {note.name for note in figure.layout.annotations}


def test_without_batchnorm_the_lines_are_dashed():
    figure = error_by_depth(replace(by_depth(RISES, FLAT), norm="none"), "test")
    assert {trace.line.dash for trace in lines(figure).values()} == {"dash"}


def test_a_depth_that_is_not_there_yet_is_left_out():
    report = by_depth([[0.02, 0.03], [np.nan, np.nan]], [[np.nan, np.nan]] * 2)
    figure = error_by_depth(report, "train")
    assert list(lines(figure)) == ["plain"]
    assert list(lines(figure)["plain"].x) == [8]
    assert error_alt(report, "train") == "Training error against depth. plain: 2.5% at 8 layers; residual: –."
    assert [row["Training error"] for row in error_table(report)] == [0.025, None, None, None]
    assert degradation_verdict(report) == ""


@pytest.mark.parametrize(
    ("plain", "residual", "words"),
    [
        (RISES, FLAT, "plain: the training error rises from 2.5% with 8 layers to 55% with 20: deeper is worse."),
        (RISES, FLAT, "residual: no clear difference in training error, 2.5% with 8 layers and 3.0% with 20."),
        (RISES, FLAT, "With 20 layers and the same steps the shortcuts bring it from 55% down to 3.0%."),
        (RISES, FLAT, "so it is not overfitting"),
        (FLAT, RISES, "With 20 layers the shortcuts do not help here: 3.0% without them, 55% with them."),
        (FLAT, FLAT, "With 20 layers the shortcuts make no clear difference"),
        (RISES[::-1], FLAT, "plain: the training error falls from 55% with 8 layers to 2.5% with 20."),
        ([[0.1, 0.5], [0.4, 0.6]], FLAT, "plain: no clear difference"),  # the seeds overlap
    ],
)
def test_the_sentence_speaks_of_the_training_error_first(plain, residual, words):
    sentence = degradation_verdict(by_depth(plain, residual))
    assert words in sentence
    assert sentence.startswith("plain: ")


def test_a_test_error_that_does_not_follow_is_said():
    sentence = degradation_verdict(by_depth(RISES, FLAT, test=[[0.5, 0.7], [0.5, 0.7]]))
    assert "test error does not clearly rise with it: 60% and 60%" in sentence
    assert "overfitting" not in sentence


def test_diverged_networks_and_single_seeds_are_said():
    report = by_depth([[0.02, 0.03], [np.nan, np.nan]], FLAT)
    report.diverged[0, 1] = True
    assert "plain with 20 layers: 2 of 2 seeds diverged and are left out." in degradation_verdict(report)
    one = by_depth(RISES, FLAT)
    one = replace(one, seeds=(0,), train_error=one.train_error[..., :1], test_error=one.test_error[..., :1])
    assert degradation_verdict(one).endswith("One seed only: another start may give other numbers.")


def test_depths_with_a_single_seed_are_named_among_others_with_more():
    sentence = degradation_verdict(by_depth([[0.02, 0.03], [0.5, np.nan]], FLAT))
    assert sentence.endswith("With 20 layers one seed only: another start may give other numbers.")
    assert "one seed only" not in degradation_verdict(by_depth(RISES, FLAT))


def grown(built, shallow=0.1, scratch=1.0, difference=1e-6):
    """Two seeds, 24 steps, built after 12; each network's loss constant."""
    losses = np.full((2, 3, 2, 24), np.nan)
    losses[:, 0], losses[:, 2] = shallow, scratch
    losses[:, 1, :, 12:] = built
    losses *= np.array([1.0, 1.1])[:, None]
    return ConstructionReport(
        8, 32, (0, 1), 24, 12, "batch", np.log(10), losses, np.full((2, 2, 2), 0.2), np.full((2, 2), difference),
        np.full((2, 2), 10.0),
    )  # fmt: skip


def test_three_networks_are_drawn_where_they_were_there():
    figure = growth_curves(grown(0.3), 0)
    drawn = lines(figure)
    assert list(drawn) == ["shallow, 8 layers", "built, 32 layers", "from scratch, 32 layers"]
    assert list(drawn["built, 32 layers"].x) == list(range(13, 25))
    assert drawn["built, 32 layers"].y[0] == pytest.approx(0.3 * 1.05)
    assert figure.layout.shapes[0].x0 == 12
    assert "shallow, 8 layers: loss 0.105 at the end" in growth_alt(grown(0.3), 1)
    assert len(growth_table(grown(0.3))) == 12


def test_a_running_mean_is_that_of_the_last_twelfth():
    losses = np.array([[np.nan, 1.0, 3.0, 5.0, np.inf, 2.0] + [2.0] * 18])
    means = smooth(losses)[0]  # two steps
    np.testing.assert_array_equal(means[:7], [np.nan, 1, 2, 4, np.nan, np.nan, 2])


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (grown(0.3), "as good as the shallow one: loss 0.2 and 0.2, and no score differs by more than 1×10⁻⁶."),
        (grown(0.3), "12 steps of training later it is worse, 0.315 against 0.105"),
        (grown(0.11), "12 steps of training later there is no clear difference"),
        (grown(0.01), "it is better, 0.0105 against 0.105: the new layers are used."),
        (grown(0.3, difference=0.1), "does not compute the same here"),
        (grown(0.3), "did not find anything as good in 24 steps: 1.05."),
        (grown(0.3, scratch=0.3), "is not clearly different: 0.315."),
        (grown(0.3, scratch=0.01), "is better than the built one: 0.0105."),
        (grown(np.inf), "the built network diverges in at least one seed"),
        (grown(0.3, scratch=np.inf), "from scratch diverged in at least one seed"),
    ],
)
def test_the_sentence_about_the_construction_follows_the_losses(report, words):
    assert words in construction_verdict(report, 0)
    growth_curves(report, 0)


def test_before_anything_was_built_nothing_is_said():
    report = replace(grown(0.3), copied=np.full((2, 2, 2), np.nan))
    assert construction_verdict(report, 1) == ""
    assert np.isnan(ends_of(replace(report, losses=np.full((2, 3, 2, 24), np.nan)))).all()


def copied(plain, residual, start="default"):
    """Depths 2 and 16, two rates of which the second is ten times worse, two seeds that hardly differ, both norms."""
    errors = np.array([plain, residual], dtype=float)[:, None, :, None, None]
    errors = errors * np.array([1.0, 10.0])[:, None] * np.array([1.0, 1.01]) * np.ones((2, 2, 2, 2, 2))
    picture = np.eye(8, dtype=np.float32)
    walls = np.zeros((2, 2, 2, 8, 8), dtype=np.float32)
    walls[1, 1, 1] = 0.5
    return IdentityReport(
        (2, 16), (0.1, 0.01), (0, 1), 120, start, errors, errors, np.isnan(errors), picture, walls
    )  # fmt: skip


def test_copies_are_drawn_at_their_best_rate_with_dashes_where_there_is_no_batchnorm():
    report = copied([0.2, 0.9], [0.01, 0.02])
    drawn = lines(copy_error(report))
    assert list(drawn["plain + BN"].y) == pytest.approx([0.201, 0.9045])
    assert list(drawn["residual, no BN"].y) == pytest.approx([0.01005, 0.0201])
    assert drawn["residual, no BN"].line.dash == "dash"
    assert {row["Best learning rate"] for row in copy_table(report)} == {0.1}
    assert "plain + BN: error 0.201 with 2 layers, 0.905 with 16" in copy_alt(report)


def test_a_perfect_copy_is_drawn_on_the_floor():
    drawn = lines(copy_error(copied([0.2, 0.9], [0.0, 0.0])))
    assert list(drawn["residual + BN"].y) == [1e-4, 1e-4]


def test_the_wall_of_copies_has_the_picture_first_and_the_stacks_in_their_rows():
    (wall,) = copies(copied([0.2, 0.9], [0.01, 0.02])).data
    np.testing.assert_array_equal(wall.z[:8, :8], np.eye(8))
    assert (wall.z[-8:, -8:] == 0.5).all()  # residual without BatchNorm, 16 layers
    assert np.isnan(wall.z[8, 0])
    assert wall.colorscale[0][1] == theme.MAGNITUDE[0]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (copied([0.2, 0.9], [0.01, 0.02]), "plain + BN: does not learn to copy, error 0.905 with 16 layers."),
        (copied([0.2, 0.9], [0.01, 0.02]), "residual, no BN: still copies with 16 layers (error 0.0201)."),
        (copied([0.01, 0.4], [0.01, 0.02]), "plain + BN: copies with up to 2 layers; with 16 the error is 0.402."),
        (copied([0.2, 0.4], [0.01, 0.02]), "plain + BN: copies roughly at best, error 0.402 with 16 layers."),
        (copied([0.2, np.nan], [0.01, 0.02]), "plain + BN: with 16 layers every learning rate diverged"),
        (
            copied([0.2, 0.9], [0.01, 0.02]),
            "With BatchNorm and 16 layers the shortcuts make the error 45 times smaller.",
        ),
        (
            copied([0.01, 0.02], [0.2, 0.9]),
            "Without BatchNorm and with 16 layers the shortcuts make the error 45 times l",
        ),
        (copied([0.2, 0.9], [0.2, 0.8]), "With BatchNorm and 16 layers there is no clear difference"),
        (copied([0.2, 0.9], [0.0, 0.0], "zero"), "there was nothing to learn"),
    ],
)
def test_the_sentence_about_copies_follows_the_errors(report, words):
    assert words in identity_verdict(report)


def test_stacks_that_were_not_trained_yet_are_not_judged():
    report = copied([0.2, 0.9], [0.01, 0.02])
    empty = replace(report, errors=np.full(report.errors.shape, np.nan), diverged=np.zeros_like(report.diverged))
    assert identity_verdict(empty) == ""
    assert not lines(copy_error(empty))


def curved(plain, residual, final=(0.5, 0.01)):
    """Ten directions; the median is 1/plain of the largest; two seeds; two rates of which the second diverged."""
    spectrum = np.stack([np.concatenate([np.full(2, 5.0), np.full(7, 5.0 / c), [0.0]]) for c in (plain, residual)])
    spectrum = np.stack([spectrum, spectrum], axis=1)
    losses = np.full((2, 2, 2, 11), np.nan, dtype=np.float32)
    for kind in (0, 1):
        losses[kind, 0] = np.geomspace(1.0, final[kind], 11)
    return PreconditioningReport(10, 2, 8, 0.1, "he", (0, 1), (0.1, 1.0), spectrum, np.ones((2, 2, 2)), losses)


def test_the_spectrum_is_drawn_over_its_largest_value_with_zeros_on_the_floor():
    figure = spectra(curved(1000, 50))
    plain = lines(figure)["H(x)"]
    assert plain.y[0] == 1
    assert plain.y[5] == pytest.approx(1e-3)
    assert plain.y[-1] == pytest.approx(1e-10)
    assert figure.layout.yaxis.ticktext[0] == "0"
    assert "H(x): largest over median 1,000, exactly flat 10%" in spectra_alt(curved(1000, 50))


def test_each_form_descends_at_its_best_rate():
    figure = descents(curved(1000, 50))
    (residual,) = [trace for name, trace in lines(figure).items() if name.startswith("x")]
    assert residual.name.endswith("rate 0.1")
    assert residual.y[-1] == pytest.approx(0.01)
    assert "H(x): from 1 to 0.5" in descents_alt(curved(1000, 50))
    assert [row["Loss at the end"] for row in preconditioning_table(curved(1000, 50))] == [0.5, 0.5, 0.01, 0.01]


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (
            curved(1000, 50),
            "better conditioned: its sharpest direction is 50 times as curved as the median one, against",
        ),
        (curved(50, 1000), "worse conditioned here: largest over median curvature 1,000, against 50 for H(x)."),
        (curved(50, 60), "No clear difference in condition"),
        (curved(1000, 50), "After 10 steps x + F(x) is at 0.01, H(x) at 0.5; they had started at 1 and 1."),
        (curved(1000, 50, (0.01, 0.5)), "Yet after 10 steps H(x) is the better one: 0.01, against 0.5"),
        (curved(1000, 50, (0.5, 0.4)), "After 10 steps there is no clear difference: 0.4 for x + F(x), 0.5 for H(x)"),
        (curved(1000, 50, (np.nan, 0.4)), "H(x) diverged or is not there yet at every learning rate"),
        (curved(1000, 50, (0.4, np.nan)), "x + F(x) diverged or is not there yet at every learning rate"),
        (curved(1000, 50), "Directions that change no output at all: 10% with H(x), 10% with x + F(x)."),
    ],
)
def test_the_sentence_about_preconditioning_favours_neither_form_beforehand(report, words):
    assert words in preconditioning_verdict(report)
    descents(report)


def test_a_spectrum_of_which_half_is_flat_has_no_condition():
    report = curved(1000, 50)
    report.spectrum[0, :, 3:] = 0
    assert np.isinf(report.condition[0]).all()
    assert "against ∞ times for H(x)" in preconditioning_verdict(report)


def test_before_both_forms_were_measured_nothing_is_said():
    report = curved(1000, 50)
    report.spectrum[1] = np.nan
    assert preconditioning_verdict(report) == ""
    assert list(lines(spectra(report))) == ["H(x)"]
