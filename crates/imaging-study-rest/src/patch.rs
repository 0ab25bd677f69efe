//! JSON Patch.

use imaging_study_convert::convert_any;
use imaging_study_core::{FhirVersion, Json, MediaFormat};
use imaging_study_json::{Decoder, json_to_string};
use imaging_study_validate::IssueCode;
use json_patch::{PatchOperation, patch};
use serde_json::Value;

use crate::Response;
use crate::exchange::{Exchange, lost};
use crate::failure::Failure;
use crate::negotiate::Sent;
use crate::number::{from_value, to_value};
use crate::reading::deleted;
use crate::service::{Service, Stop};
use crate::store::{Method, Store, Stored};

/// How often a patch is made again because somebody else wrote meanwhile.
const ATTEMPTS: usize = 5;
/// How many operations a patch has at most.
const MOST_OPERATIONS: usize = 1000;
/// How many values all operations together copy and move at most.
const MOST_VALUES: usize = 1_000_000;
/// How deep a patched study may be, in levels of JSON.
const DEEPEST: usize = 256;

impl<S: Store> Service<S> {
    pub(crate) fn patch(&self, exchange: &Exchange<'_>) -> Result<Response, Failure> {
        let id = exchange.id()?;
        if Sent::of(&exchange.request.headers, exchange.layout)? != Sent::JsonPatch {
            let message = "a patch has the media type application/json-patch+json";
            let failure = Failure::new(415, IssueCode::NotSupported, message);
            return Err(failure.header("Accept-Patch", "application/json-patch+json"));
        }
        let operations = operations(&exchange.request.body)?;
        let preconditions = exchange.preconditions()?;
        for _ in 0..ATTEMPTS {
            let newest = self.store.read(&exchange.namespace, id)?;
            preconditions.hold(newest.as_ref())?;
            let newest = newest.ok_or_else(Failure::not_found)?;
            let study = exchange.patched(&newest, &operations)?;
            let stored = self.transact(&exchange.namespace, |transaction| {
                let now = transaction.read(id)?;
                // Somebody else wrote: the patch is made of what there is now.
                if now.as_ref().map(|now| now.number) != Some(newest.number) {
                    return Ok(None);
                }
                let id = id.to_owned();
                let stored = exchange.put(transaction, &study, id, Some(&newest), Method::Put)?;
                Ok::<_, Stop>(Some(stored))
            })?;
            if let Some(stored) = stored {
                return exchange.written(200, &stored, false);
            }
        }
        let message = "the study is changed by others all the time";
        Err(Failure::new(409, IssueCode::Conflict, message))
    }
}

impl Exchange<'_> {
    /// The newest version of a study with a patch, in the version that it is stored in.
    fn patched(
        &self,
        newest: &Stored,
        operations: &[PatchOperation],
    ) -> Result<imaging_study_any::AnyImagingStudy, Failure> {
        let Some(body) = &newest.body else {
            return Err(deleted(newest));
        };
        let version: FhirVersion = self.version_of(body.version);
        let before = self.show(newest, version, None)?;
        if let Some(text) = lost(&before.losses).first() {
            let text = format!("the study cannot be patched in this version: {text}");
            return Err(Failure::new(422, IssueCode::BusinessRule, text));
        }
        let tree = Decoder::default().decode_json(before.json.as_bytes());
        let tree =
            tree.map_err(|_| Failure::new(422, IssueCode::TooCostly, "the study is too deep"))?;
        let mut value = to_value(&tree);
        apply(&mut value, operations)?;
        let text = json_to_string(&from_value(&value));
        if text.len() > self.settings.body_bytes {
            let message = format!(
                "the study is larger than {} bytes",
                self.settings.body_bytes
            );
            return Err(Failure::new(413, IssueCode::TooLong, message));
        }
        let read = self.read_study(text.as_bytes(), MediaFormat::Json, Some(version));
        // The patch is understood, and what comes of it is no study.
        let study = read.map_err(|mut failure| {
            failure.status = 422;
            failure.forget_positions();
            failure
        })?;
        if study.id() != Some(newest.id.as_str()) {
            let message = "a patch does not change the id";
            return Err(Failure::new(422, IssueCode::BusinessRule, message));
        }
        self.check(&study)?;
        let options = imaging_study_convert::Options::default();
        let back = convert_any(study, body.version, &options);
        let back = back.map_err(|_| {
            let message = "the study cannot be kept in the version in which it is stored";
            Failure::new(422, IssueCode::BusinessRule, message)
        })?;
        match back.losses.iter().find(|loss| loss.kind.is_loss()) {
            Some(_) => {
                let message =
                    "something cannot be kept in the version in which the study is stored";
                Err(Failure::new(422, IssueCode::BusinessRule, message))
            }
            None => Ok(back.value),
        }
    }
}

