//! The tables of `fixtures/spec` and `definitions.txt` from tables of the standard.
//!
//! A folder has five tables, values with tabs between them under a line of names, as they are
//! easily taken out of HL7's definitions:
//!
//! * `elements.tsv`: path, min, max, types, isModifier, isSummary, binding, valueSet and
//!   representation of every element of ImagingStudy and of the data types, in their order;
//! * `all_elements.tsv`: path, min, max, types and representation of those of every resource;
//! * `codes.tsv`: valueset (a URL), system and code of the value sets that are required;
//! * `constraints.tsv`: key, severity and path of the invariants of those types;
//! * `search.tsv`: name, type, expression, xpath, targets and url of the search parameters.
//!
//! `base:X` among the types marks the row of a type itself, `Reference(A,B)` lists targets,
//! `Quantity{X}` names a profile, and `#path` stands for the content at another path.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::Result;
use crate::codes::CodeTable;
use crate::definitions::{DefinitionTable, ElementWord, TypeLine};
use crate::elements::{ElementRow, ElementTable, TypeRow, VALUE_SETS, types};
use crate::search::{SEARCH_PARAMETERS, SearchRow, SearchTable};
use crate::version::read;

/// A row of a table of elements.
struct Row {
    path: String,
    cells: Vec<String>,
}

impl Row {
    /// The path of what holds the element, and its name.
    fn parent(&self) -> Option<(&str, &str)> {
        self.path.rsplit_once('.')
    }

    fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }
}

/// A table, by the names of its columns.
fn table(path: &Path, columns: &[&str]) -> Result<Vec<Row>> {
    let text = read(path)?;
    let mut lines = text.lines();
    let names: Vec<_> = lines.next().unwrap_or_default().split('\t').collect();
    let mut indexes = Vec::new();
    for column in columns {
        let index = names.iter().position(|name| name == column);
        indexes.push(index.ok_or_else(|| format!("{}: no column {column}", path.display()))?);
    }
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells: Vec<_> = line.split('\t').collect();
            let cell = |index: &usize| cells.get(*index).map_or("", |cell| cell).to_owned();
            let cells: Vec<_> = indexes.iter().map(cell).collect();
            Row {
                path: cells.first().cloned().unwrap_or_default(),
                cells,
            }
        })
        .collect())
}

/// The invariants: a line a key, with its severity and the types that have it.
pub fn constraints(folder: &Path) -> Result<String> {
    let rows = table(
        &folder.join("constraints.tsv"),
        &["path", "key", "severity"],
    )?;
    let mut keys: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for row in &rows {
        let key = (row.cell(1), row.cell(2));
        keys.entry(key).or_default().insert(row.path.as_str());
    }
    let lines = keys.into_iter().map(|((key, severity), paths)| {
        let paths: Vec<_> = paths.into_iter().collect();
        format!("{key}\t{severity}\t{}\n", paths.join(" "))
    });
    Ok(lines.collect())
}

/// The elements of ImagingStudy and every data type that it reaches.
///
/// The marks of data types, and those that the table does not know (`?`), are those of `marks`, if
/// it is given.
///
/// # Errors
///
/// A table that cannot be read or understood; a mark that is neither there nor in `marks`.
pub fn elements(folder: &Path, marks: Option<&ElementTable>) -> Result<ElementTable> {
    let path = folder.join("elements.tsv");
    let rows = table(
        &path,
        &[
            "path",
            "min",
            "max",
            "types",
            "representation",
            "isModifier",
            "isSummary",
            "binding",
            "valueSet",
        ],
    )?;
    let mut all = ElementTable::default();
    for row in &rows {
        let Some((parent, name)) = row.parent() else {
            continue;
        };
        let element = element(row, parent, name, marks).ok_or_else(|| {
            format!(
                "{}: not understood: {}",
                path.display(),
                row.cells.join(" ")
            )
        })?;
        match all.types.iter_mut().find(|known| known.path == parent) {
            Some(known) => known.elements.push(element),
            None => all.types.push(TypeRow {
                path: parent.to_owned(),
                resource: parent == "ImagingStudy",
                elements: vec![element],
            }),
        }
    }
    let mut reached = BTreeSet::new();
    reach(&all, "ImagingStudy", &mut reached);
    all.types.retain(|row| reached.contains(&row.path));
    Ok(all)
}

