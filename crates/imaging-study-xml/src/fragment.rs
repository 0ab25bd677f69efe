//! Elements that are kept as markup: narrative, and what a version does not define.

use std::ops::Range;

use imaging_study_core::{Limits, ReadError};

use crate::encoding::Encoding;
use crate::escape::write_attribute;
use crate::events::{Event, Events, Tag};
use crate::namespaces::Namespace;

/// An element that was read over: where it stands, and what it takes from around it.
#[derive(Debug)]
pub(crate) struct Fragment<'a> {
    pub(crate) root: Tag<'a>,
    /// Where its end tag ends.
    end: usize,
    /// The prefixes that its root declares.
    declared: Vec<&'a str>,
    /// The prefixes that it uses and that are declared outside; the empty one for names without.
    outer: Vec<&'a str>,
    /// The prefix of the root and its colon, wherever an element repeats it.
    prefixes: Vec<Range<usize>>,
    /// Whether names without the prefix would change their meaning if the prefix were dropped.
    prefix_needed: bool,
    /// Whether an element is in no namespace, since no default is declared.
    bare: bool,
}

/// Reads over a text that is one element and nothing else; returns its tag, and whether an element
/// in it is in no namespace.
pub(crate) fn single(text: &str) -> Result<(Tag<'_>, bool), NotSingle> {
    let limits = Limits::default();
    // What is written around it, and added to it, counts when it is read again.
    let limits = Limits {
        attributes: limits.attributes - 1,
        namespaces: limits.namespaces - 2,
        ..limits
    };
    let mut events = Events::new(text, Encoding::Text, limits);
    let root = events.root(&mut Vec::new())?;
    if root.offset > 0 {
        return Err(surplus(text, 0));
    }
    let fragment = events.fragment(root)?;
    if fragment.end < text.len() {
        return Err(surplus(text, fragment.end));
    }
    events.finish()?;
    Ok((root, fragment.bare))
}

/// Why a text is not one element and nothing else.
#[derive(Debug)]
pub(crate) enum NotSingle {
    /// Something stands outside of the element.
    Surplus { what: &'static str, offset: usize },
    /// It is no well-formed element.
    IllFormed(ReadError),
}

impl From<ReadError> for NotSingle {
    fn from(error: ReadError) -> Self {
        Self::IllFormed(error)
    }
}

/// The error for what stands at an offset, outside of the element.
#[cold]
fn surplus(text: &str, offset: usize) -> NotSingle {
    let what = match text.get(offset..).unwrap_or_default() {
        rest if rest.starts_with("<!--") => "a comment",
        rest if rest.starts_with("<?xml ") => "an XML declaration",
        rest if rest.starts_with("<?") => "a processing instruction",
        rest if rest.starts_with("<!") => "a document type declaration",
        rest if rest.starts_with('<') => "a second element",
        _ => "text",
    };
    NotSingle::Surplus { what, offset }
}

impl<'a> Events<'a> {
    /// Reads over an element, checking that it is well-formed.
    pub(crate) fn fragment(&mut self, root: Tag<'a>) -> Result<Fragment<'a>, ReadError> {
        let mut fragment = Fragment {
            root,
            end: self.position,
            declared: declared_prefixes(&root)?,
            outer: Vec::new(),
            prefixes: Vec::new(),
            prefix_needed: false,
            bare: false,
        };
        let outside = self.open - usize::from(!root.empty);
        self.fragment_tag(&root, outside, &mut fragment)?;
        while self.open > outside {
            match self.next()? {
                Event::Start => {
                    let tag = self.tag;
                    self.fragment_tag(&tag, outside, &mut fragment)?;
                }
                Event::End => fragment.note_prefix(self, self.start + 2),
                Event::Text => self.check_text()?,
                Event::EndOfInput => {
                    return Err(self.syntax("an end tag", "the end of the input"));
                }
                Event::Reference | Event::CData | Event::Comment => {}
            }
        }
        fragment.end = self.position;
        Ok(fragment)
    }

    fn fragment_tag(
        &mut self,
        tag: &Tag<'a>,
        outside: usize,
        fragment: &mut Fragment<'a>,
    ) -> Result<(), ReadError> {
        let inner = tag.offset != fragment.root.offset;
        fragment.use_prefix(self, tag.prefix, outside);
        fragment.note_prefix(self, tag.offset + 1);
        fragment.prefix_needed |= tag.prefix.is_empty() && !fragment.root.prefix.is_empty();
        let mut prefixes = Vec::new();
        self.check_attributes(tag, |attribute| {
            attribute.value()?;
            let (prefix, _) = attribute.prefix_and_local();
            if !prefix.is_empty() {
                prefixes.push(prefix);
            }
            Ok(())
        })?;
        for prefix in prefixes {
            fragment.use_prefix(self, prefix, outside);
            fragment.prefix_needed |= prefix == fragment.root.prefix;
        }
        if !fragment.root.prefix.is_empty() {
            for prefix in declared_prefixes(tag)? {
                fragment.prefix_needed |=
                    prefix.is_empty() || (inner && prefix == fragment.root.prefix);
            }
        }
        Ok(())
    }
}

impl<'a> Fragment<'a> {
    /// Notes that a prefix is used, if it is declared outside.
    fn use_prefix(&mut self, events: &Events<'a>, prefix: &'a str, outside: usize) {
        let binding = events.namespaces.binding(prefix);
        self.bare |= prefix.is_empty() && binding.is_none();
        // What the root repeats of the declarations outside is its own too.
        let outer = binding.is_some_and(|binding| binding.depth <= outside);
        if outer && !self.declared.contains(&prefix) && !self.outer.contains(&prefix) {
            self.outer.push(prefix);
        }
    }

