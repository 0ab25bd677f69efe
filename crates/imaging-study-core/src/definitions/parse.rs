//! The compact text of a table of types.

use std::sync::Arc;

use super::{ElementDefinition, ElementType, TypeDefinition, Types};
use crate::ScalarType;

/// More bases than any type has; ends a line that is its own base.
const MOST_BASES: usize = 8;

/// The types of a text, sorted by name. A line that is malformed is left out.
pub(super) fn types(text: &'static str) -> Vec<TypeDefinition> {
    let table = Table::new(text);
    let mut bases = Vec::new();
    let define = |(index, line): (usize, &Line)| {
        let (root, elements) = table.elements(index, &mut bases, MOST_BASES)?;
        Some(TypeDefinition {
            name: line.name,
            resource: root == "Resource" && !line.is_abstract,
            elements,
        })
    };
    table.lines.iter().enumerate().filter_map(define).collect()
}

/// A type that others are based on. It is read once, and there are few.
struct Base {
    name: &'static str,
    /// The base that has none itself.
    root: &'static str,
    elements: Vec<ElementDefinition>,
}

/// A line: a type and the elements that it adds to those of its base.
struct Line {
    name: &'static str,
    base: Option<&'static str>,
    /// Whether there are no instances of the type itself.
    is_abstract: bool,
    elements: &'static str,
}

impl Line {
    fn new(line: &'static str) -> Self {
        let (head, elements) = line.split_once(' ').unwrap_or((line, ""));
        let (name, base) = match head.split_once('<') {
            Some((name, base)) => (name, Some(base)),
            None => (head, head.contains('.').then_some("BackboneElement")),
        };
        let (first, rest) = elements.split_once(' ').unwrap_or((elements, ""));
        let is_abstract = first == "abstract";
        Self {
            name,
            base,
            is_abstract,
            elements: if is_abstract { rest } else { elements },
        }
    }
}

#[derive(Default)]
struct Table {
    /// Names that stand for types.
    short: Vec<(&'static str, Types)>,
    lines: Vec<Line>,
}

impl Table {
    fn new(text: &'static str) -> Self {
        let mut table = Self::default();
        for line in text.lines() {
            if let Some(short) = line.strip_prefix('=') {
                if let Some((name, types)) = short.split_once(' ')
                    && let Some(types) = table.several(types)
                {
                    table.short.push((name, types));
                }
            } else if line.starts_with(|first: char| first.is_ascii_uppercase()) {
                table.lines.push(Line::new(line));
            }
        }
        table.lines.sort_by_key(|line| line.name);
        table
    }

    /// The elements of a type, those of its base first, and the base that has none itself.
    fn elements(
        &self,
        index: usize,
        bases: &mut Vec<Base>,
        depth: usize,
    ) -> Option<(&'static str, Vec<ElementDefinition>)> {
        let line = self.lines.get(index)?;
        let mut elements = Vec::new();
        let mut root = line.name;
        if let Some(base) = line.base {
            let base = self.base(base, bases, depth.checked_sub(1)?)?;
            let spaces = line.elements.bytes().filter(|byte| *byte == b' ').count();
            elements.reserve_exact(base.elements.len() + spaces + 1);
            elements.extend_from_slice(&base.elements);
            root = base.root;
        }
        for word in line.elements.split_ascii_whitespace() {
            elements.push(self.element(index, word)?);
        }
        Some((root, elements))
    }

    fn base<'a>(&self, name: &str, bases: &'a mut Vec<Base>, depth: usize) -> Option<&'a Base> {
        if let Some(at) = bases.iter().position(|base| base.name == name) {
            return bases.get(at);
        }
        let index = self
            .lines
            .binary_search_by(|line| line.name.cmp(name))
            .ok()?;
        let (root, elements) = self.elements(index, bases, depth)?;
        bases.push(Base {
            name: self.lines.get(index)?.name,
            root,
            elements,
        });
        bases.last()
    }

    /// The type that the path of an element names. It stands below the line of its parent.
    fn own_type(&self, parent: usize, name: &str) -> Option<Types> {
        let (parent, below) = self.lines.get(parent..)?.split_first()?;
        below
            .iter()
            .map_while(|line| Some((line.name, line.name.strip_prefix(parent.name)?)))
            .find(|(_, rest)| rest.strip_prefix('.') == Some(name))
            .map(|(path, _)| Types::One(ElementType::Type(path)))
    }

    /// `name=type`, `name*type`, `@name=type`, `name[x]=type|type`, or without a type.
    fn element(&self, parent: usize, word: &'static str) -> Option<ElementDefinition> {
        let (attribute, word) = match word.strip_prefix('@') {
            Some(word) => (true, word),
            None => (false, word),
        };
        let at = word.bytes().position(|byte| matches!(byte, b'=' | b'*'))?;
        let (name, types) = word.split_at(at);
        let (many, types) = match types.strip_prefix('*') {
            Some(types) => (true, types),
            None => (false, types.strip_prefix('=')?),
        };
        let (name, choice) = match name.strip_suffix("[x]") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let types = if types.is_empty() {
            self.own_type(parent, name)?
        } else if choice {
            self.several(types)?
        } else {
            self.one(types)?
        };
        (!name.is_empty()).then_some(ElementDefinition {
            name,
            choice,
            many,
            attribute,
            types,
        })
    }

    fn one(&self, text: &'static str) -> Option<Types> {
        match self.short(text) {
            Some(types) => Some(types.clone()),
            None => element_type(text).map(Types::One),
        }
    }

    /// Types with `|` between them. A list that a short name stands for is shared.
    fn several(&self, text: &'static str) -> Option<Types> {
        if !text.contains('|') {
            return self.one(text);
        }
        let mut several = Vec::new();
        for text in text.split('|') {
            match self.short(text) {
                Some(Types::One(one)) => several.push(*one),
                Some(Types::Several(types)) => several.extend_from_slice(types),
                None => several.push(element_type(text)?),
            }
        }
        Some(Types::Several(Arc::from(several)))
    }

    fn short(&self, text: &str) -> Option<&Types> {
        self.short
            .iter()
            .find_map(|(name, types)| name.bytes().eq(text.bytes()).then_some(types))
    }
}

