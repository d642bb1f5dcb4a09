//! Go code in plugins is looked at as the program's own: variables, types, and breakpoints by every kind of location.

#![allow(missing_docs, clippy::unwrap_used)]

use std::process::Command;

use adit_e2e::{Go, Program, Session, on_oldest_and_newest, skip};

const FLAGS: &str = "-gcflags=all=-N -l";

/// The program that loads a plugin, and the plugin; `None`, counted as a skip, without a C compiler.
fn build(go: &Go) -> Option<(Program, Program)> {
    if Command::new("cc").arg("--version").output().is_err() {
        skip("no C compiler to link a plugin");
        return None;
    }
    let cgo = [("CGO_ENABLED", "1")];
    let program = Program::build_custom("plugged", go, "plugged", &[FLAGS], &cgo);
    let plugin = Program::build_custom("pluginvars", go, "plugin", &["-buildmode=plugin", FLAGS], &cgo);
    Some((program, plugin))
}

fn start(program: &Program, plugin: &Program) -> Session {
    Session::exec_with(program, &[], &[plugin.path().to_str().unwrap()])
}

/// Where the plugin is loaded, with a breakpoint at a line of it, which is then reached.
fn at(program: &Program, plugin: &Program, mark: &str) -> Session {
    let mut session = start(program, plugin);
    session.send(&format!("break {}", program.at("loaded")));
    session.send("continue");
    session.send(&format!("break plug.go:{}", plugin.line_of("plug.go", mark)));
    let stop = session.send("continue");
    assert!(stop.contains(&format!("plug.go:{} ", plugin.line_of("plug.go", mark))), "{stop}");
    session
}

/// As the debugger prints it on one line, without addresses.
fn print(session: &mut Session, expression: &str) -> String {
    let text = session.send(&format!("print {expression}"));
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ").replace("e2e/pluginvars.", "")
}

