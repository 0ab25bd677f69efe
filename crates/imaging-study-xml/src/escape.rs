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
        match bytes.get(special) {
            None => return,
            Some(b'"') => out.push_str("&quot;"),
            Some(b'&') => out.push_str("&amp;"),
            Some(b'<') => out.push_str("&lt;"),
            Some(b'\t') => out.push_str("&#9;"),
            Some(b'\n') => out.push_str("&#10;"),
            Some(b'\r') => out.push_str("&#13;"),
            // XML forbids it; the whole text is searched for such characters before it is given out.
            Some(&control) => out.push(char::from(control)),
        }
        from = special + 1;
    }
}
