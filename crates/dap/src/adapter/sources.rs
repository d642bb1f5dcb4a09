//! `loadedSources`, `modules`, `breakpointLocations`, `locations`: what the program is made of.

use adit_api::EvalScope;
use adit_api::requests::FindLocationIn;

use crate::failure::{Failure, Kind};
use crate::protocol::Request;
use crate::protocol::arguments::{BreakpointLocationsArguments, LocationsArguments, ModulesArguments};
use crate::protocol::responses::{
    BreakpointLocationsResponseBody, LoadedSourcesResponseBody, LocationsResponseBody, ModulesResponseBody,
};
use crate::protocol::types::{BreakpointLocation, Module};

use super::{Adapter, Answer, arguments};

/// No editor asks for more lines at once.
const MOST_LINES: i64 = 2000;

impl Adapter {
    pub(super) fn loaded_sources(&mut self, _: &Request) -> Result<Answer, Failure> {
        let client = self.client()?;
        let listed = client.list_sources("").map_err(|error| Kind::Internal.because(error.to_string()))?;
        let sources = listed.iter().filter_map(|file| self.source(file)).collect();
        Answer::of(&LoadedSourcesResponseBody { sources })
    }

    pub(super) fn modules(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: ModulesArguments = arguments(request)?;
        let client = self.client()?;
        let mut modules = Vec::new();
        if let Ok(info) = client.program_info() {
            let version = info.build.as_ref().map(|build| build.go_version.clone());
            modules.push(module(&info.path, version, None));
        }
        let libraries = client.list_dynamic_libraries();
        for library in libraries.map_err(|error| Kind::Internal.because(error.to_string()))?.list {
            modules.push(module(&library.path, None, Some(format!("{:#x}", library.address))));
        }
        let total_modules = Some(modules.len() as i64);
        let start = usize::try_from(wanted.start_module.unwrap_or(0)).unwrap_or(0);
        let count =
            wanted.module_count.filter(|&count| count > 0).and_then(|count| usize::try_from(count).ok());
        let modules = modules.into_iter().skip(start).take(count.unwrap_or(usize::MAX)).collect();
        Answer::of(&ModulesResponseBody { modules, total_modules })
    }

    pub(super) fn breakpoint_locations(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: BreakpointLocationsArguments = arguments(request)?;
        let path = wanted.source.path.clone().unwrap_or_default();
        let file = self.to_program(&path);
        let client = self.client()?;
        let end = wanted.end_line.unwrap_or(wanted.line).min(wanted.line.saturating_add(MOST_LINES));
        let mut breakpoints = Vec::new();
        for line in wanted.line..=end {
            let request = FindLocationIn {
                scope: EvalScope::CURRENT,
                loc: format!("{file}:{line}"),
                ..FindLocationIn::default()
            };
            // A line without a statement is none.
            if client.find_location(&request).is_ok() {
                breakpoints.push(BreakpointLocation { line, ..BreakpointLocation::default() });
            }
        }
        Answer::of(&BreakpointLocationsResponseBody { breakpoints })
    }

    /// Where a function is that a value refers to.
    pub(super) fn locations(&mut self, request: &Request) -> Result<Answer, Failure> {
        let wanted: LocationsArguments = arguments(request)?;
        let failed = |why: String| Kind::LookupVariable.because(why);
        let reference = wanted.location_reference;
        let name = self.declarations.get(reference).cloned();
        let name = name.ok_or_else(|| failed(format!("unknown reference {reference}")))?;
        let client = self.client()?;
        let request = FindLocationIn {
            scope: EvalScope::CURRENT,
            loc: format!("{name}:0"),
            ..FindLocationIn::default()
        };
        let found = client.find_location(&request);
        let found = found.map_err(|error| failed(error.to_string()))?.locations;
        let place = found.first().ok_or_else(|| failed(format!("{name} is nowhere")))?;
        let source = self.source(&place.file).ok_or_else(|| failed(format!("{name} has no source")))?;
        Answer::of(&LocationsResponseBody { source, line: place.line, ..LocationsResponseBody::default() })
    }
}

fn module(path: &str, version: Option<String>, address_range: Option<String>) -> Module {
    Module {
        id: path.into(),
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        path: Some(path.to_owned()),
        version,
        address_range,
        ..Module::default()
    }
}
