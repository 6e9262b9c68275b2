#!/usr/bin/env python3
"""Opens manufacturer envelopes without the platform.

    verify-envelope.py --key HEX --salt HEX < envelopes.jsonl

KEY is the manufacturer key version that the envelope names, unwrapped by KMS; SALT is the
manufacturer's salt. Reads one envelope per line of JSON and writes what it holds as a line of JSON:
a value as it was sealed, text as a string, bytes as a string in base64url.
Needs Python 3.9 and the package `cryptography`, nothing else.
"""
import argparse
import base64
import hmac
import json
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

DOMAIN = b"manufacturer-envelope/1"
CIPHERS = {"AES-256-GCM": AESGCM, "ChaCha20-Poly1305": ChaCha20Poly1305}
HEADER_FIELDS = ("version", "algorithm", "manufacturerId", "keyId", "region", "timestamp")


def canonical_header(envelope):
    """Length-prefixed pairs in the order of their UTF-8 bytes, after the domain and their count."""
    pairs = [(name, envelope[name]) for name in HEADER_FIELDS]
    pairs += [("content", envelope["content"])] if "content" in envelope else []
    pairs += [("context." + name, value) for name, value in envelope["context"].items()]
    encoded = sorted((name.encode(), value.encode()) for name, value in pairs)
    texts = [text for pair in encoded for text in pair]
    body = b"".join(struct.pack(">I", len(text)) + text for text in texts)
    return DOMAIN + struct.pack(">I", len(pairs)) + body


def read_bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def open_envelope(envelope, key, salt):
    """HKDF-SHA-512 (RFC 5869) to the record's key and commitment, then the cipher."""
    header = canonical_header(envelope)
    extracted = hmac.digest(salt, key, "sha512")
    info = DOMAIN + b"/derive" + read_bytes(envelope["salt"]) + header
    block = hmac.digest(extracted, info + b"\x01", "sha512")
    if not hmac.compare_digest(block[32:], read_bytes(envelope["commitment"])):
        raise ValueError("key commitment does not match: other key, salt or header")
    cipher = CIPHERS[envelope["algorithm"]](block[:32])
    sealed = read_bytes(envelope["ciphertext"]) + read_bytes(envelope["tag"])
    return cipher.decrypt(read_bytes(envelope["iv"]), sealed, header)


def to_line(plaintext, content):
    if content == "bytes":
        return json.dumps(base64.urlsafe_b64encode(plaintext).decode().rstrip("=")).encode()
    if content == "text":
        return json.dumps(plaintext.decode()).encode()
    # A line break in JSON is whitespace between values: in strings it is escaped.
    return plaintext.replace(b"\n", b" ").replace(b"\r", b" ")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--key", required=True, type=bytes.fromhex, help="256-bit key, hexadecimal")
    parser.add_argument("--salt", required=True, type=bytes.fromhex, help="256-bit salt, hexadecimal")
    arguments = parser.parse_args()
    for line in sys.stdin:
        if line.strip():
            envelope = json.loads(line)
            plaintext = open_envelope(envelope, arguments.key, arguments.salt)
            sys.stdout.buffer.write(to_line(plaintext, envelope.get("content")) + b"\n")


if __name__ == "__main__":
    main()
