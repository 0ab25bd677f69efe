//! Lists of codes: the table of a version, and the enums made from it.

use std::fmt::Write as _;

use crate::layout::{comment, snake_case};
use crate::{Result, Version, Words};

/// The value sets of a version that are lists of codes.
#[derive(Debug, Default)]
pub struct CodeTable {
    /// The name of each value set and its codes, in their order.
    pub sets: Vec<(String, Vec<String>)>,
}

/// A source file by its name.
pub type SourceFile = (String, String);

impl CodeTable {
    /// Reads a table of `fixtures/spec`: a value set a line, its name and its codes.
    ///
    /// # Errors
    ///
    /// A value set without codes.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ').map(str::to_owned);
            let name = words.next().unwrap_or_default();
            let codes: Vec<_> = words.collect();
            if name.is_empty() || codes.is_empty() {
                return Err(format!("not understood: {line}"));
            }
            table.sets.push((name, codes));
        }
        Ok(table)
    }

    /// The text that [`CodeTable::parse`] reads.
    #[must_use]
    pub fn print(&self, version: &Version) -> String {
        let mut text = format!(
            "# Codes of the required value sets that became enums, FHIR {} ({}). Format: README.md.\n",
            version.title, version.release
        );
        for (name, codes) in &self.sets {
            let _ = writeln!(text, "{name} {}", codes.join(" "));
        }
        text
    }

    /// Whether it has a value set.
    #[must_use]
    pub fn has(&self, value_set: &str) -> bool {
        self.sets.iter().any(|(name, _)| name == value_set)
    }

    /// The folder `codes` of the crate of a version.
    ///
    /// # Errors
    ///
    /// A value set or a code without words.
    pub fn files(&self, version: &Version, words: &Words) -> Result<Vec<SourceFile>> {
        let mut files = vec![("mod.rs".to_owned(), self.module(version, words)?)];
        for (value_set, codes) in &self.sets {
            let (name, text) = words.of_set(value_set)?;
            let mut file = format!(
                "//! The `{name}` codes.\n\nimaging_study_core::code_enum! {{\n{}    ///\n    \
                 /// FHIR {}: <https://hl7.org/fhir/{}/valueset-{value_set}.html>\n    \
                 pub enum {name}: \"http://hl7.org/fhir/ValueSet/{value_set}\" {{\n",
                comment(text, 4),
                version.title,
                version.pages
            );
            for code in codes {
                let (variant, text) = words.of_code(value_set, code, version.name)?;
                file.push_str(&comment(text, 8));
                let _ = writeln!(file, "        {variant} = \"{code}\",");
            }
            file.push_str("    }\n}\n");
            files.push((format!("{}.rs", snake_case(name)), file));
        }
        Ok(files)
    }

    fn module(&self, version: &Version, words: &Words) -> Result<String> {
        let (enumeration, code, variant, unlisted) = if self.has("imagingstudy-status") {
            ("ImagingStudyStatus", "available", "Available", "on-hold")
        } else {
            ("InstanceAvailability", "ONLINE", "Online", "SOON")
        };
        let mut names = Vec::new();
        for (value_set, _) in &self.sets {
            let (name, _) = words.of_set(value_set)?;
            names.push((snake_case(name), name));
        }
        names.sort_unstable();
        let modules: String = names
            .iter()
            .map(|(file, _)| format!("mod {file};\n"))
            .collect();
        let uses: String = names
            .iter()
            .map(|(file, name)| format!("pub use {file}::{name};\n"))
            .collect();
        Ok(format!(
            "//! The codes that elements with a required binding can have.
//!
//! Every enum has a variant `Other` for codes that the value set does not list, so that reading
//! loses nothing; whether a code is listed is a matter of validation.
//!
//! ```
//! use {}::{enumeration};
//!
//! assert_eq!(\"{code}\".parse(), Ok({enumeration}::{variant}));
//! let unlisted: {enumeration} = \"{unlisted}\".parse()?;
//! assert_eq!(unlisted.as_str(), \"{unlisted}\");
//! # Ok::<(), imaging_study_core::ScalarError>(())
//! ```
//!
//! Value sets without an enumerated list (media types, languages, currencies, units) have no enum:
//! their elements hold a [`Code`](crate::Code).

{modules}
{uses}",
            version.crate_name()
        ))
    }
}
