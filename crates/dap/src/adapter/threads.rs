//! `threads`: goroutines, as an editor shows threads.

use adit_api::requests::ListGoroutinesIn;
use adit_api::{EvalScope, Goroutine, GoroutineField, GoroutineQuery, ListGoroutinesFilter};

use crate::failure::Failure;
use crate::protocol::Request;
use crate::protocol::responses::ThreadsResponseBody;
use crate::protocol::types::Thread;

use super::{Adapter, Answer};

/// More are not shown at once: editors ask for the stack of each.
const MOST: usize = 1024;

impl Adapter {
    pub(super) fn threads(&mut self, _: &Request) -> Result<Answer, Failure> {
        if self.is_running() {
            let threads = vec![Thread { id: -1, name: "Current".to_owned() }];
            return Answer::of(&ThreadsResponseBody { threads });
        }
        let dummy = || vec![Thread { id: 1, name: "Dummy".to_owned() }];
        let client = self.client()?;
        let state = client.state(false).unwrap_or_default();
        let selected = super::stopped::selected_goroutine(&state);
        let listed = self.wanted_goroutines().and_then(|request| client.list_goroutines(&request));
        let threads = match listed {
            Ok(list) if list.goroutines.is_empty() || state.exited => dummy(),
            Ok(list) => {
                if list.nextg >= 0 {
                    self.out.output(
                        "console",
                        format!("Too many goroutines, only loaded {}\n", list.goroutines.len()),
                    );
                }
                list.goroutines.iter().map(|goroutine| self.thread(goroutine, selected)).collect()
            }
            Err(_) if state.exited => dummy(),
            Err(error) => {
                self.out.output("stderr", format!("Unable to retrieve goroutines: {error}\n"));
                dummy()
            }
        };
        Answer::of(&ThreadsResponseBody { threads })
    }

    /// The goroutines that the user wants to see, as many as are shown at once.
    fn wanted_goroutines(&self) -> adit_api::Result<ListGoroutinesIn> {
        let filters = &self.settings.goroutine_filters;
        let mut list =
            GoroutineQuery::parse(filters, EvalScope::CURRENT).map_err(adit_api::ClientError)?.list;
        if self.settings.hide_system_goroutines {
            let user = ListGoroutinesFilter { kind: GoroutineField::USER, ..ListGoroutinesFilter::default() };
            list.filters.push(user);
        }
        list.count = MOST as i64;
        Ok(list)
    }

    fn thread(&self, goroutine: &Goroutine, selected: i64) -> Thread {
        let id = goroutine.id;
        if !goroutine.unreadable.is_empty() {
            return Thread { id, name: format!("Unreadable goroutine: {}", goroutine.unreadable) };
        }
        let mark = if id == selected { "* " } else { "" };
        let labels = self.labels(goroutine);
        let function = goroutine.user_current_loc.function.as_ref();
        let function =
            function.map_or_else(|| "???".to_owned(), |function| without_folders(&function.name).to_owned());
        let thread = match goroutine.thread_id {
            0 => String::new(),
            thread => format!(" (Thread {thread})"),
        };
        Thread { id, name: format!("{mark}[Go {id}{labels}] {function}{thread}") }
    }

    /// The labels that the user wants to see.
    fn labels(&self, goroutine: &Goroutine) -> String {
        match self.settings.show_pprof_labels.as_slice() {
            [] => String::new(),
            [key] if key != "*" => {
                goroutine.labels.get(key).map(|value| format!(" {value}")).unwrap_or_default()
            }
            keys => {
                let all = keys == ["*"];
                let shown = goroutine.labels.iter().filter(|(key, _)| all || keys.contains(key));
                shown.map(|(key, value)| format!(" {key}:{value}")).collect()
            }
        }
    }
}

/// `example.com/a/b.(*T).F` as `b.(*T).F`.
pub(super) fn without_folders(function: &str) -> &str {
    // Type arguments have paths of their own.
    let end = function.find('[').unwrap_or(function.len());
    match function[..end].rfind('/') {
        Some(slash) => &function[slash + 1..],
        None => function,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders() {
        assert_eq!(without_folders("example.com/a/b.(*T).F"), "b.(*T).F");
        assert_eq!(without_folders("main.F[go.shape.a/b]"), "main.F[go.shape.a/b]");
        assert_eq!(without_folders("main.main"), "main.main");
    }
}