fn element(
    row: &Row,
    parent: &str,
    name: &str,
    marks: Option<&ElementTable>,
) -> Option<ElementRow> {
    let (types, targets) = types(&without_profiles(row.cell(3)))?;
    // An element that the other version does not have is marked as its neighbours are.
    let like = marks
        .and_then(|table| table.type_at(parent))
        .and_then(|known| {
            let same = |element: &&ElementRow| element.name == name;
            known.elements.iter().find(same).or(known.elements.last())
        });
    let mark = |cell: &str, like: Option<bool>| match (cell, like) {
        (_, Some(like)) if !parent.starts_with("ImagingStudy") => Some(like),
        ("1", _) => Some(true),
        ("0", _) => Some(false),
        (_, like) => like,
    };
    let strength = row.cell(7);
    let value_set = row.cell(8).split('|').next().unwrap_or_default();
    Some(ElementRow {
        name: name.to_owned(),
        min: row.cell(1).parse().ok()?,
        many: !matches!(row.cell(2), "0" | "1"),
        types,
        targets,
        attribute: row.cell(4) == "xmlAttr" || (name == "id" && parent != "ImagingStudy"),
        modifier: mark(row.cell(5), like.map(|like| like.modifier))?,
        summary: mark(row.cell(6), like.map(|like| like.summary))?,
        binding: (!strength.is_empty()).then(|| (strength.to_owned(), value_set.to_owned())),
    })
}

fn reach(table: &ElementTable, path: &str, reached: &mut BTreeSet<String>) {
    let Some(row) = table.type_at(path) else {
        return;
    };
    if !reached.insert(path.to_owned()) {
        return;
    }
    for element in &row.elements {
        reach(table, &format!("{path}.{}", element.stem()), reached);
        for name in &element.types {
            // A type of the table that is no type of the standard's lists is a primitive.
            if !matches!(name.as_str(), "Element" | "BackboneElement" | "Resource")
                && name.starts_with(|first: char| first.is_ascii_uppercase())
            {
                reach(table, name, reached);
            }
        }
    }
}

fn without_profiles(types: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in types.chars() {
        match letter {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => {}
            _ => out.push(letter),
        }
    }
    out
}

/// The value sets that are lists of codes and that an element of the table requires.
///
/// # Errors
///
/// A table that cannot be read.
pub fn codes(folder: &Path, elements: &ElementTable) -> Result<CodeTable> {
    let rows = table(&folder.join("codes.tsv"), &["valueset", "system", "code"])?;
    let mut required = BTreeSet::new();
    for element in elements.types.iter().flat_map(|row| &row.elements) {
        if let Some((strength, url)) = &element.binding
            && strength == "required"
            && let Some(name) = url.strip_prefix(VALUE_SETS)
        {
            required.insert(name);
        }
    }
    let mut table = CodeTable::default();
    for row in &rows {
        let Some(name) = row.path.strip_prefix(VALUE_SETS) else {
            continue;
        };
        if !required.contains(name) {
            continue;
        }
        let code = row.cell(2).to_owned();
        match table.sets.iter_mut().find(|(known, _)| known == name) {
            // A code of two systems is one code.
            Some((_, codes)) if codes.contains(&code) => {}
            Some((_, codes)) => codes.push(code),
            None => table.sets.push((name.to_owned(), vec![code])),
        }
    }
    // A value set of everything in a code system has one row that is no code.
    table
        .sets
        .retain(|(_, codes)| codes.iter().all(|code| is_code(code)));
    table.sets.sort();
    Ok(table)
}

/// The search parameters of ImagingStudy, and those of every resource. Where there is no expression,
/// the XPath says the same.
///
/// # Errors
///
/// A table that cannot be read.
pub fn search(folder: &Path) -> Result<SearchTable> {
    let columns = ["name", "type", "expression", "xpath", "targets", "url"];
    let rows = table(&folder.join("search.tsv"), &columns)?;
    let mut table = SearchTable::default();
    for row in &rows {
        let mut targets: Vec<_> = row.cell(4).split(',').map(str::to_owned).collect();
        targets.retain(|target| !target.is_empty());
        targets.sort();
        let url = row.cell(5);
        table.rows.push(SearchRow {
            name: row.path.clone(),
            kind: row.cell(1).to_owned(),
            targets,
            url: url
                .strip_prefix(SEARCH_PARAMETERS)
                .unwrap_or(url)
                .to_owned(),
            expression: match row.cell(2) {
                "" => row.cell(3).replace("/f:", ".").replace("f:", ""),
                expression => expression.to_owned(),
            },
        });
    }
    table.rows.sort();
    Ok(table)
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && !code.contains(['*', ' ', '('])
}

