//! The command `search`.

use std::fmt::Display;
use std::io::{self, Seek, Write};
use std::num::NonZeroUsize;
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use imaging_study::FhirVersion;
use imaging_study::search::{Asked, Matcher, Moment, Options, Query};
use imaging_study_migrate::{Outputs, Search, Settings, Summary, migrate};

use crate::arguments::SearchArguments;
use crate::error::{MigrateError, RunError};
use crate::files::files;
use crate::format::Format;
use crate::input::Input;
use crate::page::Page;
use crate::shown::shown;

/// Searches the files; tells whether nothing was found.
pub(crate) fn search(arguments: &SearchArguments) -> Result<bool, RunError> {
    let options = options(arguments)?;
    let text = query_text(arguments);
    let query = match arguments.from {
        Some(version) => Some(Query::parse(&text, version, &options).map_err(in_error)?),
        None => None,
    };
    let warnings = Warnings {
        strict: arguments.strict,
    };
    if let Some(query) = &query {
        warnings.of_query(query)?;
        if let Some(version) = arguments.translate {
            return translate(query, version, &warnings);
        }
    }
    let matcher = match &query {
        Some(query) => Matcher::new(query).map_err(in_error)?,
        None => Matcher::in_each_version(&text, &options).map_err(in_error)?,
    };
    // What is asked of the answer does not depend on the version, but for names of elements.
    let mut versions = FhirVersion::ALL.into_iter().rev();
    let understood = versions.find(|version| matcher.asked(*version).error().is_none());
    let any = matcher.asked(understood.unwrap_or(FhirVersion::R6)).query();
    let result = query.as_ref().unwrap_or(any).result();
    let (count, only_count) = (result.count, result.only_count());
    if query.is_none() {
        warnings.not_used(any)?;
    }
    let mut search = Search::new(matcher.clone());
    search.version = arguments.from;
    search.keyed = is_sorted(&matcher);
    search.counts = only_count;
    let files = files(&arguments.files)?;
    let mut settings = Settings::new(FhirVersion::R4);
    settings.output_format = Some(Format::Ndjson);
    let processors = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    settings.jobs = arguments.jobs.unwrap_or_else(processors);
    let keyed = search.keyed;
    settings.search = Some(search);
    let mut spool = match arguments.strict && may_be_refused(&matcher) {
        true => Some(tempfile::tempfile().map_err(MigrateError::Output)?),
        false => None,
    };
    let output: Box<dyn Write> = match &spool {
        Some(file) => Box::new(file.try_clone().map_err(MigrateError::Output)?),
        None => Box::new(io::stdout().lock()),
    };
    let mut page = Page::new(output, count, keyed);
    let summary = migrate(
        files.iter().map(|path| Input::from_argument(path)),
        &settings,
        &mut Outputs::new(&mut page, &mut io::stderr()),
    )?;
    warnings.of_versions(&matcher, query.is_none(), &summary)?;
    let printed = match only_count {
        true => writeln!(io::stdout(), "{}", summary.matched),
        false => page.finish().and_then(|()| match &mut spool {
            Some(file) => {
                file.rewind()?;
                io::copy(file, &mut io::stdout().lock()).map(|_| ())
            }
            None => Ok(()),
        }),
    };
    printed.map_err(MigrateError::Output)?;
    // Who has closed stderr does not want to read it.
    let _ = writeln!(
        io::stderr(),
        "read {}, studies {}, matching {}, other resources {}, not readable {}",
        summary.read,
        summary.converted,
        summary.matched,
        summary.passed,
        summary.quarantined
    );
    Ok(summary.matched == 0)
}

fn in_error(error: impl Display) -> RunError {
    RunError::Query(error.to_string())
}

