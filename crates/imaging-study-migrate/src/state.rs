//! Where a run was cut off.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use imaging_study::core::Json;
use imaging_study::json::{Decoder, json_to_string};

use crate::batch::Place;
use crate::format::Format;
use crate::input::is_stdin;
use crate::migrate::{Position, Settings};
use crate::outcome::{member, number, string};
use crate::output::{Access, beside, folder_of, sync_folder};
use crate::records::{of_number, seconds, whole};
use crate::summary::Summary;
use crate::temporary::TemporaryFile;

/// What a run leaves beside its output, so that another one can go on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    /// What the run was asked for, and of which inputs.
    pub(crate) run: String,
    /// Whether everything is written, and only has to be put in its place.
    pub(crate) complete: bool,
    pub(crate) at: Position,
    /// How many bytes of each stream belong to what was done, in the order of `Stream::ALL`.
    pub(crate) sizes: Vec<u64>,
    pub(crate) summary: Summary,
    /// How long the run took until then.
    pub(crate) seconds: f64,
}

/// The file of the state of the run that writes an output.
pub(crate) fn state_path(output: &Path) -> PathBuf {
    beside(output, ".state")
}

/// Everything that the output depends on: a run that was asked for something else does not go on here.
pub(crate) fn fingerprint(
    settings: &Settings,
    inputs: &[PathBuf],
    others: &str,
) -> io::Result<String> {
    let mut settings = settings.clone();
    settings.jobs = std::num::NonZeroUsize::MIN;
    settings.batch_size = 0;
    settings.max_rejects = None;
    settings.inspect = None;
    let mut text = format!("{} {settings:?} {others}", env!("CARGO_PKG_VERSION"));
    for path in inputs.iter().filter(|path| !is_stdin(path)) {
        let metadata = fs::metadata(path)?;
        let changed = metadata.modified().ok();
        let changed = changed.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        text.push_str(&format!(
            " {path:?} {} {}",
            metadata.len(),
            changed.map_or(0, |time| time.as_nanos())
        ));
    }
    Ok(text)
}

const FORMATS: [(Format, &str); 3] = [
    (Format::Json, "json"),
    (Format::Ndjson, "ndjson"),
    (Format::Xml, "xml"),
];

fn format_name(format: Option<Format>) -> Json {
    let known = FORMATS.iter().find(|(known, _)| Some(*known) == format);
    known.map_or(Json::Null, |(_, name)| string(name))
}

fn format_named(json: Option<&Json>) -> Option<Format> {
    let name = json.and_then(Json::as_str)?;
    let known = FORMATS.iter().find(|(_, known)| *known == name);
    known.map(|(format, _)| *format)
}

impl State {
    /// Writes it in place of the one before: after a power cut too there is one of them.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        let sizes = self.sizes.iter().map(|size| number(*size)).collect();
        let json = Json::Object(vec![
            member("run", string(&self.run)),
            member("complete", Json::Boolean(self.complete)),
            member("inputs", number(self.at.inputs)),
            member("offset", number(self.at.place.offset)),
            member("line", number(self.at.place.line)),
            member("done", number(self.at.done)),
            member("inputFormat", format_name(self.at.place.format)),
            member("outputFormat", format_name(self.at.format)),
            member("sizes", Json::Array(sizes)),
            member("summary", self.summary.record()),
            member("seconds", seconds(self.seconds)),
        ]);
        write_whole(path, json_to_string(&json).as_bytes())
    }

    /// What stands in a file; `None` if there is none, or nothing that can be used.
    pub(crate) fn read(path: &Path) -> io::Result<Option<Self>> {
        match fs::read(path) {
            Ok(bytes) => Ok(Self::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let json = Decoder::default().decode_json(bytes).ok()?;
        let sizes = json.get("sizes")?.as_array()?.iter();
        let sizes: Option<Vec<u64>> = sizes.map(of_number).collect();
        let seconds = of_number(json.get("seconds")?)?;
        Some(Self {
            run: json.get("run")?.as_str()?.to_owned(),
            complete: matches!(json.get("complete")?, Json::Boolean(true)),
            at: Position {
                inputs: whole(&json, "inputs")?,
                place: Place {
                    offset: whole(&json, "offset")?,
                    line: whole(&json, "line")?,
                    format: format_named(json.get("inputFormat")),
                },
                format: format_named(json.get("outputFormat")),
                done: whole(&json, "done")?,
            },
            sizes: sizes?,
            summary: Summary::of_record(json.get("summary")?)?,
            seconds,
        })
    }
}

/// Writes a small file that is there whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let mut file = TemporaryFile::create(folder, Access::Private)?;
    file.write_all(bytes)?;
    file.as_file()?.sync_all()?;
    file.persist(path)?;
    sync_folder(folder)
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("state");
        assert_eq!(State::read(&path)?, None);
        let state = State {
            run: "x \"y\"".to_owned(),
            complete: true,
            at: Position {
                inputs: 3,
                place: Place {
                    offset: 1 << 40,
                    line: 7,
                    format: Some(Format::Ndjson),
                },
                format: None,
                done: 9,
            },
            sizes: vec![1, 2, 3, 4, 5],
            summary: Summary::default(),
            seconds: 1.5,
        };
        state.write(&path)?;
        assert_eq!(State::read(&path)?, Some(state));
        let whole = fs::read(&path)?;
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end])?;
            assert_eq!(State::read(&path)?, None, "{end}");
        }
        Ok(())
    }
}
