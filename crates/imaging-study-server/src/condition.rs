//! Parts of a query as conditions of SQL.

use imaging_study_search::{Criterion, Modifier, Prefix, Query, Wanted};
use rusqlite::types::Value;

use crate::rows::{Kind, key, relative, without_scheme};

/// A condition on a row of index values, and the values of its question marks.
pub(crate) struct Condition {
    pub(crate) sql: String,
    pub(crate) values: Vec<Value>,
}

impl Condition {
    fn new(sql: &str, values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            sql: sql.to_owned(),
            values: values.into_iter().collect(),
        }
    }
}

/// The conditions of which a row that is found keeps one.
pub(crate) fn alternatives(criterion: &Criterion, query: &Query) -> Vec<Condition> {
    let values = criterion.values.iter();
    values
        .flat_map(|wanted| conditions(wanted, criterion, query))
        .collect()
}

fn conditions(wanted: &Wanted, criterion: &Criterion, query: &Query) -> Vec<Condition> {
    let options = query.options();
    let text = |text: &str| Value::Text(text.to_owned());
    let kinds = match criterion.modifier {
        Modifier::Identifier => [Kind::Reference, Kind::ReferenceAnyCase],
        _ => [Kind::Token, Kind::TokenAnyCase],
    };
    // Each kind of token is looked for by itself, so that each has an index to go by.
    let tokens = |sql: &str, code: Option<&str>, system: Option<&str>| {
        let any_case = |code: &str| code.to_ascii_lowercase();
        let of = |kind: Kind, code: Option<String>| {
            let values = code.map(Value::Text).into_iter();
            let values = values.chain(system.map(text));
            Condition::new(&format!("kind = {} AND {sql}", kind as i64), values)
        };
        vec![
            of(kinds[0], code.map(str::to_owned)),
            of(kinds[1], code.map(any_case)),
        ]
    };
    match wanted {
        Wanted::Code(code) => tokens("a = ?", Some(code), None),
        Wanted::System(system) => tokens("b = ?", None, Some(system)),
        Wanted::SystemCode(system, code) => tokens("a = ? AND b = ?", Some(code), Some(system)),
        Wanted::NoSystem(code) => tokens("a = ? AND b = ''", Some(code), None),
        Wanted::OfType(system, code, value) => vec![Condition::new(
            "kind = 2 AND a = ? AND b = ? AND c = ?",
            [text(&value.to_ascii_lowercase()), text(system), text(code)],
        )],
        Wanted::Text(begin) => vec![Condition::new(
            "kind = 3 AND a >= ? AND a < ?",
            [text(begin), text(&format!("{begin}\u{10FFFF}"))],
        )],
        Wanted::Uri(uri) => vec![Condition::new("kind = 4 AND a = ?", [text(uri)])],
        Wanted::Canonical(url, version) => {
            let url = text(relative(url, options.base.as_deref()));
            vec![match version {
                None => Condition::new("kind = 4 AND a = ?", [url]),
                Some(version) => {
                    Condition::new("kind = 4 AND a = ? AND b = ?", [url, text(version)])
                }
            }]
        }
        Wanted::Id(id) => {
            let targets = criterion.parameter().targets;
            let marks = vec!["?"; targets.len()].join(", ");
            let values = targets.iter().map(|target| text(target));
            let sql = format!("kind = 5 AND a = ? AND b IN ({marks})");
            vec![Condition::new(
                &sql,
                std::iter::once(text(id)).chain(values),
            )]
        }
        Wanted::Local(resource_type, id) => vec![Condition::new(
            "kind = 5 AND a = ? AND b = ?",
            [text(id), text(resource_type)],
        )],
        Wanted::Url(url) => {
            vec![Condition::new(
                "kind = 6 AND a = ?",
                [text(without_scheme(url))],
            )]
        }
        Wanted::Date(prefix, span) => {
            let span = match (prefix, options.now) {
                (Prefix::Ap, Some(now)) => span.widened(now),
                _ => *span,
            };
            let (start, end) = (Value::Blob(key(span.start)), Value::Blob(key(span.end)));
            let (sql, values) = match prefix {
                Prefix::Eq => ("a >= ?1 AND a < ?2 AND b <= ?2", vec![start, end]),
                Prefix::Ne => ("NOT (a >= ?1 AND b <= ?2)", vec![start, end]),
                Prefix::Gt => ("b > ?1", vec![end]),
                Prefix::Lt => ("a < ?1", vec![start]),
                Prefix::Ge => ("b > ?1", vec![start]),
                Prefix::Le => ("a < ?1", vec![end]),
                Prefix::Sa => ("a >= ?1", vec![end]),
                Prefix::Eb => ("b <= ?1", vec![start]),
                Prefix::Ap => ("a < ?2 AND b > ?1", vec![start, end]),
            };
            let (mut out, mut ordered) = (String::from("kind = 9 AND "), Vec::new());
            let mut rest = sql;
            while let Some((before, behind)) = rest.split_once('?') {
                out.push_str(before);
                out.push('?');
                let (digit, behind) = behind.split_at(1);
                let index = usize::from(digit == "2");
                ordered.extend(values.get(index).cloned());
                rest = behind;
            }
            out.push_str(rest);
            vec![Condition::new(&out, ordered)]
        }
        // A way of asking that nobody taught this store finds nothing.
        _ => vec![Condition::new("0", [])],
    }
}

/// How few studies a criterion is likely to find: the least is looked for first, and the others are asked of
/// what it finds. `None` for what can only be asked.
pub(crate) fn rank(criterion: &Criterion) -> Option<u8> {
    if matches!(criterion.modifier, Modifier::Missing(_) | Modifier::Not) {
        return None;
    }
    let of_system = |wanted: &Wanted| matches!(wanted, Wanted::System(_));
    Some(match criterion.parameter().name {
        _ if criterion.values.iter().any(of_system) => 6,
        "_id" | "identifier" | "study" | "series" | "uid" | "instance" | "accession" => 0,
        "patient" | "subject" | "basedon" | "based-on" | "order" | "encounter" | "context" => 1,
        "started" | "_lastUpdated" => 3,
        "modality" | "status" | "dicom-class" | "_profile" | "_language" => 5,
        _ => 4,
    })
}
