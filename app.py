"""`streamlit run app.py` starts here: the dashboard in prep_ui/main.py, behind security headers.

What is imported here stands before the server's first answer: no page, and nothing that computes.
"""

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prep_ui.opening.arrivals import LargeUploads
from prep_ui.safety import faults
from prep_ui.safety.starting import starting
from prep_ui.safety.uploading import UploadsOfSignedIn
from prep_ui.viewer.parts import PLANES_PATH

# The hash is that of the one inline script in Streamlit's own index.html.  Components load their scripts from
# blob: addresses, and widgets carry inline styles.
POLICY = (
    "default-src 'self'",
    "script-src 'self' blob: 'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'self'",
    "object-src 'none'",
)
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(POLICY),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def plane(request: Request) -> Response:
    """A plane that a browser fetches by itself; what cuts it out is imported with the pages."""
    answer: Response = import_module("prep_ui.planes.route").plane(request)
    return answer


ROUTES = [Route(PLANES_PATH, plane, methods=["GET"])]


class SecurityHeaders:
    """Sets `HEADERS` on every HTTP answer; the websocket passes through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


app = st.App(
    Path(__file__).parent / "prep_ui" / "main.py",
    routes=ROUTES,
    middleware=[
        Middleware(SecurityHeaders),
        # Streamlit itself holds only the websocket to this list.
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
        Middleware(UploadsOfSignedIn),
        Middleware(LargeUploads),
    ],
    lifespan=starting,
    on_script_error=faults.on_page,
)
