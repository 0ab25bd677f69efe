//! Writing the values of attributes.

use imaging_study_core::find_special;

/// What a value between quotation marks cannot hold as it is, besides the control characters.
const SPECIAL: [u8; 3] = [b'"', b'&', b'<'];

/// Writes the value of an attribute so that it reads back the same, with no other escapes. Tabs
/// and line ends become references, or a reader would make spaces of them.
#[inline]
pub(crate) fn write_attribute(out: &mut String, text: &str) {
    let special = find_special(text.as_bytes(), 0, SPECIAL);
    out.push_str(&text[..special]);
    if special < text.len() {
        write_escaped(out, text, special);
    }
}

#[cold]
fn write_escaped(out: &mut String, text: &str, mut from: usize) {
    let bytes = text.as_bytes();
    loop {
        let special = find_special(bytes, from, SPECIAL);
        out.push_str(&text[from..special]);
        out.push_str(match bytes.get(special) {
            None => return,
            Some(b'"') => "&quot;",
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            Some(b'\t') => "&#9;",
            Some(b'\n') => "&#10;",
            Some(b'\r') => "&#13;",
            // Whoever calls has refused the other control characters.
            Some(_) => "\u{FFFD}",
        });
        from = special + 1;
    }
}