fn options(arguments: &SearchArguments) -> Result<Options, RunError> {
    let mut options = Options::default();
    options.strict = arguments.strict;
    options.lenient_uids = arguments.lenient_uids;
    options.base.clone_from(&arguments.base);
    if let Some(offset) = &arguments.offset
        && options.set_offset(offset).is_none()
    {
        return Err(in_error("--offset is Z, or -14:00 to +14:00"));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    options.now = now.map(|now| {
        let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
        Moment::new(seconds, now.subsec_nanos())
    });
    Ok(options)
}

/// The query with what options say of the answer.
fn query_text(arguments: &SearchArguments) -> String {
    let query = arguments.query.as_str();
    // As it stands in a URL.
    let query = query.strip_prefix("ImagingStudy").map_or(query, |rest| {
        if rest.starts_with('?') { rest } else { query }
    });
    let mut text = query.strip_prefix('?').unwrap_or(query).to_owned();
    for (name, value) in [
        ("_summary", &arguments.summary),
        ("_elements", &arguments.elements),
    ] {
        if let Some(value) = value {
            text.push_str(&format!("&{name}={value}"));
        }
    }
    text
}

/// Whether any version has a key to sort by.
fn is_sorted(matcher: &Matcher) -> bool {
    FhirVersion::ALL.into_iter().any(|version| {
        let result = matcher.asked(version).query().result();
        !result.sort.is_empty()
    })
}

/// Whether studies of some version cannot be asked: a strict search has found none then, once it
/// meets one of them.
fn may_be_refused(matcher: &Matcher) -> bool {
    FhirVersion::ALL.into_iter().any(|version| {
        let asked = matcher.asked(version);
        asked.error().is_some() || !asked.untranslatable().is_empty()
    })
}

/// Prints the query of another version; tells whether a part has no translation.
fn translate(query: &Query, version: FhirVersion, warnings: &Warnings) -> Result<bool, RunError> {
    let translation = query.translate(version);
    for part in &translation.untranslatable {
        warnings.say(part, "");
    }
    for note in &translation.notes {
        warnings.say(note, "");
    }
    writeln!(io::stdout(), "{}", translation.query).map_err(MigrateError::Output)?;
    Ok(!translation.untranslatable.is_empty())
}

/// Parts of a query that a program without a server does nothing with.
const NOT_USED: [&str; 8] = [
    "_include",
    "_revinclude",
    "_format",
    "_pretty",
    "_total",
    "_contained",
    "_containedType",
    "_maxresults",
];

/// Says on stderr what of a query is not taken as it may have been meant.
struct Warnings {
    /// Whether what is ignored is an error.
    strict: bool,
}

impl Warnings {
    fn say(&self, text: impl Display, versions: &str) {
        // Names come from the command line.
        let text = shown(&text.to_string());
        // Who has closed stderr does not want to read it.
        let _ = writeln!(io::stderr(), "warning: {text}{versions}");
    }

    /// What was ignored, and what may have been meant otherwise.
    fn of_query(&self, query: &Query) -> Result<(), RunError> {
        for text in texts(query) {
            self.say(text, "");
        }
        self.not_used(query)
    }

    /// What the program does nothing with.
    fn not_used(&self, query: &Query) -> Result<(), RunError> {
        for part in &query.report().used {
            let name = part.split(['=', ':']).next().unwrap_or(part);
            if !NOT_USED.contains(&name) {
                continue;
            }
            let text = format!("{name}: the program does nothing with it");
            if self.strict {
                return Err(RunError::Query(text));
            }
            self.say(text, "");
        }
        Ok(())
    }

    /// What studies of each version could not be asked, or may have been asked otherwise.
    fn of_versions(&self, matcher: &Matcher, own: bool, summary: &Summary) -> Result<(), RunError> {
        let mut said: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
        let mut refused = None;
        for version in summary.asked.keys() {
            let asked = matcher.asked(*version);
            let found = texts_of(asked, own);
            let fault = asked.error().map(ToString::to_string);
            let fault = fault.or_else(|| asked.untranslatable().first().map(ToString::to_string));
            refused = refused.or(fault.filter(|_| self.strict));
            match said.iter_mut().find(|(texts, _)| *texts == found) {
                Some((_, versions)) => versions.push(version.name()),
                None => said.push((found, vec![version.name()])),
            }
        }
        for (texts, versions) in said {
            for text in texts {
                self.say(text, &format!(" (studies of {})", versions.join(", ")));
            }
        }
        refused.map_or(Ok(()), |text| Err(RunError::Query(text)))
    }
}

/// What of a query was ignored, and what may have been meant otherwise.
fn texts(query: &Query) -> Vec<String> {
    let report = query.report();
    let ignored = report.ignored.iter().map(ToString::to_string);
    ignored
        .chain(report.hints.iter().map(ToString::to_string))
        .collect()
}

/// What is to be said about the studies of a version.
fn texts_of(asked: &Asked, own: bool) -> Vec<String> {
    let mut found = match own {
        true => texts(asked.query()),
        // Said once, of the query that was given.
        false => Vec::new(),
    };
    found.extend(
        asked
            .error()
            .map(|error| format!("{error}; they do not match")),
    );
    for part in asked.untranslatable() {
        let end = if part.partly {
            ""
        } else {
            "; they do not match"
        };
        found.push(format!("{part}{end}"));
    }
    found.extend(asked.notes().iter().map(ToString::to_string));
    found
}
