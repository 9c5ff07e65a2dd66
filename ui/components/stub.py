"""How the browser gets a component's script: fetched once from the app, under an address that changes with it."""

import hashlib
from pathlib import Path

# Streamlit sends this text along at every refresh, so it only fetches the real script. Streamlit's own script says
# where the app is, whatever the page's address or the server's base path.
_STUB = """
export default function (component) {
  const own = document.querySelector('script[type="module"][src*="static/"]')
  const base = own ? own.src.split("static/")[0] : document.baseURI
  import(new URL("assets/components/FOLDER/SCRIPT?v=VERSION", base)).then((script) => script.show(component))
}
"""


def stub(folder: Path, script: str) -> str:
    """JavaScript that hands a component over to `show` of a script in a folder below this one.

    Browsers keep scripts for a while; a version in their address lets an update reach them at once. What all components
    share stands beside their folders and counts as well.
    """
    files = [*sorted(folder.parent.glob("*.*s")), *sorted(folder.glob("*.*s"))]
    version = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]
    return _STUB.replace("FOLDER", folder.name).replace("SCRIPT", script).replace("VERSION", version)
