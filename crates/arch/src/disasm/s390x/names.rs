//! What the Go assembler calls IBM Z's instructions, and the order it has their operands in; without those that depend
//! on the operands, and without vector instructions.

use super::plan9::{ALL, REVERSED, ROTATED, SWAPPED};

/// Go's name for what IBM and GNU call `gnu`, where it has one of its own.
pub(super) fn go_name(gnu: &str) -> Option<&'static str> {
    Some(match gnu {
        "lg" | "la" | "lay" | "larl" | "stg" | "lgr" | "llilh" | "llihl" | "llihh" | "llilf" | "llihf" => {
            "MOVD"
        }
        "lgf" | "st" | "sty" | "lgfr" | "lgfi" => "MOVW",
        "llgf" | "llgfr" => "MOVWZ",
        "lgh" | "sthy" | "lghr" => "MOVH",
        "llgh" | "llghr" => "MOVHZ",
        "lgb" | "stcy" | "lgbr" => "MOVB",
        "llgc" | "llgcr" => "MOVBZ",
        "lrvg" | "strvg" | "lrvgr" => "MOVDBR",
        "lrv" | "strv" | "lrvr" => "MOVWBR",
        "lrvh" => "MOVHBR",
        "ldy" | "ld" | "ldr" | "std" | "stdy" => "FMOVD",
        "ley" | "le" | "ste" | "stey" => "FMOVS",
        "lm" | "lmy" => "LMY",
        "stm" | "stmy" => "STMY",
        "lcgr" => "NEG",
        "lcgfr" => "NEGW",
        "a" | "ay" | "ark" | "ahik" | "ahi" | "afi" | "ar" => "ADDW",
        "ag" | "agrk" => "ADD",
        "alg" | "algrk" => "ADDC",
        "alcg" | "alcgr" => "ADDE",
        "s" | "sy" | "sr" | "srk" | "slfi" => "SUBW",
        "sg" | "sgr" | "sgrk" => "SUB",
        "slg" | "slgr" | "slgrk" => "SUBC",
        "slbg" | "slbgr" => "SUBE",
        "ms" | "msy" | "msgfr" | "mhi" | "msfi" => "MULLW",
        "msg" | "msgfi" => "MULLD",
        "ng" | "ngr" | "ngrk" => "AND",
        "n" | "ny" | "nr" | "nrk" | "nilh" => "ANDW",
        "og" | "ogr" | "ogrk" => "OR",
        "o" | "oy" | "or" | "ork" | "oilh" | "oill" => "ORW",
        "xg" | "xgr" | "xgrk" => "XOR",
        "x" | "xy" | "xr" | "xrk" => "XORW",
        "sllg" => "SLD",
        "srlg" => "SRD",
        "sllk" => "SLW",
        "srlk" => "SRW",
        "srak" => "SRAW",
        "srag" => "SRAD",
        "aebr" => "FADDS",
        "adbr" => "FADD",
        "ddbr" => "FDIV",
        "debr" => "FDIVS",
        "mdbr" => "FMUL",
        "meebr" => "FMULS",
        "sdbr" => "FSUB",
        "sebr" => "FSUBS",
        "madbr" => "FMADD",
        "lpdbr" => "FABS",
        "lndbr" => "FNABS",
        "lcdfr" => "FNEG",
        "lcebr" => "FNEGS",
        "sqdbr" => "FSQRT",
        "sqebr" => "FSQRTS",
        "cghi" | "cgfi" | "cgr" => "CMP",
        "chi" | "cfi" | "cr" => "CMPW",
        "clgfi" | "clgr" => "CMPU",
        "clfi" | "clr" => "CMPWU",
        "cdbr" => "FCMPU",
        "kdbr" => "FCMPO",
        "brasl" => "CALL",
        "trap2" | "svc" => "SYSALL",
        _ => return None,
    })
}

/// Which operands of `gnu` are shown, and in which order.
pub(super) fn order(gnu: &str) -> &'static [usize] {
    match gnu {
        // Loads and register moves.
        "ld" | "le" | "lg" | "lgf" | "llgf" | "lgh" | "llgh" | "lgb" | "llgc" | "ldy" | "ley" | "lrvg"
        | "lrv" | "lrvh" | "la" | "lay" | "larl" | "lgr" | "lgfr" | "lghr" | "lgbr" | "llgfr" | "llghr"
        | "llgcr" | "lrvgr" | "lrvr" | "ldr" | "llilh" | "llihl" | "llihh" | "lgfi" | "llilf" | "llihf" => {
            SWAPPED
        }
        // Arithmetic with two operands.
        "lcgr" | "lcgfr" | "ahi" | "afi" | "ar" | "alcgr" | "sr" | "sgr" | "slgr" | "slfi" | "slbgr"
        | "msgfr" | "mhi" | "msfi" | "msgfi" | "mlgr" | "ngr" | "nr" | "nilh" | "ogr" | "or" | "oill"
        | "oilh" | "xgr" | "xr" => SWAPPED,
        "n" | "ny" | "ng" | "o" | "oy" | "og" | "s" | "sy" | "slbg" | "slg" | "sg" | "a" | "ay" | "alcg"
        | "alg" | "ag" => SWAPPED,
        "aebr" | "adbr" | "ddbr" | "debr" | "mdbr" | "meebr" | "sdbr" | "sebr" | "lpdbr" | "lndbr"
        | "lpdfr" | "lndfr" | "lcdfr" | "lcebr" | "ledbr" | "ldebr" | "sqdbr" | "sqebr" | "ltebr"
        | "ltdbr" | "lcdbr" | "lgdr" => SWAPPED,
        // Two operands, and one that stays where it is.
        "laa" | "laag" | "laal" | "laalg" | "lan" | "lang" | "lax" | "laxg" | "lao" | "laog" | "xc"
        | "nc" | "oc" | "mvc" | "mvcin" | "clc" => &[1, 0, 2],
        "ark" | "agrk" | "algrk" | "ahik" | "sgrk" | "slgrk" | "srk" | "sllg" | "srlg" | "sllk" | "srlk"
        | "rll" | "rllg" | "srak" | "srag" | "locr" => REVERSED,
        "madbr" | "ngrk" | "nrk" | "ogrk" | "ork" | "xgrk" | "xrk" => ROTATED,
        "lm" | "lmy" | "lmg" => &[2, 0, 1],
        // Conversions, without rounding mode and flags.
        "cefbra" | "cdfbra" | "cegbra" | "cdgbra" | "celfbr" | "cdlfbr" | "celgbr" | "cdlgbr" | "cfebra"
        | "cfdbra" | "cgebra" | "cgdbra" | "clfebr" | "clfdbr" | "clgebr" | "clgdbr" => &[2, 0],
        // Comparisons that jump, the condition first.
        "clrj" | "crj" | "cij" | "clij" => &[2, 0, 1, 3],
        "brasl" => &[1],
        _ => ALL,
    }
}
