"""The class board: everybody's finished runs in one figure, for one class and for as long as its teacher wants."""

import streamlit as st

from resnet_core import get_boards
from ui import board, board_task, board_teacher, board_view
from ui.charts import board_verdict
from ui.kept_words import plain
from ui.source import show_source
from ui.text import say, show

if not board.joined():
    st.title(say("Class board"))
    show("board/intro")
    board_teacher.door()
else:
    opened = get_boards().find(board.joined())
    mine = board_teacher.is_mine(opened)
    if mine:
        left, right = st.columns([2, 3], vertical_alignment="center")
        left.title(plain(opened.title))
        with right:
            board_view.invite(opened)
    else:
        st.title(plain(opened.title))
        board_task.take_part(opened)

    board_view.wall(opened)
    if mine:
        board_view.warn_of_localhost(opened)
        board_teacher.manage(opened)
        with st.expander(say("Take part yourself"), icon=":material/play_circle:"):
            board_task.take_part(opened)
    show_source(board_verdict)
