//! Makes what the version crates have from tables; `README.md` says when to run it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use imaging_study_devtools::definitions::DefinitionTable;
use imaging_study_devtools::structs::{Sentences, Structs, file_name};
use imaging_study_devtools::{Result, Version, Words, import, library};

const USAGE: &str = "imaging-study-devtools tables VERSION FOLDER [LIKE [marks]]
imaging-study-devtools search VERSION FOLDER
imaging-study-devtools sources VERSION [LIKE]";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["tables", version, folder] => tables(version, Path::new(folder), None, false),
        ["tables", version, folder, like] => tables(version, Path::new(folder), Some(like), false),
        ["tables", version, folder, like, "marks"] => {
            tables(version, Path::new(folder), Some(like), true)
        }
        ["search", version, folder] => search(version, Path::new(folder)),
        ["sources", version] => sources(version, version),
        ["sources", version, like] => sources(version, like),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The tables of a version and its definitions, from tables of the standard.
fn tables(version: &str, folder: &Path, like: Option<&str>, marks: bool) -> Result<()> {
    let version = Version::named(version)?;
    let like = like.map(Version::named).transpose()?;
    let marks = like.filter(|_| marks);
    let marks = marks.map(|like| like.elements()).transpose()?;
    let elements = import::elements(folder, marks.as_ref())?;
    let codes = import::codes(folder, &elements)?;
    write(version.table("elements"), &elements.print(&version))?;
    write(version.table("codes"), &codes.print(&version))?;
    write(version.table("constraints"), &import::constraints(folder)?)?;

    let mut definitions = import::definitions(folder)?;
    if let Some(like) = like {
        definitions.complete_from(&definitions_of(&like)?);
    }
    for name in definitions.missing() {
        eprintln!("the tables have no type {name}");
    }
    let path = version.sources().join("definitions.txt");
    write(path, &definitions.print(&version))
}

/// The search parameters of a version, from a table of the standard.
fn search(version: &str, folder: &Path) -> Result<()> {
    let version = Version::named(version)?;
    write(
        version.table("search"),
        &import::search(folder)?.print(&version),
    )
}

fn definitions_of(version: &Version) -> Result<DefinitionTable> {
    DefinitionTable::parse(&read(&version.sources().join("definitions.txt"))?)
}

/// The source files of a version, with the sentences that they or those of another version have.
fn sources(version: &str, like: &str) -> Result<()> {
    let version = Version::named(version)?;
    let like = Version::named(like)?;
    let words = Words::of_codes()?;
    let (elements, codes) = (version.elements()?, version.codes()?);
    for (name, text) in codes.files(&version, &words)? {
        write(version.sources().join("codes").join(name), &text)?;
    }
    let structs = Structs {
        version: &version,
        elements: &elements,
        words: &words,
        codes: &codes,
    };
    for row in &elements.types {
        let name = file_name(&row.path) + ".rs";
        let path = version.sources().join(&name);
        let present = present(&version, &like, &name).unwrap_or_default();
        let sentences = Sentences::of(&present);
        write(path, &structs.file(row, &sentences)?)?;
    }
    let present = present(&version, &like, "lib.rs")?;
    let path = version.sources().join("lib.rs");
    write(path, &library(&structs, &present)?)
}

/// A source file of a version, or that of another with the names and pages of the version.
fn present(version: &Version, like: &Version, name: &str) -> Result<String> {
    fs::read_to_string(version.sources().join(name)).or_else(|_| {
        let text = read(&like.sources().join(name))?;
        Ok(moved(&text, like, version))
    })
}

/// The text of another version with the names and pages of this one.
fn moved(text: &str, from: &Version, to: &Version) -> String {
    text.replace(
        &format!("hl7.org/fhir/{}/", from.pages),
        &format!("hl7.org/fhir/{}/", to.pages),
    )
    .replace(
        &format!("{}::", from.crate_name()),
        &format!("{}::", to.crate_name()),
    )
    .replace(
        &format!("FHIR {}: <", from.title),
        &format!("FHIR {}: <", to.title),
    )
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: PathBuf, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}
