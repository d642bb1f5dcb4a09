//! What the Go assembler calls Power's instructions, and the order it has their operands in.

/// Go's name for what GNU calls `gnu`, where it has one of its own.
pub(super) fn go_name(gnu: &str) -> Option<&'static str> {
    Some(match gnu {
        "lwarx" => "LWAR",
        "ldarx" => "LDAR",
        "lharx" => "LHAR",
        "lbarx" => "LBAR",
        "lwax" | "lwa" | "stw" | "stwx" => "MOVW",
        "lhax" | "lha" | "sth" | "sthx" => "MOVH",
        "lwaux" | "stwu" | "stwux" => "MOVWU",
        "lhau" | "lhaux" | "sthu" | "sthux" => "MOVHU",
        "ldx" | "li" | "ld" | "std" | "mtspr" | "mfspr" | "stdx" => "MOVD",
        "ldux" | "ldu" | "stdu" | "stdux" => "MOVDU",
        "lwzx" | "lwz" => "MOVWZ",
        "lwzux" | "lwzu" => "MOVWZU",
        "lhzx" | "lhz" => "MOVHZ",
        "lhzux" | "lhzu" => "MOVHZU",
        "lbzx" | "lbz" => "MOVBZ",
        "lbzux" | "lbzu" => "MOVBZU",
        "ldbrx" | "stdbrx" => "MOVDBR",
        "lwbrx" | "stwbrx" => "MOVWBR",
        "lhbrx" | "sthbrx" => "MOVHBR",
        "mcrf" => "MOVFL",
        "xori" => "XOR",
        "ori" => "OR",
        "andi." => "ANDCC",
        "andc" => "ANDN",
        "andc." => "ANDNCC",
        "addeo" => "ADDEV",
        "addeo." => "ADDEVCC",
        "addo" => "ADDV",
        "addo." => "ADDVCC",
        "addmeo" => "ADDMEV",
        "addmeo." => "ADDMEVCC",
        "addco" => "ADDCV",
        "addco." => "ADDCVCC",
        "addzeo" => "ADDZEV",
        "addzeo." => "ADDZEVCC",
        "subfme" => "SUBME",
        "subfme." => "SUBMECC",
        "subfze" => "SUBZE",
        "subfze." => "SUBZECC",
        "subfzeo" => "SUBZEV",
        "subfzeo." => "SUBZEVCC",
        "subf" => "SUB",
        "subfc" => "SUBC",
        "subf." => "SUBCC",
        "subfc." => "SUBCCC",
        "orc" => "ORN",
        "orc." => "ORNCC",
        "mullwo" => "MULLWV",
        "mullwo." => "MULLWVCC",
        "mulldo" => "MULLDV",
        "mulldo." => "MULLDVCC",
        "divdo" => "DIVDV",
        "divdo." => "DIVDVCC",
        "divduo" => "DIVDUV",
        "divduo." => "DIVDUVCC",
        "addi" => "ADD",
        "mulli" => "MULLD",
        "sradi" => "SRAD",
        "stbcx." => "STBCCC",
        "stwcx." => "STWCCC",
        "stdcx." => "STDCCC",
        "stb" | "stbx" => "MOVB",
        "stbu" | "stbux" => "MOVBU",
        "lfd" | "stfd" | "lfdx" | "stfdx" => "FMOVD",
        "lfs" | "stfs" | "lfsx" | "stfsx" => "FMOVS",
        "lfdu" | "stfdu" | "lfdux" | "stfdux" => "FMOVDU",
        "lfsu" | "stfsu" | "lfsux" | "stfsux" => "FMOVSU",
        "cmpd" | "cmpdi" => "CMP",
        "cmpw" | "cmpwi" => "CMPW",
        "cmpld" | "cmpldi" => "CMPU",
        "cmplw" | "cmplwi" => "CMPWU",
        "b" => "BR",
        "bl" => "CALL",
        "stswx" => "MOVSW",
        "stfiwx" => "MOVFIW",
        _ => return None,
    })
}