/// The operations of a patch.
fn operations(bytes: &[u8]) -> Result<Vec<PatchOperation>, Failure> {
    let bad = |text: String| Failure::new(400, IssueCode::Structure, text);
    let tree = Decoder::default().decode_json(bytes);
    let tree = tree.map_err(|error| bad(error.to_string()))?;
    let entries = tree.as_array().map_or(0, <[Json]>::len);
    if entries > MOST_OPERATIONS {
        let message = format!("a patch has at most {MOST_OPERATIONS} operations");
        return Err(Failure::new(413, IssueCode::TooCostly, message));
    }
    // What is wrong may repeat values of the patch, and is not handed on.
    serde_json::from_value(to_value(&tree)).map_err(|_| {
        bad("expected a JSON Patch: an array of operations with op and path".to_owned())
    })
}

/// Applies a patch, all of it or nothing.
fn apply(value: &mut Value, operations: &[PatchOperation]) -> Result<(), Failure> {
    let mut values = 0;
    for (index, operation) in operations.iter().enumerate() {
        check_cost(value, operation, &mut values)?;
        patch(value, std::slice::from_ref(operation)).map_err(|error| {
            let reason = match error.kind {
                json_patch::PatchErrorKind::TestFailed => "the test fails",
                _ => "there is nothing at its path",
            };
            let text = format!("operation {index} of the patch: {reason}");
            Failure::new(422, IssueCode::BusinessRule, text)
        })?;
    }
    Ok(())
}

/// Refuses what would make a study deep or large beyond measure: each copy may double it.
fn check_cost(
    value: &Value,
    operation: &PatchOperation,
    values: &mut usize,
) -> Result<(), Failure> {
    let (from, added) = match operation {
        PatchOperation::Copy(copy) => (value.pointer(copy.from.as_str()), None),
        PatchOperation::Move(moved) => (value.pointer(moved.from.as_str()), None),
        PatchOperation::Add(add) => (None, Some(&add.value)),
        PatchOperation::Replace(replace) => (None, Some(&replace.value)),
        PatchOperation::Remove(_) | PatchOperation::Test(_) => (None, None),
    };
    let Some(put) = from.or(added) else {
        return Ok(());
    };
    let steps = operation.path().as_str().matches('/').count();
    let mut depth = 0;
    let count = measure(put, steps, &mut depth);
    *values += count;
    if depth > DEEPEST || *values > MOST_VALUES {
        let message = "the patch takes more than it may";
        return Err(Failure::new(413, IssueCode::TooCostly, message));
    }
    Ok(())
}

/// The number of values in a value, and the depth of the deepest.
fn measure(value: &Value, level: usize, depth: &mut usize) -> usize {
    *depth = level.max(*depth);
    match value {
        Value::Array(entries) => {
            let counts = entries.iter().map(|entry| measure(entry, level + 1, depth));
            1 + counts.sum::<usize>()
        }
        Value::Object(members) => {
            let counts = members
                .values()
                .map(|entry| measure(entry, level + 1, depth));
            1 + counts.sum::<usize>()
        }
        // A long text counts as much as many short ones.
        Value::String(text) => 1 + text.len() / 64,
        _ => 1,
    }
}
