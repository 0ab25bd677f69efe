//! The elements of ImagingStudy and its data types: the table of a version.

use std::fmt::Write as _;

use crate::{Result, Version};

/// The URL of a value set of HL7, without its name.
pub const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";

/// The types of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElementTable {
    /// In the order of the table.
    pub types: Vec<TypeRow>,
}

/// A type and its elements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRow {
    /// E.g. `Coding` or `ImagingStudy.series`.
    pub path: String,
    /// Whether it is a resource.
    pub resource: bool,
    /// In the order of the standard.
    pub elements: Vec<ElementRow>,
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementRow {
    /// E.g. `status` or `value[x]`.
    pub name: String,
    /// The least number of occurrences.
    pub min: u8,
    /// Whether it repeats.
    pub many: bool,
    /// Its types, without targets.
    pub types: Vec<String>,
    /// What a reference among the types may point at.
    pub targets: Vec<String>,
    /// Whether XML writes it as an attribute.
    pub attribute: bool,
    /// Whether it can change the meaning of what holds it.
    pub modifier: bool,
    /// Whether it belongs to the summary.
    pub summary: bool,
    /// The strength of its binding and the URL of the value set.
    pub binding: Option<(String, String)>,
}

impl ElementTable {
    /// Reads a table of `fixtures/spec`.
    ///
    /// # Errors
    ///
    /// A line that the format does not have.
    pub fn parse(text: &str) -> Result<Self> {
        let mut table = Self::default();
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(element) = line.strip_prefix("  ") {
                let wrong = || format!("not understood: {line}");
                let element = ElementRow::parse(element).ok_or_else(wrong)?;
                let last = table.types.last_mut().ok_or_else(wrong)?;
                last.elements.push(element);
            } else {
                let path = line.strip_suffix(" resource");
                table.types.push(TypeRow {
                    path: path.unwrap_or(line).to_owned(),
                    resource: path.is_some(),
                    elements: Vec::new(),
                });
            }
        }
        Ok(table)
    }

    /// The text that [`ElementTable::parse`] reads.
    #[must_use]
    pub fn print(&self, version: &Version) -> String {
        let mut text = format!(
            "# Elements of ImagingStudy and every data type it can reach, FHIR {} ({}). Format: README.md.\n",
            version.title, version.release
        );
        for row in &self.types {
            let resource = if row.resource { " resource" } else { "" };
            let _ = writeln!(text, "{}{resource}", row.path);
            for element in &row.elements {
                let _ = writeln!(text, "  {}", element.print());
            }
        }
        text
    }

    /// A type by its path.
    #[must_use]
    pub fn type_at(&self, path: &str) -> Option<&TypeRow> {
        self.types.iter().find(|row| row.path == path)
    }
}

impl ElementRow {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let name = words.next()?.to_owned();
        let (min, max) = words.next()?.split_once("..")?;
        let (types, targets) = types(words.next()?)?;
        let mut row = Self {
            name,
            min: min.parse().ok()?,
            many: max == "*",
            types,
            targets,
            attribute: false,
            modifier: false,
            summary: false,
            binding: None,
        };
        for word in words {
            match word {
                "attribute" => row.attribute = true,
                "modifier" => row.modifier = true,
                "summary" => row.summary = true,
                _ => {
                    let (strength, name) = word.split_once(':')?;
                    let url = if name.is_empty() || name.contains(':') {
                        name.to_owned()
                    } else {
                        format!("{VALUE_SETS}{name}")
                    };
                    row.binding = Some((strength.to_owned(), url));
                }
            }
        }
        Some(row)
    }

    fn print(&self) -> String {
        let types: Vec<_> = self
            .types
            .iter()
            .map(|name| {
                if self.has_targets(name) {
                    format!("{name}({})", self.targets.join(","))
                } else {
                    name.clone()
                }
            })
            .collect();
        let max = if self.many { "*" } else { "1" };
        let mut line = format!("{} {}..{max} {}", self.name, self.min, types.join("|"));
        for (word, said) in [
            (" attribute", self.attribute),
            (" modifier", self.modifier),
            (" summary", self.summary),
        ] {
            if said {
                line.push_str(word);
            }
        }
        if let Some((strength, url)) = &self.binding {
            let name = url.strip_prefix(VALUE_SETS).unwrap_or(url);
            let _ = write!(line, " {strength}:{name}");
        }
        line
    }

    /// Whether the targets are those of a type: of the references, or of the canonicals if there is
    /// no reference among the types.
    fn has_targets(&self, type_: &str) -> bool {
        !self.targets.is_empty()
            && match type_ {
                "Reference" | "CodeableReference" => true,
                "canonical" => !self.types.iter().any(|other| other.ends_with("Reference")),
                _ => false,
            }
    }

    /// The name without the `[x]` of a choice.
    #[must_use]
    pub fn stem(&self) -> &str {
        self.name.strip_suffix("[x]").unwrap_or(&self.name)
    }

    /// Whether it allows several types.
    #[must_use]
    pub fn choice(&self) -> bool {
        self.name.ends_with("[x]")
    }
}

/// Types with `|` between them, `Reference(A,B)` among them, and the targets of the references.
pub(crate) fn types(text: &str) -> Option<(Vec<String>, Vec<String>)> {
    let mut types = Vec::new();
    let mut targets = Vec::new();
    for one in text.split('|') {
        let name = match one.split_once('(') {
            Some((name, listed)) => {
                let listed = listed.strip_suffix(')')?.split(',').map(str::to_owned);
                targets = listed.collect();
                name
            }
            None => one,
        };
        if name.is_empty() {
            return None;
        }
        types.push(name.to_owned());
    }
    Some((types, targets))
}
