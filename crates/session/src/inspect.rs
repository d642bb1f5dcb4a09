//! What the program is, apart from what it does.

use adit_api::{BuildInfo, BuildModule, BuildSetting, ProgramInfo};

use crate::owner::Owner;

impl Owner {
    pub(crate) fn program_info(&self) -> ProgramInfo {
        let binary = &self.debugger.image().binary;
        ProgramInfo {
            path: binary.path().display().to_string(),
            os: binary.goos().to_owned(),
            arch: binary.arch().name.to_owned(),
            not_running: self.debugger.not_started().unwrap_or_default().to_owned(),
            build: binary.build_info().map(api_build_info),
        }
    }
}

fn api_build_info(info: &adit_symbols::BuildInfo) -> BuildInfo {
    let setting = |(key, value): &(String, String)| BuildSetting { key: key.clone(), value: value.clone() };
    BuildInfo {
        go_version: info.go_version.clone(),
        path: info.path.clone(),
        main: info.main.as_ref().map(api_module),
        deps: info.deps.iter().map(api_module).collect(),
        settings: info.settings.iter().map(setting).collect(),
    }
}

fn api_module(module: &adit_symbols::Module) -> BuildModule {
    BuildModule {
        path: module.path.clone(),
        version: module.version.clone(),
        sum: module.sum.clone(),
        replace: module.replace.as_deref().map(|replacement| Box::new(api_module(replacement))),
    }
}
