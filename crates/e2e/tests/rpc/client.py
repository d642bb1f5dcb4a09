"""A small client of the JSON-RPC API that shares no code with the server."""

import json
import os
import re
import socket
import subprocess
import tempfile
import threading

# How long one answer may take: far longer than any does.
PATIENCE = 120


class Failed(Exception):
    """An error that the server answered with."""


class Server:
    """A debugger that serves one program, and ends with the test."""

    def __init__(self, adit, program, *arguments, flags=(), listen="127.0.0.1:0", attach=None):
        self.home = tempfile.TemporaryDirectory()
        environment = dict(os.environ, HOME=self.home.name, XDG_CONFIG_HOME=self.home.name)
        environment.pop("DEBUGINFOD_URLS", None)
        line = [adit, "attach" if attach else "exec", "--headless", "--check-go-version=false", "--listen=" + listen]
        self.process = subprocess.Popen(
            [*line, *flags, str(attach)] if attach else [*line, *flags, program, "--", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self.errors = []
        self.heard = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()
        first = self.process.stdout.readline()
        prefix = "API server listening at: "
        if not first.startswith(prefix):
            self.process.kill()
            raise AssertionError("the server said %r %r" % (first, self.errors))
        self.address = first[len(prefix):].strip()

    def _listen(self):
        for line in self.process.stderr:
            with self.heard:
                self.errors.append(line.rstrip("\n"))
                self.heard.notify_all()

    def wait_for_line(self, pattern):
        """Waits until a line of standard error matches."""
        with self.heard:
            found = lambda: any(re.search(pattern, line) for line in self.errors)
            assert self.heard.wait_for(found, PATIENCE), (pattern, self.errors)

    def connect(self):
        return Client(self.address)

    def wait(self):
        """The exit status."""
        return self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(PATIENCE)
        self.home.cleanup()


class Client:
    """One connection. Answers are matched with their requests by id."""

    def __init__(self, address):
        if address.startswith("/"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(address)
        else:
            host, port = address.rsplit(":", 1)
            self.socket = socket.create_connection((host.strip("[]"), int(port)), PATIENCE)
        self.socket.settimeout(PATIENCE)
        self.lines = self.socket.makefile("rb")
        self.last = 0
        self.answers = {}

    def send(self, method, **fields):
        self.last += 1
        request = {"method": "RPCServer." + method, "params": [fields], "id": self.last}
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        return self.last

    def receive(self):
        """The next answer, whichever request it is to."""
        line = self.lines.readline()
        if not line:
            raise EOFError("the server closed the connection")
        assert line.endswith(b"\n"), line
        answer = json.loads(line)
        assert list(answer) == ["id", "result", "error"], answer
        return answer

    def answer(self, request):
        while request not in self.answers:
            answer = self.receive()
            self.answers[answer["id"]] = answer
        answer = self.answers.pop(request)
        if answer["error"] is not None:
            assert answer["result"] is None
            raise Failed(answer["error"])
        return answer["result"]

    def call(self, method, **fields):
        return self.answer(self.send(method, **fields))

    def command(self, name, **fields):
        return self.call("Command", name=name, **fields)["State"]

    def error(self, method, **fields):
        try:
            result = self.call(method, **fields)
        except Failed as failed:
            return str(failed)
        raise AssertionError("%s answered %r" % (method, result))

    def close(self):
        self.lines.close()
        self.socket.close()


def wait_until(ready):
    """Asks again and again, each time over the socket, until it is so."""
    import time
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end


def mark(source, name):
    """The number of the line that carries the comment `// stop: name`."""
    with open(source) as lines:
        for number, line in enumerate(lines, 1):
            if line.rstrip().endswith("// stop: " + name):
                return number
    raise AssertionError(name)
