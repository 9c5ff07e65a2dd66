"""ResNeXt and wide networks on the page: counts as torchvision states them, contests on a click."""

import pytest

from tests.app.screen import alerts, answered, figure, results, table


def test_the_family_is_counted_and_its_wiring_follows_the_choice(open_app):
    app = open_app("beyond", part="cardinality")
    counted = table(app, "Parameters of one block")
    assert list(counted["Parameters"])[::4] == ["25,557,032", "25,028,904"]  # resnet50, resnext50_32x4d
    assert "Each channel reads 4 of 128: 3.1% of the pairs" in results(app)[1]
    app.button_group(key="cardinality_member").set_value("1").run()
    assert results(app)[1] == "Every channel reads all 64: 36,864 weights in this 3×3."
    (cells,) = figure(app, "cardinality_wiring")
    assert len(cells["z"]) == 64
    assert min(min(row) for row in cells["z"]) > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "names"),
    [("cardinality", ["1×16d", "2×10d", "4×6d", "8×3d", "32×1d"]), ("wide", ["8 · 15", "14 · 10", "20 · 8", "32 · 6"])],
)
def test_a_contest_is_run_on_a_click_and_its_points_are_in_its_table(open_app, key, names):
    other = {"cardinality": "wide", "wide": "cardinality"}[key]
    asked = {f"{one}_steps": 30 for one in (key, other)} | {f"{key}_seeds": 1, f"{other}_seeds": 2}
    app = open_app("beyond", part="cardinality", **asked)  # nobody has the other one's answer
    app.button(key=f"ask_{key}").click().run()
    answered(app, key)
    assert any("With fewer than 3 seeds no difference can be told from chance." in text for text in results(app))
    training, test = figure(app, f"{key}_points")
    shown = table(app, "Training error")
    assert len(shown) == len(names)
    for column, trace in (("Training error", training), ("Test error", test)):
        assert [f"{100 * share:.1f}%" for share in trace["y"]] == [cell.split()[0] for cell in shown[column]]
    assert not alerts(app)


def test_the_part_speaks_korean(open_app):
    app = open_app("beyond", part="cardinality", lang="ko")
    assert not app.exception
    assert results(app)[0].startswith("비용이 거의 같습니다.")
