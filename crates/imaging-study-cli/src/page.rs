//! The studies that a search prints: all, or the first ones in some order.

use std::io::{self, Write};

/// Takes lines, and prints the first ones: as they come, or in the order of the keys before them.
pub(crate) struct Page<W> {
    output: W,
    /// How many lines are printed at most.
    count: usize,
    /// How many were printed.
    printed: usize,
    /// Whether there are keys.
    keyed: bool,
    /// The beginning of a line whose end has not come yet.
    line: Vec<u8>,
    /// Lines with keys, in no order behind the first `count`.
    kept: Vec<Vec<u8>>,
}

impl<W: Write> Page<W> {
    pub(crate) fn new(output: W, count: Option<u32>, keyed: bool) -> Self {
        Self {
            output,
            count: count.map_or(usize::MAX, |count| {
                usize::try_from(count).unwrap_or(usize::MAX)
            }),
            printed: 0,
            keyed,
            line: Vec::new(),
            kept: Vec::new(),
        }
    }

    fn end_line(&mut self) -> io::Result<()> {
        if !self.keyed {
            self.printed += 1;
            let written = self.output.write_all(&self.line);
            self.line.clear();
            return written;
        }
        self.kept.push(std::mem::take(&mut self.line));
        // Now and then, so that what is not printed takes no memory.
        let room = self.count.saturating_mul(2).max(1_000);
        if self.kept.len() >= room {
            self.sort();
        }
        Ok(())
    }

    /// Leaves the lines that come first, and those of equal keys as they came.
    fn sort(&mut self) {
        self.kept.sort_by(|one, other| key(one).0.cmp(key(other).0));
        self.kept.truncate(self.count);
    }

    /// Prints what is left to print.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.sort();
        for line in std::mem::take(&mut self.kept) {
            self.output.write_all(key(&line).1)?;
        }
        self.output.flush()
    }
}

/// The key of a line, and the line itself.
fn key(line: &[u8]) -> (&[u8], &[u8]) {
    let end = memchr::memchr(b'\t', line).unwrap_or(0);
    (
        line.get(..end).unwrap_or_default(),
        line.get(end + 1..).unwrap_or_default(),
    )
}

impl<W: Write> Write for Page<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.keyed && self.count == usize::MAX {
            return self.output.write(bytes);
        }
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.printed >= self.count {
                break;
            }
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.end_line()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(pieces: &[&str], count: Option<u32>, keyed: bool) -> String {
        let mut page = Page::new(Vec::new(), count, keyed);
        for piece in pieces {
            page.write_all(piece.as_bytes()).expect("memory");
        }
        page.finish().expect("memory");
        String::from_utf8(page.output).expect("text")
    }

    #[test]
    fn the_first_lines_are_printed_wherever_they_are_cut() {
        for pieces in [&["a\nb\nc\n"][..], &["a", "\nb", "\n", "c\n"]] {
            assert_eq!(printed(pieces, None, false), "a\nb\nc\n");
            assert_eq!(printed(pieces, Some(2), false), "a\nb\n");
            assert_eq!(printed(pieces, Some(0), false), "");
        }
    }

    #[test]
    fn lines_stand_in_the_order_of_their_keys() {
        let pieces = ["2\tb\n1\tx", "\n2\ta\tb\n0\tc\n"];
        assert_eq!(printed(&pieces, None, true), "c\nx\nb\na\tb\n");
        assert_eq!(printed(&pieces, Some(3), true), "c\nx\nb\n");
        assert_eq!(printed(&[], Some(3), true), "");
        let many: String = (0..5_000)
            .rev()
            .map(|n| format!("{n:04}\tl{n}\n"))
            .collect();
        assert_eq!(printed(&[&many], Some(2), true), "l0\nl1\n");
    }
}
