"""Sign-in through an OpenID Connect provider: authorization code with PKCE, and the ID token verified here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from functions.api.http.logs import logger
from functions.api.identity.schemas import normalized_email
from risk.domain.errors import NotAllowed, NotAuthenticated, Unavailable
from risk.domain.permissions import Role

if TYPE_CHECKING:
    from jwt import PyJWKClient

    from risk.config.settings import ApiSettings

# Only asymmetric algorithms: the provider's public keys and our secret must not sign anything.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_CLAIMS = ["iss", "aud", "iat", "exp", "sub", "nonce"]
_CLOCK_SKEW = 30
_TIMEOUT = 4.0
_CONFIGURATION_SECONDS = 3600.0
_KEYS_SECONDS = 3600
_LONGEST_EMAIL = 254
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Attempt:
    """What a browser must bring back: created when it leaves, and kept only by the browser.

    ``page`` is the state of the page that started the sign-in.
    """

    state: str
    nonce: str
    verifier: str
    page: str

    @property
    def challenge(self) -> str:
        """The S256 challenge of PKCE."""
        return base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Person:
    """The identity that the provider asserts."""

    subject: str
    email: str
    email_verified: bool
    role: Role


def new_attempt(page: str) -> Attempt:
    """Three random values, and the state of the page."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Attempt(state, nonce, verifier, page)


def _checked(url: object, what: str) -> str:
    parts = urlsplit(str(url))
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise Unavailable(f"the identity provider's {what} is not an https address; tell an administrator")
    return str(url)


class Provider:
    """One provider, discovered from its issuer. Its metadata is cached for an hour."""

    def __init__(self, settings: ApiSettings, client_secret: str) -> None:
        self._settings = settings
        self._secret = client_secret
        self._issuer = settings.oidc_issuer
        self._known: dict[str, Any] = {}
        self._known_until = 0.0

    @property
    def redirect_url(self) -> str:
        """The address to which the provider returns browsers."""
        return f"{self._settings.site_url.rstrip('/')}/api/v1/auth/oidc/callback"

    def authorization_url(self, attempt: Attempt) -> str:
        """The provider's sign-in address for a browser."""
        endpoint = _checked(self._configuration()["authorization_endpoint"], "authorization endpoint")
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self.redirect_url,
            "scope": self._settings.oidc_scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    def person(self, code: str, attempt: Attempt) -> Person:
        """The identity of a browser that returned with ``code``; ``NotAuthenticated`` unless everything is valid."""
        claims = self._verify(self._exchange(code, attempt.verifier), attempt.nonce)
        email = claims.get("email")
        try:
            address = normalized_email(str(email)[: _LONGEST_EMAIL + 1])
        except ValueError as error:
            raise NotAllowed(
                "the identity provider told no e-mail address that is valid here; ask an administrator"
            ) from error
        if not str(claims["sub"]).isprintable():
            raise _refused("the subject is not a text")
        return Person(
            subject=f"{self._issuer} {claims['sub']}",
            email=address,
            email_verified=claims.get("email_verified") is True,
            role=self._role(claims.get(self._settings.oidc_groups_claim)),
        )

    def _role(self, groups: object) -> Role:
        named = groups if isinstance(groups, list) else [groups]
        roles = self._settings.oidc_group_roles
        found = {roles[group] for group in named if isinstance(group, str) and group in roles}
        for role in Role:  # most powerful first
            if role in found:
                return role
        if self._settings.oidc_default_role is None:
            raise NotAllowed("none of your groups has a role here; ask an administrator")
        return self._settings.oidc_default_role

    def _configuration(self) -> dict[str, Any]:
        if time.monotonic() >= self._known_until:
            url = _checked(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration", "address")
            found = self._ask("GET", url)
            if found.get("issuer") != self._issuer:
                raise Unavailable("the identity provider is not the OIDC_ISSUER that it was set up as")
            self._known, self._known_until = found, time.monotonic() + _CONFIGURATION_SECONDS
        return self._known

    def _exchange(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_url,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": verifier,
        }
        auth = (quote(self._settings.oidc_client_id, safe=""), quote(self._secret, safe="")) if self._secret else None
        answer = self._ask("POST", _checked(self._configuration()["token_endpoint"], "token endpoint"), form, auth)
        return str(answer.get("id_token", ""))

    def _ask(
        self, method: str, url: str, form: dict[str, str] | None = None, auth: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        import httpx  # only sign-ins through the provider wait for the import

        try:
            answer = httpx.request(method, url, data=form, auth=auth, timeout=_TIMEOUT)
            if 400 <= answer.status_code < 500 and form is not None:
                raise _refused("the provider refused the code")
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            logger.warning("the identity provider does not answer", extra={"error": type(error).__name__})
            raise Unavailable("the identity provider does not answer; try again in a moment") from error
        if not isinstance(found, dict):
            raise Unavailable("the identity provider's answer is not understood; try again in a moment")
        return found

    @cached_property
    def _keys(self) -> PyJWKClient:
        from jwt import PyJWKClient

        url = _checked(self._configuration()["jwks_uri"], "address of keys")
        return PyJWKClient(url, cache_jwk_set=True, lifespan=_KEYS_SECONDS, timeout=int(_TIMEOUT))

    def _verify(self, id_token: str, nonce: str) -> dict[str, Any]:
        import jwt

        try:
            key = self._keys.get_signing_key_from_jwt(id_token)
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=ALGORITHMS,
                issuer=self._issuer,
                audience=self._settings.oidc_client_id,
                leeway=_CLOCK_SKEW,
                options={"require": _CLAIMS},
            )
        except jwt.PyJWKClientConnectionError as error:
            raise Unavailable("the identity provider does not give its keys; try again in a moment") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise _refused(f"the ID token is not valid: {type(error).__name__}") from error
        if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
            raise _refused("the ID token is for another sign-in")
        audience = claims["aud"]
        if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != self._settings.oidc_client_id:
            raise _refused("the ID token is for another client")
        return claims


def _refused(why: str) -> NotAuthenticated:
    logger.warning("a sign-in through the identity provider was refused", extra={"why": why})
    return NotAuthenticated("the identity provider's answer is not valid; sign in again")
