//! Values, registers, memory and instructions.

use serde::{Deserialize, Serialize};

use crate::json;
use crate::program::{AsmInstruction, AssemblyFlavour, Register};
use crate::variable::{EvalScope, LoadConfig, TypeInfo, Variable};

/// Request of `RPCServer.Eval`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvalIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Expression (no calls).
    #[serde(rename = "Expr")]
    pub expr: String,
    /// Null = {true,1,64,64,-1}.
    #[serde(rename = "Cfg")]
    pub cfg: Option<LoadConfig>,
}

/// Reply of `RPCServer.Eval`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EvalOut {
    /// Result.
    #[serde(rename = "Variable")]
    pub variable: Option<Variable>,
}

/// Request of `RPCServer.Set`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Lvalue expression.
    #[serde(rename = "Symbol")]
    pub symbol: String,
    /// Rvalue expression.
    #[serde(rename = "Value")]
    pub value: String,
}

/// Reply of `RPCServer.Set`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetOut {}

/// Request of `RPCServer.ListLocalVars`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListLocalVarsIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Load config.
    #[serde(rename = "Cfg")]
    pub cfg: LoadConfig,
}

/// Reply of `RPCServer.ListLocalVars`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListLocalVarsOut {
    /// The variables.
    #[serde(rename = "Variables", deserialize_with = "json::null_as_default")]
    pub variables: Vec<Variable>,
}

/// Request of `RPCServer.ListFunctionArgs`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListFunctionArgsIn {
    /// Scope.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Load config.
    #[serde(rename = "Cfg")]
    pub cfg: LoadConfig,
}

/// Reply of `RPCServer.ListFunctionArgs`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListFunctionArgsOut {
    /// The arguments and results.
    #[serde(rename = "Args", deserialize_with = "json::null_as_default")]
    pub args: Vec<Variable>,
}

/// Request of `RPCServer.ListPackageVars`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListPackageVarsIn {
    /// Regexp on qualified name.
    #[serde(rename = "Filter")]
    pub filter: String,
    /// Load config.
    #[serde(rename = "Cfg")]
    pub cfg: LoadConfig,
}

/// Reply of `RPCServer.ListPackageVars`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListPackageVarsOut {
    /// The variables.
    #[serde(rename = "Variables", deserialize_with = "json::null_as_default")]
    pub variables: Vec<Variable>,
}

/// Request of `RPCServer.TypeInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfoIn {
    /// Type name.
    #[serde(rename = "Name")]
    pub name: String,
}

/// Reply of `RPCServer.TypeInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TypeInfoOut {
    /// The type.
    #[serde(rename = "TypeInfo")]
    pub type_info: Option<TypeInfo>,
}

/// Request of `RPCServer.ListRegisters`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListRegistersIn {
    /// 0 with null Scope = current thread.
    #[serde(rename = "ThreadID")]
    pub thread_id: i64,
    /// Include FP/vector registers.
    #[serde(rename = "IncludeFp")]
    pub include_fp: bool,
    /// Frame registers; overrides ThreadID.
    #[serde(rename = "Scope")]
    pub scope: Option<EvalScope>,
}

/// Reply of `RPCServer.ListRegisters`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListRegistersOut {
    /// Text: name right-aligned, " = ", value, newline.
    #[serde(rename = "Registers")]
    pub registers: String,
    /// List.
    #[serde(rename = "Regs", with = "json::nullable")]
    pub regs: Vec<Register>,
}

/// Request of `RPCServer.ExamineMemory`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExamineMemoryIn {
    /// Start.
    #[serde(rename = "Address")]
    pub address: u64,
    /// <= 65536.
    #[serde(rename = "Length")]
    pub length: i64,
}

/// Reply of `RPCServer.ExamineMemory`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExaminedMemoryOut {
    /// Bytes.
    #[serde(rename = "Mem", with = "json::base64")]
    pub mem: Vec<u8>,
    /// Always true.
    #[serde(rename = "IsLittleEndian")]
    pub is_little_endian: bool,
}

/// Request of `RPCServer.Disassemble`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisassembleIn {
    /// Goroutine used for AtPC.
    #[serde(rename = "Scope")]
    pub scope: EvalScope,
    /// Address.
    #[serde(rename = "StartPC")]
    pub start_pc: u64,
    /// 0 = whole function containing StartPC.
    #[serde(rename = "EndPC")]
    pub end_pc: u64,
    /// Syntax.
    #[serde(rename = "Flavour")]
    pub flavour: AssemblyFlavour,
}

/// Reply of `RPCServer.Disassemble`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DisassembleOut {
    /// The instructions.
    #[serde(rename = "Disassemble", with = "json::nullable")]
    pub disassemble: Vec<AsmInstruction>,
}
