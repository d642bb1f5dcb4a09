"""Clients that come, go and halt while the program runs."""

import os
import signal
import socket
import subprocess
import sys
import tempfile

from client import PATIENCE, Client, Failed, Server, mark, wait_until

adit, program, source, _ = sys.argv[1:]

RUNNING = {
    "Pid": 0, "TargetCommandLine": "", "Running": True, "Recording": False, "CoreDumping": False, "Threads": None,
    "NextInProgress": False, "WatchOutOfScope": None, "exited": False, "exitStatus": 0, "When": "",
}


def is_alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def let_run(client):
    """Lets the program run, and returns the request that is answered when it stops."""
    request = client.send("Command", name="continue")
    assert client.call("State", NonBlocking=True)["State"] == RUNNING
    return request


def one_connection_does_it_all():
    with Server(adit, program, "run") as server:
        client = server.connect()
        pid = client.call("ProcessPid")["Pid"]
        resumed = let_run(client)
        # A question that has to wait, twice; what need not wait is answered meanwhile.
        waiting = [client.send("Eval", Scope=dict(GoroutineID=-1), Expr="1 + %d" % n) for n in range(2)]
        waiting.append(client.send("State"))
        version = client.call("GetVersion")
        assert version["TargetGoVersion"] == "" and version["APIVersion"] == 2
        assert client.call("IsMulticlient") == {"IsMulticlient": False}
        assert not client.call("AttachedToExistingProcess")["Answer"]
        client.call("DebugInfoDirectories")
        client.call("DumpWait", Wait=0)
        halt = client.send("Command", name="halt")
        first = client.receive()
        assert first["id"] == resumed and first["result"]["State"]["stopReason"] == "manual", first
        assert client.answer(halt)["State"]["stopReason"] == "manual"
        assert [client.answer(waiting[n])["Variable"]["value"] for n in range(2)] == ["1", "2"]
        assert client.answer(waiting[2])["State"]["stopReason"] == "manual"
        # Harmless when stopped.
        assert client.command("halt")["Pid"] == pid
        # Another breakpoint, whose request comes while the program runs: it is set when the program stops.
        resumed = let_run(client)
        request = client.send("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "traced")))
        client.command("halt")
        client.answer(resumed)
        assert client.answer(request)["Breakpoint"]["line"] == mark(source, "traced")
        assert client.command("continue")["currentThread"]["line"] == mark(source, "traced")
        # The end of the only client is that of the program.
        client.close()
        assert server.wait() == 0
        assert not is_alive(pid)


def clients_come_and_go():
    with Server(adit, program, "run", flags=["--accept-multiclient"]) as server:
        first, second = server.connect(), server.connect()
        assert first.call("IsMulticlient") == {"IsMulticlient": True}
        pid = first.call("ProcessPid")["Pid"]
        resumed = let_run(first)
        assert second.call("State", NonBlocking=True)["State"] == RUNNING
        many = [server.connect() for _ in range(50)]
        for client in many:
            assert client.call("State", NonBlocking=True)["State"] == RUNNING
        for client in many:
            client.close()
        assert second.command("halt")["stopReason"] == "manual"
        assert first.answer(resumed)["State"]["stopReason"] == "manual"
        breakpoint = second.call("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "traced")))
        assert first.call("GetBreakpoint", Id=breakpoint["Breakpoint"]["id"]) == breakpoint
        # One lets the program run and goes; somebody is told what came of it.
        first.send("Command", name="continue")
        first.close()
        server.wait_for_line(r"^Stack trace:$")
        server.wait_for_line(r"^1  0x[0-9a-f]+ in main.main$")
        at = server.errors.index("Stack trace:")
        assert server.errors[at - 3:at] == [
            "",
            "** execution is paused because a breakpoint is hit **",
            "To continue the execution please connect your client to the debugger.",
        ], server.errors
        assert second.call("State")["State"]["currentThread"]["line"] == mark(source, "traced")
        second.call("ClearBreakpoint", Id=breakpoint["Breakpoint"]["id"])
        second.send("Command", name="continue")
        second.close()
        third = server.connect()
        wait_until(lambda: third.call("State", NonBlocking=True)["State"]["Running"])
        third.command("halt")
        server.wait_for_line("^Stop reason: manual$")
        # A client dies within a message; others say things that are no messages.
        for text in [b'{"method":"RPCServer.Command","params":[{"name":"contin', b"GET / HTTP/1.0\r\n\r\n", b"\0\xff" * 9]:
            bad = server.connect()
            bad.socket.sendall(text)
            bad.close()
        assert third.call("State")["State"]["Pid"] == pid
        # Detaching ends it for everybody, also while the program runs.
        fourth = server.connect()
        resumed = let_run(third)
        assert fourth.call("Detach", Kill=True) == {}
        assert server.wait() == 0
        assert not is_alive(pid)


def signals_end_the_server():
    for number in [signal.SIGINT, signal.SIGTERM]:
        with Server(adit, program, "run", flags=["--accept-multiclient"]) as server:
            client = server.connect()
            pid = client.call("ProcessPid")["Pid"]
            let_run(client)
            server.process.send_signal(number)
            assert server.wait() == 0, (number, server.errors)
            assert not is_alive(pid)


def an_attached_program_runs_on():
    with subprocess.Popen([program, "run"], stderr=subprocess.DEVNULL) as running:
        try:
            for leave in [lambda client: client.close(), lambda client: client.call("Detach", Kill=False)]:
                with Server(adit, program, attach=running.pid) as server:
                    client = server.connect()
                    assert client.call("AttachedToExistingProcess") == {"Answer": True}
                    assert client.call("State")["State"]["stopReason"] == "attached"
                    client.call("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "traced")))
                    client.command("continue")
                    leave(client)
                    assert server.wait() == 0
                    assert is_alive(running.pid) and running.poll() is None
        finally:
            running.kill()


def a_unix_socket_will_do():
    with tempfile.TemporaryDirectory() as folder:
        path = folder + "/socket"
        with Server(adit, program, listen="unix:" + path) as server:
            assert server.address == path
            client = server.connect()
            assert client.call("State")["State"]["stopReason"] == "launched"
            client.close()
            assert server.wait() == 0
        assert not os.path.exists(path)


def there_is_only_one_client():
    with Server(adit, program) as server:
        client = server.connect()
        client.call("GetVersion")
        try:
            other = server.connect()
            assert other.socket.recv(1) == b"", "a second client was taken in"
        except ConnectionError:
            pass
        assert client.call("State")["State"]["stopReason"] == "launched"


def other_users_are_refused():
    if os.getuid() != 0:
        print("SKIPPED: only root can be another user")
        return
    with Server(adit, program) as server:
        port = server.address.rsplit(":", 1)[1]
        stranger = "import socket; print(socket.create_connection(('127.0.0.1', %s)).recv(1))" % port
        line = ["/usr/bin/env", "python3", "-c", stranger]
        said = subprocess.run(line, user=65534, group=65534, cwd="/", capture_output=True, text=True, timeout=PATIENCE)
        if "python3" in said.stderr and "Error" not in said.stderr:
            print("SKIPPED: other users have no python3")
            return
        # Closed without a byte.
        assert said.stdout == "b''\n" or "ConnectionResetError" in said.stderr, said
        server.wait_for_line(r"closing connection from different user \(127\.0\.0\.1:\d+\): connections to localhost "
                             "are only accepted from the same UNIX user for security reasons$")
        assert server.connect().call("State")["State"]["stopReason"] == "launched"


def commands_queue_up():
    """Two clients resume; the second's command comes when the first's has ended."""
    with Server(adit, program, "run", flags=["--accept-multiclient"]) as server:
        first, second = server.connect(), server.connect()
        first.call("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "here")))
        first.call("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "traced")))
        one = first.send("Command", name="continue")
        two = second.send("Command", name="continue")
        stops = [client.answer(request)["State"]["currentThread"]["line"] for client, request in [(first, one), (second, two)]]
        assert sorted(stops) == sorted([mark(source, "here"), mark(source, "traced")]), stops
        try:
            first.command("rewind")
        except Failed as failed:
            assert str(failed) == "not a recording"


one_connection_does_it_all()
clients_come_and_go()
signals_end_the_server()
an_attached_program_runs_on()
a_unix_socket_will_do()
there_is_only_one_client()
other_users_are_refused()
commands_queue_up()