/// Only primitive types begin with a small letter.
fn element_type(name: &'static str) -> Option<ElementType> {
    match name.as_bytes().first()? {
        b'a'..=b'z' => ScalarType::from_name(name).map(ElementType::Scalar),
        _ if name == "Resource" => Some(ElementType::Resource),
        _ => Some(ElementType::Type(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::types;

    /// The elements of a type, as `name`, `name*`, `@name` or `name[x]`, and their types.
    fn elements(text: &'static str, name: &str) -> Option<Vec<String>> {
        let types = types(text);
        let definition = types.iter().find(|definition| definition.name == name)?;
        let elements = definition.elements.iter().map(|element| {
            let names: Vec<_> = element.types().iter().map(|one| one.name()).collect();
            format!(
                "{}{}{}{} {}",
                if element.attribute { "@" } else { "" },
                element.name,
                if element.choice { "[x]" } else { "" },
                if element.many { "*" } else { "" },
                names.join(" ")
            )
        });
        Some(elements.collect())
    }

    #[test]
    fn bases_come_first() {
        let text = "Patient<Resource contact* link*Patient.contact\n\
            Patient.contact name=s\n\
            BackboneElement<Element modifierExtension*Extension\n\
            Element @id=s extension*Extension\n\
            =s string\n\
            Resource id=id";
        assert_eq!(
            elements(text, "Patient.contact"),
            Some(vec![
                "@id string".to_owned(),
                "extension* Extension".to_owned(),
                "modifierExtension* Extension".to_owned(),
                "name string".to_owned(),
            ])
        );
        assert_eq!(
            elements(text, "Patient"),
            Some(vec![
                "id id".to_owned(),
                "contact* Patient.contact".to_owned(),
                "link* Patient.contact".to_owned(),
            ])
        );
    }

    #[test]
    fn short_names_stand_for_types() {
        let text = "=s string\n=* boolean|s\n=both *|Period\n\
            Extension value[x]=* other[x]=Range|both one[x]=s";
        assert_eq!(
            elements(text, "Extension"),
            Some(vec![
                "value[x] boolean string".to_owned(),
                "other[x] Range boolean string Period".to_owned(),
                "one[x] string".to_owned(),
            ])
        );
    }

    #[test]
    fn instances_have_a_type_that_is_not_abstract() {
        let text = "DomainResource<Resource abstract text=Narrative\n\
            Element abstract\n\
            Patient<DomainResource\n\
            Period<Element\n\
            Resource abstract";
        let resources: Vec<_> = types(text)
            .iter()
            .filter(|definition| definition.resource)
            .map(|definition| definition.name)
            .collect();
        assert_eq!(resources, ["Patient"]);
        // An element may be called so.
        assert_eq!(
            elements("Period abstract=boolean", "Period"),
            Some(vec!["abstract boolean".to_owned()])
        );
    }

    #[test]
    fn a_malformed_line_is_no_type() {
        assert_eq!(types("A a=string b*B\nB\n").len(), 2);
        for line in [
            "A<B",
            "A<A",
            "A<B a=s\nB<A b=s",
            "A name",
            "A =string",
            "A [x]=string",
            "A name=text",
            "A own=",
            "A a[x]=string|",
            "A.b c=string",
            "=x text\nA a[x]=x|string",
        ] {
            assert!(types(line).is_empty(), "{line}");
        }
        for text in ["", "\n", "#", "=", "= ", "=x", "=x y", " "] {
            assert!(types(text).is_empty(), "{text}");
        }
    }
}
