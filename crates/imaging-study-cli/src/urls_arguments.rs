//! The arguments of `urls`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use imaging_study::dicom::{ConnectionType, ResourceLevel, Viewport};

use crate::arguments::{SourceVersion, source_version};

const HELP: &str = "\
Prints a line for each URL: the element of the study, the connection type, the URL, and the media types
to accept, separated by tabs. The element is a path such as ImagingStudy.series[0]; behind
Bundle.entry[1].resource in a Bundle, and with the number of the line before it, as in
2:ImagingStudy.series[0], where STUDY has several lines. What has no URL, and what is odd, is told on
stderr with the element concerned. Nothing is sent.

An endpoint of a series stands in place of those of the study of the same type. Without
--connection-type, the types are those of the study's endpoints; STOW-RS is left out. WADO-URI has URLs
of instances only, and ihe-iid of studies. Endpoints may stand in STUDY too: in contained, or in its
Bundle. DSTU2 has URLs in place of endpoints.

Exit status: 0 there are URLs; 1 there is none; 2 usage; 3 input failed.

Examples:
  imaging-study urls study.json --endpoints endpoints.ndjson
  imaging-study urls study.json --endpoints endpoints.json --level instance --metadata
  imaging-study urls bundle.json --connection-type dicom-wado-rs --level study --thumbnail";

/// The arguments of `urls`.
#[derive(Clone, Debug, Args)]
#[command(after_help = HELP, group(ArgGroup::new("images").args(["rendered", "thumbnail"])))]
pub struct UrlsArguments {
    /// Studies: a document, a Bundle or NDJSON; - is stdin
    #[arg(value_name = "STUDY")]
    pub study: PathBuf,
    /// Endpoint resources: a document, a Bundle or NDJSON
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub endpoints: Vec<PathBuf>,
    /// Version of the study; auto decides by the elements that it has
    #[arg(long, value_name = "VERSION", default_value = "auto", value_parser = source_version)]
    pub from: SourceVersion,
    /// Connection types to print URLs for
    #[arg(long, value_enum, value_name = "TYPE", value_delimiter = ',')]
    pub connection_type: Vec<ConnectionTypeName>,
    /// For what to print URLs
    #[arg(long, value_enum, value_name = "LEVEL", default_value = "series")]
    pub level: Level,
    /// All attributes without bulk data, as DICOM JSON
    #[arg(long, conflicts_with_all = ["rendered", "thumbnail"])]
    pub metadata: bool,
    /// Images for display
    #[arg(long, conflicts_with = "thumbnail")]
    pub rendered: bool,
    /// A small image
    #[arg(long)]
    pub thumbnail: bool,
    /// Size of rendered images, in pixels
    #[arg(long, value_name = "WIDTH,HEIGHT", requires = "images", value_parser = viewport)]
    pub viewport: Option<Viewport>,
    /// Quality of rendered images, from 1 to 100
    #[arg(long, value_name = "N", requires = "rendered")]
    pub quality: Option<u32>,
    /// Take off what often stands at the end of addresses by mistake: slashes, /studies, a query
    #[arg(long)]
    pub repair: bool,
    /// Use the study's endpoint where that of a series cannot be used
    #[arg(long)]
    pub fallback: bool,
}

/// A connection type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ConnectionTypeName {
    /// Retrieving with WADO-RS
    DicomWadoRs,
    /// Retrieving with WADO-URI
    DicomWadoUri,
    /// Searching with QIDO-RS
    DicomQidoRs,
    /// Showing in a viewer
    IheIid,
}

impl From<ConnectionTypeName> for ConnectionType {
    fn from(name: ConnectionTypeName) -> Self {
        match name {
            ConnectionTypeName::DicomWadoRs => Self::WadoRs,
            ConnectionTypeName::DicomWadoUri => Self::WadoUri,
            ConnectionTypeName::DicomQidoRs => Self::QidoRs,
            ConnectionTypeName::IheIid => Self::IheIid,
        }
    }
}

/// For what URLs are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// The study as a whole
    Study,
    /// Each series
    Series,
    /// Each instance
    Instance,
}

impl From<Level> for ResourceLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Study => Self::Study,
            Level::Series => Self::Series,
            Level::Instance => Self::Instance,
        }
    }
}

fn viewport(text: &str) -> Result<Viewport, String> {
    let size = |text: &str| text.parse().ok().filter(|size| *size > 0);
    let sizes = text.split_once(',').and_then(|(width, height)| {
        Some(Viewport {
            width: size(width)?,
            height: size(height)?,
            source: None,
        })
    });
    sizes.ok_or_else(|| "expected width and height from 1, as in 640,480".to_owned())
}
