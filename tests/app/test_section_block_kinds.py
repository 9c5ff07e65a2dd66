"""Basic and bottleneck on the page: the bars are counts, the contest's sentence follows from its numbers."""

import pytest

from tests.app.screen import alerts, answered, figure, results, table

SMALL = {"block_kinds_blocks": 1, "block_kinds_steps": 30, "block_kinds_seeds": 1}


def drawn(app, key):
    return [chart for chart in app.get("plotly_chart") if chart.key == key]


def test_the_bars_are_what_a_pencil_gives_and_follow_the_switches(open_app):
    app = open_app("blocks", part="contest")
    pieces = [(trace["y"][0], trace["x"][0]) for trace in figure(app, "block_kinds_block")]
    pixels = 56**2
    assert pieces == [("ResNet-34", 9 * 64**2 * pixels)] * 2 + [
        ("ResNet-50", 256 * 64 * pixels),
        ("ResNet-50", 9 * 64**2 * pixels),
        ("ResNet-50", 64 * 256 * pixels),
    ]
    assert results(app)[0].startswith("About the same cost: 231 M for the basic block, 218 M for the bottleneck.")
    assert "3.86 G as in the paper (v1), 4.09 G with the stride on the 3×3 (v1.5), against 3.66 G" in results(app)[1]
    app.button_group(key="block_kinds_stage").set_value("2").run()
    app.toggle(key="block_kinds_first").set_value(True).run()
    rows = [trace["y"][0] for trace in figure(app, "block_kinds_block")]
    assert rows.count("ResNet-50<br>v1") == rows.count("ResNet-50<br>v1.5") == 4  # three convolutions and a projection
    assert "Here the bottleneck costs more" in results(app)[0]


@pytest.mark.slow
def test_the_contest_shows_both_errors_and_says_what_one_seed_is_worth(open_app):
    app = open_app("blocks", part="contest", **SMALL)
    assert not drawn(app, "block_kinds_train")
    app.button(key="ask_block_kinds").click().run()
    answered(app, "block_kinds")
    assert any("With fewer than 3 seeds no difference can be told from chance." in text for text in results(app))
    shown = table(app, "Training error")
    assert list(shown["Network"]) == ["basic", "bottleneck"]
    for column, key in (("Training error", "block_kinds_train"), ("Test error", "block_kinds_test")):
        lines = [trace["y"] for trace in figure(app, key)]
        assert [len(line) for line in lines] == [6, 6]  # one point for every sixth of the steps
        assert [f"{100 * line[-1]:.1f}%" for line in lines] == [cell.split()[0] for cell in shown[column]]
    assert not alerts(app)


def test_the_page_speaks_korean_and_ignores_what_a_link_may_not_ask(open_app):
    app = open_app("blocks", part="contest", lang="ko", block_kinds_stage=9, block_kinds_steps=5)
    assert not app.exception
    assert app.select_slider(key="block_kinds_steps").value == 180
    assert results(app)[0].startswith("비용이 거의 같습니다.")
