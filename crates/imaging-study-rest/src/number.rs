//! JSON trees for a library that has another kind of number.

use imaging_study_core::{Decimal, Json};
use serde_json::{Number, Value};

/// Begins a text that stands for a number whose digits a `serde_json` number would not keep. No text of
/// FHIR has the first character.
const DIGITS: &str = "\u{0}number:";

/// The tree of another library; a number that it would write otherwise becomes a text.
pub(crate) fn to_value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Boolean(boolean) => Value::Bool(*boolean),
        Json::Number(number) => {
            let text = number.to_string();
            match text.parse::<Number>() {
                Ok(number) if number.to_string() == text => Value::Number(number),
                _ => Value::String(format!("{DIGITS}{text}")),
            }
        }
        Json::String(text) => Value::String(text.to_string()),
        Json::Array(entries) => Value::Array(entries.iter().map(to_value).collect()),
        Json::Object(members) => {
            let members = members.iter();
            Value::Object(
                members
                    .map(|(name, value)| (name.to_string(), to_value(value)))
                    .collect(),
            )
        }
    }
}

/// The way back of [`to_value`].
pub(crate) fn from_value(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(boolean) => Json::Boolean(*boolean),
        Value::Number(number) => decimal(&number.to_string()),
        Value::String(text) => match text.strip_prefix(DIGITS) {
            Some(digits) => decimal(digits),
            None => Json::String(text.as_str().into()),
        },
        Value::Array(entries) => Json::Array(entries.iter().map(from_value).collect()),
        Value::Object(members) => {
            let members = members.iter();
            Json::Object(
                members
                    .map(|(name, value)| (name.into(), from_value(value)))
                    .collect(),
            )
        }
    }
}

fn decimal(text: &str) -> Json {
    match text.parse::<Decimal>() {
        Ok(number) => Json::Number(number),
        Err(_) => Json::String(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept() {
        let text = r#"{"a":[1,1.10,1E-22,-0,0.1,123456789012345678901234567890,true,null,"1.10"]}"#;
        let json = imaging_study_json::Decoder::default()
            .decode_json(text.as_bytes())
            .expect("JSON");
        let back = from_value(&to_value(&json));
        assert_eq!(imaging_study_json::json_to_string(&back), text);
    }
}
