//! Where in a document the value of an element stands.

use std::ops::ControlFlow;

use imaging_study_core::{ElementPath, Limits, Memory, Position, ReadError, Segment};

use crate::decoder::utf8;
use crate::parser::Parser;
use crate::scan::Member;

/// Where in a document the value of an element stands, for whoever found something wrong with an
/// element after it was read, as a writer of XML does. Where a part of the path is not there, this is
/// the place of what is around it; none, if the document is no JSON up to there.
///
/// A path names the elements of a choice without their type, and the ids and extensions of a primitive
/// like the primitive itself.
///
/// ```
/// use imaging_study_core::{ElementPath, Segment};
///
/// let text = "{\"resourceType\": \"ImagingStudy\",\n \"text\": {\"div\": \"<p/>\"}}";
/// let names = ["ImagingStudy", "text", "div"].map(|name| Segment::Name(name.into()));
/// let path = ElementPath::from_iter(names);
/// let position = imaging_study_json::position_of(text.as_bytes(), &path).expect("it is there");
/// assert_eq!((position.line, position.column), (2, 18));
/// ```
#[must_use]
pub fn position_of(bytes: &[u8], path: &ElementPath) -> Option<Position> {
    let mut memory = Memory::default();
    let limits = Limits {
        depth: Limits::MAX_DEPTH,
        ..Limits::default()
    };
    let mut parser = Parser::new(utf8(bytes, 1).ok()?, limits, false, &mut memory);
    parser.skip_white_space();
    // The first segment is the type of the resource.
    let segments: Vec<&Segment> = path.segments().skip(1).collect();
    let offset = parser.find(&segments).ok()?;
    Some(Position::of(bytes, offset, 1))
}

/// Whether a member holds an element: `value` is also `valueString`, and `_value`.
fn is_named(member: &str, name: &str) -> bool {
    let member = member.strip_prefix('_').unwrap_or(member);
    let suffix = member.strip_prefix(name);
    suffix.is_some_and(|suffix| suffix.is_empty() || suffix.starts_with(char::is_uppercase))
}

impl Parser<'_> {
    /// Goes to the value at a path, or as near to it as there is something; the cursor stands before
    /// a value.
    fn find(&mut self, path: &[&Segment]) -> Result<usize, ReadError> {
        let mut start = self.offset();
        let mut path = path.iter();
        'segments: loop {
            match (path.next(), self.peek()) {
                (Some(Segment::Name(name)), Some(b'{')) => {
                    self.eat(b'{');
                    if self.eat(b'}') {
                        return Ok(start);
                    }
                    loop {
                        let member = self.member_name()?;
                        if is_named(&member, name) {
                            start = self.offset();
                            continue 'segments;
                        }
                        self.skip()?;
                        if !self.another(b'}')? {
                            return Ok(start);
                        }
                    }
                }
                (Some(Segment::Index(index)), Some(b'[')) => {
                    self.eat(b'[');
                    if self.eat(b']') {
                        return Ok(start);
                    }
                    for _ in 0..*index {
                        self.skip()?;
                        if !self.another(b']')? {
                            return Ok(start);
                        }
                    }
                    start = self.offset();
                }
                _ => return Ok(start),
            }
        }
    }

    fn skip(&mut self) -> Result<(), ReadError> {
        let visit = &mut |_: Member<'_>| ControlFlow::<()>::Continue(());
        self.scan_value(&mut Vec::new(), None, visit).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_path() {
        let text = "\u{feff}{\"a\":\"\u{e9}\",\"b\":[{},{\"valueX\":1,\n\"_c\":{\"d\":[2,\"]\"]}}],\"e\":{}}";
        let name = |name: &'static str| Segment::Name(name.into());
        let at = |segments: &[Segment]| {
            let root = std::iter::once(name("T"));
            let path = ElementPath::from_iter(root.chain(segments.iter().cloned()));
            let position = position_of(text.as_bytes(), &path).expect("JSON");
            (position.line, position.column)
        };
        assert_eq!(at(&[]), (1, 1));
        assert_eq!(at(&[name("a")]), (1, 6));
        assert_eq!(at(&[name("b")]), (1, 14));
        assert_eq!(at(&[name("b"), Segment::Index(1)]), (1, 18));
        assert_eq!(at(&[name("b"), Segment::Index(1), name("value")]), (1, 28));
        let list = [name("b"), Segment::Index(1), name("c"), name("d")];
        assert_eq!(at(&list), (2, 11));
        // What is not there is where its place would be.
        assert_eq!(at(&[name("b"), Segment::Index(7)]), (1, 14));
        assert_eq!(at(&[name("e"), name("x")]), (2, 26));
        assert_eq!(at(&[name("x")]), (1, 1));
        let path = ElementPath::from_iter([name("T"), name("a")]);
        assert_eq!(position_of(b"{\"b\":[", &path), None);
        assert_eq!(position_of(b"\xFF", &path), None);
    }
}
