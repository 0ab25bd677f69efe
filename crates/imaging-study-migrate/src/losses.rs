//! The file of losses: an object for each.

use imaging_study::convert::Loss;
use imaging_study::core::Json;
use imaging_study::json::json_to_string;

use crate::outcome::{Place, member, number, string};

/// Appends the record of a loss or note, in a line of its own.
#[cold]
pub(crate) fn record(loss: Loss, id: Option<&str>, place: &Place<'_>, out: &mut Vec<u8>) {
    let mut members = vec![
        member("source", string(place.source)),
        member("line", number(place.line)),
    ];
    members.extend(id.map(|id| member("id", string(id))));
    members.extend([
        member("path", string(&place.path(&loss.path))),
        member("kind", string(loss.kind.name())),
        member("rule", string(loss.rule.id())),
        member("value", loss.value),
    ]);
    out.extend_from_slice(json_to_string(&Json::Object(members)).as_bytes());
    out.push(b'\n');
}
