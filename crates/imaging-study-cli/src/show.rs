//! The command `show`.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use imaging_study::core::{Json, to_json};
use imaging_study::json::json_to_string;
use imaging_study::{AnyImagingStudy, FhirVersion, Limits, with_study};

use crate::arguments::{ShowArguments, SourceVersion};
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::{Format, is_blank};
use crate::input::{Input, is_stdin};
use crate::outcome::push_escaped;
use crate::shown::shown;
use crate::study_facts::StudyFacts;
use crate::study_json::{self, Members};
use crate::study_tree::{everything, overview};
use crate::terminal;
use crate::tree_text::{Cell, Node, Role, draw};
use imaging_study_migrate::{Outputs, Settings, migrate};
use imaging_study_migrate::{Visit, Visited};

/// Shows the studies of a file; tells whether there is none, or something cannot be read.
pub(crate) fn show(arguments: &ShowArguments) -> Result<bool, RunError> {
    let mut settings = Settings::new(FhirVersion::R4);
    settings.from = match arguments.from {
        SourceVersion::Auto => None,
        SourceVersion::Is(version) => Some(version),
    };
    // What is written comes in lines, whatever the input is.
    settings.output_format = Some(Format::Ndjson);
    let view = View {
        arguments: arguments.clone(),
        width: terminal::width(),
        begun: AtomicBool::new(false),
    };
    settings.visit = Some(Visit::new(move |visited, out| view.see(visited, out)));
    let place = line_of(&arguments.file);
    let paths = match place {
        Some(_) => Vec::new(),
        None => files(std::slice::from_ref(&arguments.file))?,
    };
    let mut inputs: Vec<Input<'_>> = Vec::new();
    match &place {
        Some((path, line)) => inputs.push(one_line(path, *line, &mut settings)?),
        None => inputs.extend(paths.iter().map(|path| Input::from_argument(path))),
    }
    let mut output = terminal::stdout();
    let summary = migrate(
        inputs,
        &settings,
        &mut Outputs::new(&mut output, &mut io::sink()),
    )?;
    output.flush().map_err(MigrateError::Output)?;
    if summary.converted == 0 && summary.quarantined == 0 {
        // Who has closed stderr does not want to read it.
        let name = shown(&arguments.file.display().to_string());
        let _ = writeln!(io::stderr(), "{name}: no ImagingStudy");
    }
    Ok(summary.converted == 0 || summary.quarantined > 0)
}

/// The file and the line of `FILE:LINE`, unless there is a file of the whole name.
fn line_of(argument: &Path) -> Option<(PathBuf, u64)> {
    if is_stdin(argument) || argument.exists() {
        return None;
    }
    let (path, line) = argument.to_str()?.rsplit_once(':')?;
    let line = line.parse().ok()?;
    let path = PathBuf::from(path);
    (is_stdin(&path) || path.exists()).then_some((path, line))
}

/// An input that has nothing but one line of a file, at its place; or all of a document, which begins
/// on line 1.
fn one_line(path: &Path, line: u64, settings: &mut Settings) -> Result<Input<'static>, RunError> {
    let name = path.display().to_string();
    let failed = |error| MigrateError::Input {
        name: name.clone(),
        error,
    };
    if line == 1 && !is_stdin(path) {
        // A document over several lines is told by more than its first one.
        let mut start = Vec::new();
        let file = File::open(path).map_err(failed)?;
        file.take(1 << 20).read_to_end(&mut start).map_err(failed)?;
        if crate::format::recognise(&start, false).is_one_document() {
            let file = File::open(path).map_err(failed)?;
            return Ok(Input::new(name, file));
        }
    }
    let source: Box<dyn io::Read> = match is_stdin(path) {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).map_err(failed)?),
    };
    let mut reader = BufReader::with_capacity(1 << 16, source);
    for _ in 1..line {
        if reader.skip_until(b'\n').map_err(failed)? == 0 {
            break;
        }
    }
    let most = Limits::default().bytes as u64;
    let mut text = Vec::new();
    let mut limited = reader.take(most.saturating_add(2));
    limited.read_until(b'\n', &mut text).map_err(failed)?;
    if is_blank(&text) {
        let path = path.to_owned();
        return Err(RunError::NoLine { path, line });
    }
    settings.input_format = Some(Format::Ndjson);
    // Blank lines are counted, and nothing else is done with them.
    let before = io::repeat(b'\n').take(line - 1);
    Ok(Input::new(name, before.chain(io::Cursor::new(text))))
}

struct View {
    arguments: ShowArguments,
    width: Option<usize>,
    /// Whether a tree was written already: an empty line parts them.
    begun: AtomicBool,
}

impl View {
    fn see(&self, visited: &Visited<'_>, out: &mut Vec<u8>) {
        match visited.found {
            Ok(study) => self.study(visited, study, out),
            Err(not_read) => {
                let place = place(visited);
                let message = format!("{}: {}", shown(&place), shown(&not_read.message));
                // Who has closed stderr does not want to read it.
                let _ = writeln!(io::stderr(), "{message}");
            }
        }
    }

    fn study(&self, visited: &Visited<'_>, study: &AnyImagingStudy, out: &mut Vec<u8>) {
        let mut facts = StudyFacts::new(study, self.arguments.instances);
        if self.arguments.from == SourceVersion::Auto {
            facts.versions = visited.fits();
        }
        if self.arguments.no_values {
            facts.hide_texts();
        }
        if self.arguments.json {
            self.json(visited, study, &facts, out);
            return;
        }
        if self.begun.swap(true, Ordering::Relaxed) {
            out.push(b'\n');
        }
        let source = Node::new(vec![Cell::new(Role::Place, &place(visited))]);
        draw(&source, self.width, out);
        let root = match self.arguments.all {
            true => everything(study, &facts, self.arguments.no_values),
            false => overview(&facts),
        };
        draw(&root, self.width, out);
    }

    fn json(
        &self,
        visited: &Visited<'_>,
        study: &AnyImagingStudy,
        facts: &StudyFacts<'_>,
        out: &mut Vec<u8>,
    ) {
        let mut members = Members::default();
        members.text("source", Some(visited.source));
        members.number("line", Some(visited.line));
        members.text("entry", visited.entry);
        study_json::members(facts, &mut members);
        if self.arguments.all && !self.arguments.no_values {
            let resource: Option<Json> = with_study!(study, study => to_json(&**study).ok());
            members.add("resource", resource);
        }
        push_escaped(&json_to_string(&members.object()), out);
        out.push(b'\n');
    }
}

/// Where a study stands: `export.ndjson:7`, and the entry of a Bundle.
fn place(visited: &Visited<'_>) -> String {
    let entry = visited
        .entry
        .map_or(String::new(), |entry| format!(" {entry}"));
    format!("{}:{}{entry}", visited.source, visited.line)
}
