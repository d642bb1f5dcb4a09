//! Scripts against a client that knows a few expressions.

mod fake;

use adit_api::{Kind, Variable};

use fake::Bench;

fn int(name: &str, value: i64) -> Variable {
    Variable {
        name: name.to_owned(),
        type_name: "int".to_owned(),
        kind: Kind::INT,
        value: value.to_string(),
        ..Variable::default()
    }
}

fn ints(address: u64, length: i64, values: std::ops::Range<i64>) -> Variable {
    Variable {
        type_name: "[]int".to_owned(),
        kind: Kind::SLICE,
        addr: address,
        len: length,
        cap: length,
        base: 0xc000,
        children: values.map(|value| int("", value)).collect(),
        ..Variable::default()
    }
}

#[test]
fn elements_are_loaded_where_a_script_looks() {
    let mut bench = Bench::new([
        ("xs", ints(0x10, 130, 0..2)),
        ("(*(*\"[]int\")(0x10))[0:64]", ints(0x10, 64, 0..64)),
        ("(*(*\"[]int\")(0x10))[64:128]", ints(0x10, 64, 64..128)),
        ("(*(*\"[]int\")(0x10))[128:130]", ints(0x10, 2, 128..130)),
    ]);
    let shown = bench.run(
        "def main():\n  xs = eval(None, 'xs').Variable.Value\n  print(xs[1], xs[127], xs[-2], xs[65])\n",
    );
    assert_eq!(shown, "1 127 128 65\n");
    assert_eq!(
        bench.asked(),
        [
            "-1 0 xs Some(64)",
            "-1 0 (*(*\"[]int\")(0x10))[64:128] Some(64)",
            "-1 0 (*(*\"[]int\")(0x10))[128:130] Some(64)",
            "-1 0 (*(*\"[]int\")(0x10))[64:128] Some(64)",
        ]
    );
    assert_eq!(bench.run("print(len(tgt.xs), len([x for x in tgt.xs]))"), "130 130\n");
    assert_eq!(bench.run("tgt.xs[130]"), "failed: []int index 130 out of range [-130:129]\n");
    assert_eq!(
        bench.run("tgt.ys"),
        "failed: could not find variable \"ys\": could not find symbol value for ys\n"
    );
}

#[test]
fn unloaded_and_unreadable_values_say_so() {
    let unloaded =
        Variable { kind: Kind::STRUCT, type_name: "main.T".to_owned(), len: 2, ..Variable::default() };
    let unreadable = Variable { unreadable: "bad address".to_owned(), ..int("u", 0) };
    let constant = Variable { value: "Two (2)".to_owned(), ..int("", 0) };
    let infinite = Variable { kind: Kind::FLOAT64, value: "+Inf".to_owned(), ..Variable::default() };
    let mut bench = Bench::new([("t", unloaded), ("u", unreadable), ("c", constant), ("f", infinite)]);
    assert_eq!(bench.run("tgt.t.x"), "failed: value not loaded\n");
    assert!(bench.run("tgt.u").contains("bad address"));
    assert_eq!(bench.run("print(tgt.c + 1, tgt.f > 1)"), "3 True\n");
}

#[test]
fn arguments_by_position_and_name() {
    let mut bench = Bench::new([("x", int("x", 7))]);
    assert_eq!(bench.run("print(eval(Expr = 'x').Variable)"), "Variable<7>\n");
    assert_eq!(bench.run("print(eval({'Frame': 3}, 'x', {'MaxArrayValues': 2}).Variable.Value)"), "7\n");
    assert_eq!(bench.asked(), ["-1 0 x Some(64)", "0 3 x Some(2)"]);
    bench.run("goroutines(0, 10, [{'Kind': 2, 'Arg': 'f'}], {'GroupBy': 3})");
    bench.run("stacktrace(-1, 5)");
    bench.run("raw_command('continue')");
    let asked = bench.asked();
    assert!(asked[0].starts_with("10 3 [ListGoroutinesFilter { kind: GoroutineField(2)"), "{asked:?}");
    assert_eq!(asked[1..], ["-1 5 None", "continue Some(64)"]);
    for (call, error) in [
        ("eval(None, 3)", "t.star:1:5: error setting argument \"Expr\": can not convert 3 to string"),
        ("eval(None, Foo = 1)", "t.star:1:5: unknown argument \"Foo\""),
        ("eval(1, 2, 3, 4)", "t.star:1:5: wrong number of arguments"),
        (
            "eval({'GoroutineID': 1 << 80}, 'x')",
            "t.star:1:5: error setting argument \"Scope.GoroutineID\": can not convert 1208925819614629174706176 to int64",
        ),
        (
            "create_breakpoint({'Foo': 1})",
            "t.star:1:18: error setting argument \"Breakpoint\": can not convert {\"Foo\": 1} to api.Breakpoint: unknown field Foo",
        ),
        (
            "eval(None, 'x', {1: 2})",
            "t.star:1:5: error setting argument \"Cfg\": can not convert {1: 2} to api.LoadConfig: non-string key \"1\"",
        ),
    ] {
        assert_eq!(bench.run(call), format!("failed: {error}\n"), "{call}");
    }
}

