"""Calls every method of the API on a stopped program, and holds each answer against the tables of the API: every field
there, in its place, with its type, none besides."""

import base64
import json
import re
import sys
import tempfile

from client import Server, mark

adit, program, source, tables = sys.argv[1:]
with open(tables) as file:
    API = json.load(file)
METHODS = {method["method"]: method for method in API["methods"]}
FULL = dict(FollowPointers=True, MaxVariableRecurse=1, MaxStringLen=64, MaxArrayValues=64, MaxStructFields=-1)
SCOPE = dict(GoroutineID=-1, Frame=0, DeferredCall=0)

called = set()
seen = set()


def check(kind, value, path):
    if kind.startswith("object (map string -> "):
        assert isinstance(value, dict), path
        for key, element in value.items():
            check(kind[len("object (map string -> "):-1], element, path + "." + key)
    elif kind.startswith("object "):
        check_object(kind[len("object "):], value, path)
    elif kind.startswith("array"):
        length, element = re.fullmatch(r"array(?:\[(\d+)\])? of (.*)", kind).groups()
        assert isinstance(value, list) and len(value) == int(length or len(value)), path
        for index, one in enumerate(value):
            check(element, one, "%s[%d]" % (path, index))
    elif kind == "string (base64)":
        base64.b64decode(value, validate=True)
    elif kind.startswith("string"):
        assert isinstance(value, str), path
    elif kind == "bool":
        assert isinstance(value, bool), path
    else:
        unsigned, bits = re.fullmatch(r"(u?)int(\d*)", kind).groups()
        bits = int(bits or 64)
        least, most = (0, 2**bits) if unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        assert type(value) is int and least <= value < most, (path, kind, value)


def check_object(name, value, path):
    assert isinstance(value, dict), (path, name, value)
    fields = {field["name"]: field for field in API["types"][name]}
    for key in value:
        assert key in fields, "%s.%s is not a field of %s" % (path, key, name)
    order = [key for key in fields if key in value]
    assert order == list(value), (path, name, order, list(value))
    for key, field in fields.items():
        if key not in value:
            # The details of an event are those of its kind.
            assert field.get("omitempty") or name == "Event" and "from" in field, "%s.%s is missing" % (path, key)
            continue
        if value[key] is None:
            assert field.get("nullable"), "%s.%s is null" % (path, key)
            continue
        if field.get("omitempty"):
            assert value[key] not in (0, "", []), "%s.%s is there and empty" % (path, key)
        seen.add((name, key))
        check(field["type"], value[key], "%s.%s" % (path, key))


def call(method, **fields):
    called.add("RPCServer." + method)
    result = client.call(method, **fields)
    check_object(METHODS["RPCServer." + method]["out"], result, method)
    return result


def refused(method, text, **fields):
    called.add("RPCServer." + method)
    error = client.error(method, **fields)
    assert error == text, (method, error)


def stop_at(where, **fields):
    breakpoint = dict(file=source, line=mark(source, where), **fields)
    return call("CreateBreakpoint", Breakpoint=breakpoint)["Breakpoint"]


