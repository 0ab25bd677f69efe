//! What is committed is what the tools make from the tables.

use std::fs;
use std::path::Path;

use imaging_study_devtools::definitions::DefinitionTable;
use imaging_study_devtools::structs::{Sentences, Structs, UNWRITTEN, file_name};
use imaging_study_devtools::{VERSIONS, Words, library};

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Fails with the first line that differs.
fn assert_same(path: &Path, made: &str) {
    let present = read(path);
    if present != made {
        let lines = present.lines().zip(made.lines()).enumerate();
        for (index, (present, made)) in lines {
            assert_eq!(present, made, "{}:{}", path.display(), index + 1);
        }
        panic!("{}: the length differs", path.display());
    }
}

#[test]
fn tables_are_printed_as_they_were_read() {
    for version in VERSIONS {
        let elements = version.elements().expect("elements");
        assert_same(&version.table("elements"), &elements.print(&version));
        let codes = version.codes().expect("codes");
        assert_same(&version.table("codes"), &codes.print(&version));
        let search = version.search().expect("search parameters");
        assert_same(&version.table("search"), &search.print(&version));
    }
}

/// Every type that an element names is there, and the text is as it would be made.
#[test]
fn definitions_are_whole_and_their_own_source() {
    for version in VERSIONS {
        let path = version.sources().join("definitions.txt");
        let definitions = DefinitionTable::parse(&read(&path)).expect("definitions");
        assert!(definitions.missing().is_empty(), "{}", version.name);
        assert_same(&path, &definitions.print(&version));
    }
}

/// Both tables of a version say the same of the types that both have: names, order, number, types.
#[test]
fn definitions_agree_with_the_elements() {
    for version in VERSIONS {
        let path = version.sources().join("definitions.txt");
        let definitions = DefinitionTable::parse(&read(&path)).expect("definitions");
        for row in &version.elements().expect("elements").types {
            let defined = definitions.elements(&row.path);
            let names = |many: bool, name: &str| format!("{name}{}", if many { "*" } else { "" });
            let defined: Vec<_> = defined
                .iter()
                .map(|word| names(word.many, &word.name))
                .collect();
            let listed: Vec<_> = row
                .elements
                .iter()
                .map(|element| names(element.many, &element.name))
                .collect();
            assert_eq!(defined, listed, "{} {}", version.name, row.path);
        }
    }
}

#[test]
fn code_lists_are_those_of_the_tables() {
    let words = Words::of_codes().expect("words");
    for version in VERSIONS {
        let folder = version.sources().join("codes");
        let codes = version.codes().expect("codes");
        let files = codes.files(&version, &words).expect("files");
        for (name, made) in &files {
            assert_same(&folder.join(name), made);
        }
        let present = fs::read_dir(&folder).expect("a folder").count();
        assert_eq!(present, files.len(), "{}", folder.display());
    }
}

/// Every type of every version is written as the tables say; only the sentences are its own.
#[test]
fn types_are_those_of_the_tables() {
    let words = Words::of_codes().expect("words");
    for version in VERSIONS {
        let (elements, codes) = (version.elements(), version.codes());
        let (elements, codes) = (elements.expect("elements"), codes.expect("codes"));
        let structs = Structs {
            version: &version,
            elements: &elements,
            words: &words,
            codes: &codes,
        };
        for row in &elements.types {
            let path = version.sources().join(file_name(&row.path) + ".rs");
            let sentences = Sentences::of(&read(&path));
            let made = structs.file(row, &sentences).expect("a file");
            assert_same(&path, &made);
            assert!(!made.contains(UNWRITTEN), "{}", path.display());
        }
        // Beside the types: the library, its strategies, the definitions and the codes.
        let present = fs::read_dir(version.sources()).expect("a folder").count();
        assert_eq!(present, elements.types.len() + 4, "{}", version.name);
        let path = version.sources().join("lib.rs");
        assert_same(&path, &library(&structs, &read(&path)).expect("a library"));
    }
}
