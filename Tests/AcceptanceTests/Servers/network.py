"""Servers as bad networks have them: `tls CERTIFICATE [old]`, `plain`, `bare` (no HTTP around the answer),
`answer STATUS HEADERS BODY [TIMES]`, `refuse PATH`, `headers BYTES LINES`, `change ANSWER BEHIND`, `socks`, `proxy STATUS [CERTIFICATE]`.

`answer` gives the same answer to every request, or so many times before a good one; `refuse` says to one path that the
scope lacks, and answers the others; `headers` sends so many header lines of so many bytes; `change` answers a PATCH (with
204 where ANSWER is empty), does what it asks if ANSWER is `obey`, and every GET after it with BEHIND where that is not empty;
`proxy` says one status to every wish for a connection, and makes it by 200.

Each prints its port on 127.0.0.1 and serves until it is killed.
"""

import http.server
import json
import socket
import ssl
import struct
import sys
import threading


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    good = json.dumps({"id": "org-1", "name": "Acme"}).encode()
    status, headers_sent, body, times = 200, {}, good, None
    refused = None
    changes, behind, changed = None, b"", False

    def do_GET(self):
        if self.changes is not None:
            if Answer.changed and self.behind:
                return self.answer(200, {}, self.behind)
            return self.answer(200, {}, b'{"require_2fa":false}' if self.path.endswith("settings") else self.good)
        if self.refused is not None:
            path = self.path.split("?")[0]
            if path.endswith(self.refused):
                return self.answer(403, {}, b'{"error":{"code":"insufficient_permissions","message":"no"}}')
            if path.endswith("audit-log"):
                return self.answer(200, {}, b'{"events":[],"meta":{"page":1,"per_page":100,"total":0}}')
            if path.endswith("settings"):
                return self.answer(200, {}, b'{"require_2fa":true}')
            return self.answer(200, {}, self.good)
        if Answer.times == 0:
            return self.answer(200, {}, self.good)
        if Answer.times is not None:
            Answer.times -= 1
        self.answer(self.status, self.headers_sent, self.body)

    def do_PATCH(self):
        asked = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        Answer.changed = True
        print(self.path, file=sys.stderr, flush=True)
        body = asked if self.changes == b"obey" else self.changes
        self.answer(200 if body else 204, {}, body or b"")

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_http(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    server.serve_forever()


def serve_tls(certificate, is_old):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ALL:@SECLEVEL=0")
    if is_old:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain(certificate)
    serve_http(context)


def pipe(source, target):
    try:
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def socks_session(client):
    client.recv(262)
    client.sendall(b"\5\0")
    kind = client.recv(4)[3]
    host = socket.inet_ntoa(client.recv(4)) if kind == 1 else client.recv(client.recv(1)[0]).decode()
    port = struct.unpack(">H", client.recv(2))[0]
    server = socket.create_connection((host, port))
    client.sendall(b"\5\0\0\1" + b"\0" * 6)
    threading.Thread(target=pipe, args=(client, server), daemon=True).start()
    pipe(server, client)


def proxy_session(client, status, context):
    try:
        if context:
            client = context.wrap_socket(client, server_side=True)
        asked = client.recv(65536)
        client.sendall(f"HTTP/1.1 {status} X\r\n\r\n".encode())
        if status != "200":
            return client.close()
        host, port = asked.split()[1].decode().split(":")
        server = socket.create_connection((host, int(port)))
    except OSError:
        return client.close()
    threading.Thread(target=pipe, args=(client, server), daemon=True).start()
    pipe(server, client)


def serve_sessions(session, *more):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(9)
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=session, args=(client, *more), daemon=True).start()


def bare_session(client):
    client.recv(4096)
    client.sendall(Answer.good)
    client.close()


kind, arguments = sys.argv[1], sys.argv[2:]
if kind == "tls":
    serve_tls(arguments[0], "old" in arguments)
elif kind == "plain":
    serve_http()
elif kind == "answer":
    Answer.status, Answer.headers_sent = int(arguments[0]), json.loads(arguments[1])
    Answer.body = bytes.fromhex(arguments[2])
    Answer.times = int(arguments[3]) if len(arguments) > 3 else None
    serve_http()
elif kind == "refuse":
    Answer.refused = arguments[0]
    serve_http()
elif kind == "change":
    Answer.changes, Answer.behind = arguments[0].encode(), arguments[1].encode()
    serve_http()
elif kind == "headers":
    size, lines = int(arguments[0]), int(arguments[1])
    Answer.headers_sent = {f"X-Long-{line}": "x" * size for line in range(lines)}
    serve_http()
elif kind == "bare":
    serve_sessions(bare_session)
elif kind == "proxy":
    context = None
    if len(arguments) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments[1])
    serve_sessions(proxy_session, arguments[0], context)
else:
    serve_sessions(socks_session)