/// Every type of the version.
///
/// # Errors
///
/// A table that cannot be read or understood; elements without an order, or a type without those of
/// its base.
pub fn definitions(folder: &Path) -> Result<DefinitionTable> {
    let columns = ["path", "min", "max", "types", "representation"];
    let mut full = DefinitionTable::default();
    let mut roots: Vec<String> = Vec::new();
    for name in ["all_elements.tsv", "elements.tsv"] {
        let path = folder.join(name);
        let rows = table(&path, &columns)?;
        let known: BTreeSet<_> = roots.drain(..).collect();
        let mut profiles = BTreeSet::new();
        for row in &rows {
            let root = row.path.split('.').next().unwrap_or_default();
            if known.contains(root) || profiles.contains(root) || !is_type(root) {
                continue;
            }
            if row.cell(4).starts_with("ORDER") {
                return Err(format!("{}: {} has no order", path.display(), row.path));
            }
            let Some((parent, name)) = row.parent() else {
                // DSTU2 has profiles of Quantity among its types.
                if row.cell(3) == "Quantity" {
                    profiles.insert(root);
                    continue;
                }
                roots.push(row.path.clone());
                let base = row.cell(3).trim_start_matches("base:");
                full.types.insert(
                    row.path.clone(),
                    TypeLine {
                        base: Some(base.to_owned()).filter(|base| is_type(base)),
                        elements: Vec::new(),
                    },
                );
                continue;
            };
            let element = word(row, name)
                .ok_or_else(|| format!("{}: not understood: {}", path.display(), row.path))?;
            if let [only] = element.types.as_slice()
                && matches!(only.as_str(), "Element" | "BackboneElement")
            {
                let base = Some(only.clone()).filter(|only| only == "Element");
                let elements = Vec::new();
                let own = format!("{parent}.{name}");
                full.types.insert(own, TypeLine { base, elements });
            }
            let row = full
                .types
                .get_mut(parent)
                .ok_or_else(|| format!("{}: {parent} has no row", path.display()))?;
            row.elements.push(element);
        }
        roots.extend(known);
    }
    added(&full)
}

fn is_type(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && !matches!(name, "Base" | "PrimitiveType")
}

fn word(row: &Row, name: &str) -> Option<ElementWord> {
    let attribute = row.cell(4) == "xmlAttr";
    let types = match row.cell(3).strip_prefix('#') {
        Some(path) => vec![path.to_owned()],
        // Texts of every version: the earliest say id, and so do some of the later tables.
        None if attribute && name == "id" => vec!["string".to_owned()],
        None => types(&without_profiles(row.cell(3)))?.0,
    };
    Some(ElementWord {
        name: name.to_owned(),
        many: !matches!(row.cell(2), "0" | "1"),
        attribute,
        types,
    })
}

/// Each type with what it adds to its base alone.
fn added(full: &DefinitionTable) -> Result<DefinitionTable> {
    let mut table = full.clone();
    for (name, row) in &mut table.types {
        let base = match &row.base {
            Some(base) => base.as_str(),
            None if name.contains('.') => "BackboneElement",
            None => continue,
        };
        let inherited = full.types.get(base).map_or(&[][..], |base| &base.elements);
        let mut own = row.elements.iter();
        if inherited
            .iter()
            .any(|element| own.next().map(|own| &own.name) != Some(&element.name))
        {
            return Err(format!("{name} does not begin with the elements of {base}"));
        }
        row.elements.drain(..inherited.len());
        for element in &mut row.elements {
            if let [only] = element.types.as_slice()
                && matches!(only.as_str(), "Element" | "BackboneElement")
            {
                element.types.clear();
            }
        }
    }
    Ok(table)
}
