"""What a browser shows at the moment, as far as a student would act on it: words, buttons and other widgets.

Streamlit sends elements with their place on the page and the run of the script that drew them. When that run has
ended, whatever older runs drew and this one did not draw again is taken away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

TEXTS = {"alert": "body", "markdown": "body", "progress": "text", "exception": "message"}
BUTTONS = ("button", "download_button")
FIELDS = {  # of WidgetState, by element
    "checkbox": "bool_value",
    "number_input": "double_value",
    "slider": "double_array_value",
    "button_group": "string_array_value",
    "selectbox": "string_value",
    "file_uploader": "file_uploader_state_value",
}


@dataclass(frozen=True, slots=True)
class Thing:
    """One element: what it is, the words on it, and the widget's key as the app knows it."""

    run: str
    fragment: str
    kind: str
    key: str = ""
    id: str = ""
    text: str = ""
    tone: int = 0  # of an alert: 1 error, 2 warning, 3 info, 4 success
    disabled: bool = False
    address: str = ""  # the name of the query parameter that it is bound to
    options: tuple[str, ...] = ()  # to choose from, in the visitor's words
    range: tuple[int, int] = (0, 0)  # of a slider


class Screen:
    """The elements by their place, and the values of the widgets."""

    def __init__(self) -> None:
        self._things: dict[tuple[int, ...], Thing] = {}
        self._values: dict[str, WidgetState] = {}

    def draw(self, place: tuple[int, ...], delta: Delta, run: str) -> Thing | None:
        """Put an element where it belongs, and give it back. Containers are not kept."""
        if delta.WhichOneof("type") != "new_element":
            return None
        return self.draw_again(place, self._read(delta, run), run)

    def draw_again(self, place: tuple[int, ...], thing: Thing, run: str) -> Thing:
        """Put an element that is known already where it belongs."""
        thing = replace(thing, run=run)
        self._things[place] = thing
        return thing

    def tidy(self, run: str, fragments: tuple[str, ...]) -> None:
        """Take away what a run that has ended left undrawn: on the whole page, or in the fragments that ran."""
        stale = [
            place
            for place, thing in self._things.items()
            if thing.run != run and (not fragments or thing.fragment in fragments)
        ]
        for place in stale:
            del self._things[place]
        shown = {thing.id for thing in self._things.values()}
        self._values = {id_: value for id_, value in self._values.items() if id_ in shown}

    def find(self, key: str, kinds: tuple[str, ...] = ()) -> Thing | None:
        """The widget with this key, if it is shown and can be used."""
        for thing in self._things.values():
            if thing.key == key and not thing.disabled and (not kinds or thing.kind in kinds):
                return thing
        return None

    def of_kind(self, *kinds: str) -> Iterator[Thing]:
        """Everything of some kinds."""
        return (thing for thing in self._things.values() if thing.kind in kinds)

    def texts(self, *kinds: str) -> list[str]:
        """The words of everything of some kinds."""
        return [thing.text for thing in self.of_kind(*kinds)]

    def value(self, thing: Thing) -> WidgetState:
        """What a widget stands at."""
        return self._values[thing.id]

    def set(self, thing: Thing, value: Any) -> None:  # noqa: ANN401 - whatever the widget takes
        """Give a widget a value."""
        state = WidgetState(id=thing.id)
        field = "string_array_value" if thing.kind == "slider" and thing.options else FIELDS[thing.kind]
        if field.endswith("array_value"):
            getattr(state, field).data.extend(value)
        elif field == "file_uploader_state_value":
            getattr(state, field).CopyFrom(value)
        else:
            setattr(state, field, value)
        self._values[thing.id] = state

    def states(self, pressed: Thing | None = None) -> WidgetStates:
        """The values of all widgets, as a browser sends them along with every click."""
        states = WidgetStates(widgets=self._values.values())
        if pressed is not None:
            states.widgets.add(id=pressed.id, trigger_value=True)
        return states

    def _read(self, delta: Delta, run: str) -> Thing:
        kind = delta.new_element.WhichOneof("type") or ""
        if kind in TEXTS:
            element = getattr(delta.new_element, kind)
            tone = element.format if kind == "alert" else 0
            return Thing(run, delta.fragment_id, kind, text=getattr(element, TEXTS[kind]), tone=tone)
        if kind not in FIELDS and kind not in BUTTONS and kind != "bidi_component":
            return Thing(run, delta.fragment_id, kind)
        widget = getattr(delta.new_element, kind)
        thing = Thing(
            run,
            delta.fragment_id,
            kind,
            key=widget.id.split("-", 2)[-1],
            id=widget.id,
            text=getattr(widget, "label", ""),
            disabled=getattr(widget, "disabled", False),
            address=getattr(widget, "query_param_key", ""),
            options=tuple(getattr(option, "content", option) for option in getattr(widget, "options", ())),
            range=(int(widget.min), int(widget.max)) if kind == "slider" else (0, 0),
        )
        if kind in FIELDS and kind != "file_uploader" and (widget.set_value or thing.id not in self._values):
            self.set(thing, _value(kind, widget))
        return thing


def _value(kind: str, widget: Any) -> Any:  # noqa: ANN401 - one shape per kind of widget
    """What a widget stands at: as the app has set it, else its default."""
    if kind == "button_group":
        return widget.raw_values if widget.set_value else [widget.options[index].content for index in widget.default]
    if kind == "selectbox":
        return widget.raw_value if widget.set_value else widget.options[widget.default]
    if kind == "slider" and widget.options:
        return widget.raw_value if widget.set_value else [widget.options[int(index)] for index in widget.default]
    return widget.value if widget.set_value else widget.default
