//! Requests fitted into Go's types, as go1.27 does: results and errors were taken from a program that decodes the same
//! texts into such structs.

use adit_api::requests::{CreateBreakpointIn, EvalIn, ListGoroutinesIn, RestartIn, StacktraceIn};
use serde::de::DeserializeOwned;

use crate::server::shape::Struct;
use crate::server::{json, methods, request_shapes as shapes, shape};

fn fit<T: DeserializeOwned>(to: &'static Struct, params: &str) -> Result<T, String> {
    let fitted = shape::fit(to, &json::parse(params).unwrap())?;
    Ok(serde_json::from_value(fitted).unwrap())
}

fn error(to: &'static Struct, params: &str) -> String {
    shape::fit(to, &json::parse(params).unwrap()).unwrap_err()
}

#[test]
fn errors_are_those_of_go() {
    for (params, text) in [
        (r#"["x"]"#, "string into .0 of type rpc2.EvalIn"),
        ("[3]", "number into .0 of type rpc2.EvalIn"),
        ("[[]]", "array into .0 of type rpc2.EvalIn"),
        ("[true]", "bool into .0 of type rpc2.EvalIn"),
        ("{}", "object into Go value of type [1]interface {}"),
        (r#""x""#, "string into Go value of type [1]interface {}"),
        (r#"[{"Expr":3}]"#, "number into Go struct field .0.Expr of type string"),
        (r#"[{"expr":{}}]"#, "object into Go struct field .0.expr of type string"),
        (r#"[{"Scope":"x"}]"#, "string into Go struct field .0.Scope of type api.EvalScope"),
        (r#"[{"Scope":{"Frame":"x"}}]"#, "string into Go struct field .0.Scope.Frame of type int"),
        (r#"[{"Scope":{"Frame":1.0}}]"#, "number 1.0 into Go struct field .0.Scope.Frame of type int"),
        (r#"[{"Scope":{"Frame":1e2}}]"#, "number 1e2 into Go struct field .0.Scope.Frame of type int"),
        (
            r#"[{"Scope":{"GoroutineID":9223372036854775808}}]"#,
            "number 9223372036854775808 into Go struct field .0.Scope.GoroutineID of type int64",
        ),
        (r#"[{"Cfg":7}]"#, "number into Go struct field .0.Cfg of type api.LoadConfig"),
        (
            r#"[{"Cfg":{"MaxStringLen":true},"Expr":1}]"#,
            "bool into Go struct field .0.Cfg.MaxStringLen of type int",
        ),
    ] {
        assert_eq!(error(&shapes::EVAL_IN, params), format!("json: cannot unmarshal {text}"), "{params}");
    }
    for (breakpoint, text) in [
        (r#"{"variables":[1]}"#, "number into .0.Breakpoint.variables.0 of type string"),
        (r#"{"variables":"a"}"#, "string into Go struct field .0.Breakpoint.variables of type []string"),
        (
            r#"{"hitCount":{"a":-1}}"#,
            "number -1 into Go struct field .0.Breakpoint.hitCount.a of type uint64",
        ),
        (r#"{"addrs":[1,"x"]}"#, "string into .0.Breakpoint.addrs.1 of type uint64"),
        (
            r#"{"WatchType":256}"#,
            "number 256 into Go struct field .0.Breakpoint.WatchType of type api.WatchType",
        ),
    ] {
        let params = format!(r#"[{{"Breakpoint":{breakpoint}}}]"#);
        assert_eq!(
            error(&shapes::CREATE_BREAKPOINT_IN, &params),
            format!("json: cannot unmarshal {text}"),
            "{params}"
        );
    }
    assert_eq!(error(&shapes::EVAL_IN, "null"), "jsonrpc: request body missing params");
    assert_eq!(
        error(&shapes::RESTART_IN, r#"[{"NewRedirects":"x"}]"#),
        "json: cannot unmarshal string into Go struct field .0.NewRedirects of type [3]string"
    );
}

#[test]
fn go_is_lenient_and_so_is_this() {
    for params in ["[null]", "[]", "[{}, 3]", r#"[{"Unknown":[1],"Expr":null,"Scope":null,"Cfg":null}]"#] {
        assert_eq!(fit(&shapes::EVAL_IN, params), Ok(EvalIn::default()), "{params}");
    }
    let twice = r#"[{"EXPR":"a","Expr":"b","expr":"c","Scope":{"frame":3},"scope":{"DeferredCall":4}}]"#;
    let request: EvalIn = fit(&shapes::EVAL_IN, twice).unwrap();
    assert_eq!((&*request.expr, request.scope.frame, request.scope.deferred_call), ("c", 3, 4));
    let request: CreateBreakpointIn = fit(
        &shapes::CREATE_BREAKPOINT_IN,
        r#"[{"SubstitutePathRules":[["a"],["a","b","c"],null],"Breakpoint":{"Line":-0,"ADDR":18446744073709551615}}]"#,
    )
    .unwrap();
    let rules = [["a", ""], ["a", "b"], ["", ""]].map(|rule| rule.map(str::to_owned));
    assert_eq!((request.substitute_path_rules, request.breakpoint.addr), (rules.into(), u64::MAX));
    let request: RestartIn =
        fit(&shapes::RESTART_IN, r#"[{"NewRedirects":["a"],"NewArgs":[null]}]"#).unwrap();
    assert_eq!(
        (request.new_redirects, request.new_args),
        (["a", "", ""].map(str::to_owned), vec![String::new()])
    );
    let request: StacktraceIn = fit(&shapes::STACKTRACE_IN, r#"[{"Opts":65535,"Cfg":{}}]"#).unwrap();
    assert!(request.opts.0 == u16::MAX && request.cfg.is_some());
    let request: ListGoroutinesIn =
        fit(&shapes::LIST_GOROUTINES_IN, r#"[{"Filters":[{"Kind":8,"Arg":"ch"}],"GroupBy":4}]"#).unwrap();
    assert_eq!((request.filters[0].kind.0, request.group_by.0), (8, 4));
}

#[test]
fn methods_are_found_by_their_names() {
    assert!(methods::METHODS.is_sorted_by_key(|method| method.name));
    for method in methods::METHODS {
        let found = methods::find(&format!("RPCServer.{}", method.name)).unwrap();
        assert!(std::ptr::eq(found, method));
    }
    assert!(methods::find("State").is_none() && methods::find("RPCServer.").is_none());
}
