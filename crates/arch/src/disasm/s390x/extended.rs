//! GNU's extended mnemonics: names that say what a mask operand says, which then is not shown.

use super::Code;
use super::format::Operand;

/// The name that s390xasm gives the instruction, and the operands that are left to show.
pub(super) fn extended(code: &Code) -> (String, Vec<Operand>) {
    let mut rest = Rest { operands: code.operands.clone() };
    let name = code.name();
    let extended = rest.condition(name).or_else(|| rest.element_size(name)).or_else(|| rest.special(name));
    (extended.unwrap_or_else(|| name.to_string()), rest.operands)
}

/// The operands that the name does not say yet.
struct Rest {
    operands: Vec<Operand>,
}

/// Letters of the element sizes, by the mask.
const SIZES: [&str; 5] = ["b", "h", "f", "g", "q"];

impl Rest {
    fn mask(&self, index: usize) -> Option<u8> {
        match self.operands.get(index) {
            Some(Operand::Mask(mask)) => Some(*mask),
            _ => None,
        }
    }

    fn remove(&mut self, index: usize) {
        if index < self.operands.len() {
            self.operands.remove(index);
        }
    }

    /// Instructions that do what they do on a condition.
    fn condition(&mut self, name: &str) -> Option<String> {
        let (index, condition): (usize, fn(u8) -> Option<&'static str>) = match name {
            "bic" | "bcr" | "bc" | "brc" | "brcl" => (0, branch_condition),
            "clt" | "clgt" => (1, comparison),
            "crb" | "cgrb" | "crj" | "cgrj" | "crt" | "cgrt" | "cib" | "cgib" | "cij" | "cgij" | "cit"
            | "cgit" | "clrb" | "clgrb" | "clrj" | "clgrj" | "clrt" | "clgrt" | "clib" | "clgib" | "clij"
            | "clgij" | "clfit" | "clgit" => (2, comparison),
            "lochhi" | "lochi" | "locghi" | "locfhr" | "locr" | "locgr" => (2, any_condition),
            "locfh" | "loc" | "locg" | "selr" | "selgr" | "selfhr" | "stocfh" | "stoc" | "stocg" => {
                (3, any_condition)
            }
            _ => return None,
        };
        let condition = condition(self.mask(index)?)?;
        let extended = match (name, condition) {
            ("bic", "nop") => return None,
            ("bcr" | "bc", "nop") => "nopr".to_string(),
            ("bic", _) => format!("bi{condition}"),
            ("bcr", _) => format!("b{condition}r"),
            ("bc", _) => format!("b{condition}"),
            ("brc", _) => format!("j{condition}"),
            ("brcl", _) => format!("jg{condition}"),
            _ => format!("{name}{condition}"),
        };
        self.remove(index);
        Some(extended)
    }

    /// Vector instructions whose one mask is the size of the elements.
    fn element_size(&mut self, name: &str) -> Option<String> {
        let (index, sizes) = match name {
            "vavg" | "vavgl" | "verllv" | "veslv" | "vesrav" | "vesrlv" | "vgfm" | "vgm" | "vmx" | "vmxl"
            | "vmrh" | "vmrl" | "vmn" | "vmnl" | "vrep" => (3, 0..=3),
            "vclz" | "vctz" | "vec" | "vecl" | "vlc" | "vlp" | "vpopct" | "vrepi" => (2, 0..=3),
            "verim" | "verll" | "vesl" | "vesra" | "vesrl" | "vgfma" | "vlrep" | "vlgv" | "vlvg" => {
                (4, 0..=3)
            }
            "vlbrrep" | "vler" | "vster" => (4, 1..=3),
            "vpk" => (3, 1..=3),
            "vlbr" | "vstbr" => (4, 1..=4),
            "vme" | "vmh" | "vmle" | "vmlh" | "vmlo" | "vmo" | "vml" => (3, 0..=2),
            "vmae" | "vmale" | "vmalo" | "vmal" | "vmah" | "vmalh" | "vmao" => (4, 0..=2),
            "vupl" | "vupll" => (2, 0..=2),
            "vscbi" | "vs" | "va" | "vacc" => (3, 0..=4),
            "vsum" => (3, 0..=1),
            "vsumg" => (3, 1..=2),
            "vsumq" => (3, 2..=3),
            "vllez" => (4, 0..=3),
            "vac" | "vaccc" | "vsbcbi" | "vsbi" => (4, 4..=4),
            "vmsl" => (4, 3..=3),
            _ => return None,
        };
        let extended = match (name, self.mask(index)?) {
            ("vml", 1) => "vmlhw".to_string(),
            ("vllez", 6) => "vllezlf".to_string(),
            (_, size) if sizes.contains(&size) => format!("{name}{}", SIZES[usize::from(size)]),
            _ => return None,
        };
        self.remove(index);
        Some(extended)
    }

