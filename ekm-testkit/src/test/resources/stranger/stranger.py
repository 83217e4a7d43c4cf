#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A stranger's external key manager, small and honest, for tests only.

Usage: stranger.py CONFIG.json

The configuration is one JSON object:
  certificate, private_key   PEM files for TLS
  jwks_url                   where the domain publishes its signing keys
  issuers, audience, client_id, scope, tenant_issuer   what a token must say
  vault_id                   the id of the one vault
  keys                       {key id: {"version": id, "material": base64 of 32 bytes}}
  control_token              bearer token of the control endpoint

When ready it prints one line of JSON: {"port": …, "control_port": …}.
The control endpoint listens on 127.0.0.1 in clear:
  POST /vault/{block|unblock}
  POST /keys/<id>/{block|unblock|disable|enable|destroy|rotate}

Known shortcomings, on purpose:
  1. Only canonical JSON names and "AES_GCM" are understood, no synonyms.
  2. Decrypt without keyVersionId tries the current version only.
  3. Bodies must come with Content-Length; chunked ones get 411.
  4. Tokens must be RS256; RS384 and RS512 are refused.
  5. Python's own HTTP parser reads the header: it takes lines that end with LF
     alone, and its time limit is for each read, not for the header as a whole.
  6. Of two Authorization headers the first one counts.
"""
import base64
import binascii
import hmac
import http.server
import json
import os
import re
import socketserver
import ssl
import sys
import threading
import time
import urllib.request
import uuid
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SKEW = 60
MAX_BODY = 256 * 1024
MAX_PLAINTEXT = 64 * 1024
MAX_DEPTH = 32
SOCKET_SECONDS = 5
MAX_CONNECTIONS = 64
INACTIVE = "OCI key is not in Active state to perform the operation."
NO_KEY = "Invalid key details provided"
FAILED = "Bad Request: message authentication failed"
TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
BASE64 = re.compile(r"[A-Za-z0-9+/]")
REQUEST_ID = re.compile(r"[\x20-\x7e]{1,256}")


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
        self.message = message


def unique(pairs):
    """Refuses an object that names a member twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate member")
    return result


def no_constant(name):
    raise ValueError(name + " is no JSON")


def parse_object(raw):
    text = raw.decode("utf-8")
    depth = 0
    for c in re.sub(r'"(?:[^"\\]|\\.)*"', '""', text):
        depth += (c in "[{") - (c in "]}")
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
    value = json.loads(text, object_pairs_hook=unique, parse_constant=no_constant)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value


def part(text):
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise ValueError("not canonical")
    return raw


def number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("not a number")
    return value


def bare(url):
    url = url[:-1] if url.endswith("/") else url
    return url[:-4] if url.startswith("https://") and url.endswith(":443") else url


