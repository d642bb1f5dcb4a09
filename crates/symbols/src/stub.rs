use crate::*;
use std::path::Path;
pub struct Binary;
#[derive(Debug, thiserror::Error)] #[error("x")]
pub struct OpenError;
#[derive(Clone, Debug)]
pub struct Symbol { pub name: String, pub addr: FileAddr, pub size: u64, pub is_function: bool }
#[derive(Clone, Copy, Debug)]
pub struct TlsSegment { pub addr: FileAddr, pub memsz: u64, pub align: u64 }
#[derive(Clone, Debug)]
pub struct GoVersion { pub major: u32, pub minor: u32 }
impl std::fmt::Display for GoVersion { fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { loop {} } }
#[derive(Debug)]
pub struct BuildInfo { pub settings: Vec<(String,String)> }
pub struct Pclntab;
#[derive(Clone, Copy)]
pub struct Function<'a>(&'a ());
#[derive(Clone, Copy)] pub struct FuncId(pub u8);
pub struct FuncFlags { pub top_frame: bool, pub sp_write: bool, pub asm: bool }
impl FuncId { pub fn is_wrapper(self) -> bool { loop {} } }
impl Binary {
  pub fn open(_: &Path) -> Result<Binary, OpenError> { loop {} }
  pub fn path(&self) -> &Path { loop {} }
  pub fn arch(&self) -> &'static adit_arch::Arch { loop {} }
  pub fn goos(&self) -> &'static str { loop {} }
  pub fn is_pie(&self) -> bool { loop {} }
  pub fn entry(&self) -> FileAddr { loop {} }
  pub fn build_id(&self) -> Option<String> { loop {} }
  pub fn build_info(&self) -> Option<&BuildInfo> { loop {} }
  pub fn go_version(&self) -> Option<GoVersion> { loop {} }
  pub fn pclntab(&self) -> Result<&Pclntab, SymbolError> { loop {} }
  pub fn pclntab_addr(&self) -> Option<FileAddr> { loop {} }
  pub fn dwarf(&self) -> Result<&Dwarf, SymbolError> { loop {} }
  pub fn symbol(&self, _: &str) -> Option<Symbol> { loop {} }
  pub fn symbol_at(&self, _: FileAddr) -> Option<Symbol> { loop {} }
  pub fn tls_segment(&self) -> Option<TlsSegment> { loop {} }
  pub fn source_frames(&self, _: FileAddr) -> Vec<SourceFrame> { loop {} }
}
impl Pclntab {
  pub fn functions(&self) -> std::vec::IntoIter<Function<'_>> { loop {} }
  pub fn find(&self, _: FileAddr) -> Option<Function<'_>> { loop {} }
  pub fn by_name(&self, _: &str) -> Option<Function<'_>> { loop {} }
  pub fn files(&self) -> std::vec::IntoIter<&str> { loop {} }
  pub fn inlined_calls(&self) -> Vec<(&str, FileAddr)> { loop {} }
  pub fn pcs_for_line(&self, _: &str, _: u32) -> Vec<FileAddr> { loop {} }
}
impl<'a> Function<'a> {
  pub fn name(&self) -> &'a str { loop {} }
  pub fn entry(&self) -> FileAddr { loop {} }
  pub fn end(&self) -> FileAddr { loop {} }
  pub fn func_id(&self) -> FuncId { loop {} }
  pub fn flags(&self) -> FuncFlags { loop {} }
  pub fn start_line(&self) -> Option<u32> { loop {} }
  pub fn file_line(&self, _: FileAddr) -> Option<(&'a str, u32)> { loop {} }
  pub fn sp_delta(&self, _: FileAddr) -> Option<i64> { loop {} }
  pub fn line_entries(&self) -> Vec<(FileAddr, FileAddr, &'a str, u32)> { loop {} }
}
