//! Where an object of a list begins and ends.

use imaging_study_core::find_special;

/// The largest data set that is read, in bytes of JSON.
const MAX_LENGTH: usize = 64 << 20;

/// Why a DICOM JSON text could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The reader failed.
    #[error("the input could not be read")]
    Io(#[source] std::io::Error),
    /// Something else than an object stands in the list.
    #[error("expected a JSON object, found something else at byte {offset}")]
    NotAnObject {
        /// Where it stands, in bytes from the start.
        offset: u64,
    },
    /// The text ends within the list, between two objects.
    #[error("the JSON text ends within the list that starts at byte {offset}")]
    OpenList {
        /// Where the list starts, in bytes from the start.
        offset: u64,
    },
    /// The text ends within an object.
    #[error("the JSON text ends within the object that starts at byte {offset}")]
    Truncated {
        /// Where the object starts, in bytes from the start.
        offset: u64,
    },
}

/// Finds the objects of a list, of a sequence of lists, or of a sequence of objects, without
/// looking into them further than for their end.
#[derive(Debug, Default)]
pub(super) struct Framer {
    /// The bytes of all chunks before the present one.
    offset: u64,
    /// How many braces are open.
    depth: u64,
    /// How many lists are open, and where the outermost starts.
    lists: u64,
    list: u64,
    /// Something else than an object stands here in a list.
    stray: bool,
    in_string: bool,
    escaped: bool,
    /// Where the present object starts.
    start: u64,
    /// What earlier chunks had of the present object.
    begun: Vec<u8>,
    /// The present object is too long to be kept.
    too_long: bool,
}

impl Framer {
    /// Takes the next part of the text and hands over the objects that end in it, or `None` for one
    /// that is too long, and an empty text for whatever else stands in a list.
    pub(super) fn push(
        &mut self,
        chunk: &[u8],
        mut receive: impl FnMut(Option<&[u8]>),
    ) -> Result<(), JsonError> {
        // Where the present object starts in this chunk.
        let mut from = 0;
        let mut position = 0;
        while position < chunk.len() {
            if self.depth == 0 && !self.in_string {
                match chunk[position] {
                    b'{' => {
                        self.stray = false;
                        from = position;
                        self.start = self.offset + position as u64;
                        self.depth = 1;
                    }
                    // A byte order mark, where there is one.
                    0xEF | 0xBB | 0xBF if self.offset + (position as u64) < 3 => {}
                    // The list itself; U+001E stands before each text of a JSON sequence.
                    b'[' => {
                        if self.lists == 0 {
                            self.list = self.offset + position as u64;
                        }
                        self.lists += 1;
                    }
                    b']' => {
                        self.lists = self.lists.saturating_sub(1);
                        self.stray = false;
                    }
                    b',' => self.stray = false,
                    b' ' | b'\t' | b'\n' | b'\r' | 0x1E => {}
                    byte if self.lists > 0 => {
                        if !self.stray {
                            receive(Some(b""));
                        }
                        self.stray = true;
                        self.in_string = byte == b'"';
                    }
                    _ => {
                        return Err(JsonError::NotAnObject {
                            offset: self.offset + position as u64,
                        });
                    }
                }
                position += 1;
                continue;
            }
            if self.escaped {
                self.escaped = false;
                position += 1;
                continue;
            }
            if self.in_string {
                position = find_special(chunk, position, [b'"', b'\\']);
                match chunk.get(position) {
                    Some(b'"') => self.in_string = false,
                    Some(b'\\') => self.escaped = true,
                    _ => {}
                }
                position += 1;
                continue;
            }
            position = find_special(chunk, position, [b'"', b'{', b'}']);
            match chunk.get(position) {
                Some(b'"') => self.in_string = true,
                Some(b'{') => self.depth += 1,
                Some(b'}') => self.depth -= 1,
                _ => {}
            }
            position += 1;
            if self.depth == 0 {
                let part = &chunk[from..position];
                if !self.keep(part.len()) {
                    receive(None);
                } else if self.begun.is_empty() {
                    receive(Some(part));
                } else {
                    self.begun.extend_from_slice(part);
                    receive(Some(&self.begun));
                }
                self.begun.clear();
                self.too_long = false;
            }
        }
        if self.depth > 0 && self.keep(chunk.len() - from) {
            self.begun.extend_from_slice(&chunk[from..]);
        }
        self.offset += chunk.len() as u64;
        Ok(())
    }

    /// Whether the present object is still short enough with so many bytes more.
    fn keep(&mut self, more: usize) -> bool {
        if self.begun.len() + more > MAX_LENGTH {
            self.too_long = true;
            self.begun = Vec::new();
        }
        !self.too_long
    }

    pub(super) fn end(self) -> Result<(), JsonError> {
        if self.depth > 0 {
            Err(JsonError::Truncated { offset: self.start })
        } else if self.lists > 0 {
            Err(JsonError::OpenList { offset: self.list })
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects(text: &str, chunk: usize) -> Result<Vec<String>, JsonError> {
        let mut framer = Framer::default();
        let mut found = Vec::new();
        for chunk in text.as_bytes().chunks(chunk) {
            framer.push(chunk, |object| {
                let object = object.expect("a short object");
                found.push(String::from_utf8_lossy(object).into_owned());
            })?;
        }
        framer.end().map(|()| found)
    }

    #[test]
    fn objects_are_found_in_chunks_of_any_size() {
        let texts = [r#"{"a": "}{\"\\"}"#, r#"{"b": [{}, {"c": {}}]}"#, "{}"];
        let joined = [
            format!("\u{feff}[{}]", texts.join(", ")),
            texts.join("\n"),
            format!("[[{}],[{},{}]]", texts[0], texts[1], texts[2]),
        ];
        for text in &joined {
            for chunk in 1..text.len() + 1 {
                assert_eq!(objects(text, chunk).expect("a list of objects"), texts);
            }
        }
    }

    #[test]
    fn what_else_stands_in_a_list_is_passed_over() {
        for chunk in 1..30 {
            let found = objects(r#"[{}, 5, null,"}{\"", {"a": 1}]"#, chunk).expect("a list");
            assert_eq!(found, ["{}", "", "", "", r#"{"a": 1}"#]);
        }
    }

    #[test]
    fn other_texts_are_refused_with_their_place() {
        for chunk in [1, 2, 100] {
            assert!(matches!(
                objects("{}, seven", chunk),
                Err(JsonError::NotAnObject { offset: 4 })
            ));
            assert!(matches!(
                objects(r#"{} {"a": "}"#, chunk),
                Err(JsonError::Truncated { offset: 3 })
            ));
            assert!(matches!(
                objects(" [{},", chunk),
                Err(JsonError::OpenList { offset: 1 })
            ));
        }
    }
}