class Tokens:
    """RS256 tokens of one identity domain for one client application."""

    def __init__(self, config):
        self.config = config
        self.lock = threading.Lock()
        self.keys = []
        self.fetched = float("-inf")

    def signing_keys(self, max_age):
        with self.lock:
            if time.monotonic() - self.fetched > max_age:
                self.fetched = time.monotonic()
                try:
                    with urllib.request.urlopen(self.config["jwks_url"], timeout=0.5) as answer:
                        found = json.loads(answer.read(MAX_BODY))["keys"]
                    self.keys = [self.rsa(k) for k in found if k.get("kty") == "RSA"]
                except (OSError, ValueError, KeyError) as e:
                    print("signing keys not fetched:", type(e).__name__, file=sys.stderr)
            return list(self.keys)

    @staticmethod
    def rsa(jwk):
        n = int.from_bytes(part(jwk["n"]), "big")
        if n.bit_length() < 2048:
            raise ValueError("short key")
        return rsa.RSAPublicNumbers(int.from_bytes(part(jwk["e"]), "big"), n).public_key()

    @staticmethod
    def verifies(keys, signature, signed):
        for key in keys:
            try:
                key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
                return True
            except InvalidSignature:
                continue
        return False

    def check(self, header):
        kind, _, token = (header or "").partition(" ")
        try:
            if kind.lower() == "bearer" and self.good(token):
                return
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass  # a token that can't be read is no better than none
        raise Refused(401, "Unauthorized")

    def good(self, token):
        if len(token) > 16384 or not TOKEN.fullmatch(token):
            return False
        head, body, tail = token.split(".")
        header, claims, signature = parse_object(part(head)), parse_object(part(body)), part(tail)
        if header.get("alg") != "RS256" or "crit" in header:
            return False
        signed = (head + "." + body).encode()
        if not self.verifies(self.signing_keys(600), signature, signed):
            if not self.verifies(self.signing_keys(0.2), signature, signed):
                return False
        return self.times_fit(claims) and self.names_fit(claims)

    @staticmethod
    def times_fit(claims):
        now = time.time()
        return (
            number(claims["exp"]) > now - SKEW
            and number(claims.get("iat", 0)) < now + SKEW
            and number(claims.get("nbf", 0)) < now + SKEW
        )

    def names_fit(self, claims):
        config = self.config
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        client = claims.get("client_id")
        if client is None and claims.get("sub_type") == "client":
            client = claims["sub"]
        tenant = claims.get("tenant_iss", config["tenant_issuer"])
        return (
            bare(claims["iss"]) in [bare(i) for i in config["issuers"]]
            and bare(tenant) == bare(config["tenant_issuer"])
            and bare(config["audience"]) in [bare(a) for a in audiences]
            and hmac.compare_digest(client.encode(), config["client_id"].encode())
            and claims.get("tok_type", "AT") == "AT"
            and config["scope"] in claims["scope"].split(" ")
        )


class Key:
    def __init__(self, key_id, description):
        self.id = key_id
        self.state = "active"
        material = base64.b64decode(description["material"], validate=True)
        if len(material) != 32:
            raise ValueError("a key must have 32 bytes")
        self.versions = {description["version"]: material}
        self.current = description["version"]

    def rotate(self):
        version = str(uuid.uuid4())
        self.versions = {**self.versions, version: os.urandom(32)}
        self.current = version

    def act(self, action):
        states = {
            "block": "blocked",
            "unblock": "active",
            "disable": "disabled",
            "enable": "active",
            "destroy": "deleted",
        }
        if self.state == "deleted":
            return True
        if action == "rotate":
            self.rotate()
        elif action in states:
            self.state = states[action]
        else:
            return False
        return True


def decode(body, name, required=False):
    text = body.get(name)
    if text is None and not required:
        return b""
    if not isinstance(text, str):
        raise Refused(400, "Bad Request: " + name + " must be a base64 string")
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        at = next((i for i, c in enumerate(text) if not BASE64.match(c)), len(text))
        raise Refused(400, "Bad Request: illegal base64 data at input byte %d" % at) from None


def encode(raw):
    return base64.b64encode(raw).decode()