on_oldest_and_newest! {
    fn variables_of_a_function_have_values_and_types(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = at(&program, &plugin, "end");
        assert_eq!(session.send("args").lines().next(), Some("n = 0"));
        let locals = session.send("locals");
        for name in ["b", "l", "grow", "total"] {
            assert!(locals.lines().any(|line| line.starts_with(&format!("{name} = "))), "{locals}");
        }
        assert!(locals.contains("total = 56\n"), "{locals}");
        assert_eq!(print(&mut session, "b.corners[1].y + n"), "6");
        assert_eq!(print(&mut session, "b.name"), "\"triple\"");
        assert_eq!(print(&mut session, "b.corners[0]"), "point {x: 0, y: 2}");
        assert_eq!(print(&mut session, "b.tags[\"a\"]"), "point {x: 7, y: 0}");
        assert_eq!(print(&mut session, "b.inner.inner"), "*box nil");
        assert_eq!(print(&mut session, "l.items[0].x + l.items[0].y"), "3");
        assert_eq!(print(&mut session, "grow"), "Triple.func1");
        assert_eq!(session.send("whatis b.corners"), "[]e2e/pluginvars.point\n");
        session.quit();
    }

    fn what_an_interface_of_a_plugin_holds_is_of_the_plugin_s_type(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = at(&program, &plugin, "end");
        assert_eq!(print(&mut session, "kept.(*box).corners[1]"), "point {x: 5, y: 6}");
        let kept = print(&mut session, "kept");
        assert!(kept.contains("name: \"triple\", corners: []point len: 2, cap: 2, ["), "{kept}");
        assert_eq!(print(&mut session, "kept.(data).inner.name"), "\"inner\"");
        session.quit();
    }

    fn package_variables_and_constants_of_a_plugin_are_found(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = at(&program, &plugin, "end");
        assert_eq!(print(&mut session, "calls"), "1");
        assert_eq!(print(&mut session, "origin"), "point {x: 3, y: 5}");
        assert_eq!(print(&mut session, "origin.x * 2"), "6");
        assert_eq!(print(&mut session, "len(boxes)"), "1");
        assert_eq!(print(&mut session, "boxes[\"triple\"].corners[1].x"), "5");
        assert_eq!(print(&mut session, "\"e2e/pluginvars\".calls + 1"), "2");
        assert_eq!(print(&mut session, "(*point)(&origin).y"), "5");
        assert_eq!(session.send("set calls = 41"), "");
        assert_eq!(print(&mut session, "calls"), "41");
        let listed = session.send("vars pluginvars.origin");
        assert!(listed.contains("e2e/pluginvars.origin = e2e/pluginvars.point {x: 3, y: 5}"), "{listed}");
        // From a frame of the program they are found by their package.
        session.send("frame 1");
        assert_eq!(print(&mut session, "\"e2e/pluginvars\".origin.x"), "3");
        session.quit();
    }

    fn closures_and_methods_see_what_is_theirs(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = at(&program, &plugin, "closure");
        assert_eq!(print(&mut session, "by + n"), "10");
        assert_eq!(print(&mut session, "len(b.corners)"), "2");
        session.send(&format!("break plug.go:{}", plugin.line_of("plug.go", "area")));
        session.send("continue");
        assert_eq!(print(&mut session, "b.corners[1].x"), "5");
        assert_eq!(print(&mut session, "b.name"), "\"triple\"");
        session.quit();
        let mut session = at(&program, &plugin, "add");
        assert_eq!(print(&mut session, "item"), "point {x: 1, y: 2}");
        assert_eq!(print(&mut session, "len(l.items)"), "0");
        session.quit();
    }

    fn a_variable_is_seen_from_its_declaration_on(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = at(&program, &plugin, "loop");
        assert_eq!(print(&mut session, "i"), "0");
        let early = session.send("print text");
        assert!(early.contains("could not find symbol value for text"), "{early}");
        session.send("next");
        assert_eq!(print(&mut session, "text"), "\"\"");
        session.send("continue");
        assert_eq!(print(&mut session, "i"), "1");
        session.quit();
    }

    fn conditions_hold_in_plugins_too(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = start(&program, &plugin);
        session.send(&format!("break {}", program.at("loaded")));
        session.send("continue");
        session.send(&format!("break later plug.go:{}", plugin.line_of("plug.go", "loop")));
        session.send("condition later n == 2 && i == 1 && len(b.corners) == 2");
        session.send("continue");
        assert_eq!(print(&mut session, "n * 10 + i"), "21");
        let list = session.send("breakpoints");
        assert!(list.lines().any(|line| line.starts_with("Breakpoint later ") && line.ends_with("(1)")), "{list}");
        session.quit();
    }

    fn every_kind_of_location_leads_into_a_plugin(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = start(&program, &plugin);
        session.send(&format!("break {}", program.at("loaded")));
        session.send("continue");
        let path = plugin.source().join("plug.go");
        let path = path.to_str().unwrap();
        let (area, closure) = (plugin.line_of("plug.go", "area"), plugin.line_of("plug.go", "closure"));
        for (location, function, line) in [
            ("(*box).area".to_owned(), "(*box).area", area - 1),
            ("pluginvars.(*box).area".to_owned(), "(*box).area", area - 1),
            ("box.area:1".to_owned(), "(*box).area", area),
            ("e2e/pluginvars.Triple".to_owned(), "Triple", plugin.line_of("plug.go", "begin") - 1),
            ("/pluginvars[.]Tri.*e$/".to_owned(), "Triple", plugin.line_of("plug.go", "begin") - 1),
            ("pluginvars.Triple.func1".to_owned(), "Triple.func1", closure - 1),
            (format!("plug.go:{closure}"), "Triple.func1", closure),
            (format!("pluginvars/plug.go:{closure}"), "Triple.func1", closure),
            (format!("{path}:{closure}"), "Triple.func1", closure),
        ] {
            let set = session.send(&format!("break {location}"));
            let place = format!(" for e2e/pluginvars.{function}() ");
            assert!(set.contains(&place) && set.trim_end().ends_with(&format!("plug.go:{line}")), "{location}: {set}");
            let addr = set.split_once(" set at ").unwrap().1.split(' ').next().unwrap().to_owned();
            let id = set.split(' ').nth(1).unwrap();
            session.send(&format!("clear {id}"));
            let again = session.send(&format!("break *{addr}"));
            assert!(again.contains(&format!(" set at {addr} for e2e/pluginvars.{function}() ")), "{again}");
            let id = again.split(' ').nth(1).unwrap();
            session.send(&format!("clear {id}"));
        }
        // All instances of a generic method.
        let set = session.send("break (*list[...]).add");
        assert!(set.contains("plug.go:") && set.contains(").add() "), "{set}");
        session.quit();
    }

    fn every_kind_of_location_can_wait_for_a_plugin(go) {
        let Some((program, plugin)) = build(go) else { return };
        let mut session = start(&program, &plugin);
        let closure = plugin.line_of("plug.go", "closure");
        let places = [
            "pluginvars.(*box).area".to_owned(),
            "pluginvars.Triple.func1:1".to_owned(),
            format!("pluginvars/plug.go:{}", closure + 3),
        ];
        for place in &places {
            session.type_line(&format!("break {place}"));
            session.expect("(Delve will try to set this breakpoint when a plugin is loaded) [Y/n]?");
            session.send("y");
        }
        for function in ["Triple.func1", "(*box).area", "Triple"] {
            let stop = session.send("continue");
            assert!(stop.contains(&format!("] e2e/pluginvars.{function}(")), "{function}: {stop}");
        }
        let list = session.send("breakpoints");
        assert!(!list.contains("(suspended)"), "{list}");
        session.quit();
    }
}