#[test]
fn structs_of_the_api_are_changed_in_place_and_given_back() {
    let mut bench = Bench::new([]);
    let shown = bench.run(concat!(
        "bp = create_breakpoint({'Line': 4, 'Addrs': [1 << 63]}).Breakpoint\n",
        "same = bp\nbp.Cond = 'i > 1'\nprint(same.Cond, bp.ID, bp.Line, bp.Addrs, bp.Addrs[0])\n",
        "amend_breakpoint(bp)\nbp.Line = 'x'\n",
    ));
    assert_eq!(
        shown,
        "i > 1 5 4 []uint64{0x8000000000000000} 9223372036854775808\nfailed: can not convert \"x\" to int\n"
    );
    assert_eq!(bench.asked(), ["5 \"i > 1\" [9223372036854775808]"]);
    let shown = bench.run("print(cur_scope(), dir(cur_scope()))\ncur_scope().Foo");
    assert_eq!(
        shown,
        concat!(
            "api.EvalScope{GoroutineID:-1, Frame:0, DeferredCall:0} [\"DeferredCall\", \"Frame\", \"GoroutineID\"]\n",
            "failed: no field named \"Foo\" in api.EvalScope\n"
        )
    );
    let shown =
        bench.run("m = examine_memory(16, 2)\nprint(m, [b for b in m.Mem], state().State.Threads[0].ID)");
    assert_eq!(shown, "rpc2.ExaminedMemoryOut{Mem:[]uint8{0x1, 0xff}, IsLittleEndian:true} [1, 255] 7\n");
    assert_eq!(bench.run("state().State.Threads[0:1]"), "failed: invalid slice operand []*api.Thread\n");
    assert_eq!(bench.run("{cur_scope(): 1}"), "failed: not hashable\n");
    assert_eq!(
        bench.run("print(type(cur_scope()), type(state().State.Threads), type(1), type(len), type(eval))"),
        "api.EvalScope []*api.Thread int function builtin_function_or_method\n"
    );
}

#[test]
fn commands_of_the_prompt() {
    let mut bench = Bench::new([]);
    assert_eq!(bench.run("dlv_command('up')\nprint(cur_scope().Frame)\n"), "1\n");
    assert_eq!(bench.run("print(dlv_command('continue'))"), "Process 9 has exited with status 0\n");
    assert_eq!(
        bench.run("x = 1\ndlv_command('nosuch', 'a')"),
        "failed: t.star:2:12: command not available\n"
    );
    assert_eq!(bench.run("dlv_command(1)"), "failed: argument of dlv_command is not a string\n");
}

#[test]
fn functions_become_commands() {
    let mut bench = Bench::new([]);
    bench.run(concat!(
        "Kept = [1]\ndropped = 2\n",
        "def command_text(args):\n  '''Shows its text.\n\n  text x\n  '''\n  print(repr(args))\n",
        "def command_sum(a, b = 3):\n  print(a + b + dropped)\n",
        "def command_none():\n  print('none')\n",
    ));
    let commands: Vec<(String, String)> =
        bench.engine.commands().into_iter().map(|command| (command.name, command.help)).collect();
    let expected = [("none", "user defined"), ("sum", "user defined"), ("text", "Shows its text.\n\ntext x")];
    assert_eq!(commands, expected.map(|(name, help)| (name.to_owned(), help.to_owned())));
    assert_eq!(bench.call("text", "a  'b"), "\"a  'b\"\n");
    assert_eq!(bench.call("sum", "1"), "6\n");
    assert_eq!(bench.call("sum", "1, 2"), "5\n");
    assert_eq!(bench.call("sum", "Kept[0], b"), "failed: <input>:1:11: undefined: b\n");
    assert_eq!(bench.call("none", ""), "none\n");
    assert!(bench.call("none", "1").starts_with("failed: "));
    assert!(bench.call("sum", ")").starts_with("failed: <input>:1:3: "));
    assert_eq!(bench.run("print(Kept)"), "[1]\n");
    assert_eq!(bench.run("print(dropped)"), "failed: t.star:1:7: undefined: dropped\n");
}

