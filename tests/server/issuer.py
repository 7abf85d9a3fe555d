"""A small provider of identities on this computer, that can also be a dishonest or a careless one."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "simulator"


@dataclass
class Issuer:
    """Who signs in next, and what is wrong with the token that comes of it."""

    url: str = ""
    subject: str = "anna"
    fault: str = ""
    seconds: float = 600.0
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    stranger: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    codes: dict[str, str] = field(default_factory=dict)

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": self.subject,
            "iat": now,
            "exp": now + int(self.seconds),
            "nonce": nonce,
            "name": self.subject.title(),
            "email": f"{self.subject}@example.org",
            **self.claims,
        }
        key = self.key
        if self.fault == "wrong key":
            key = self.stranger
        elif self.fault == "wrong audience":
            claims["aud"] = "somebody-else"
        elif self.fault == "expired":
            claims |= {"iat": now - 7200, "exp": now - 3600}
        elif self.fault == "wrong nonce":
            claims["nonce"] = "of-another-sign-in"
        elif self.fault == "wrong issuer":
            claims["iss"] = "https://elsewhere.example.org"
        if self.fault == "no signature":
            head = _part({"alg": "none", "typ": "JWT"})
            return f"{head}.{_part(claims)}."
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _part(entries: dict[str, Any]) -> str:
    import base64

    return base64.urlsafe_b64encode(json.dumps(entries).encode()).decode().rstrip("=")


@contextmanager
def running() -> Iterator[Issuer]:
    """Serve a provider on a free port."""
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/.well-known/openid-configuration":
                self._say(_configuration(issuer.url))
            elif parts.path == "/jwks":
                self._say({"keys": [issuer.key.as_dict(private=False)]})
            elif parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                code = f"code{len(issuer.codes)}"
                issuer.codes[code] = asked.get("nonce", "")
                target = f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
                self.send_response(302)
                self.send_header("location", target)
                self.send_header("content-length", "0")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            code = parse_qs(body)["code"][0]
            token = issuer.token(issuer.codes.pop(code))
            self._say({"access_token": "a", "token_type": "Bearer", "expires_in": 600, "id_token": token})

        def _say(self, entries: dict[str, Any]) -> None:
            content = json.dumps(entries).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()


def _configuration(url: str) -> dict[str, Any]:
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/token",
        "jwks_uri": f"{url}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
