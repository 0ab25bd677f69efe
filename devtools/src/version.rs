//! The versions that the workspace has a crate for.

use std::fs;
use std::path::PathBuf;

use crate::codes::CodeTable;
use crate::elements::ElementTable;
use crate::search::SearchTable;
use crate::{Result, Words};

/// A version crate, and what its pages and tables are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The name of the tables and the end of the crate's name, e.g. `r4b`.
    pub name: &'static str,
    /// The name that the standard uses, e.g. `R4B`.
    pub title: &'static str,
    /// The release that the tables come from, e.g. `4.3.0`.
    pub release: &'static str,
    /// The folder of the release on <https://hl7.org/fhir/>, e.g. `R4B`.
    pub pages: &'static str,
}

/// Every version, oldest first.
pub const VERSIONS: [Version; 7] = [
    version("dstu2", "DSTU2", "1.0.2", "DSTU2"),
    version("stu3", "STU3", "3.0.2", "STU3"),
    version("r4", "R4", "4.0.1", "R4"),
    version("r4b", "R4B", "4.3.0", "R4B"),
    version("r5", "R5", "5.0.0", "R5"),
    version("r6-draft", "R6 draft", "6.0.0-cibuild", "6.0.0-ballot2"),
    version("r6", "R6", "6.0.0-snapshot1", "6.0.0-ballot5"),
];

const fn version(
    name: &'static str,
    title: &'static str,
    release: &'static str,
    pages: &'static str,
) -> Version {
    Version {
        name,
        title,
        release,
        pages,
    }
}

impl Version {
    /// The version of a name.
    ///
    /// # Errors
    ///
    /// There is none.
    pub fn named(name: &str) -> Result<Self> {
        VERSIONS
            .into_iter()
            .find(|version| version.name == name)
            .ok_or_else(|| format!("no version {name}"))
    }

    /// The name of the crate in Rust, e.g. `imaging_study_r4b`.
    #[must_use]
    pub fn crate_name(&self) -> String {
        format!("imaging_study_{}", self.name.replace('-', "_"))
    }

    /// The folder of the crate's sources.
    #[must_use]
    pub fn sources(&self) -> PathBuf {
        workspace().join(format!("crates/imaging-study-{}/src", self.name))
    }

    /// A table of `fixtures/spec`, e.g. that of the ending `elements`.
    #[must_use]
    pub fn table(&self, ending: &str) -> PathBuf {
        workspace().join(format!("fixtures/spec/{}.{ending}", self.name))
    }

    /// The elements of the version.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn elements(&self) -> Result<ElementTable> {
        ElementTable::parse(&read(&self.table("elements"))?)
    }

    /// The codes of the version.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn codes(&self) -> Result<CodeTable> {
        CodeTable::parse(&read(&self.table("codes"))?)
    }
}

impl Version {
    /// The search parameters of the version.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn search(&self) -> Result<SearchTable> {
        SearchTable::parse(&read(&self.table("search"))?)
    }
}

impl Words {
    /// The words of `devtools/words/codes.txt`.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn of_codes() -> Result<Self> {
        Self::parse(&read(&workspace().join("devtools/words/codes.txt"))?)
    }
}

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The text of a file.
pub(crate) fn read(path: &std::path::Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
