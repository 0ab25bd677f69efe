//! What is asked for, and the request that asks for it.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;

use crate::Uid;

/// A request that a caller may send: `GET url`, with the header `Accept`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Request {
    /// The URL. In XML and HTML, its `&` are to be escaped.
    pub url: String,
    /// The media types to accept.
    pub accept: Cow<'static, str>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resource<'a> {
    /// A study.
    Study {
        /// Study Instance UID (0020,000D).
        study: Uid,
    },
    /// A series.
    Series {
        /// Study Instance UID (0020,000D).
        study: Uid,
        /// Series Instance UID (0020,000E).
        series: Uid,
    },
    /// An instance.
    Instance {
        /// Study Instance UID (0020,000D).
        study: Uid,
        /// Series Instance UID (0020,000E).
        series: Uid,
        /// SOP Instance UID (0008,0018).
        instance: Uid,
    },
    /// Frames of an instance.
    Frames {
        /// Study Instance UID (0020,000D).
        study: Uid,
        /// Series Instance UID (0020,000E).
        series: Uid,
        /// SOP Instance UID (0008,0018).
        instance: Uid,
        /// The numbers of the frames, from 1, ascending.
        frames: &'a [u32],
        /// How many frames the instance has (0028,0008), if it is known.
        number_of_frames: Option<u32>,
    },
}

impl Resource<'_> {
    pub(super) fn check_frames(&self) -> Result<(), UrlError> {
        let Self::Frames {
            frames,
            number_of_frames,
            ..
        } = self
        else {
            return Ok(());
        };
        let ascending = frames.windows(2).all(|pair| pair[0] < pair[1]);
        let (Some(first), Some(last)) = (frames.first(), frames.last()) else {
            return Err(UrlError::BadFrames);
        };
        let most = number_of_frames.unwrap_or(u32::MAX);
        if *first == 0 || !ascending || *last > most {
            return Err(UrlError::BadFrames);
        }
        Ok(())
    }
}

/// Why there is no such URL. Texts are not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UrlError {
    /// The frames are none, or not ascending from 1 on, or more than there are.
    BadFrames,
    /// WADO-URI retrieves instances and nothing above them.
    NeedsInstance,
    /// The parameter is not allowed here, or not together with another one.
    NotAllowed {
        /// Its name.
        parameter: &'static str,
    },
    /// The number of the parameter is not in its range.
    OutOfRange {
        /// Its name.
        parameter: &'static str,
    },
    /// The text of the parameter is none that it may have.
    BadText {
        /// Its name.
        parameter: &'static str,
    },
    /// The parameter has no value.
    Missing {
        /// Its name.
        parameter: &'static str,
    },
}

impl fmt::Display for UrlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadFrames => formatter
                .write_str("frame numbers ascend from 1 to the number of frames, one at least"),
            Self::NeedsInstance => {
                formatter.write_str("WADO-URI needs an instance, found a study or series")
            }
            Self::NotAllowed { parameter } => {
                write!(formatter, "the parameter {parameter} is not allowed here")
            }
            Self::OutOfRange { parameter } => {
                write!(formatter, "the parameter {parameter} is out of range")
            }
            Self::BadText { parameter } => {
                write!(formatter, "the parameter {parameter} cannot have this text")
            }
            Self::Missing { parameter } => {
                write!(formatter, "the parameter {parameter} has no value")
            }
        }
    }
}

impl Error for UrlError {}
