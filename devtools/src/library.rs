//! The modules and the public names of a version crate.

use std::collections::BTreeSet;

use crate::Result;
use crate::elements::ElementTable;
use crate::layout::use_list;
use crate::structs::{Import, Structs, choice_name, file_name, is_shared, type_name};

/// What stands behind the lists in every `lib.rs`.
const BEHIND: &str = "/// The FHIR version of every type in this crate.";

/// `lib.rs` with the lists of its modules and public names made anew.
///
/// # Errors
///
/// A file of another form, a primitive type that is unknown.
pub fn library(structs: &Structs<'_>, present: &str) -> Result<String> {
    let (Some(start), Some(end)) = (present.find("\nmod "), present.find(BEHIND)) else {
        return Err(format!("{}: lib.rs has another form", structs.version.name));
    };
    Ok(format!(
        "{}\n{}{}",
        &present[..start],
        lists(structs.elements, structs)?,
        &present[end..]
    ))
}

fn lists(elements: &ElementTable, structs: &Structs<'_>) -> Result<String> {
    let mut modules = BTreeSet::from([("codes".to_owned(), "pub mod codes;\n".to_owned())]);
    let mut uses = BTreeSet::from([("codes".to_owned(), "pub use codes::*;\n".to_owned())]);
    let mut core = BTreeSet::new();
    let mut dicom = BTreeSet::from(["Uid".to_owned()]);
    for row in &elements.types {
        let file = file_name(&row.path);
        modules.insert((file.clone(), format!("mod {file};\n")));
        let mut names = BTreeSet::from([type_name(&row.path)]);
        for element in &row.elements {
            if element.choice() {
                names.insert(choice_name(row, element));
            }
            for type_ in &element.types {
                let import = structs.import(row, element, Some(type_))?;
                if is_shared(row, element, &import) {
                    core.insert("Shared".to_owned());
                }
                match import {
                    Import::Core(name) => drop(core.insert(name.to_owned())),
                    Import::Dicom(name) => drop(dicom.insert(name.to_owned())),
                    Import::None | Import::Crate(_) => {}
                }
            }
        }
        let line = use_list(&format!("pub use {file}::"), &Vec::from_iter(names));
        uses.insert((file, line));
    }
    for (name, names) in [("imaging_study_core", core), ("imaging_study_dicom", dicom)] {
        let line = use_list(&format!("pub use {name}::"), &Vec::from_iter(names));
        uses.insert((name.to_owned(), line));
    }
    let mut out = String::new();
    for (_, line) in modules {
        out.push_str(&line);
    }
    out.push_str("\n#[cfg(feature = \"proptest\")]\npub mod strategy;\n\n");
    for (_, line) in uses {
        out.push_str(&line);
    }
    out.push('\n');
    Ok(out)
}