    fn special(&mut self, name: &str) -> Option<String> {
        match name {
            "vgbm" | "vno" | "vllebrz" | "vschp" => self.one_operand(name),
            "vceq" | "vch" | "vchl" => self.element_size_without_flags(name, 0..=1),
            "vpks" | "vpkls" => self.element_size_without_flags(name, 1..=1),
            "vfee" | "vfene" | "vfae" | "vstrc" | "vstrs" | "vistr" => self.string(name),
            "vflr" | "vcfps" | "vcfpl" | "vcsfp" | "vclfp" | "vfi" => self.conversion(name),
            _ => self.float(name),
        }
    }

    fn one_operand(&mut self, name: &str) -> Option<String> {
        let (index, extended) = match (name, self.operands.get(1)?, self.mask(3), self.mask(4)) {
            ("vgbm", Operand::Immediate(0), ..) => (1, "vzeo"),
            ("vgbm", Operand::Immediate(0xffff), ..) => (1, "vone"),
            ("vno", second, ..) if self.operands.get(2) == Some(second) => (2, "vnot"),
            ("vllebrz", _, _, Some(1)) => (4, "vllebrzh"),
            ("vllebrz", _, _, Some(2)) => (4, "vllebrzf"),
            ("vllebrz", _, _, Some(3)) => (4, "ldrv"),
            ("vllebrz", _, _, Some(6)) => (4, "lerv"),
            ("vschp", _, Some(2), _) => (3, "vschsp"),
            ("vschp", _, Some(3), _) => (3, "vschdp"),
            ("vschp", _, Some(4), _) => (3, "vschxp"),
            _ => return None,
        };
        self.remove(index);
        Some(extended.to_string())
    }

    /// Sizes that have a short name only where no flag is set.
    fn element_size_without_flags(
        &mut self,
        name: &str,
        sizes: std::ops::RangeInclusive<u8>,
    ) -> Option<String> {
        let size = self.mask(3).filter(|size| sizes.contains(size) && self.mask(4) == Some(0))?;
        self.operands.drain(3..5);
        Some(format!("{name}{}", SIZES[usize::from(size)]))
    }

    /// String instructions: the element size, then flags of which 1 sets the condition code (`s`) and 2 looks for
    /// zeros (`z`). Which flags have a name differs; those that have none are shown.
    fn string(&mut self, name: &str) -> Option<String> {
        let at = match name {
            "vistr" => 2,
            "vstrc" | "vstrs" => 4,
            _ => 3,
        };
        let (size, flags) = (self.mask(at)?, self.mask(at + 1)?);
        let Some(letter) = SIZES[..3].get(usize::from(size)) else {
            // No such size: that no flag is set is not shown.
            if flags == 0 && name != "vstrs" {
                self.remove(at + 1);
            }
            return None;
        };
        let named = match (name, flags) {
            ("vfee" | "vfene", 0..=3) | ("vstrs", 0 | 2) | ("vistr", 0 | 1) => flags,
            ("vfae" | "vstrc", _) => flags & 3,
            _ => 0,
        };
        if matches!(name, "vfae" | "vstrc") && named == 0 && flags != 0 {
            return None;
        }
        let zeros = if named & 2 != 0 { "z" } else { "" };
        let sets = if named & 1 != 0 { "s" } else { "" };
        self.remove(at);
        match flags ^ named {
            0 => self.remove(at),
            rest => self.operands[at] = Operand::Mask(rest),
        }
        Some(format!("{name}{zeros}{letter}{sets}"))
    }

