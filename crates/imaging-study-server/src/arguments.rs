//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;
use imaging_study_core::FhirVersion;

/// Serves FHIR ImagingStudy of every version from one SQLite file.
///
/// The API of the standard is at /fhir, one of STU3 with an organization at
/// /a/{organizationId}/ImagingStudy, one of R4 that only reads at /site/{siteId}/fhir/imaging-study/{id}.
#[derive(Clone, Debug, Parser)]
#[command(name = "imaging-study-server", version)]
#[non_exhaustive]
pub struct Arguments {
    /// The file with the studies; it is made if it is not there
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,

    /// The address to listen on; without tokens only one of this machine
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Stores the studies of an NDJSON file before serving; - is the standard input
    #[arg(long, value_name = "FILE")]
    pub import: Option<PathBuf>,

    /// Ends after the import
    #[arg(long, requires = "import")]
    pub import_only: bool,

    /// A file with a line a token: its SHA-256 in hexadecimal, a name, and the organizations and sites it is
    /// for, if not all
    #[arg(long, value_name = "FILE")]
    pub tokens: Option<PathBuf>,

    /// The URL of the server before the paths, as its users write it
    #[arg(long, value_name = "URL", value_parser = base)]
    pub base: Option<String>,

    /// The version of Bundles and metadata, and of input that fits several
    #[arg(long, value_name = "VERSION", default_value = "r4")]
    pub fhir_version: FhirVersion,

    /// Two spellings of one organization or site; can be given several times
    #[arg(long, value_name = "ID=SLUG", value_parser = spellings)]
    pub organization: Vec<(String, String)>,

    /// The URL of a viewer, with {studyUid} in it, to which pages link
    #[arg(long, value_name = "TEMPLATE")]
    pub viewer: Option<String>,

    /// Endpoint resources in JSON, one or a Bundle, to which references of studies lead
    #[arg(long, value_name = "FILE")]
    pub endpoints: Option<PathBuf>,

    /// A host to which pages may link; can be given several times
    #[arg(long, value_name = "HOST")]
    pub allow_host: Vec<String>,

    /// Writes what senders say in log-cdata into the log
    #[arg(long)]
    pub log_cdata: bool,
}

fn base(text: &str) -> Result<String, String> {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default());
    match host {
        Some(host) if !host.is_empty() && !text.contains(['?', '#', '@', ' ']) => {
            Ok(text.trim_end_matches('/').to_owned())
        }
        _ => Err("expected a URL such as https://pacs.example".to_owned()),
    }
}

fn spellings(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((one, other)) if !one.is_empty() && !other.is_empty() => {
            Ok((one.to_owned(), other.to_owned()))
        }
        _ => Err("expected two names with = between".to_owned()),
    }
}