class Vault:
    def __init__(self, config):
        self.id = config["vault_id"]
        self.blocked = False
        self.keys = {k.lower(): Key(k, v) for k, v in config["keys"].items()}
        self.tokens = Tokens(config)

    def answer(self, method, path, authorization, read_body):
        steps = [s for s in path.split("/") if s]
        if steps[:3] != ["ekm", "v1", "vaults"] or len(steps) not in (5, 7, 9):
            raise Refused(404, "Not Found")
        operation = steps[-1]
        known = ("metadata",) if len(steps) != 7 else (
            "metadata", "encrypt", "decrypt", "generateRandomBytes")
        shape = ["keys", "keyVersions"]
        if operation not in known or [steps[i] for i in range(4, len(steps) - 1, 2)] != shape[
            : (len(steps) - 5) // 2]:
            raise Refused(404, "Not Found")
        if method != ("GET" if operation == "metadata" else "POST"):
            raise Refused(405, "Method Not Allowed")
        self.tokens.check(authorization)
        if steps[3].lower() != self.id.lower():
            raise Refused(404, "Error in getting OCI vault")
        if self.blocked:
            raise Refused(403, "The vault is blocked.")
        if len(steps) == 5:
            return {"vaultId": self.id, "id": self.id, "name": "stranger",
                    "displayName": "stranger", "state": "ACTIVE", "vendor": "Stranger"}
        key = self.usable(steps[5], operation)
        if operation == "metadata":
            return self.describe(key, steps[7] if len(steps) == 9 else None)
        return getattr(self, operation)(key, read_body())

    def usable(self, key_id, operation):
        key = self.keys.get(key_id.lower())
        if key is None or key.state == "deleted":
            raise Refused(404, NO_KEY)
        if key.state != "active":
            random = operation == "generateRandomBytes"
            raise Refused(403, "Key is in disabled state." if random else INACTIVE)
        return key

    def describe(self, key, version):
        if version is not None and version not in key.versions:
            raise Refused(404, "Invalid Key details")
        answer = {"keyId": key.id, "id": key.id, "vaultId": self.id, "name": key.id,
                  "displayName": key.id, "state": "ACTIVE", "algorithm": "AES", "length": 32,
                  "keyShape": {"algorithm": "AES", "length": 32},
                  "keyVersionId": version or key.current, "currentKeyVersionId": key.current}
        if version is not None:
            answer["isCurrent"] = version == key.current
        return answer

    @staticmethod
    def choose(key, body):
        if body.get("mode", "AES_GCM") not in ("AES_GCM", None):
            raise Refused(400, "Bad Request: mode must be AES_GCM")
        version = body.get("keyVersionId") or key.current
        if not isinstance(version, str) or version not in key.versions:
            raise Refused(404, "Invalid Key details")
        return version

    @staticmethod
    def seal(key, version, plaintext, aad):
        iv = os.urandom(12)
        sealed = AESGCM(key.versions[version]).encrypt(iv, plaintext, aad)
        return {"ciphertext": encode(sealed[:-16]), "iv": encode(iv), "tag": encode(sealed[-16:]),
                "keyId": key.id, "keyVersionId": version, "mode": "AES_GCM"}

    def encrypt(self, key, body):
        plaintext, aad = decode(body, "plaintext", True), decode(body, "aad")
        if not 1 <= len(plaintext) <= MAX_PLAINTEXT:
            raise Refused(400, "Bad Request: plaintext must have 1 to 65536 bytes")
        if body.get("iv") is not None:
            raise Refused(400, "Bad Request: iv is not accepted")
        return self.seal(key, self.choose(key, body), plaintext, aad)

    def decrypt(self, key, body):
        ciphertext = decode(body, "ciphertext", True)
        iv, tag, aad = decode(body, "iv", True), decode(body, "tag", True), decode(body, "aad")
        version = self.choose(key, body)
        try:
            if len(iv) != 12 or len(tag) != 16:
                raise InvalidTag()
            plaintext = AESGCM(key.versions[version]).decrypt(iv, ciphertext + tag, aad)
        except InvalidTag:
            raise Refused(400, FAILED) from None
        return {"plaintext": encode(plaintext), "keyId": key.id, "keyVersionId": version,
                "mode": "AES_GCM"}

    def generateRandomBytes(self, key, body):  # named as in the path
        length, aad = body.get("length"), decode(body, "aad")
        if length is None:
            length = 32
        if isinstance(length, str) and re.fullmatch("[0-9]{1,4}", length):
            length = int(length)
        if type(length) is not int or not 1 <= length <= 1024:
            raise Refused(400, "Bad Request: length must be 1 to 1024")
        made = os.urandom(length)
        return {"plaintext": encode(made), "randomBytes": encode(made),
                **self.seal(key, self.choose(key, body), made, aad)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *args):
        """Says nothing: a request line can hold what isn't ours to log."""

    def version_string(self):
        return "stranger"

    def send_error(self, code, message=None, explain=None):
        self.close_connection = True
        self.reply(code, {"code": str(int(code)), "message": "Bad Request"})

    def reply(self, status, body):
        raw = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.send_header("Cache-Control", "no-store")
        asked = (getattr(self, "headers", None) or {}).get("opc-request-id") or ""
        usable = REQUEST_ID.fullmatch(asked)
        self.send_header("opc-request-id", asked if usable else str(uuid.uuid4()))
        if status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(raw)
        self.wfile.flush()

    def framed(self):
        """Refuses what two parties could read in two ways; returns the length of the body."""
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.defects or len(self.headers.get_all("Host", [])) != 1 or len(lengths) > 1:
            raise Refused(400, "Bad Request: malformed headers")
        for name, value in self.headers.raw_items():
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or re.search(
                r"[\r\n\x00]", value):
                raise Refused(400, "Bad Request: malformed headers")
        if self.headers.get("Transfer-Encoding") is not None:
            raise Refused(400 if lengths else 411, "Length Required")
        if not lengths:
            return 0
        if not re.fullmatch("[0-9]{1,18}", lengths[0]):
            raise Refused(400, "Bad Request: malformed length")
        if int(lengths[0]) > MAX_BODY:
            raise Refused(413, "The body is too large")
        return int(lengths[0])

    def body(self, length):
        """Reads the whole body within a time that holds for all of it."""
        deadline, raw = time.monotonic() + SOCKET_SECONDS, b""
        while len(raw) < length:
            if time.monotonic() > deadline:
                raise TimeoutError("slow body")
            more = self.rfile.read1(length - len(raw))
            if not more:
                raise ConnectionError("the body ended early")
            raw += more
        return raw

    def parse_body(self, raw):
        kind = self.headers.get("Content-Type", "application/json").split(";")[0].strip().lower()
        if kind != "application/json":
            raise Refused(415, "Unsupported Media Type")
        if not raw:
            return {}
        try:
            return parse_object(raw)
        except (ValueError, RecursionError):
            raise Refused(400, "Bad Request: the body must be one JSON object") from None

    def handle_call(self):
        try:
            raw = self.body(self.framed())
        except Refused as e:
            self.close_connection = True
            self.reply(e.status, {"code": str(e.status), "message": e.message})
            return
        except OSError:
            self.close_connection = True
            return
        try:
            self.reply(200, self.server.vault.answer(
                self.command, urlsplit(self.path).path, self.headers.get("Authorization"),
                lambda: self.parse_body(raw)))
        except Refused as e:
            self.reply(e.status, {"code": str(e.status), "message": e.message})

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = handle_call


class Control(Handler):
    def handle_call(self):
        given = self.headers.get("Authorization") or ""
        wanted = "Bearer " + self.server.token
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            self.reply(401, {"code": "401", "message": "Unauthorized"})
            return
        steps = self.path.strip("/").split("/")
        vault, done = self.server.vault, False
        if steps[0] == "vault" and steps[-1] in ("block", "unblock"):
            vault.blocked, done = steps[-1] == "block", True
        elif steps[0] == "keys" and len(steps) == 3 and steps[1].lower() in vault.keys:
            done = vault.keys[steps[1].lower()].act(steps[2])
        self.reply(200 if done else 404, {})

    do_POST = handle_call


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 128
    tls = None

    def __init__(self, handler, vault):
        super().__init__(("127.0.0.1", 0), handler)
        self.vault = vault
        self.slots = threading.BoundedSemaphore(MAX_CONNECTIONS)

    def server_bind(self):
        socketserver.TCPServer.server_bind(self)  # no look-up of the host's name
        self.server_name, self.server_port = self.server_address[:2]

    def process_request(self, request, client_address):
        if not self.slots.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            if self.tls is not None:
                request.settimeout(SOCKET_SECONDS)
                request = self.tls.wrap_socket(request, server_side=True)
            super().process_request_thread(request, client_address)
        except OSError:
            self.shutdown_request(request)
        finally:
            self.slots.release()

    def handle_error(self, request, client_address):
        print("connection failed:", sys.exc_info()[0].__name__, file=sys.stderr)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        config = json.load(file)
    vault = Vault(config)
    control = Server(Control, vault)
    control.token = config["control_token"]
    server = Server(Handler, vault)
    server.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.tls.minimum_version = ssl.TLSVersion.TLSv1_2
    server.tls.load_cert_chain(config["certificate"], config["private_key"])
    threading.Thread(target=control.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port, "control_port": control.server_port}),
          flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
