//! The arguments of `uid`.

use clap::{Args, Subcommand};
use imaging_study::dicom::Uid;

const CHECK_HELP: &str = "\
Prints a line for each UID: the text, the UID in it, the form in which it is written, and what is odd
about it, separated by tabs. For what is no UID, `invalid` and the reason with its position, a byte
offset from 0, follow the text. In the text, control characters and backslashes are escaped.

Exit status: 0 every text is a UID; 1 one or more are none; 2 usage; 3 input failed.

Examples:
  imaging-study uid check urn:oid:1.2.840.10008.1.2
  imaging-study uid check --strict - < uids.txt";

const UID_EXAMPLES: &str = "\
Examples:
  imaging-study uid check 1.2.840.10008.1.2 urn:oid:1.2.3
  imaging-study uid new -n 3
  imaging-study uid from-uuid f81d4fae-7dec-11d0-a765-00a0c91e6bf6
  imaging-study uid to-uuid 2.25.329800735698586629295641978511506172918";

/// The arguments of `uid`.
#[derive(Clone, Debug, Args)]
#[command(after_help = UID_EXAMPLES)]
pub struct UidArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: UidCommand,
}

/// What `uid` does.
#[derive(Clone, Debug, Subcommand)]
pub enum UidCommand {
    /// Tell whether texts are UIDs, and how they are written
    Check(CheckArguments),
    /// Make new random UIDs
    New(NewArguments),
    /// Print the UIDs below 2.25 that UUIDs stand for
    FromUuid(UidListArguments),
    /// Print the UUIDs that UIDs below 2.25 stand for
    ToUuid(UidListArguments),
}

/// The arguments of `uid check`.
#[derive(Clone, Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub struct CheckArguments {
    /// Take nothing but bare UIDs, as DICOM has them
    #[arg(long, conflicts_with = "repair")]
    pub strict: bool,
    /// Take leading zeros out of components
    #[arg(long)]
    pub repair: bool,
    /// UIDs in any form; - is stdin, one a line
    #[arg(value_name = "UID", required = true)]
    pub uids: Vec<String>,
}

/// The arguments of `uid new`.
#[derive(Clone, Debug, Args)]
pub struct NewArguments {
    /// How many
    #[arg(long, short = 'n', value_name = "N", default_value_t = 1)]
    pub number: u64,
    /// Root below which to make them, one of your own, of up to 24 characters [default: 2.25]
    #[arg(long, value_name = "UID", value_parser = root)]
    pub root: Option<Uid>,
}

/// The arguments of `uid from-uuid` and `uid to-uuid`.
#[derive(Clone, Debug, Args)]
pub struct UidListArguments {
    /// What to translate; - is stdin, one a line
    #[arg(value_name = "ID", required = true)]
    pub ids: Vec<String>,
}

fn root(text: &str) -> Result<Uid, imaging_study::dicom::UidError> {
    text.parse()
}
