//! What the program is, apart from what it does.

use adit_api::requests::TypeLayoutIn;
use adit_api::{
    BuildInfo, BuildModule, BuildSetting, FieldLayout, ProgramInfo, Result, SectionInfo, TypeLayout,
};
use adit_process::ByteOrder;
use adit_symbols::{FileFormat, SectionHeader};

use crate::owner::{Owner, client_error};

impl Owner {
    pub(crate) fn program_info(&self) -> ProgramInfo {
        let binary = &self.debugger.image().binary;
        ProgramInfo {
            path: binary.path().display().to_string(),
            os: binary.goos().to_owned(),
            arch: binary.arch().name.to_owned(),
            format: match binary.format() {
                FileFormat::Elf => "ELF",
                FileFormat::Pe => "PE",
                FileFormat::MachO => "Mach-O",
            }
            .to_owned(),
            pointer_size: i64::from(binary.arch().pointer_size),
            big_endian: binary.arch().byte_order == ByteOrder::Big,
            position_independent: binary.is_pie(),
            entry: binary.entry().0,
            build_id: binary.build_id().unwrap_or_default(),
            libraries: binary.needed_libraries(),
            sections: binary.section_headers().map(api_section).collect(),
            not_running: self.debugger.not_started().unwrap_or_default().to_owned(),
            build: binary.build_info().map(api_build_info),
        }
    }

    pub(crate) fn type_layout(&mut self, request: &TypeLayoutIn) -> Result<TypeLayout> {
        let scope = self.scope_of(request.scope)?;
        let depth = usize::try_from(request.depth).unwrap_or(0);
        self.debugger.type_layout(&scope, &request.expr, depth).map(api_layout).map_err(client_error)
    }
}

fn api_section(section: SectionHeader) -> SectionInfo {
    SectionInfo { name: section.name, address: section.addr.0, size: section.size, in_file: section.in_file }
}

fn api_layout(layout: adit_engine::layout::TypeLayout) -> TypeLayout {
    let field = |field: adit_engine::layout::FieldLayout| FieldLayout {
        name: field.name,
        embedded: field.embedded,
        offset: field.offset,
        padding_after: field.padding_after,
        bits: field.bits.map_or([0, 0], |(first, count)| [first, count]),
        layout: api_layout(field.layout),
    };
    TypeLayout {
        type_name: layout.name,
        size: layout.size,
        align: layout.align,
        fields: layout.fields.into_iter().map(field).collect(),
        element: layout.element.map(|element| Box::new(api_layout(*element))),
        padding: layout.padding,
        best_size: layout.best_size,
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
