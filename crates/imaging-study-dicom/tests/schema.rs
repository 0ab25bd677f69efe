//! The JSON Schemas of UIDs.

mod fixtures;

use fixtures::rows;
use imaging_study_dicom::{RawUid, Uid};
use regex::Regex;

#[test]
fn the_schema_allows_what_is_a_uid_and_nothing_else() {
    let schema = schemars::schema_for!(Uid);
    assert_eq!(schema.get("type"), Some(&"string".into()));
    let longest = schema.get("maxLength").and_then(serde_json::Value::as_u64);
    let pattern = schema.get("pattern").and_then(serde_json::Value::as_str);
    let (longest, pattern) = (longest.expect("a length"), pattern.expect("a pattern"));
    let pattern = Regex::new(pattern).expect("a regular expression");
    for row in rows("strict.tsv") {
        let allowed = pattern.is_match(&row[1]) && row[1].chars().count() as u64 <= longest;
        assert_eq!(allowed, row[0] == "valid", "{:?}", row[1]);
    }
    assert_eq!(schemars::schema_for!(RawUid).get("pattern"), None);
}