/// All operands are in the opposite of GNU's order.
pub(super) fn is_read_backwards(gnu: &str) -> bool {
    matches!(
        gnu,
        "add"
            | "addc"
            | "adde"
            | "add."
            | "addc."
            | "mullw"
            | "mullw."
            | "mulhw"
            | "mulhw."
            | "mulld"
            | "mulld."
            | "mulhd"
            | "mulhd."
            | "mullwo"
            | "mullwo."
            | "mulhwu"
            | "mulhwu."
            | "mulldo"
            | "mulldo."
            | "divd"
            | "divd."
            | "divdu"
            | "divdu."
            | "divde"
            | "divde."
            | "divdeu"
            | "divdeu."
            | "divdo"
            | "divdo."
            | "divduo"
            | "divduo."
            | "modud"
            | "modsd"
            | "moduw"
            | "modsw"
            | "fadd"
            | "fadds"
            | "fsub"
            | "fsubs"
            | "fmul"
            | "fmuls"
            | "fdiv"
            | "fdivs"
            | "fmadd"
            | "fmadds"
            | "fmsub"
            | "fmsubs"
            | "fnmadd"
            | "fnmadds"
            | "fnmsub"
            | "fnmsubs"
            | "fmuls."
            | "fadd."
            | "fadds."
            | "fsub."
            | "fmul."
            | "fdiv."
            | "fdivs."
            | "or"
            | "or."
            | "orc"
            | "orc."
            | "and"
            | "and."
            | "andc"
            | "andc."
            | "xor"
            | "xor."
            | "nand"
            | "nand."
            | "eqv"
            | "eqv."
            | "nor"
            | "nor."
            | "slw"
            | "slw."
            | "sld"
            | "sld."
            | "srw"
            | "sraw"
            | "srw."
            | "sraw."
            | "srd"
            | "srd."
            | "srad"
            | "srad."
    )
}

/// The sources are in the order of the formula `a * b + c`, which is not that of the encoding.
pub(super) fn is_multiply_add(gnu: &str) -> bool {
    matches!(
        gnu,
        "fmadd"
            | "fmadd."
            | "fmadds"
            | "fmadds."
            | "fmsub"
            | "fmsub."
            | "fmsubs"
            | "fmsubs."
            | "fnmadd"
            | "fnmadd."
            | "fnmadds"
            | "fnmadds."
            | "fnmsub"
            | "fnmsub."
            | "fnmsubs"
            | "fnmsubs."
            | "fsel"
            | "fsel."
    )
}

/// Stores whose address is a base register plus an index register.
pub(super) fn is_indexed_store(gnu: &str) -> bool {
    matches!(
        gnu,
        "stbx"
            | "stbux"
            | "sthx"
            | "sthux"
            | "stwx"
            | "stwux"
            | "stdx"
            | "stdux"
            | "sthbrx"
            | "stwbrx"
            | "stdbrx"
            | "stswx"
            | "stfiwx"
            | "stdcx."
            | "stwcx."
            | "sthcx."
            | "stbcx."
            | "stxvx"
            | "stxvd2x"
            | "stxvw4x"
            | "stxvh8x"
            | "stxvb16x"
            | "stxsdx"
            | "stvx"
            | "stvxl"
            | "stvebx"
            | "stvehx"
            | "stvewx"
            | "stxsiwx"
            | "stfdx"
            | "stfdux"
            | "stfdpx"
            | "stfsx"
            | "stfsux"
    )
}

/// Loads whose address is so, and whose base may be none.
pub(super) fn is_integer_or_float_load(gnu: &str) -> bool {
    matches!(
        gnu,
        "lwax"
            | "lwaux"
            | "lwzx"
            | "lhzx"
            | "lbzx"
            | "ldx"
            | "lhax"
            | "lhaux"
            | "ldarx"
            | "lwarx"
            | "lharx"
            | "lbarx"
            | "lfdx"
            | "lfdux"
            | "lfsx"
            | "lfsux"
            | "ldbrx"
            | "lwbrx"
            | "lhbrx"
            | "ldux"
            | "lwzux"
            | "lhzux"
            | "lbzux"
    )
}

/// Loads into vector registers whose address is so.
pub(super) fn is_vector_load(gnu: &str) -> bool {
    matches!(
        gnu,
        "lxvx"
            | "lxvd2x"
            | "lxvw4x"
            | "lxvh8x"
            | "lxvb16x"
            | "lvx"
            | "lvxl"
            | "lvsr"
            | "lvsl"
            | "lvebx"
            | "lvehx"
            | "lvewx"
            | "lxsdx"
            | "lxsiwax"
    )
}
