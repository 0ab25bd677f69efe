//! The implementations of serde's traits.

#[cfg(feature = "json")]
use imaging_study_core::Json;
use serde::{Serialize, Serializer};

use crate::{AnyImagingStudy, with_study};

impl Serialize for AnyImagingStudy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        with_study!(self, study => study.serialize(serializer))
    }
}

/// The version is the one that the elements tell, as in
/// [`AnyImagingStudy::read`](crate::AnyImagingStudy::read).
#[cfg(feature = "json")]
impl<'de> serde::Deserialize<'de> for AnyImagingStudy {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;

        // Which version it is shows only when all of it is there.
        let tree = Json::deserialize(deserializer)?;
        let text = imaging_study_json::json_to_string(&tree);
        Self::read(text.as_bytes()).map_err(D::Error::custom)
    }
}