    /// Conversions and roundings: the format, then flags of which 8 is for the first element only (`w` for `v`).
    fn conversion(&mut self, name: &str) -> Option<String> {
        let (format, flags) = (self.mask(2)?, self.mask(3)?);
        let single = flags & 8 != 0;
        let rest = match (name, format) {
            ("vflr", 3) => "flrd",
            ("vflr", 4) if single => "flrx",
            ("vcfps", 2) => "cefb",
            ("vcfps", 3) => "cdgb",
            ("vcfpl", 2) => "celfb",
            ("vcfpl", 3) => "cdlgb",
            ("vcsfp", 2) => "cfeb",
            ("vcsfp", 3) => "cgdb",
            ("vclfp", 2) => "clfeb",
            ("vclfp", 3) => "clgdb",
            ("vfi", 2) => "fisb",
            ("vfi", 3) => "fidb",
            ("vfi", 4) if single => "fixb",
            _ => return None,
        };
        self.operands[3] = Operand::Mask(flags & 7);
        self.remove(2);
        Some(format!("{}{rest}", if single { 'w' } else { 'v' }))
    }

    /// Arithmetic on floats: the format, and 8 for the first element only (`w` for `v`), with which alone there are
    /// those of 128 bits.
    fn float(&mut self, name: &str) -> Option<String> {
        // Where format and first-element flag are, and how many operands the name says.
        let (format, single, said) = match name {
            "vfa" | "vfd" | "vfmax" | "vfmin" | "vfm" => (3, 4, 2),
            "vfll" | "wfc" | "wfk" => (2, 3, 2),
            "vfma" | "vfms" | "vfnma" | "vfnms" => (5, 4, 2),
            "vfce" | "vfch" | "vfche" => (3, 4, 3),
            "vfpso" => (2, 3, 3),
            _ => return None,
        };
        let first = format.min(single);
        let flags = self.mask(single)?;
        let letter = if flags & 8 != 0 { 'w' } else { 'v' };
        let size = match (self.mask(format)?, letter) {
            (2, _) => "sb",
            (3, _) => "db",
            (4, 'w') => "xb",
            // These have no flag.
            (4, _) if name.starts_with('w') => "xb",
            _ => return None,
        };
        let extended = match (name, flags, self.mask(first + 2)) {
            ("wfc" | "wfk", 0, _) => format!("{name}{size}"),
            ("vfll", 0, _) if size == "sb" => "vflfs".to_string(),
            ("vfll", 8, _) if size == "sb" => "wflls".to_string(),
            ("vfll", 8, _) if size == "db" => "wflld".to_string(),
            ("wfc" | "wfk" | "vfll", ..) => return None,
            // Comparisons that signal have a `k`, those that set the condition code an `s`.
            ("vfce" | "vfch" | "vfche", 0 | 4 | 8 | 12, Some(sets @ (0 | 1))) => {
                let kind = if flags & 4 != 0 { 'k' } else { 'c' };
                format!("{letter}f{kind}{}{size}{}", &name[3..], ["", "s"][usize::from(sets)])
            }
            ("vfpso", 0 | 8, Some(operation @ 0..=2)) => {
                format!("{letter}fl{}{size}", ["c", "n", "p"][usize::from(operation)])
            }
            (_, 0 | 8, _) if said == 2 => format!("{letter}{}{size}", &name[1..]),
            _ => return None,
        };
        self.operands.drain(first..first + said);
        Some(extended)
    }
}

fn branch_condition(mask: u8) -> Option<&'static str> {
    Some(match mask {
        0 => "nop",
        1 => "o",
        2 => "h",
        4 => "l",
        7 => "ne",
        8 => "e",
        11 => "nl",
        13 => "nh",
        14 => "no",
        15 => "",
        _ => return None,
    })
}

fn comparison(mask: u8) -> Option<&'static str> {
    Some(match mask {
        2 => "h",
        4 => "l",
        6 => "ne",
        8 => "e",
        10 => "nl",
        12 => "nh",
        _ => return None,
    })
}

fn any_condition(mask: u8) -> Option<&'static str> {
    const NAMES: [&str; 14] =
        ["o", "h", "nle", "l", "nhe", "lh", "ne", "e", "nlh", "he", "nl", "le", "nh", "no"];
    NAMES.get(usize::from(mask).checked_sub(1)?).copied()
}
