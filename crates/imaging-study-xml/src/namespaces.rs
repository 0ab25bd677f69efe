//! Which prefix stands for which namespace (Namespaces in XML 1.0).

use std::borrow::Cow;

use imaging_study_core::{ReadError, ReadErrorKind};

use crate::{FHIR, XHTML};

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The namespace of an element or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Namespace {
    /// None at all.
    None,
    Fhir,
    Xhtml,
    /// That of `xsi:schemaLocation`.
    SchemaInstance,
    Other,
}

impl Namespace {
    /// The URI of one of the namespaces of FHIR; empty for another.
    pub(crate) const fn uri(self) -> &'static str {
        match self {
            Self::Fhir => FHIR,
            Self::Xhtml => XHTML,
            Self::SchemaInstance => SCHEMA_INSTANCE,
            Self::None | Self::Other => "",
        }
    }

    fn of(uri: &str) -> Self {
        match uri {
            "" => Self::None,
            FHIR => Self::Fhir,
            XHTML => Self::Xhtml,
            SCHEMA_INSTANCE => Self::SchemaInstance,
            _ => Self::Other,
        }
    }
}

/// A prefix that stands for a namespace; the empty prefix is the default.
#[derive(Clone, Debug)]
pub(crate) struct Binding<'a> {
    pub(crate) prefix: &'a str,
    pub(crate) uri: Cow<'a, str>,
    namespace: Namespace,
    /// How many elements are open inside the one that declares it, itself included.
    pub(crate) depth: usize,
}

/// The declarations in force.
#[derive(Debug)]
pub(crate) struct Namespaces<'a> {
    bindings: Vec<Binding<'a>>,
    /// The namespace of names without a prefix.
    default: Namespace,
    limit: usize,
}

impl<'a> Namespaces<'a> {
    pub(crate) const fn new(limit: usize) -> Self {
        Self {
            bindings: Vec::new(),
            default: Namespace::None,
            limit,
        }
    }

    /// The namespace of names without a prefix.
    pub(crate) const fn default(&self) -> Namespace {
        self.default
    }

    /// The declaration of a prefix; the default has none until it is declared.
    pub(crate) fn binding(&self, prefix: &str) -> Option<&Binding<'a>> {
        self.bindings
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix)
    }

    /// The namespace of a prefix.
    pub(crate) fn lookup(&self, prefix: &str) -> Option<Namespace> {
        match self.binding(prefix) {
            Some(binding) => Some(binding.namespace),
            None => (prefix == "xml").then_some(Namespace::Other),
        }
    }

    /// Ends the declarations of elements that are no longer open.
    #[inline]
    pub(crate) fn close(&mut self, open: usize) {
        while self.bindings.last().is_some_and(|last| last.depth > open) {
            self.pop();
        }
    }

    #[cold]
    fn pop(&mut self) {
        self.bindings.pop();
        self.default = self.lookup("").unwrap_or(Namespace::None);
    }

    /// Puts a declaration in force.
    pub(crate) fn declare(
        &mut self,
        prefix: &'a str,
        uri: Cow<'a, str>,
        depth: usize,
        offset: usize,
    ) -> Result<(), ReadError> {
        let reserved = match (prefix, &*uri) {
            ("xml", XML) => return Ok(()),
            ("xml" | "xmlns", _) | (_, XML | XMLNS) => true,
            (prefix, uri) => uri.is_empty() && !prefix.is_empty(),
        };
        if reserved {
            let kind = ReadErrorKind::Syntax {
                expected: "a namespace that may be declared",
                found: "a reserved or empty one",
            };
            return Err(ReadError::new(kind, offset));
        }
        let known = self.binding(prefix);
        // A repetition changes nothing, and some programs write one on every element.
        if known.is_some_and(|known| known.uri == uri && known.depth < depth) {
            return Ok(());
        }
        if self.bindings.len() >= self.limit {
            let limit = self.limit;
            return Err(ReadError::new(
                ReadErrorKind::TooManyNamespaces { limit },
                offset,
            ));
        }
        let namespace = Namespace::of(&uri);
        if prefix.is_empty() {
            self.default = namespace;
        }
        self.bindings.push(Binding {
            prefix,
            uri,
            namespace,
            depth,
        });
        Ok(())
    }
}
