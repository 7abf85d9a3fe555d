"""What a browser would send for each of Streamlit's widgets, read from the message that draws it."""

from __future__ import annotations

from typing import Any

from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

Value = tuple[str, Any]
"""Name of the field of ``WidgetState``, and what stands in it."""
LISTS = ("double_array_value", "int_array_value", "string_array_value")
KINDS = {
    "button": "trigger_value",
    "checkbox": "bool_value",
    "number_input": "double_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "button_group": "string_array_value",
    "multiselect": "string_array_value",
    "selectbox": "string_value",
    "radio": "string_value",
}


def kind_of(name: str, widget: Any) -> str:
    """Return the field in which a widget sends its value."""
    if name == "slider":
        return "string_array_value" if widget.type == Slider.SELECT_SLIDER else "double_array_value"
    return KINDS.get(name, "string_value")


def shown(name: str, widget: Any) -> Value | None:
    """Return the value that a widget shows when it is drawn; None for buttons and what is empty."""
    kind = kind_of(name, widget)
    if name == "slider":
        return kind, _of_slider(widget)
    if name in ("button_group", "multiselect"):
        labels = [getattr(option, "content", option) for option in widget.options]
        return kind, list(widget.raw_values) if widget.set_value else [labels[place] for place in widget.default]
    if name in ("selectbox", "radio"):
        if widget.set_value:
            return (kind, widget.raw_value) if widget.HasField("raw_value") else None
        has_one = widget.HasField("default") and widget.options
        return (kind, widget.options[widget.default]) if has_one else None
    if name in ("text_input", "text_area", "checkbox", "number_input"):
        return kind, widget.value if widget.set_value else widget.default
    return None


def state(identity: str, value: Value) -> WidgetState:
    """Return the message for one widget."""
    kind, content = value
    made = WidgetState(id=identity)
    if kind in LISTS:
        getattr(made, kind).data.extend(content if isinstance(content, (list, tuple)) else [content])
    else:
        setattr(made, kind, content)
    return made


def _of_slider(widget: Any) -> list[Any]:
    if widget.type != Slider.SELECT_SLIDER:
        return list(widget.value if widget.set_value else widget.default)
    if widget.set_value and widget.raw_value:
        return list(widget.raw_value)
    return [widget.options[int(place)] for place in widget.default]