#[test]
fn main_is_called() {
    let mut bench = Bench::new([]);
    assert_eq!(bench.run("def main():\n  print('main')\nprint('file')"), "file\nmain\n");
    assert_eq!(bench.run("def main(x):\n  pass"), "failed: wrong number of arguments for main\n");
    assert_eq!(bench.run("main = 1"), "failed: main is not a function\n");
}

#[test]
fn errors_have_places() {
    let mut bench = Bench::new([]);
    let script =
        "def g(x):\n\twhile x:\n\t\teval(None, x)\ndef f(x):\n  return [g(x)]\n\ndef main():\n  f('no')\n";
    assert_eq!(bench.run(script), "failed: could not find symbol value for no\n");
    assert_eq!(
        bench.errors(),
        concat!(
            "Traceback (most recent call last):\n  t.star:8:4: in main\n",
            "  t.star:5:12: in f\n  t.star:3:7: in g\n"
        )
    );
    for (script, error) in [
        ("1 // 0", "floored division by zero"),
        ("1 / 0", "floating-point division by zero"),
        ("1 % 0", "integer modulo by zero"),
        ("{}['k']", "key \"k\" not in dict"),
        ("'a' + 1", "unknown binary op: string + int"),
        ("(1)()", "invalid call of non-function (int)"),
        ("[x for x in 5]", "int value is not iterable"),
        ("len(5)", "len: value of type int has no len"),
        ("'a'.foo", "string has no .foo field or method"),
        ("{[]: 1}", "unhashable type: list"),
        ("fail('a', 1)", "fail: a 1"),
        ("nosuch", "t.star:1:1: undefined: nosuch"),
    ] {
        assert_eq!(bench.run(script), format!("failed: {error}\n"), "{script}");
    }
    assert!(bench.run("x = =").starts_with("failed: t.star:1:5: "));
    assert_eq!(bench.run("load('x', 'y')"), "failed: t.star:1:5: load not implemented by this application\n");
    for (script, error) in [
        ("X = []\ndef main(): X.append(1)", "cannot modify frozen value"),
        ("[1, 2][5]", "index 5 out of range"),
        ("1 < 'a'", "int < string not implemented"),
        ("-'a'", "unknown unary op: - string"),
        ("def f(a): pass\nf()", "function f missing 1 argument (a)"),
        ("def f():\n  x += 1\nf()", "local variable x referenced before assignment"),
        ("for x in 5: pass", "int value is not iterable"),
        ("1 + None", "unknown binary op: int + NoneType"),
        ("5 in 5", "unknown binary op: int in int"),
        ("print(zzz = 1)", "print: unexpected keyword argument \"zzz\""),
        ("(1)[0]", "unhandled index operation int[int]"),
    ] {
        assert_eq!(bench.run(script), format!("failed: {error}\n"), "{script}");
    }
}

