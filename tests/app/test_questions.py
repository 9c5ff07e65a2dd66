"""Questions whose answers decide what other words on the page have to say, or that have only one answer."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.screen import alerts, figure, timed

SMALL = {"depth": 8, "width": 4, "seeds": 1}


@pytest.mark.slow
def test_two_visitors_who_measure_again_each_get_a_measurement_of_their_own(open_app):
    first, second = (timed(open_app("shortcuts", part="count", side=7)) for _ in range(2))
    assert milliseconds(first) == milliseconds(second)  # kept: nobody has asked for another one
    timed(first.button(key="measure_again").click().run())
    timed(second.button(key="measure_again").click().run())
    assert milliseconds(first) != milliseconds(second)
    assert milliseconds(first) == milliseconds(first.run())


def milliseconds(app):
    return [trace["y"] for trace in figure(app, "timing") if "error_y" in trace]


@pytest.mark.slow
def test_the_text_beside_a_bottleneck_has_the_channels_of_the_chosen_stage(open_app):
    app = open_app("shortcuts", part="count")
    for conv, wide in (("2", 256), ("3", 512), ("4", 1024), ("5", 2048)):  # ResNet-50: He et al. 2015, table 1
        app.button_group(key="stage").set_value(conv).run()
        (text,) = [text.value for text in app.markdown if "squeezes" in text.value]
        words = re.sub("<[^>]+>", "", text)  # without the terms' definitions
        assert f"{wide} channels to {wide // 4}, the 3x3 works on {wide // 4}" in words
        assert f"back to {wide}," in words


@pytest.mark.slow
def test_a_stage_has_the_papers_name_and_the_number_that_the_bars_give_it(open_app):
    options = open_app("shortcuts", part="count").button_group(key="stage").options
    assert options == [f"stage {number} (conv{number + 1}_x)" for number in (1, 2, 3, 4)]


@pytest.mark.slow
def test_basic_blocks_are_not_offered_the_version_that_only_bottlenecks_know(open_app):
    app = open_app("gradients", part="profile", **SMALL, version="v1.5")
    version = app.button_group(key="version")
    assert version.options == ["v1 (2015)", "v2 (2016)"]
    assert version.value == "v1"
    assert not alerts(app)


def test_a_block_with_one_channel_and_a_network_with_one_layer_leave_nothing_to_choose():
    def ask():
        import numpy as np
        import streamlit as st

        from resnet_core.records import BlockAnatomy, LayerMaps, PictureReport
        from ui import questions

        one = np.zeros((1, 2, 2), np.float32)
        layers = (LayerMaps("stem", 0, 0, one),)
        report = PictureReport(np.zeros((2, 2), np.uint8), layers, np.ones(1), ("a",))
        st.text(questions.channel(BlockAnatomy("b", one, one, one, one)))
        st.text(questions.layer(report))

    app = AppTest.from_function(ask).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["0", "0"]
    assert not app.slider


def test_a_slider_whose_bounds_shrink_after_another_visit_begins_within_them():
    def ask():
        import streamlit as st

        from ui import link

        top = st.number_input("top", value=256, key="top")
        if not st.checkbox("away", key="away"):
            st.text(link.slider("Channel", 1, int(top), 1, "channel"))

    app = AppTest.from_function(ask).run()
    app.slider(key="channel").set_value(224).run()
    app.checkbox(key="away").check().run()
    app.checkbox(key="away").uncheck().run()
    app.slider(key="channel").set_value(100).run()
    app.number_input(key="top").set_value(128).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["100"]
    app.number_input(key="top").set_value(64).run()
    assert [text.value for text in app.text] == ["64"]


def test_a_choice_whose_options_change_after_another_visit_keeps_what_was_chosen_last():
    def ask():
        import streamlit as st

        from ui import link

        letters = "ab" if st.checkbox("fewer", key="fewer") else "abc"
        if not st.checkbox("away", key="away"):
            st.text(link.choose(st.segmented_control, "Letter", {letter: letter for letter in letters}, "a", "letter"))

    app = AppTest.from_function(ask).run()
    app.button_group(key="letter").set_value("c").run()
    app.checkbox(key="away").check().run()
    app.checkbox(key="away").uncheck().run()
    app.button_group(key="letter").set_value("b").run()
    app.checkbox(key="fewer").check().run()
    assert not app.exception
    assert [text.value for text in app.text] == ["b"]
