"""A network of one's own: drawn, counted, written as a program, taken along, trained."""

import streamlit as st

from resnet_core import ResNetConfig, RunSpec, TrainConfig, onnx_bytes, plain_twin, standalone_code
from ui import blueprint, cache, charts, colours, figure, recipes, runner
from ui.boundary import boundary
from ui.charts import network_plan
from ui.sections import whole_network
from ui.text import say

LARGEST = 30_000_000  # parameters of a network that is written as ONNX or trained beside others


def draw() -> None:
    """Draw the part."""
    st.header(say("Choose"))
    with st.expander(say("Pictures it is for"), icon=":material/image:"):
        pictures = recipes.data()
    key, config = blueprint.ask(pictures)
    cut = whole_network.cuts(key, config)
    config = blueprint.with_cuts(config, cut)
    size = pictures.config.size
    costs = cache.cost_report(config, size)

    st.header(say("Look"))
    seed_place = st.container(width=160)
    colour, seed = colours.choose(config, pictures.config, seed_place)
    coloured = colours.of(colour, config, costs, config, pictures.config, seed)
    data = network_plan.plan(config, costs, coloured.shade, say)
    figure.network(data, key=key, block="stages.0.0", cut=config.cut, can_cut=whole_network.can_cut(config))
    figure.tell(charts.total_verdict(costs, say))
    colours.tell(colour, coloured, pictures.config, seed)

    st.header(say("Take it along"))
    _take_along(config, size, small=costs.parameters <= LARGEST)

    st.header(say("Train it"))
    if costs.parameters > LARGEST:
        st.info(say("This network is too large to be trained here. Choose fewer blocks or channels."))
        return
    networks = (config,) if config.is_plain else (plain_twin(config), config)
    with boundary():
        training = TrainConfig(steps=100)
        runner.start_button("build", RunSpec(networks=networks, data=pictures.config, training=training), say("Train"))
    run = runner.watch("build")
    if run is None:
        st.caption(
            say("100 steps on the pictures chosen above, beside its plain twin. My runs keeps what comes of it.")
        )
    elif run.ended and run.records:
        runner.results(run)


def _take_along(config: ResNetConfig, size: int, *, small: bool) -> None:
    code = standalone_code(config)
    with st.expander(say("The network as a program in plain PyTorch"), icon=":material/code:", expanded=True):
        st.code(code, language="python", height=360)
    with st.container(horizontal=True):
        st.download_button(say("Download the program"), code, "network.py", "text/x-python", icon=":material/download:")
        if small:
            words = say("With its first weights, for other programs. Trained weights are in the run's own download.")
            st.download_button(
                say("Download as ONNX"),
                lambda: onnx_bytes(config, size),
                "network.onnx",
                "application/octet-stream",
                icon=":material/download:",
                help=words,
            )
