//! Whether every dependency may be used and passed on freely.
//!
//! A manifest states its licence as an SPDX expression (SPDX specification, annex "SPDX license
//! expressions"): identifiers joined by `OR`, `AND` and `WITH`, with parentheses. The expression is read
//! whole, so that `MIT OR Proprietary` passes by its first half and `MIT AND Proprietary` does not.

use anyhow::{Context, Result, bail};

use crate::{metadata, process};

/// Free licences that adit can be distributed under together with its dependencies.
const FREE: [&str; 16] = [
    "0BSD",
    "Apache-2.0",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Exceptions only ever add permissions; these are the ones met in Rust's world.
const EXCEPTIONS: [&str; 2] = ["LLVM-exception", "Classpath-exception-2.0"];

/// Data that the tree holds of others: where it lies, what it is, its licence, and the file that says so and must
/// be passed on with it.
const TAKEN: [(&str, &str, &str, &str); 1] = [(
    "crates/arch/src/disasm/*/tables.rs",
    "the instruction tables of golang.org/x/arch",
    "BSD-3-Clause",
    "crates/arch/LICENSE-x-arch",
)];

/// Checks every package of the graph and the data of others, and prints what it found.
pub(crate) fn run() -> Result<()> {
    let packages = metadata::packages()?;
    let mut refused = Vec::new();
    let mut checked = 0;
    for package in packages.iter().filter(|package| !package.ours) {
        checked += 1;
        let verdict = match &package.license {
            Some(expression) => is_free(expression),
            None => Err(anyhow::anyhow!("its manifest names no licence")),
        };
        let reason = match verdict {
            Ok(true) => continue,
            Ok(false) => {
                format!("`{}` is not on the list of free licences", package.license.as_deref().unwrap_or(""))
            }
            Err(error) => format!("{error:#}"),
        };
        refused.push(format!("  {} {}: {reason}", package.name, package.version));
    }
    if !refused.is_empty() {
        bail!("{} of {checked} dependencies may not be used:\n{}", refused.len(), refused.join("\n"));
    }
    println!("licences: {checked} dependencies, all free");
    for (place, what, license, file) in TAKEN {
        let text = std::fs::read_to_string(process::workspace().join(file))
            .with_context(|| format!("{place} is {what} and needs its licence at {file}"))?;
        if !is_free(license)? || !text.contains("Copyright") {
            bail!("{place} is {what}: {file} must be its licence, and a free one");
        }
        println!("licences: {place} is {what}, {license}, see {file}");
    }
    Ok(())
}

/// Whether an SPDX expression can be met with free licences alone.
fn is_free(expression: &str) -> Result<bool> {
    // `MIT/Apache-2.0` is how old manifests wrote a choice.
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser { words: &words };
    let free = parser.choice(0).with_context(|| format!("licence expression `{expression}`"))?;
    match parser.words {
        [] => Ok(free),
        [word, ..] => bail!("licence expression `{expression}`: unexpected `{word}`"),
    }
}

/// Recursive descent in order of precedence: OR binds least, then AND, then WITH.
struct Parser<'a> {
    words: &'a [&'a str],
}

/// No manifest nests deeper; a hostile one must not exhaust our stack.
const DEEPEST: usize = 32;

impl Parser<'_> {
    fn choice(&mut self, depth: usize) -> Result<bool> {
        let mut free = self.all(depth)?;
        while self.take("OR") {
            free |= self.all(depth)?;
        }
        Ok(free)
    }

    fn all(&mut self, depth: usize) -> Result<bool> {
        let mut free = self.one(depth)?;
        while self.take("AND") {
            free &= self.one(depth)?;
        }
        Ok(free)
    }

    fn one(&mut self, depth: usize) -> Result<bool> {
        if depth > DEEPEST {
            bail!("nested too deeply");
        }
        if self.take("(") {
            let free = self.choice(depth + 1)?;
            return if self.take(")") { Ok(free) } else { bail!("`)` is missing") };
        }
        let license = self.identifier()?;
        // `+` means this or a later version of the licence.
        let mut free = FREE.contains(&license.trim_end_matches('+'));
        if self.take("WITH") {
            free &= EXCEPTIONS.contains(&self.identifier()?);
        }
        Ok(free)
    }

    fn identifier(&mut self) -> Result<&str> {
        match self.words {
            [] => bail!("it ends where a licence should follow"),
            [word @ ("OR" | "AND" | "WITH" | "(" | ")"), ..] => {
                bail!("`{word}` where a licence should stand")
            }
            [word, rest @ ..] => {
                self.words = rest;
                Ok(word)
            }
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let taken = self.words.first() == Some(&word);
        if taken {
            self.words = &self.words[1..];
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read_by_precedence() {
        for free in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "MIT OR Proprietary",
            "Proprietary OR MIT AND ISC",
            "(MIT OR Proprietary) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
            "BSL-1.0+",
        ] {
            assert!(is_free(free).unwrap(), "{free}");
        }
        for bound in [
            "Proprietary",
            "MIT AND Proprietary",
            "(MIT OR ISC) AND Proprietary",
            "MIT WITH Commons-Clause",
            "MITT",
            "mit",
        ] {
            assert!(!is_free(bound).unwrap(), "{bound}");
        }
    }

    #[test]
    fn malformed_expressions_are_errors() {
        for malformed in ["", "OR MIT", "MIT OR", "MIT MIT", "(MIT", "MIT)", "MIT WITH", &"(".repeat(5000)] {
            assert!(is_free(malformed).is_err(), "{malformed}");
        }
    }

    #[test]
    fn every_dependency_is_free() -> Result<()> {
        run()
    }
}
