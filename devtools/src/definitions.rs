//! `definitions.txt`: every type of a version in a compact form, which is its own source.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::{Result, Version};

/// Types of which there are no instances.
const ABSTRACT: [&str; 8] = [
    "BackboneElement",
    "BackboneType",
    "CanonicalResource",
    "DataType",
    "DomainResource",
    "Element",
    "MetadataResource",
    "Resource",
];

/// Short names of types that occur often.
const SHORT: [(&str, &str); 13] = [
    ("b", "boolean"),
    ("c", "code"),
    ("m", "markdown"),
    ("p", "positiveInt"),
    ("s", "string"),
    ("t", "dateTime"),
    ("C", "CodeableConcept"),
    ("CD", "ContactDetail"),
    ("CR", "CodeableReference"),
    ("I", "Identifier"),
    ("P", "Period"),
    ("Q", "Quantity"),
    ("R", "Reference"),
];

/// Lists of types that get a short name are at least so long.
const LONG_LIST: usize = 30;

/// The types of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DefinitionTable {
    /// By name.
    pub types: BTreeMap<String, TypeLine>,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeLine {
    /// The type whose elements come first; none is a BackboneElement at a path, and the root else.
    pub base: Option<String>,
    /// What it adds to its base.
    pub elements: Vec<ElementWord>,
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementWord {
    /// E.g. `status` or `value[x]`.
    pub name: String,
    /// Whether it repeats.
    pub many: bool,
    /// Whether XML writes it as an attribute.
    pub attribute: bool,
    /// Its types; empty for the type that its path names.
    pub types: Vec<String>,
}

impl DefinitionTable {
    /// Reads a `definitions.txt`.
    ///
    /// # Errors
    ///
    /// A line that the format does not have.
    pub fn parse(text: &str) -> Result<Self> {
        let mut short: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut table = Self::default();
        for line in text.lines() {
            let wrong = || format!("not understood: {line}");
            if line.starts_with('#') {
                continue;
            }
            if let Some(line) = line.strip_prefix('=') {
                let (name, types) = line.split_once(' ').ok_or_else(wrong)?;
                short.insert(name, types.split('|').map(str::to_owned).collect());
                continue;
            }
            let mut words = line.split(' ');
            let head = words.next().ok_or_else(wrong)?;
            let (name, base) = match head.split_once('<') {
                Some((name, base)) => (name, Some(base.to_owned())),
                None => (head, None),
            };
            let elements = words
                .filter(|word| *word != "abstract")
                .map(|word| ElementWord::parse(word, &short).ok_or_else(wrong))
                .collect::<Result<_>>()?;
            let row = TypeLine { base, elements };
            table.types.insert(name.to_owned(), row);
        }
        Ok(table)
    }

    /// The text of `definitions.txt`.
    #[must_use]
    pub fn print(&self, version: &Version) -> String {
        let short = self.short();
        let mut text = format!(
            "# Every resource type of FHIR {} ({}) and every type of their elements, a line each.
# Type<Base: the elements of the base come first; a path without a base is a BackboneElement.
# name=type at most once, name*type any number, name[x]=type|type a choice, @name an XML attribute;
# an element without a type has the type that its path names. =X types: X stands for these types.
",
            version.title, version.release
        );
        for (name, types) in &short {
            let _ = writeln!(text, "={name} {}", types.join("|"));
        }
        for (name, row) in &self.types {
            text.push_str(name);
            if let Some(base) = &row.base {
                let _ = write!(text, "<{base}");
            }
            if ABSTRACT.contains(&name.as_str()) {
                text.push_str(" abstract");
            }
            for element in &row.elements {
                let _ = write!(
                    text,
                    " {}{}{}{}",
                    if element.attribute { "@" } else { "" },
                    element.name,
                    if element.many { "*" } else { "=" },
                    shortened(&element.types, &short)
                );
            }
            text.push('\n');
        }
        text
    }

    /// The short names, those of long lists first.
    fn short(&self) -> Vec<(String, Vec<String>)> {
        let all = || self.types.values().flat_map(|row| &row.elements);
        let mut lists: Vec<&Vec<String>> = Vec::new();
        let extension = self.types.get("Extension");
        let values = extension.and_then(|row| row.elements.last());
        for element in values.into_iter().chain(all()) {
            if element.types.len() >= LONG_LIST && !lists.contains(&&element.types) {
                lists.push(&element.types);
            }
        }
        let mut short = Vec::new();
        for (index, list) in lists.into_iter().enumerate() {
            let number = match index {
                0 => String::new(),
                _ => (index + 1).to_string(),
            };
            short.push((format!("*{number}"), list.clone()));
        }
        let used: BTreeSet<&str> = all()
            .flat_map(|element| &element.types)
            .map(String::as_str)
            .collect();
        for (name, stands_for) in SHORT {
            if used.contains(stands_for) {
                short.push((name.to_owned(), vec![stands_for.to_owned()]));
            }
        }
        short
    }

    /// The elements of a type, those of its base first.
    #[must_use]
    pub fn elements(&self, name: &str) -> Vec<&ElementWord> {
        let Some(row) = self.types.get(name) else {
            return Vec::new();
        };
        let base = match &row.base {
            Some(base) => Some(base.as_str()),
            None => name.contains('.').then_some("BackboneElement"),
        };
        let mut elements = base.map(|base| self.elements(base)).unwrap_or_default();
        elements.extend(&row.elements);
        elements
    }

    /// The types that elements name and that stand nowhere.
    #[must_use]
    pub fn missing(&self) -> BTreeSet<&str> {
        let elements = self.types.values().flat_map(|row| &row.elements);
        let bases = self.types.values().filter_map(|row| row.base.as_ref());
        elements
            .flat_map(|element| &element.types)
            .chain(bases)
            .map(String::as_str)
            .filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
            .filter(|name| !self.types.contains_key(*name))
            .collect()
    }

    /// Adds the types that are missing from another version, those at paths below them included.
    pub fn complete_from(&mut self, other: &Self) {
        loop {
            let missing: Vec<String> = self.missing().into_iter().map(str::to_owned).collect();
            let mut added = false;
            for (name, row) in &other.types {
                let root = name.split('.').next().unwrap_or(name);
                if missing.iter().any(|missing| missing == root) {
                    self.types.insert(name.clone(), row.clone());
                    added = true;
                }
            }
            if !added {
                return;
            }
        }
    }
}

impl ElementWord {
    fn parse(word: &str, short: &BTreeMap<&str, Vec<String>>) -> Option<Self> {
        let (attribute, word) = match word.strip_prefix('@') {
            Some(word) => (true, word),
            None => (false, word),
        };
        let at = word.find(['=', '*'])?;
        let (name, types) = word.split_at(at);
        let many = types.starts_with('*');
        let types = types.get(1..)?;
        let mut list = Vec::new();
        for one in types.split('|').filter(|one| !one.is_empty()) {
            match short.get(one) {
                Some(types) => list.extend(types.iter().cloned()),
                None => list.push(one.to_owned()),
            }
        }
        Some(Self {
            name: name.to_owned(),
            many,
            attribute,
            types: list,
        })
    }
}

fn shortened(types: &[String], short: &[(String, Vec<String>)]) -> String {
    let name = |types: &[String]| {
        short
            .iter()
            .find_map(|(name, stands_for)| (stands_for == types).then_some(name.as_str()))
    };
    if let Some(name) = name(types) {
        return name.to_owned();
    }
    let types: Vec<_> = types
        .iter()
        .map(|one| name(std::slice::from_ref(one)).unwrap_or(one))
        .collect();
    types.join("|")
}
