//! The events of a document: quick-xml's, checked for everything that makes XML well-formed.
//!
//! quick-xml finds where markup begins and ends, and that end tags match. What it lets pass is
//! checked here: names, characters, references, namespaces, what stands around the root.

use std::io::BufRead;

use imaging_study_core::{Limits, ReadError, ReadErrorKind};
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::events::Event as QuickEvent;
use quick_xml::reader::Reader;

use crate::attributes::{Attribute, Attributes, not_a_reference, reference};
use crate::characters::{first_forbidden, is_blank, is_name, is_white_space};
use crate::encoding::Encoding;
use crate::namespaces::{Namespace, Namespaces};

/// A start tag, or the tag of an empty element.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tag<'a> {
    /// Where its `<` stands.
    pub(crate) offset: usize,
    /// The prefix, empty where there is none.
    pub(crate) prefix: &'a str,
    /// The name behind the prefix.
    pub(crate) name: &'a str,
    pub(crate) namespace: Namespace,
    pub(crate) attributes: Attributes<'a>,
    /// Whether the element ends with this tag.
    pub(crate) empty: bool,
}

/// What came next in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// A start tag, or that of an empty element: [`Events::tag`].
    Start,
    End,
    /// Characters between markup: [`Events::text`].
    Text,
    /// A reference among the characters.
    Reference,
    CData,
    /// A comment: [`Events::comment`].
    Comment,
    /// The document is over.
    EndOfInput,
}

/// A cursor over a document.
pub(crate) struct Events<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    /// Where the event read last begins and ends.
    pub(crate) start: usize,
    pub(crate) position: usize,
    /// The tag read last.
    // Kept here and not handed on from function to function, for it is large.
    pub(crate) tag: Tag<'a>,
    /// Where the first character stands that XML forbids.
    forbidden: usize,
    /// Where the next `xmlns` stands: tags that end before it declare nothing.
    next_declaration: usize,
    pub(crate) namespaces: Namespaces<'a>,
    /// How many elements are open.
    pub(crate) open: usize,
    /// Whether the first tag has been read.
    begun: bool,
    encoding: Encoding,
    attribute_limit: usize,
    /// The names of the attributes of one tag, when there are several.
    names: Vec<&'a str>,
}