#[test]
fn endless_scripts_end() {
    let mut bench = Bench::new([]);
    assert_eq!(bench.run("def f(n):\n  return f(n + 1)\nf(1)"), "failed: stack overflow\n");
    let interrupted = bench.prompt.interrupted.clone();
    interrupted.store(true, std::sync::atomic::Ordering::SeqCst);
    let cancelled = "failed: Starlark computation cancelled: user interrupt\n";
    assert_eq!(bench.run("while True:\n  pass"), cancelled);
    assert_eq!(bench.run("def main():\n  while True: pass"), cancelled);
    interrupted.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(bench.run("dlv_command('interrupt')\nwhile True:\n  pass"), cancelled);
    bench.prompt.interrupted.store(false, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(bench.run("x = 0\nwhile x < 100000: x += 1\nprint(x)"), "100000\n");
    assert_eq!(bench.run("dlv_command('exit')\nprint('not printed')"), "failed: the session is over\n");
}

#[test]
fn typed_statements() {
    let mut bench = Bench::new([("x", int("x", 7))]);
    let shown = bench.typed(&[
        "1 + 1",
        "'a'",
        "None",
        "y = [1,",
        "2]",
        "def double(a):",
        "  return a * 2",
        "",
        "double(y)",
        "eval(None, 'x').Variable.Value",
        "while len(y) < 4:",
        "  y.append(0)",
        "",
        "y",
        "double()",
        "x = =",
        "eval(None, 'no')",
        "Kept = 5",
        "def command_typed(args):",
        "  'Typed.'",
        "  print(args, Kept)",
        "",
        "exit",
        "not read",
    ]);
    let values: Vec<&str> =
        shown.lines().filter(|line| !line.starts_with(">>> ") && !line.starts_with("... ")).collect();
    assert_eq!(values, ["2", "\"a\"", "[1, 2, 1, 2]", "7", "[1, 2, 0, 0]"]);
    let errors = bench.errors();
    assert!(errors.contains("  <stdin>:1:7: in <expr>\n"), "{errors}");
    assert!(
        errors.ends_with(concat!(
            "Traceback (most recent call last):\n  <stdin>:1:5: in <expr>\n",
            "Error in eval: could not find symbol value for no\n"
        )),
        "{errors}"
    );
    assert_eq!(bench.call("typed", "a"), "a 5\n");
}

#[test]
fn help_for_builtins_and_functions() {
    let mut bench = Bench::new([]);
    let list = bench.run("help()");
    assert!(list.starts_with("Available builtins:\n\tamend_breakpoint\n\tancestors\n"), "{list}");
    assert_eq!(list.lines().filter(|line| line.starts_with('\t')).count(), crate::methods::METHODS.len() + 9);
    assert_eq!(bench.run("help(eval)"), "builtin eval(Scope, Expr, Cfg)\n\nEvaluates an expression.\n");
    assert_eq!(bench.run("def f():\n  'Doc.'\nhelp(f)"), "user defined function f\nDoc.\n");
    assert_eq!(bench.run("help(len)"), "no help for builtin len\n");
    assert_eq!(bench.run("help(3)"), "no help for object of type int\n");
}

#[test]
fn files() {
    let mut bench = Bench::new([]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f");
    let script = format!(
        "P = {path:?}\nwrite_file(P, 'long text')\nwrite_file(P, [1, 'a'])\nappend_file(P, 'b')\nprint(read_file(P))"
    );
    assert_eq!(bench.run(&script), "[1, \"a\"]b\n");
    assert_eq!(
        bench.run("read_file('/nosuch/file')"),
        "failed: t.star:1:10: open /nosuch/file: no such file or directory\n"
    );
    assert_eq!(bench.run("read_file(1)"), "failed: t.star:1:10: argument of read_file was not a string\n");
    assert_eq!(bench.run("write_file('x')"), "failed: t.star:1:11: wrong number of arguments\n");
    assert_eq!(
        bench.run("append_file(1, 2)"),
        "failed: t.star:1:12: first argument of append_file was not a string\n"
    );
}

#[test]
fn times_and_durations() {
    let mut bench = Bench::new([]);
    for (expression, text) in [
        ("time.parse_duration('1h30m') + 2 * time.second", "1h30m2s"),
        ("time.parse_time('2025-11-21T10:00:00Z') + time.hour", "2025-11-21 11:00:00 +0000 UTC"),
        ("time.time(year = 2024, month = 2, day = 30).format('Jan 2')", "Mar 1"),
        ("time.from_timestamp(60) - time.from_timestamp(0)", "1m0s"),
        ("time.hour / time.minute", "60.0"),
        (
            "(time.hour // (7 * time.minute), time.hour.seconds, time.second.milliseconds)",
            "(8, 3600.0, 1000)",
        ),
        ("time.now() > time.from_timestamp(0), time.now().year > 2000", "(True, True)"),
        ("{time.second: 1}[time.parse_duration('1s')], type(time.hour)", "(1, \"time.duration\")"),
        ("time.is_valid_timezone('UTC')", "True"),
    ] {
        assert_eq!(bench.run(&format!("print(({expression}))")), format!("{text}\n"), "{expression}");
    }
    assert_eq!(bench.run("time.parse_duration('x')"), "failed: time: invalid duration \"x\"\n");
}
