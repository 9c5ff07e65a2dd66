"""What a browser sends over its WebSocket, and how it opens one."""

import uuid

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from websockets.asyncio.client import ClientConnection, connect


async def open_socket(port: int, cookies: dict[str, str], session: str) -> ClientConnection:
    """Connect as the app's page does: the XSRF token, and an earlier session if there was one, pass as subprotocols."""
    protocols = ["streamlit", cookies.get("_streamlit_xsrf", "PLACEHOLDER_AUTH_TOKEN"), *([session] if session else [])]
    return await connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        origin=f"http://127.0.0.1:{port}",  # pyright: ignore[reportArgumentType]
        subprotocols=protocols,  # pyright: ignore[reportArgumentType]
        additional_headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
        compression=None,  # the server has it off
        max_size=None,
        ping_interval=None,  # browsers do not; the server does
        proxy=None,
    )


def rerun(
    port: int, query: str, widgets: WidgetStates, page: tuple[str, str], fragment: str, kept: list[str], *, timer: bool
) -> bytes:
    """Ask for a run of the script. `page` is the hash of the page's script, or else the name in the address."""
    message = BackMsg()
    state: ClientState = message.rerun_script
    state.query_string = query
    state.widget_states.CopyFrom(widgets)
    state.page_script_hash, state.page_name = page
    state.fragment_id = fragment
    state.is_auto_rerun = timer
    state.cached_message_hashes.extend(kept)
    context = state.context_info
    context.timezone, context.timezone_offset, context.locale = "UTC", 0, "en-US"
    context.url, context.is_embedded, context.color_scheme = f"http://127.0.0.1:{port}/", False, "light"
    return message.SerializeToString()


def ask_where_to_upload(name: str, session: str) -> bytes:
    """Ask for the address to which a file may be sent."""
    message = BackMsg()
    message.file_urls_request.request_id = uuid.uuid4().hex
    message.file_urls_request.file_names.append(name)
    message.file_urls_request.session_id = session
    return message.SerializeToString()