with Server(adit, program) as server:
    client = server.connect()
    assert call("SetApiVersion", APIVersion=2) == {}
    refused("SetApiVersion", "unknown API version", APIVersion=1)
    version = call("GetVersion")
    assert version["APIVersion"] == 2 and version["Backend"] == "native" and version["DelveVersion"]
    assert call("State")["State"]["stopReason"] == "launched"
    assert call("IsMulticlient") == {"IsMulticlient": False}
    assert call("AttachedToExistingProcess") == {"Answer": False}

    here = stop_at("here", name="here", goroutine=True, stacktrace=3, variables=["total", "nosuch"], LoadArgs=FULL,
                   LoadLocals=FULL, Cond="total > 0")
    assert here["functionName"] == "main.work" and here["addrs"] == [here["addr"]]
    assert client.error("CreateBreakpoint", Breakpoint=dict(file=source, line=mark(source, "here"))).startswith(
        "Breakpoint exists at %s:%d at " % (source, mark(source, "here")))
    refused("CreateBreakpoint", "could not find file /no.go", Breakpoint=dict(file="/no.go", line=1))
    by_expression = call("CreateBreakpoint", Breakpoint=dict(functionName="main.traced"), LocExpr="main.traced")["Breakpoint"]
    suspended = call("CreateBreakpoint", Breakpoint=dict(name="later"), LocExpr="no.such", Suspended=True)["Breakpoint"]
    assert suspended["addrs"] is None and suspended["ExprString"] == "no.such"

    state = call("Command", name="continue", WithEvents=True)["State"]
    assert state["stopReason"] == "breakpoint" and not state["exited"]
    thread = state["currentThread"]
    assert thread["breakPoint"]["id"] == here["id"] and thread["line"] == mark(source, "here")
    info = thread["breakPointInfo"]
    assert [variable["name"] for variable in info["variables"]] == ["total", "nosuch"]
    assert info["variables"][0]["value"] == "6" and info["variables"][1]["unreadable"]
    assert info["stacktrace"] and info["arguments"] and info["locals"]
    events = call("GetEvents")["Events"]
    assert events[0] == {"Kind": 0}, events
    goroutine = state["currentGoroutine"]["id"]

    assert call("ProcessPid") == {"Pid": state["Pid"]}
    assert call("ListTargets")["Targets"][0]["Pid"] == state["Pid"]
    threads = call("ListThreads")["Threads"]
    assert call("GetThread", Id=threads[0]["id"])["Thread"]["id"] == threads[0]["id"]
    assert client.error("GetThread", Id=1) == "no thread with id 1"
    assert call("GetBreakpoint", Id=here["id"])["Breakpoint"]["totalHitCount"] == 1
    assert call("GetBreakpoint", Name="here")["Breakpoint"]["hitCount"] == {str(goroutine): 1}
    refused("GetBreakpoint", "no breakpoint with id 77", Id=77)
    refused("GetBreakpoint", "no breakpoint with name x", Name="x")
    ids = sorted(breakpoint["id"] for breakpoint in call("ListBreakpoints")["Breakpoints"])
    assert ids[:2] == [-2, -1] and here["id"] in ids, ids
    assert any(breakpoint.get("VerboseDescr") for breakpoint in call("ListBreakpoints", All=True)["Breakpoints"])

    variable = call("Eval", Scope=SCOPE, Expr="list")["Variable"]
    assert variable["children"][0]["children"][0]["value"] == "first"
    raw = call("Eval", Scope=SCOPE, Expr="raw")["Variable"]
    assert base64.b64decode(raw["StringValueBytes"]) == b"\xffx"
    refused("Eval", "could not find symbol value for nosuch", Scope=SCOPE, Expr="nosuch")
    assert call("Set", Scope=SCOPE, Symbol="total", Value="40") == {}
    assert call("Eval", Scope=SCOPE, Expr="total", Cfg=FULL)["Variable"]["value"] == "40"
    assert {v["name"] for v in call("ListLocalVars", Scope=SCOPE, Cfg=FULL)["Variables"]} >= {"raw"}
    assert {v["name"] for v in call("ListFunctionArgs", Scope=SCOPE, Cfg=FULL)["Args"]} >= {"list", "numbers"}
    assert call("ListPackageVars", Filter="^main.global$", Cfg=FULL)["Variables"][0]["len"] == 1
    assert call("TypeInfo", Name="main.node")["TypeInfo"]["Fields"][0] == {"Name": "Name", "Type": "string"}
    registers = call("ListRegisters", IncludeFp=True)
    assert registers["Regs"] and registers["Registers"]
    call("ListRegisters", Scope=SCOPE)
    refused("ListRegisters", "couldn't find thread 1", ThreadID=1)
    refused("Stacktrace", "negative maximum stack depth", Id=-1, Depth=-1)
    memory = call("ExamineMemory", Address=thread["pc"], Length=16)
    assert len(base64.b64decode(memory["Mem"])) == 16
    refused("ExamineMemory", "len must be less than or equal to 65536", Address=thread["pc"], Length=65537)
    instructions = call("Disassemble", Scope=SCOPE, StartPC=thread["pc"], EndPC=0, Flavour=1)["Disassemble"]
    assert any(one["AtPC"] for one in instructions) and any(one["DestLoc"] for one in instructions)
    frames = call("Stacktrace", Id=-1, Depth=20, Full=True, Defers=True)["Locations"]
    assert frames[0]["Defers"] and frames[-1]["Bottom"] and frames[0]["Locals"]
    assert len(call("Stacktrace", Id=goroutine, Depth=0)["Locations"]) == 1
    refused("Ancestors", "tracebackancestors is disabled", GoroutineID=goroutine, NumAncestors=1, Depth=1)
    listed = call("ListGoroutines", Start=0, Count=0)
    assert listed["Nextg"] == -1 and any(one.get("labels") for one in listed["Goroutines"])
    assert call("ListGoroutines", Start=0, Count=1)["Nextg"] == 1
    grouped = call("ListGoroutines", GroupBy=3, MaxGroupMembers=2, MaxGroups=10)
    assert grouped["Groups"]
    users = call("ListGoroutines", Filters=[dict(Kind=5, Arg="kind=waiting")])["Goroutines"]
    assert [one["labels"] for one in users] == [{"kind": "waiting"}]
    location = call("FindLocation", Scope=SCOPE, Loc="main.work")["Locations"][0]
    assert location["function"]["name"] == "main.work" and location["pcs"]
    assert len(call("FunctionReturnLocations", FnName="main.work")["Addrs"]) >= 1
    assert source in call("ListSources", Filter="main.go$")["Sources"]
    functions = call("ListFunctions", Filter="^main\\.")["Funcs"]
    assert functions == sorted(functions) and "main.work" in functions
    assert "main.(*node).length" in call("ListFunctions", Filter="^main\\.work$", FollowCalls=2)["Funcs"]
    assert call("ListFunctions", Filter="^none$")["Funcs"] in (None, [])
    assert "main.node" in call("ListTypes", Filter="^main\\.node$")["Types"]
    packages = call("ListPackagesBuildInfo", IncludeFiles=True, Filter="^fmt$")["List"]
    assert packages[0]["ImportPath"] == "fmt" and packages[0]["Files"]
    call("ListDynamicLibraries")
    client.error("DownloadLibraryDebugInfo", N=0)
    called.add("RPCServer.DownloadLibraryDebugInfo")
    assert call("CancelDownloads") == {}
    call("DebugInfoDirectories", Set=True, List=["/a", "/b"])
    assert call("DebugInfoDirectories") == {"List": ["/a", "/b"]}
    call("GuessSubstitutePath", Args=dict(ImportPathOfMainPackage="", ClientGOROOT="/go", ClientModuleDirectories={}))
    call("BuildID")
    assert re.match(r"\d{4}-\d\d-\d\dT", call("LastModified")["Time"])
    assert call("Recorded") == {"Recorded": False, "TraceDirectory": ""}
    refused("StopRecording", "debugger is not recording")
    refused("Checkpoint", "not a recording", Where="")
    refused("ListCheckpoints", "not a recording")
    refused("ClearCheckpoint", "not a recording", ID=1)
    called.add("RPCServer.CreateEBPFTracepoint")
    client.error("CreateEBPFTracepoint", FunctionName="main.work")
    assert call("GetBufferedTracepoints") == {"TracepointResults": None}
    assert call("FollowExecEnabled") == {"Enabled": False}
    assert call("FollowExec", Enable=True, Regex="x") == {}
    assert call("FollowExecEnabled") == {"Enabled": True}
    assert call("FollowExec", Enable=False) == {}

    # Methods beyond the tables.
    handled = client.call("HandleSignal", Signal="SIGUSR1", Stop=None, Print=True)["Signals"]
    assert handled == [{"Signal": "SIGUSR1", "Stop": False, "Print": True, "Pass": True}], handled
    assert client.call("HandleSignal") == {"Signals": handled}
    assert client.call("ProgramInfo")["Info"]["Arch"] and client.call("TypeLayout", Scope=SCOPE, Expr="main.node")["Layout"]["Size"]

    watch = call("CreateWatchpoint", Scope=SCOPE, Expr="main.global", Type=2)
    assert watch["WatchExpr"] == "main.global" and watch["WatchType"] & 15 == 2
    call("ClearBreakpoint", Id=watch["id"])
    call("AmendBreakpoint", Breakpoint=dict(here, Cond="", disabled=True))
    assert call("GetBreakpoint", Id=here["id"])["Breakpoint"]["addrs"] is None
    assert not call("ToggleBreakpoint", Id=here["id"])["Breakpoint"]["disabled"]
    assert call("ClearBreakpoint", Name="later")["Breakpoint"]["id"] == suspended["id"]
    refused("ClearBreakpoint", "no breakpoint with name later", Name="later")

    with tempfile.TemporaryDirectory() as folder:
        state = call("DumpStart", Destination=folder + "/core")["State"]
        while state["Dumping"]:
            state = call("DumpWait", Wait=1000)["State"]
        assert state["AllDone"] and state["Err"] == "" and state["MemDone"] == state["MemTotal"], state
        assert call("DumpCancel") == {}

    state = call("Command", name="call", expr="traced(6)", ReturnInfoLoadConfig=FULL, unsafeCall=False)["State"]
    while state["stopReason"] != "call returned":
        # The breakpoint in the function that is called.
        state = call("Command", name="continue")["State"]
    assert state["currentThread"]["ReturnValues"][0]["value"] == "7" and state["currentThread"]["CallReturn"]
    error = client.error("Command", name="call", expr="traced(6)")
    assert error == "can not call function with nil ReturnInfoLoadConfig", error
    for name in ["switchGoroutine", "switchThread", "halt", "no such command"]:
        state = call("Command", name=name, goroutineID=goroutine, threadID=threads[0]["id"])["State"]
        assert state["Threads"], name
    for name in ["next", "step", "stepInstruction", "nextInstruction", "stepOut"]:
        state = call("Command", name="switchGoroutine", goroutineID=goroutine)["State"]
        state = call("Command", name=name)["State"]
        assert state["currentThread"]["pc"], name
    assert call("CancelNext") == {}
    refused("Command", "not a recording", name="rewind")
    refused("Command", "not a recording", name="reverseNext")

    assert call("Restart", ResetArgs=True, NewArgs=["run"], NewRedirects=["", "", ""])["DiscardedBreakpoints"] is None
    assert call("Command", name="continue")["State"]["currentThread"]["breakPoint"]["name"] == "here"
    call("ClearBreakpoint", Id=by_expression["id"])
    call("Restart", ResetArgs=True)
    call("ClearBreakpoint", Name="here")
    state = call("Command", name="continue")["State"]
    assert state["exited"] and state["exitStatus"] == 0 and state["Threads"] is None, state
    assert state["TargetCommandLine"] == ""
    assert client.error("ListThreads").endswith(" has exited with status 0")
    assert call("Detach", Kill=True) == {}
    assert server.wait() == 0, server.errors