    /// Notes where an element has the prefix of the root: its name stands at an offset.
    fn note_prefix(&mut self, events: &Events<'a>, name: usize) {
        let length = self.root.prefix.len() + 1;
        if self.root.prefix.is_empty() {
            return;
        }
        let prefixed = events
            .slice(name, events.position)
            .strip_prefix(self.root.prefix);
        if prefixed.is_some_and(|rest| rest.starts_with(':')) {
            self.prefixes.push(name..name + length);
        }
    }

    /// Whether it uses no prefix that is declared outside.
    pub(crate) fn stands_for_itself(&self) -> bool {
        self.outer.is_empty()
    }

    /// The element as it is spelled.
    pub(crate) fn raw(&self, events: &Events<'a>) -> &'a str {
        events.slice(self.root.offset, self.end)
    }

    /// The element, with the declarations that it needs when it stands where names without prefix
    /// are in the namespace `around`. A prefix that stands for `home` is spelled without, so that
    /// every spelling of one element becomes the same text.
    pub(crate) fn self_contained(
        &self,
        events: &Events<'a>,
        home: Namespace,
        around: Namespace,
    ) -> Result<String, ReadError> {
        let raw = self.raw(events);
        let root = &self.root;
        let drop_prefix = !root.prefix.is_empty() && root.namespace == home && !self.prefix_needed;
        let mut cuts: Vec<Range<usize>> = Vec::new();
        let mut declarations = String::new();
        if drop_prefix {
            cuts.clone_from(&self.prefixes);
            if home != around {
                declare(&mut declarations, "", home.uri());
            }
            let mut attributes = root.attributes;
            let mut end = attributes.position();
            while let Some(attribute) = attributes.next()? {
                let position = attributes.position();
                if attribute.declared_prefix() == Some(root.prefix) {
                    cuts.push(end..position);
                }
                end = position;
            }
            cuts.sort_unstable_by_key(|cut| cut.start);
        }
        if self.bare && around != Namespace::None && !self.declared.contains(&"") {
            declare(&mut declarations, "", "");
        }
        for prefix in &self.outer {
            let dropped = drop_prefix && *prefix == root.prefix;
            let default = prefix.is_empty() && events.namespaces.default() == around;
            if !dropped
                && !default
                && let Some(binding) = events.namespaces.binding(prefix)
            {
                declare(&mut declarations, prefix, &binding.uri);
            }
        }
        let mut text = String::with_capacity(raw.len() + declarations.len());
        let mut from = root.offset;
        let name_end = root.attributes.position();
        let mut declarations = Some(declarations);
        for cut in cuts.into_iter().chain(std::iter::once(self.end..self.end)) {
            if cut.start >= name_end
                && let Some(declarations) = declarations.take()
            {
                text.push_str(events.slice(from, name_end));
                text.push_str(&declarations);
                from = name_end;
            }
            text.push_str(events.slice(from, cut.start));
            from = cut.end;
        }
        Ok(text)
    }
}

/// The prefixes that a tag declares.
pub(crate) fn declared_prefixes<'a>(tag: &Tag<'a>) -> Result<Vec<&'a str>, ReadError> {
    let mut declared = Vec::new();
    let mut attributes = tag.attributes;
    while let Some(attribute) = attributes.next()? {
        declared.extend(attribute.declared_prefix());
    }
    Ok(declared)
}

/// Appends the declaration of a namespace.
fn declare(out: &mut String, prefix: &str, uri: &str) {
    out.push_str(" xmlns");
    if !prefix.is_empty() {
        out.push(':');
        out.push_str(prefix);
    }
    out.push_str("=\"");
    write_attribute(out, uri);
    out.push('"');
}
