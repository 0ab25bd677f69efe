//! The source file of each type.
//!
//! Everything but the sentences comes from the tables. The sentences come from a file that has them
//! already: that of the type itself, or that of another version; what no file says is marked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::elements::{ElementRow, ElementTable, TypeRow, VALUE_SETS};
use crate::layout::{attribute, capital, comment, snake_case, use_list};
use crate::{Result, Version, Words};

/// What stands where a sentence is to be written.
pub const UNWRITTEN: &str = "TO BE WRITTEN.";

/// Fields that hold a box, because their types contain each other.
const BOXED: [(&str, &str); 2] = [("Identifier", "assigner"), ("Reference", "identifier")];

/// Fields of DSTU2 that hold a box, because few series have them and there may be many.
const BOXED_IN_DSTU2: [(&str, &str); 2] = [
    ("ImagingStudy.series", "bodySite"),
    ("ImagingStudy.series", "laterality"),
];

/// Fields whose values in many elements are the same, and share their memory where they are complex.
const SHARED: [(&str, &str); 1] = [("ImagingStudy.series.instance", "sopClass")];

/// Whether a field holds a value that others share.
pub(crate) fn is_shared(row: &TypeRow, element: &ElementRow, import: &Import) -> bool {
    matches!(import, Import::Crate(_)) && SHARED.contains(&(&row.path, &element.name))
}

/// The sentences of a source file.
#[derive(Debug, Default)]
pub struct Sentences {
    /// The line of code and the lines of documentation of `Type`, `Type.field` and `Type::Variant`.
    of: BTreeMap<String, (String, String)>,
}

impl Sentences {
    /// Those of a file that has the form of the files made here.
    #[must_use]
    pub fn of(source: &str) -> Self {
        let mut sentences = Self::default();
        let mut pending = String::new();
        let mut item = "";
        for line in source.lines() {
            let code = line.trim_start();
            if code.starts_with("///") {
                pending.push_str(line);
                pending.push('\n');
                continue;
            }
            let first_word = |rest: &'static str| {
                let rest = code.strip_prefix(rest)?;
                rest.split([' ', ':', '(']).next()
            };
            let key =
                if let Some(name) = first_word("pub struct ").or_else(|| first_word("pub enum ")) {
                    item = name;
                    name.to_owned()
                } else if let Some(field) = first_word("pub ") {
                    format!("{item}.{field}")
                } else if code.starts_with(|first: char| first.is_ascii_uppercase()) {
                    format!("{item}::{}", first_word("").unwrap_or_default())
                } else {
                    continue;
                };
            let text = std::mem::take(&mut pending);
            if !text.is_empty() {
                sentences.of.insert(key, (code.to_owned(), text));
            }
        }
        sentences
    }

    fn take(&self, key: &str, otherwise: &str, indent: usize) -> String {
        match self.of.get(key) {
            Some((_, text)) => text.clone(),
            None => comment(otherwise, indent),
        }
    }

    /// The sentences of a line of code, unless they were written for another type.
    fn of_line(&self, key: &str, code: &str, otherwise: &str) -> String {
        match self.of.get(key) {
            Some((known, text)) if known == code => text.clone(),
            Some(_) => comment(UNWRITTEN, 4),
            None => comment(otherwise, 4),
        }
    }
}

/// The name of the Rust type at a path.
#[must_use]
pub fn type_name(path: &str) -> String {
    path.split('.').map(capital).collect()
}

/// The name of the source file of a type, without `.rs`.
#[must_use]
pub fn file_name(path: &str) -> String {
    snake_case(&type_name(path))
}

