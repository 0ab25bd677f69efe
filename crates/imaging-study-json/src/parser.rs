//! The tokens of JSON.

use std::borrow::Cow;
use std::collections::HashSet;

use imaging_study_core::{
    Collected, Element, Finding, Limits, Memory, ReadError, ReadErrorKind, Shared, SharedCache,
    TextCache, find_special,
};
use smol_str::SmolStr;

use crate::escape::SPECIAL;

/// A cursor over a JSON text, and what is kept while a resource is read from it.
pub(crate) struct Parser<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
    max_depth: usize,
    pub(crate) store: &'a mut TextCache,
    shared: &'a mut SharedCache,
    /// Whether unknown elements are kept instead of refused.
    pub(crate) keep_unknown: bool,
    /// Whether errors are noted and what they are about is passed over.
    pub(crate) collect: bool,
    pub(crate) findings: Vec<Finding>,
    /// The names of the unknown elements, each with the offset of the object that holds it.
    pub(crate) unknown_names: HashSet<(usize, SmolStr)>,
}

/// A place to go back to.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    position: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(crate) fn new(
        text: &'a str,
        limits: Limits,
        keep_unknown: bool,
        memory: &'a mut Memory,
    ) -> Self {
        let position = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
        Self {
            text,
            position,
            depth: 0,
            max_depth: limits.depth.min(Limits::MAX_DEPTH),
            store: &mut memory.texts,
            shared: &mut memory.elements,
            keep_unknown,
            collect: false,
            findings: Vec::new(),
            unknown_names: HashSet::new(),
        }
    }

    /// Takes the text of a value that was read before, if it comes next.
    #[inline]
    pub(crate) fn known<T: Element>(&mut self) -> Option<Shared<T>> {
        let rest = &self.text.as_bytes()[self.position..];
        let (value, length) = self.shared.get(rest, self.max_depth - self.depth)?;
        self.position += length;
        Some(value)
    }

    /// Keeps the value of the text that began at an offset and has been taken.
    pub(crate) fn keep<T: Element>(&mut self, start: usize, value: &Shared<T>) {
        let text = &self.text.as_bytes()[start..self.position];
        let room = self.max_depth - self.depth;
        self.shared.put(text, room, value);
    }

    pub(crate) fn offset(&self) -> usize {
        self.position
    }

    /// Where the parser is, to go back to.
    #[inline]
    pub(crate) fn mark(&self) -> Mark {
        Mark {
            position: self.position,
            depth: self.depth,
        }
    }

    /// Notes an error in the value at a mark and passes over that, if all errors are asked for and
    /// the text goes on.
    #[cold]
    pub(crate) fn pass(&mut self, error: ReadError, mark: Mark) -> Result<(), ReadError> {
        if !self.collect
            || !error.is_about_an_element()
            || self.findings.len() >= Collected::<()>::MOST
        {
            return Err(error);
        }
        self.findings.push(Finding::Error(error));
        self.position = mark.position;
        self.depth = mark.depth;
        self.skip_white_space();
        self.json().map(drop)
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    #[inline]
    pub(crate) fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.position += 1;
        }
    }

    /// Takes `byte` if it comes next, behind white space.
    #[inline]
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        self.skip_white_space();
        let found = self.peek() == Some(byte);
        self.position += usize::from(found);
        found
    }

    #[cold]
    pub(crate) fn error(&self, kind: ReadErrorKind) -> ReadError {
        ReadError::new(kind, self.position)
    }

    /// A word for what comes next.
    #[cold]
    pub(crate) fn found(&self) -> &'static str {
        match self.peek() {
            None => "the end of the input",
            Some(b'"') => "a string",
            Some(b'{') => "an object",
            Some(b'[') => "an array",
            Some(b't' | b'f' | b'n') => match &self.text[self.position..] {
                rest if rest.starts_with("null") => "null",
                rest if rest.starts_with("true") || rest.starts_with("false") => "a boolean",
                _ => "another word",
            },
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b'}' | b']') => "the end of an object or array",
            Some(_) => "another character",
        }
    }

    #[cold]
    pub(crate) fn syntax(&self, expected: &'static str) -> ReadError {
        let found = self.found();
        self.error(ReadErrorKind::Syntax { expected, found })
    }

    /// The error for a value of the wrong type, or for what is no value at all.
    #[cold]
    pub(crate) fn wrong_type(&self, expected: impl Into<Cow<'static, str>>) -> ReadError {
        match (self.peek(), self.found()) {
            (_, "another word") => self.syntax("a value"),
            (Some(b'"' | b'{' | b'[' | b't' | b'f' | b'n' | b'-' | b'0'..=b'9'), found) => self
                .error(ReadErrorKind::WrongType {
                    expected: expected.into(),
                    found,
                }),
            _ => self.syntax("a value"),
        }
    }

    /// Steps into an element; every step is undone with [`Parser::leave`].
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), ReadError> {
        // The resource itself is not nested in anything.
        if self.depth > self.max_depth {
            return Err(self.error(ReadErrorKind::TooDeep {
                limit: self.max_depth,
            }));
        }
        self.depth += 1;
        Ok(())
    }

    /// Steps into an object or array of a document whose elements are not known.
    pub(crate) fn enter_level(&mut self) -> Result<(), ReadError> {
        if self.depth > 2 * self.max_depth {
            return Err(self.error(ReadErrorKind::TooDeep {
                limit: self.max_depth,
            }));
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Takes the comma between two entries, or the end of the list.
    #[inline]
    pub(crate) fn another(&mut self, end: u8) -> Result<bool, ReadError> {
        self.skip_white_space();
        match self.peek() {
            Some(b',') => {
                self.position += 1;
                self.skip_white_space();
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.position += 1;
                Ok(false)
            }
            _ => Err(self.syntax(if end == b'}' {
                "a comma or the end of the object"
            } else {
                "a comma or the end of the array"
            })),
        }
    }

    /// Takes the name of a member and the colon behind it.
    #[inline]
    pub(crate) fn member_name(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != Some(b'"') {
            return Err(self.syntax("the name of a member"));
        }
        let name = match self.plain_string() {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(self.escaped_string()?),
        };
        if self.peek() == Some(b':') {
            self.position += 1;
        } else if !self.eat(b':') {
            return Err(self.syntax("a colon"));
        }
        self.skip_white_space();
        Ok(name)
    }

    /// Takes a string; the cursor stands before its quotation mark.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        match self.plain_string() {
            Some(text) => Ok(Cow::Borrowed(text)),
            None => self.escaped_string().map(Cow::Owned),
        }
    }

    /// Takes a string that needs no decoding; the cursor stands before its quotation mark, and
    /// stays there if the string is of another kind.
    #[inline(always)]
    pub(crate) fn plain_string(&mut self) -> Option<&'a str> {
        let start = self.position + 1;
        let end = find_special(self.text.as_bytes(), start, SPECIAL);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.position = end + 1;
        // Both ends are beside ASCII quotation marks.
        self.text.get(start..end)
    }

    /// Takes a string with escapes; the cursor stands before its quotation mark.
    #[cold]
    pub(crate) fn escaped_string(&mut self) -> Result<String, ReadError> {
        let bytes = self.text.as_bytes();
        let mut decoded = String::new();
        let mut from = self.position + 1;
        let mut special = find_special(bytes, from, SPECIAL);
        loop {
            decoded.push_str(&self.text[from..special]);
            self.position = special;
            match bytes.get(special) {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(decoded);
                }
                Some(b'\\') => decoded.push(self.escape()?),
                Some(_) => {
                    return Err(self.error(ReadErrorKind::InvalidString {
                        what: "a control character",
                    }));
                }
                None => return Err(self.syntax("the end of a string")),
            }
            from = self.position;
            special = find_special(bytes, from, SPECIAL);
        }
    }

    /// Takes an escape; the cursor stands before its backslash.
    fn escape(&mut self) -> Result<char, ReadError> {
        let bytes = self.text.as_bytes();
        let simple = match bytes.get(self.position + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let unit = self.code_unit(self.position)?;
                let (scalar, length) = match unit {
                    0xD800..=0xDBFF => {
                        let low = match bytes.get(self.position + 6..self.position + 8) {
                            Some(b"\\u") => self.code_unit(self.position + 6)?,
                            _ => 0,
                        };
                        if !(0xDC00..=0xDFFF).contains(&low) {
                            return Err(self.lone_surrogate());
                        }
                        (0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 12)
                    }
                    _ => (unit, 6),
                };
                let Some(character) = char::from_u32(scalar) else {
                    return Err(self.lone_surrogate());
                };
                self.position += length;
                return Ok(character);
            }
            _ => {
                return Err(self.error(ReadErrorKind::InvalidString {
                    what: "an invalid escape",
                }));
            }
        };
        self.position += 2;
        Ok(simple)
    }

    #[cold]
    fn lone_surrogate(&self) -> ReadError {
        self.error(ReadErrorKind::InvalidString {
            what: "half of a surrogate pair",
        })
    }

    /// The number behind `\u` at a place.
    fn code_unit(&self, at: usize) -> Result<u32, ReadError> {
        let digits = self.text.as_bytes().get(at + 2..at + 6).unwrap_or_default();
        let mut unit = 0;
        for digit in digits {
            let Some(value) = char::from(*digit).to_digit(16) else {
                break;
            };
            unit = unit << 4 | value;
        }
        if digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit) {
            return Ok(unit);
        }
        Err(self.error(ReadErrorKind::InvalidString {
            what: "an invalid escape",
        }))
    }

    /// Takes the text of a number, without checking it.
    #[inline]
    pub(crate) fn number(&mut self) -> &'a str {
        let start = self.position;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.peek() {
            self.position += 1;
        }
        &self.text[start..self.position]
    }

    /// Takes `word` if it comes next.
    pub(crate) fn literal(&mut self, word: &'static str) -> Result<(), ReadError> {
        if !self.text[self.position..].starts_with(word) {
            return Err(self.error(ReadErrorKind::Syntax {
                expected: "true, false or null",
                found: "another word",
            }));
        }
        self.position += word.len();
        Ok(())
    }

    /// Checks that only white space follows.
    pub(crate) fn end(&mut self) -> Result<(), ReadError> {
        self.skip_white_space();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.error(ReadErrorKind::TrailingData)),
        }
    }
}
