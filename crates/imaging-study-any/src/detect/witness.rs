//! What a walk over a document found.

use imaging_study_core::FhirVersion;

use super::table::{EXTENSION, Row, Shape, rows};
use super::{Detection, Evidence, Shapes};

/// What decides between versions that the elements leave open, and never against them.
const R4B_PROFILE: Evidence = Evidence {
    path: "ImagingStudy.meta.profile",
    versions: &[FhirVersion::R4B],
};
const INACTIVE: Evidence = Evidence {
    path: "ImagingStudy.status",
    versions: &[FhirVersion::R6],
};

/// The rows of the table for the elements in a place.
pub(super) fn known<S: AsRef<str>>(parents: &[S]) -> &'static [Row] {
    match parents {
        [] => rows(&[], ""),
        [parent] => rows(&[], parent.as_ref()),
        [outer, parent] => rows(&[outer.as_ref()], parent.as_ref()),
        _ => &[],
    }
}

/// Whether the members of an element are those of an extension; resources inside the study may be
/// of another version, and their values are no evidence.
fn is_extension_of_study<S: AsRef<str>>(parents: &[S]) -> bool {
    let Some(outermost) = parents.first() else {
        return false;
    };
    let is_extension = |name: &S| matches!(name.as_ref(), "extension" | "modifierExtension");
    parents.last().is_some_and(is_extension) && outermost.as_ref() != "contained"
}

/// Whether a profile is that of ImagingStudy in R4B.
pub(crate) fn is_r4b_profile(url: &str) -> bool {
    let version = url.strip_prefix("http://hl7.org/fhir/StructureDefinition/ImagingStudy|");
    matches!(version, Some("4.3.0" | "4.3"))
}

/// What has been heard so far of one study.
pub(super) struct Witness {
    rows: Vec<&'static Row>,
    /// The versions that have all of these.
    shapes: Shapes,
    /// Whether every type that the document gave itself was ImagingStudy, once there was one.
    study: Option<bool>,
    r4b_profile: bool,
    inactive: bool,
}

impl Default for Witness {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            shapes: Shapes::ALL,
            study: None,
            r4b_profile: false,
            inactive: false,
        }
    }
}

impl Witness {
    /// Hears of an element in some shapes; `parents` are the names on the way to it, below the
    /// resource.
    pub(super) fn element<S: AsRef<str>>(&mut self, parents: &[S], name: &str, shapes: &[Shape]) {
        let of_extension = match is_extension_of_study(parents) && name.starts_with("value") {
            true => EXTENSION,
            false => &[],
        };
        for row in known(parents).iter().chain(of_extension) {
            let is_row =
                |seen: &&Row| seen.evidence.path == row.evidence.path && seen.shape == row.shape;
            if row.name == name && shapes.contains(&row.shape) && !self.rows.iter().any(is_row) {
                self.rows.push(row);
                self.shapes = self.shapes.and(row.evidence.shapes());
            }
        }
    }

    /// Hears of the value of an element.
    pub(super) fn value<S: AsRef<str>>(&mut self, parents: &[S], name: &str, value: &str) {
        match (parents, name) {
            ([], "status") => self.inactive |= value == "inactive",
            ([meta], "profile") if meta.as_ref() == "meta" => {
                self.r4b_profile |= is_r4b_profile(value);
            }
            _ => {}
        }
    }

    /// Hears the type of the resource.
    pub(super) fn resource_type(&mut self, name: &str) {
        self.study = Some(self.study.unwrap_or(true) && name == "ImagingStudy");
    }

    /// The version that is left, or R4 and R4B; `None` where others are, or nothing is known yet.
    #[cfg(feature = "json")]
    pub(super) fn left(&self) -> Option<&'static [FhirVersion]> {
        if self.study != Some(true) {
            return None;
        }
        if self.shapes == Shapes::R4_AND_R4B {
            return Some(&[FhirVersion::R4, FhirVersion::R4B]);
        }
        const EACH: [FhirVersion; FhirVersion::ALL.len()] = FhirVersion::ALL;
        (self.shapes.0.count_ones() == 1)
            .then(|| EACH.get(self.shapes.0.trailing_zeros() as usize))
            .flatten()
            .map(std::slice::from_ref)
    }

    pub(super) fn conclude(self) -> Detection {
        if self.study != Some(true) {
            return Detection {
                candidates: Vec::new(),
                evidence: Vec::new(),
            };
        }
        let is_list = |path| {
            let mut rows = self.rows.iter();
            rows.any(|row| row.shape == Shape::List && row.evidence.path == path)
        };
        let clear = self
            .rows
            .iter()
            .filter(|row| row.shape != Shape::Unclear || !is_list(row.evidence.path));
        let mut evidence: Vec<Evidence> = clear.map(|row| row.evidence).collect();
        let mut shapes = evidence.iter().fold(Shapes::ALL, |shapes, evidence| {
            shapes.and(evidence.shapes())
        });
        // Both are values, which a study of another version may have by mistake or by conversion.
        if self.r4b_profile && shapes == Shapes::R4_AND_R4B {
            shapes = R4B_PROFILE.shapes();
            evidence.push(R4B_PROFILE);
        }
        if self.inactive && shapes.and(INACTIVE.shapes()) == INACTIVE.shapes() {
            shapes = INACTIVE.shapes();
            evidence.push(INACTIVE);
        }
        Detection {
            candidates: shapes.versions(),
            evidence,
        }
    }
}