impl<'a> Events<'a> {
    /// The events of a text without a byte order mark.
    pub(crate) fn new(text: &'a str, encoding: Encoding, limits: Limits) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        Self {
            reader,
            text,
            start: 0,
            position: 0,
            tag: Tag {
                offset: 0,
                prefix: "",
                name: "",
                namespace: Namespace::None,
                attributes: Attributes::new("", 0),
                empty: true,
            },
            forbidden: first_forbidden(text),
            next_declaration: find_declaration(text, 0),
            namespaces: Namespaces::new(limits.namespaces),
            open: 0,
            begun: false,
            encoding,
            attribute_limit: limits.attributes,
            names: Vec::new(),
        }
    }

    /// The input between two offsets.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        &self.text[from..to]
    }

    /// The input behind the event read last.
    pub(crate) fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.position..]
    }

    /// Goes over the content of the open element, whose tag was read last, to its end tag, with which
    /// the next `length` bytes end; whether that could be done. The same content has been read before.
    pub(crate) fn skip(&mut self, length: usize, name: &str) -> bool {
        let end = self.position + length;
        let content = self.text[self.position..end]
            .strip_suffix('>')
            .and_then(|text| text.strip_suffix(name))
            .and_then(|text| text.strip_suffix("</"));
        let Some(content) = content else { return false };
        if self.forbidden < end || self.next_declaration < end {
            return false;
        }
        self.reader.stream().consume(content.len());
        self.position += content.len();
        true
    }

    /// An error at the event read last.
    #[cold]
    pub(crate) fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError::new(kind, self.start)
    }

    #[cold]
    pub(crate) fn syntax(&self, expected: &'static str, found: &'static str) -> ReadError {
        self.error(ReadErrorKind::Syntax { expected, found })
    }

    /// An error for something that XML allows and FHIR does not.
    #[cold]
    pub(crate) fn not_allowed(&self, what: &'static str) -> ReadError {
        self.error(ReadErrorKind::NotAllowed { what })
    }

    /// The next event.
    #[inline]
    pub(crate) fn next(&mut self) -> Result<Event, ReadError> {
        loop {
            self.namespaces.close(self.open);
            let start = self.position;
            self.start = start;
            let event = self.reader.read_event();
            let end = self.reader.buffer_position() as usize;
            if end > self.forbidden {
                return Err(self.forbidden_character());
            }
            self.position = end;
            return match event {
                Ok(QuickEvent::Empty(_)) => {
                    self.take_tag(start, end - 2, true)?;
                    Ok(Event::Start)
                }
                Ok(QuickEvent::Text(_)) => Ok(Event::Text),
                Ok(QuickEvent::Start(_)) => {
                    self.open += 1;
                    self.take_tag(start, end - 1, false)?;
                    Ok(Event::Start)
                }
                Ok(QuickEvent::End(_)) => {
                    self.open -= 1;
                    Ok(Event::End)
                }
                Ok(other) => match self.other(&other)? {
                    Some(event) => Ok(event),
                    None => continue,
                },
                Err(error) => Err(self.ill_formed(&error)),
            };
        }
    }

    /// The characters of the event read last, as they are spelled.
    pub(crate) fn text(&self) -> &'a str {
        &self.text[self.start..self.position]
    }

    /// The comment read last, without its marks.
    pub(crate) fn comment(&self) -> &'a str {
        &self.text[self.start + 4..self.position - 3]
    }

    /// An event that is rare in FHIR; `None` for what is read over.
    #[cold]
    fn other(&self, event: &QuickEvent<'a>) -> Result<Option<Event>, ReadError> {
        let (start, end) = (self.start, self.position);
        match event {
            QuickEvent::Comment(_) => Ok(Some(Event::Comment)),
            QuickEvent::CData(_) => Ok(Some(Event::CData)),
            QuickEvent::GeneralRef(_) => match reference(&self.text[start + 1..end - 1]) {
                Some(_) => Ok(Some(Event::Reference)),
                None => Err(not_a_reference(start)),
            },
            QuickEvent::Eof => Ok(Some(Event::EndOfInput)),
            QuickEvent::DocType(_) => Err(self.not_allowed("a DOCTYPE")),
            QuickEvent::Decl(_) if start == 0 => self.declaration().map(|()| None),
            QuickEvent::Decl(_) => {
                Err(self.syntax("the XML declaration at the very start", "one behind it"))
            }
            _ => {
                let content = &self.text[start + 2..end - 2];
                let target = content.split(|character: char| character.is_ascii_whitespace());
                let target = target.into_iter().next().unwrap_or_default();
                // Both only tell editors and browsers how to treat the file.
                if matches!(target, "xml-model" | "xml-stylesheet") && !self.begun {
                    return Ok(None);
                }
                Err(self.not_allowed("a processing instruction"))
            }
        }
    }

    /// Checks the XML declaration (XML 1.0, section 2.8).
    fn declaration(&self) -> Result<(), ReadError> {
        let from = self.start + "<?xml".len();
        let mut attributes = Attributes::new(&self.text[from..self.position - 2], from);
        let mut names = ["version", "encoding", "standalone"].into_iter();
        let mut first = true;
        while let Some(attribute) = attributes.next()? {
            let expected = names.find(|name| *name == attribute.name);
            let spelled = attribute.raw();
            let at = |kind| Err(ReadError::new(kind, attribute.value_offset));
            match expected {
                Some("version") if spelled == "1.0" => {}
                Some("version") => {
                    return at(ReadErrorKind::Syntax {
                        expected: "version 1.0 of XML",
                        found: "another version",
                    });
                }
                Some("encoding") if self.encoding.is_called(spelled) => {}
                Some("encoding") => return at(ReadErrorKind::UnsupportedEncoding),
                Some("standalone") if matches!(spelled, "yes" | "no") && !first => {}
                _ => {
                    return Err(ReadError::new(
                        ReadErrorKind::Syntax {
                            expected: "version, encoding and standalone, in this order",
                            found: "another text",
                        },
                        attribute.offset,
                    ));
                }
            }
            if first && expected != Some("version") {
                return Err(self.syntax("a version in the XML declaration", "none"));
            }
            first = false;
        }
        if first {
            return Err(self.syntax("a version in the XML declaration", "none"));
        }
        Ok(())
    }

    /// Takes a tag apart: its name begins behind the `<` at `start`, its attributes end at `end`.
    #[inline]
    fn take_tag(&mut self, start: usize, end: usize, empty: bool) -> Result<(), ReadError> {
        self.begun = true;
        let text = &self.text[start + 1..end];
        let bytes = text.as_bytes();
        let mut length = 0;
        while length < bytes.len() && is_plain(bytes[length]) {
            length += 1;
        }
        let ended = bytes.get(length).copied().is_none_or(is_white_space);
        let letter = bytes.first().is_some_and(u8::is_ascii_alphabetic);
        let (prefix, name) = if ended && letter {
            ("", &text[..length])
        } else {
            self.prefix_and_name(text)?
        };
        if !prefix.is_empty() {
            length = prefix.len() + 1 + name.len();
        } else if !ended {
            length = name.len();
        }
        let attributes = Attributes::new(&text[length..], start + 1 + length);
        if self.next_declaration < end {
            self.declare(attributes, self.open + usize::from(empty), end)?;
        }
        let namespace = if prefix.is_empty() {
            self.namespaces.default()
        } else {
            self.namespaces
                .lookup(prefix)
                .ok_or_else(|| undeclared(start))?
        };
        self.tag = Tag {
            offset: start,
            prefix,
            name,
            namespace,
            attributes,
            empty,
        };
        Ok(())
    }

    /// The prefix and the name of a tag that is not spelled in ASCII letters alone.
    #[cold]
    fn prefix_and_name(&self, text: &'a str) -> Result<(&'a str, &'a str), ReadError> {
        let end = text.bytes().position(is_white_space).unwrap_or(text.len());
        let whole = &text[..end];
        let (prefix, name) = whole.split_once(':').unwrap_or(("", whole));
        let prefixed = whole.len() > name.len();
        if is_name(name) && (!prefixed || is_name(prefix)) {
            return Ok((prefix, name));
        }
        Err(self.syntax("the name of an element", "another text"))
    }

    /// Puts the namespaces in force that a tag declares.
    #[cold]
    fn declare(
        &mut self,
        mut attributes: Attributes<'a>,
        depth: usize,
        end: usize,
    ) -> Result<(), ReadError> {
        while let Some(attribute) = attributes.next()? {
            if let Some(prefix) = attribute.declared_prefix() {
                let uri = attribute.value()?;
                self.namespaces
                    .declare(prefix, uri, depth, attribute.offset)?;
            }
        }
        self.next_declaration = find_declaration(self.text, end);
        Ok(())
    }

    /// Hands every attribute of a tag that declares no namespace to `take`.
    #[inline]
    pub(crate) fn attributes(
        &mut self,
        tag: &Tag<'a>,
        mut take: impl FnMut(&mut Self, Attribute<'a>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        if tag.attributes.is_empty() {
            return Ok(());
        }
        let mut attributes = tag.attributes;
        let Some(mut attribute) = attributes.next()? else {
            return Ok(());
        };
        let mut first = None;
        loop {
            match first {
                None => first = Some(attribute.name),
                Some(first) => self.another_attribute(first, attribute)?,
            }
            if attribute.declared_prefix().is_none() {
                take(self, attribute)?;
            }
            match attributes.next()? {
                Some(next) => attribute = next,
                None => break,
            }
        }
        if self.names.is_empty() {
            Ok(())
        } else {
            self.check_distinct(tag)
        }
    }

    /// Checks every attribute of a tag, its prefix too, and hands each to `take`.
    pub(crate) fn check_attributes(
        &mut self,
        tag: &Tag<'a>,
        mut take: impl FnMut(Attribute<'a>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.attributes(tag, |events, attribute| {
            events.check_prefix(&attribute)?;
            take(attribute)
        })
    }

    /// Checks that the prefix of an attribute is declared, if it has one.
    pub(crate) fn check_prefix(&self, attribute: &Attribute<'a>) -> Result<(), ReadError> {
        let (prefix, _) = attribute.prefix_and_local();
        if !prefix.is_empty() && self.namespaces.lookup(prefix).is_none() {
            return Err(undeclared(attribute.offset));
        }
        Ok(())
    }

    /// Checks the text between markup that was read last.
    pub(crate) fn check_text(&self) -> Result<(), ReadError> {
        if memchr::memmem::find(self.text().as_bytes(), b"]]>").is_some() {
            return Err(self.syntax("text", "]]>"));
        }
        Ok(())
    }

    /// Notes an attribute behind the first one.
    #[cold]
    fn another_attribute(
        &mut self,
        first: &'a str,
        attribute: Attribute<'a>,
    ) -> Result<(), ReadError> {
        if self.names.is_empty() {
            self.names.push(first);
        }
        self.names.push(attribute.name);
        if self.names.len() > self.attribute_limit {
            self.names.clear();
            let limit = self.attribute_limit;
            return Err(ReadError::new(
                ReadErrorKind::TooManyAttributes { limit },
                attribute.offset,
            ));
        }
        Ok(())
    }

    /// Checks that no attribute of a tag stands there twice.
    #[cold]
    fn check_distinct(&mut self, tag: &Tag<'a>) -> Result<(), ReadError> {
        let mut names = std::mem::take(&mut self.names);
        names.sort_unstable();
        let mut distinct = names.is_sorted_by(|one, next| one < next);
        // Two prefixes may stand for one namespace.
        let mut expanded: Vec<(&str, &str)> = Vec::new();
        for name in &names {
            if let Some((prefix, local)) = name.split_once(':')
                && let Some(binding) = self.namespaces.binding(prefix)
            {
                expanded.push((local, &binding.uri));
            }
        }
        expanded.sort_unstable();
        distinct &= expanded.is_sorted_by(|one, next| one < next);
        names.clear();
        self.names = names;
        if distinct {
            return Ok(());
        }
        let kind = ReadErrorKind::Syntax {
            expected: "attributes of different names",
            found: "one of them twice",
        };
        Err(ReadError::new(kind, tag.offset))
    }

    /// The first tag of the document.
    pub(crate) fn root(&mut self, comments: &mut Vec<&'a str>) -> Result<Tag<'a>, ReadError> {
        // quick-xml would read over a byte order mark here, and count its positions from behind it.
        if self.text.starts_with('\u{FEFF}') {
            return Err(self.syntax("an element", "text"));
        }
        loop {
            match self.next()? {
                Event::Start => return Ok(self.tag),
                Event::Comment => comments.push(self.comment()),
                Event::Text if is_blank(self.text()) => {}
                Event::EndOfInput => {
                    return Err(self.syntax("an element", "the end of the input"));
                }
                _ => return Err(self.syntax("an element", "text")),
            }
        }
    }

    /// Checks that nothing but comments and white space follows the root.
    pub(crate) fn finish(&mut self) -> Result<(), ReadError> {
        loop {
            match self.next()? {
                Event::EndOfInput => return Ok(()),
                Event::Comment => {}
                Event::Text if is_blank(self.text()) => {}
                _ => return Err(self.error(ReadErrorKind::TrailingData)),
            }
        }
    }

    #[cold]
    fn forbidden_character(&self) -> ReadError {
        let kind = ReadErrorKind::Syntax {
            expected: "a character that XML allows",
            found: "another one",
        };
        ReadError::new(kind, self.forbidden)
    }

    /// What quick-xml found wrong, without the words of the input that its errors repeat.
    #[cold]
    fn ill_formed(&self, error: &Error) -> ReadError {
        let rest = self.text.get(self.start..).unwrap_or_default();
        if rest.starts_with("<!DOCTYPE") {
            return self.not_allowed("a DOCTYPE");
        }
        let end_of_input = "the end of the input";
        let (expected, found) = match error {
            Error::Syntax(SyntaxError::UnclosedComment) => ("the end of a comment", end_of_input),
            Error::Syntax(SyntaxError::UnclosedCData) => ("the end of CDATA", end_of_input),
            Error::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
                ("the end of a processing instruction", end_of_input)
            }
            Error::Syntax(
                SyntaxError::UnclosedSingleQuotedAttributeValue
                | SyntaxError::UnclosedDoubleQuotedAttributeValue,
            ) => ("the quotation mark that ends a value", end_of_input),
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                ("a comment or CDATA behind <!", "another text")
            }
            Error::Syntax(_) => ("the end of a tag", end_of_input),
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                ("the end of a comment", "two hyphens")
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                ("the semicolon that ends a reference", "another character")
            }
            Error::IllFormed(_) => ("the end tag of the open element", "another end tag"),
            _ => ("XML", "another text"),
        };
        let offset = usize::try_from(self.reader.error_position()).unwrap_or(self.start);
        let kind = ReadErrorKind::Syntax { expected, found };
        ReadError::new(kind, offset.clamp(self.start, self.text.len()))
    }
}

/// Whether a name without a prefix can hold a byte, as nearly all do.
const fn is_plain(byte: u8) -> bool {
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = 0;
        while byte < 128 {
            let character = byte as u8;
            plain[byte] =
                character.is_ascii_alphanumeric() || matches!(character, b'.' | b'-' | b'_');
            byte += 1;
        }
        plain
    };
    PLAIN[byte as usize]
}

/// Where the next `xmlns` begins at or behind an offset; behind the text if there is none.
fn find_declaration(text: &str, from: usize) -> usize {
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    memchr::memmem::find(rest, b"xmlns").map_or(usize::MAX, |at| from + at)
}

/// The error for a prefix that stands for nothing.
#[cold]
fn undeclared(offset: usize) -> ReadError {
    let kind = ReadErrorKind::Syntax {
        expected: "a prefix that is declared",
        found: "another one",
    };
    ReadError::new(kind, offset)
}
