//! Resources of other types as JSON text.

use imaging_study::core::Json;
use imaging_study::json::json_to_string;

/// The text of a value: in one line, or with a line for each member and entry, indented by two
/// spaces a level, as studies are.
pub(crate) fn json_text(value: &Json, pretty: bool) -> String {
    if !pretty {
        return json_to_string(value);
    }
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Json, depth: usize, text: &mut String) {
    match value {
        Json::Array(entries) if !entries.is_empty() => {
            text.push('[');
            for (index, entry) in entries.iter().enumerate() {
                start_line(index > 0, depth + 1, text);
                write(entry, depth + 1, text);
            }
            start_line(false, depth, text);
            text.push(']');
        }
        Json::Object(members) if !members.is_empty() => {
            text.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                start_line(index > 0, depth + 1, text);
                text.push_str(&json_to_string(&Json::String(name.clone())));
                text.push_str(": ");
                write(value, depth + 1, text);
            }
            start_line(false, depth, text);
            text.push('}');
        }
        _ => text.push_str(&json_to_string(value)),
    }
}

fn start_line(comma: bool, depth: usize, text: &mut String) {
    text.push_str(if comma { ",\n" } else { "\n" });
    text.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use imaging_study::json::{Decoder, from_str, to_string_pretty};
    use imaging_study::r4::ImagingStudy;

    use super::*;

    #[test]
    fn it_looks_like_a_study() -> Result<(), Box<dyn std::error::Error>> {
        let text = r#"{"resourceType":"ImagingStudy","text":{"status":"empty","div":"<div>\"\\\n</div>"},
            "_status":{"extension":[{"url":"u","valueDecimal":1.10}]},"series":[{"uid":"1","number":2}]}"#;
        let tree = Decoder::default().decode_json(text.as_bytes())?;
        let study: ImagingStudy = from_str(text)?;
        assert_eq!(json_text(&tree, true), to_string_pretty(&study)?);
        let again = Decoder::default().decode_json(json_text(&tree, true).as_bytes())?;
        assert_eq!(again, tree);
        assert_eq!(json_text(&Json::Array(Vec::new()), true), "[]");
        Ok(())
    }
}
