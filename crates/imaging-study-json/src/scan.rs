//! Looking at a document without keeping it.

use std::borrow::Cow;
use std::ops::ControlFlow;

use imaging_study_core::{FhirVersion, Limits, Memory, ReadError, ScalarType};

use crate::decoder::{check_size, utf8};
use crate::parser::Parser;
use crate::reader::not_a_number;

/// The kind of a JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JsonKind {
    /// An object.
    Object,
    /// An array.
    Array,
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

/// A member as [`scan`] meets it.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// The names of the members around it, outermost first; arrays add nothing.
    pub parents: &'a [Cow<'a, str>],
    /// Its name.
    pub name: &'a str,
    /// The kind of its value.
    pub kind: JsonKind,
    /// The text of its value, if that is a string.
    pub text: Option<&'a str>,
}

/// Walks over the members of a document in the order of the input, outer ones before the ones
/// inside them, without keeping anything. A string in an array is visited too, under the name of
/// the array.
///
/// ```
/// use imaging_study_core::Limits;
///
/// let mut names = Vec::new();
/// imaging_study_json::scan(br#"{"series": [{"uid": "1.2"}]}"#, Limits::default(), |member| {
///     names.push(format!("{}{}", member.name, member.parents.len()));
/// })?;
/// assert_eq!(names, ["series0", "uid1"]);
/// # Ok::<(), imaging_study_json::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are no JSON, or exceed a limit. Duplicate names are not noticed.
pub fn scan(
    bytes: &[u8],
    limits: Limits,
    mut visit: impl FnMut(Member<'_>),
) -> Result<(), ReadError> {
    let visited = scan_until(bytes, limits, |member| {
        visit(member);
        ControlFlow::<()>::Continue(())
    });
    visited.map(|_| ())
}

/// Walks over the members of a document like [`scan`], until `visit` breaks. What stands behind the
/// member at which it did is not looked at, apart from being UTF-8.
///
/// # Errors
///
/// What was looked at is no JSON, or exceeds a limit.
pub fn scan_until<B>(
    bytes: &[u8],
    limits: Limits,
    mut visit: impl FnMut(Member<'_>) -> ControlFlow<B>,
) -> Result<ControlFlow<B>, ReadError> {
    check_size(bytes.len(), limits, 1)?;
    let mut memory = Memory::default();
    let mut parser = Parser::new(utf8(bytes, 1)?, limits, false, &mut memory);
    parser.skip_white_space();
    let scanned = parser.scan_value(&mut Vec::new(), None, &mut visit);
    let ended = match scanned {
        Ok(ControlFlow::Continue(())) => parser.end().map(ControlFlow::Continue),
        broken => broken,
    };
    ended.map_err(|error| error.locate(bytes, 1))
}

impl<'a> Parser<'a> {
    pub(crate) fn scan_value<B>(
        &mut self,
        parents: &mut Vec<Cow<'a, str>>,
        name: Option<Cow<'a, str>>,
        visit: &mut impl FnMut(Member<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, ReadError> {
        let kind = match self.peek() {
            Some(b'{') => JsonKind::Object,
            Some(b'[') => JsonKind::Array,
            Some(b'"') => JsonKind::String,
            Some(b't' | b'f') => JsonKind::Boolean,
            Some(b'n') => JsonKind::Null,
            Some(b'-' | b'0'..=b'9') => JsonKind::Number,
            _ => return Err(self.syntax("a value")),
        };
        let text = match kind {
            JsonKind::String => Some(self.string()?),
            _ => None,
        };
        let in_array = || Some((parents.split_last()?, text.as_deref()?));
        let visited = if let Some(name) = &name {
            visit(Member {
                parents,
                name,
                kind,
                text: text.as_deref(),
            })
        } else if let Some(((name, parents), text)) = in_array() {
            visit(Member {
                parents,
                name,
                kind,
                text: Some(text),
            })
        } else {
            ControlFlow::Continue(())
        };
        if visited.is_break() {
            return Ok(visited);
        }
        match kind {
            JsonKind::Object | JsonKind::Array => {
                let depth = parents.len();
                parents.extend(name);
                let scanned = self.scan_entries(kind == JsonKind::Object, parents, visit)?;
                parents.truncate(depth);
                return Ok(scanned);
            }
            JsonKind::String => {}
            JsonKind::Number => {
                let offset = self.offset();
                ScalarType::Decimal
                    .check(self.number(), FhirVersion::R4)
                    .map_err(|_| not_a_number(offset))?;
            }
            JsonKind::Boolean if self.peek() == Some(b't') => self.literal("true")?,
            JsonKind::Boolean => self.literal("false")?,
            JsonKind::Null => self.literal("null")?,
        }
        Ok(ControlFlow::Continue(()))
    }

    fn scan_entries<B>(
        &mut self,
        object: bool,
        parents: &mut Vec<Cow<'a, str>>,
        visit: &mut impl FnMut(Member<'_>) -> ControlFlow<B>,
    ) -> Result<ControlFlow<B>, ReadError> {
        // Objects in arrays are counted twice here: the limit is about JSON levels.
        self.enter_level()?;
        let (start, end) = if object { (b'{', b'}') } else { (b'[', b']') };
        self.eat(start);
        if !self.eat(end) {
            loop {
                let name = if object {
                    Some(self.member_name()?)
                } else {
                    None
                };
                let scanned = self.scan_value(parents, name, visit)?;
                if scanned.is_break() {
                    return Ok(scanned);
                }
                if !self.another(end)? {
                    break;
                }
            }
        }
        self.leave();
        Ok(ControlFlow::Continue(()))
    }
}