/// A type of Rust, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Import {
    /// Of the prelude.
    None,
    /// Of `imaging_study_core`.
    Core(&'static str),
    /// Of `imaging_study_dicom`.
    Dicom(&'static str),
    /// Of the crate.
    Crate(String),
}

impl Import {
    fn name(&self) -> &str {
        match self {
            Self::None => "bool",
            Self::Core(name) | Self::Dicom(name) => name,
            Self::Crate(name) => name,
        }
    }
}

/// What a version has its source files made from.
#[derive(Clone, Copy, Debug)]
pub struct Structs<'a> {
    /// The version.
    pub version: &'a Version,
    /// Its elements.
    pub elements: &'a ElementTable,
    /// The names of its enums of codes.
    pub words: &'a Words,
    /// Its value sets that are enums.
    pub codes: &'a crate::codes::CodeTable,
}

impl Structs<'_> {
    /// The source file of a type.
    ///
    /// # Errors
    ///
    /// A primitive type that is unknown, an enum without a name.
    pub fn file(&self, row: &TypeRow, sentences: &Sentences) -> Result<String> {
        let name = type_name(&row.path);
        let kind = if row.resource {
            "resource"
        } else if row.path.contains('.') {
            "element"
        } else {
            "data type"
        };
        let mut body = String::new();
        match sentences.of.get(&name) {
            Some((_, text)) => body.push_str(text),
            None => body.push_str(&self.about(row)),
        }
        let _ = writeln!(
            body,
            "#[derive(Clone, Default, PartialEq, Eq, Hash, Element)]\n\
             #[element(name = \"{}\"{})]\npub struct {name} {{",
            row.path,
            if row.resource { ", resource" } else { "" }
        );
        let mut enums = String::new();
        for element in &row.elements {
            self.field(row, element, sentences, &mut body)?;
            if element.choice() {
                self.choice(row, element, sentences, &mut enums)?;
            }
        }
        body.push_str("}\n");
        let imports = self.imports(row)?;
        Ok(format!(
            "//! The `{}` {kind}.\n\n{imports}\n{body}{enums}",
            row.path
        ))
    }

    /// The documentation of a type that nobody has written any for.
    fn about(&self, row: &TypeRow) -> String {
        let page = if row.path.starts_with("ImagingStudy") {
            format!("imagingstudy-definitions.html#{}", row.path)
        } else {
            format!("datatypes-definitions.html#{}", row.path)
        };
        format!(
            "/// {UNWRITTEN}\n///\n/// FHIR {}: <https://hl7.org/fhir/{}/{page}>\n",
            self.version.title, self.version.pages
        )
    }

    fn field(
        &self,
        row: &TypeRow,
        element: &ElementRow,
        sentences: &Sentences,
        out: &mut String,
    ) -> Result<()> {
        let name = type_name(&row.path);
        let field = field_name(element);
        let otherwise = match field.as_str() {
            "id" => "Id for references to this element from within the resource.",
            "extension" => "Additional content that the standard type has no element for.",
            "modifier_extension" => {
                "Extensions that change the meaning of what holds them; whoever does not know one of \
                 them must not use the element."
            }
            _ => UNWRITTEN,
        };
        let shape = if element.choice() {
            format!("Option<{}>", choice_name(row, element))
        } else {
            let import = self.import(row, element, element.types.first())?;
            let inner = import.name();
            match (&import, element.many) {
                (_, _) if element.attribute => format!("Option<{inner}>"),
                (Import::Crate(_), false) if !self.is_enum(element) => {
                    let place = (&*row.path, &*element.name);
                    let is_dstu2 = self.version.name == "dstu2";
                    if BOXED.contains(&place) || (is_dstu2 && BOXED_IN_DSTU2.contains(&place)) {
                        format!("Option<Box<{inner}>>")
                    } else if is_shared(row, element, &import) {
                        format!("Option<Shared<{inner}>>")
                    } else {
                        format!("Option<{inner}>")
                    }
                }
                (Import::Crate(_), true) if !self.is_enum(element) => format!("Vec<{inner}>"),
                (Import::Core("Resource"), _) => format!("Vec<{inner}>"),
                (_, true) => format!("Vec<Primitive<{inner}>>"),
                (_, false) => format!("Primitive<{inner}>"),
            }
        };
        let code = format!("pub {field}: {shape},");
        out.push_str(&sentences.of_line(&format!("{name}.{field}"), &code, otherwise));
        out.push_str(&attribute(&self.arguments(element)));
        let _ = writeln!(out, "    {code}");
        if field == "id" && self.version.name == "dstu2" {
            out.push_str(&sentences.take(
                &format!("{name}.fhir_comments"),
                "The comments before the element in XML, `fhir_comments` in JSON.",
                4,
            ));
            out.push_str("    #[element(comments)]\n    pub fhir_comments: Vec<FhirString>,\n");
        }
        Ok(())
    }

    /// What the attribute of a field says.
    fn arguments(&self, element: &ElementRow) -> Vec<String> {
        let mut arguments = Vec::new();
        if element.min > 0 {
            arguments.push(format!("min = {}", element.min));
        }
        if element.choice() {
            arguments.push("choice".to_owned());
        }
        if !element.targets.is_empty() {
            arguments.push(format!("targets = \"{}\"", element.targets.join(" ")));
        }
        if element.modifier {
            arguments.push("modifier".to_owned());
        }
        if element.summary {
            arguments.push("summary".to_owned());
        }
        if let Some((strength, url)) = &element.binding
            && !self.is_enum(element)
        {
            arguments.push(format!("{strength} = \"{url}\""));
        }
        arguments
    }

    fn choice(
        &self,
        row: &TypeRow,
        element: &ElementRow,
        sentences: &Sentences,
        out: &mut String,
    ) -> Result<()> {
        let name = choice_name(row, element);
        let field = field_name(element);
        let about = format!(
            "What [`{}::{field}`] can hold: `{}`.",
            type_name(&row.path),
            element.name
        );
        out.push('\n');
        out.push_str(&sentences.take(&name, &about, 0));
        let _ = writeln!(
            out,
            "#[derive(Clone, Debug, PartialEq, Eq, Hash, Choice)]\npub enum {name} {{"
        );
        for type_ in &element.types {
            let variant = capital(type_);
            let about = format!("`{}{variant}`.", element.stem());
            out.push_str(&sentences.take(&format!("{name}::{variant}"), &about, 4));
            let import = self.import(row, element, Some(type_))?;
            let inner = import.name();
            let _ = match import {
                Import::Crate(_) => writeln!(out, "    {variant}(Box<{inner}>),"),
                _ => writeln!(out, "    {variant}(Primitive<{inner}>),"),
            };
        }
        out.push_str("}\n");
        Ok(())
    }

    fn imports(&self, row: &TypeRow) -> Result<String> {
        let mut core = BTreeSet::new();
        let mut dicom = BTreeSet::new();
        let mut own = BTreeSet::new();
        let mut choice = false;
        if self.version.name == "dstu2" {
            core.insert("FhirString".to_owned());
        }
        for element in &row.elements {
            choice |= element.choice();
            for type_ in &element.types {
                let import = self.import(row, element, Some(type_))?;
                let complex = matches!(import, Import::Crate(_)) && !self.is_enum(element);
                if !complex && !element.attribute && import != Import::Core("Resource") {
                    own.insert("Primitive".to_owned());
                }
                if is_shared(row, element, &import) {
                    core.insert("Shared".to_owned());
                }
                match import {
                    Import::None => {}
                    Import::Core(name) => drop(core.insert(name.to_owned())),
                    Import::Dicom(name) => drop(dicom.insert(name.to_owned())),
                    Import::Crate(name) => drop(own.insert(name)),
                }
            }
        }
        own.remove(&type_name(&row.path));
        let derive = if choice {
            "use imaging_study_derive::{Choice, Element};\n"
        } else {
            "use imaging_study_derive::Element;\n"
        };
        let list = |prefix: &str, names: BTreeSet<String>| {
            if names.is_empty() {
                String::new()
            } else {
                use_list(prefix, &Vec::from_iter(names))
            }
        };
        let own = list("use crate::", own);
        Ok(format!(
            "{}{derive}{}\n{own}",
            list("use imaging_study_core::", core),
            list("use imaging_study_dicom::", dicom)
        ))
    }

    /// Whether the codes of an element are an enum.
    fn is_enum(&self, element: &ElementRow) -> bool {
        self.value_set(element).is_some()
    }

    fn value_set<'a>(&self, element: &'a ElementRow) -> Option<&'a str> {
        let (strength, url) = element.binding.as_ref()?;
        let name = url.strip_prefix(VALUE_SETS)?;
        let plain_code = matches!(element.types.as_slice(), [only] if only == "code");
        (strength == "required" && plain_code && self.codes.has(name)).then_some(name)
    }

    /// The Rust type of one of the types of an element.
    pub(crate) fn import(
        &self,
        row: &TypeRow,
        element: &ElementRow,
        type_: Option<&String>,
    ) -> Result<Import> {
        let type_ = type_.map_or("", String::as_str);
        if let Some(value_set) = self.value_set(element) {
            return Ok(Import::Crate(self.words.of_set(value_set)?.0.to_owned()));
        }
        if row.path.starts_with("ImagingStudy") {
            // What HL7 types as an id or an oid is a DICOM UID.
            match (element.name.as_str(), type_) {
                ("uid", "id") => return Ok(Import::Dicom("RawUid")),
                ("uid" | "sopClass", "oid") => return Ok(Import::Dicom("RawUrnOid")),
                _ => {}
            }
        }
        if row.resource && element.name == "id" {
            return Ok(Import::Core("Id"));
        }
        if element.attribute {
            return Ok(Import::Core(match element.name.as_str() {
                "url" => "Uri",
                _ => "FhirString",
            }));
        }
        if matches!(type_, "BackboneElement" | "Element") {
            let path = format!("{}.{}", row.path, element.stem());
            return Ok(Import::Crate(type_name(&path)));
        }
        if type_.starts_with(|first: char| first.is_ascii_uppercase()) && type_ != "Resource" {
            return Ok(Import::Crate(type_.to_owned()));
        }
        Ok(match type_ {
            "boolean" => Import::None,
            "base64Binary" => Import::Core("Base64Binary"),
            "canonical" => Import::Core("Canonical"),
            "code" => Import::Core("Code"),
            "date" => Import::Core("Date"),
            "dateTime" => Import::Core("DateTime"),
            "decimal" => Import::Core("Decimal"),
            "id" => Import::Core("Id"),
            "instant" => Import::Core("Instant"),
            "integer" => Import::Core("Integer"),
            "integer64" => Import::Core("Integer64"),
            "markdown" => Import::Core("Markdown"),
            "oid" => Import::Core("Oid"),
            "positiveInt" => Import::Core("PositiveInt"),
            "string" => Import::Core("FhirString"),
            "time" => Import::Core("Time"),
            "unsignedInt" => Import::Core("UnsignedInt"),
            "uri" => Import::Core("Uri"),
            "url" => Import::Core("Url"),
            "uuid" => Import::Core("Uuid"),
            "xhtml" => Import::Core("Xhtml"),
            "Resource" => Import::Core("Resource"),
            other => return Err(format!("{}.{}: no type {other}", row.path, element.name)),
        })
    }
}

/// The name of the enum of a choice.
pub(crate) fn choice_name(row: &TypeRow, element: &ElementRow) -> String {
    type_name(&row.path) + &capital(element.stem())
}

fn field_name(element: &ElementRow) -> String {
    let name = snake_case(element.stem());
    match name.as_str() {
        "abstract" | "as" | "for" | "in" | "match" | "mod" | "ref" | "type" | "use" | "where" => {
            name + "_"
        }
        _ => name,
    }
}