missing = set(METHODS) - called
assert not missing, missing

# Fields that no reply has had: those of recordings, of hits in the kernel, of other kinds of events, of failures.
RARE_TYPES = {
    "BinaryInfoDownloadEventDetails", "BreakpointMaterializedEventDetails", "ProcessSpawnedEventDetails", "Checkpoint",
    "TracepointResult", "Ancestor", "AncestorsOut", "DiscardedBreakpoint", "Image", "CheckpointOut", "ListCheckpointsOut",
    "CreateEBPFTracepointOut",
}
RARE = {
    "Breakpoint.customCommands", "CreateWatchpointOut.LoadArgs", "CreateWatchpointOut.LoadLocals",
    "CreateWatchpointOut.VerboseDescr", "CreateWatchpointOut.customCommands", "CreateWatchpointOut.functionName",
    "CreateWatchpointOut.variables", "DebuggerState.WatchOutOfScope", "Event.Breakpoint", "Event.Cmdline",
    "Event.ImagePath", "Event.PID", "Event.Progress", "Event.ThreadID", "Event.WillFollow",
    "GetBufferedTracepointsOut.TracepointResults", "RestartOut.DiscardedBreakpoints", "Stackframe.pcpids", "Stackframe.pcs",
    # A machine may have no folder of debug information, and a program no library.
    "ListDynamicLibrariesOut.List", "GuessSubstitutePathOut.List",
}
types = {method["out"] for method in METHODS.values()} - RARE_TYPES
todo = set(types)
while todo:
    words = {word for field in API["types"][todo.pop()] for word in field["type"].split()}
    new = (words & set(API["types"])) - RARE_TYPES - types
    types |= new
    todo |= new
fields = {"%s.%s" % (name, field["name"]) for name in types for field in API["types"][name]}
unseen = fields - {"%s.%s" % field for field in seen} - RARE
assert not unseen, sorted(unseen)
