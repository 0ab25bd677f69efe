//! The escapes of JSON strings.

use imaging_study_core::find_special;

/// The bytes of a string that end it or need an escape, besides the control characters.
pub(crate) const SPECIAL: [u8; 2] = [b'"', b'\\'];

/// Writes a JSON string with the escapes that JSON asks for and no others.
pub(crate) fn write_string(out: &mut String, text: &str) {
    let bytes = text.as_bytes();
    out.reserve(bytes.len() + 2);
    out.push('"');
    let from = find_special(bytes, 0, SPECIAL);
    out.push_str(&text[..from]);
    if from == bytes.len() {
        out.push('"');
        return;
    }
    write_escaped(out, text, from);
}

#[cold]
fn write_escaped(out: &mut String, text: &str, mut from: usize) {
    let bytes = text.as_bytes();
    loop {
        let special = find_special(bytes, from, SPECIAL);
        out.push_str(&text[from..special]);
        let Some(&byte) = bytes.get(special) else {
            break;
        };
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0C => out.push_str("\\f"),
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                out.push_str("\\u00");
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
        from = special + 1;
    }
    out.push('"');
}
