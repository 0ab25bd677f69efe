//! Which version a study is written in.

use std::fmt;

use imaging_study_core::{FhirVersion, Limits};
use imaging_study_json::{JsonKind, Member, ReadError, scan};

use self::table::{Row, Shape, rows};

mod table;

/// What was found out about the version of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detection {
    /// The versions that have every element of the study in the shape that it has there, oldest
    /// first. Empty where the evidence is split, where only a later build of R6 fits, and for what
    /// is no ImagingStudy at all.
    pub candidates: Vec<FhirVersion>,
    /// Whether a build of R6 later than the one that [`FhirVersion::R6`] means would fit.
    pub later_r6: bool,
    /// Every element that some versions have and others have not, in the order of the input, each
    /// once.
    pub evidence: Vec<Evidence>,
}

/// An element that only some versions have, or that has its shape only in some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The path of the element, without indexes, e.g. `ImagingStudy.series.modality.coding`.
    pub path: &'static str,
    /// The versions that have it, oldest first.
    pub versions: &'static [FhirVersion],
    /// Whether a build of R6 later than the one that [`FhirVersion::R6`] means has it.
    pub later_r6: bool,
}

impl fmt::Display for Evidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} ({})",
            self.path,
            Versions(self.versions, self.later_r6, "or")
        )
    }
}

/// A study does not say which version it is written in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undecided {
    /// Every element is one that several versions have.
    #[error(
        "the study fits {}, and nothing in it tells them apart",
        Versions(.candidates, *.later_r6, "and")
    )]
    Ambiguous {
        /// The versions that it fits.
        candidates: Vec<FhirVersion>,
        /// Whether it also fits a build of R6 later than the one that is supported.
        later_r6: bool,
    },
    /// Elements of different versions stand side by side.
    #[error("the study mixes elements of different versions: {}", List(.evidence))]
    Contradictory {
        /// Elements that no version has together, the most telling first.
        evidence: Vec<Evidence>,
    },
    /// The study has the shape of a build of R6 that came after the one that is supported.
    #[error("the study is of a build of R6 later than 6.0.0-ballot2: {}", List(.evidence))]
    LaterR6 {
        /// What tells so, the most telling first.
        evidence: Vec<Evidence>,
    },
    /// The document has another `resourceType` than ImagingStudy, or none.
    #[error("no ImagingStudy")]
    NotAStudy,
}

/// Looks at a document for elements that only some versions have.
///
/// Elements count where ImagingStudy itself has them: not inside `contained`, extensions or
/// datatypes. R4 and R4B define the same ImagingStudy; a study says that it is R4B by naming
/// the profile `http://hl7.org/fhir/StructureDefinition/ImagingStudy|4.3.0` in `meta.profile`.
/// Other profiles are no evidence, for a conversion keeps them.
///
/// The document is not read as a study: one that has elements of no version at all, or wrong
/// values, can still be detected.
///
/// ```
/// use imaging_study::{FhirVersion, detect};
///
/// let detection = detect(
///     br#"{"resourceType": "ImagingStudy", "partOf": [], "series": [{"instance": [{"sopClass": {}}]}]}"#,
/// )?;
/// assert_eq!(detection.version(), Ok(FhirVersion::R5));
/// assert_eq!(detection.evidence[0].path, "ImagingStudy.partOf");
///
/// let undecided = detect(br#"{"resourceType": "ImagingStudy", "partOf": []}"#)?;
/// assert_eq!(
///     undecided.version().unwrap_err().to_string(),
///     "the study fits R5 and R6, and nothing in it tells them apart"
/// );
/// # Ok::<(), imaging_study::json::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are no JSON, or exceed the default limits.
pub fn detect(bytes: &[u8]) -> Result<Detection, ReadError> {
    let mut witness = Witness::default();
    scan(bytes, Limits::default(), |member| witness.hear(&member))?;
    Ok(witness.conclude())
}

impl Detection {
    /// The one version that the study is written in; R4 where it fits R4 and R4B alike, and R6
    /// where it fits that and a later build of R6.
    ///
    /// # Errors
    ///
    /// Nothing decides, the evidence is split, only a later build of R6 fits, or it is no study.
    pub fn version(&self) -> Result<FhirVersion, Undecided> {
        match (self.candidates.as_slice(), self.later_r6) {
            ([FhirVersion::R4, FhirVersion::R4B], false) => Ok(FhirVersion::R4),
            ([version], false) | ([version @ FhirVersion::R6], true) => Ok(*version),
            ([], true) => Err(Undecided::LaterR6 {
                evidence: self.decisive(),
            }),
            ([], false) if self.evidence.is_empty() => Err(Undecided::NotAStudy),
            ([], false) => Err(Undecided::Contradictory {
                evidence: self.decisive(),
            }),
            (candidates, later_r6) => Err(Undecided::Ambiguous {
                candidates: candidates.to_vec(),
                later_r6,
            }),
        }
    }

    /// A few pieces of evidence that lead to the same result as all of them, the most telling
    /// first.
    #[must_use]
    pub fn decisive(&self) -> Vec<Evidence> {
        let mut ranked = self.evidence.clone();
        ranked.sort_by_key(|evidence| evidence.shapes().0.count_ones());
        let mut left = Shapes::ALL;
        ranked.retain(|evidence| {
            let before = left;
            left = left.and(evidence.shapes());
            left != before
        });
        ranked
    }
}

impl Evidence {
    fn shapes(&self) -> Shapes {
        let later = if self.later_r6 { Shapes::LATER_R6 } else { 0 };
        let versions = self.versions.iter().map(|&version| 1 << version as u8);
        Shapes(versions.fold(later, |all, version| all | version))
    }
}

/// A set of versions and of later builds of R6, a bit each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shapes(u8);

impl Shapes {
    const LATER_R6: u8 = 1 << FhirVersion::ALL.len();
    const ALL: Self = Self(Self::LATER_R6 * 2 - 1);
    const R4_AND_R4B: Self = Self(1 << FhirVersion::R4 as u8 | 1 << FhirVersion::R4B as u8);

    const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn later_r6(self) -> bool {
        self.0 & Self::LATER_R6 != 0
    }

    fn versions(self) -> Vec<FhirVersion> {
        let contains = |version: &FhirVersion| self.0 & 1 << *version as u8 != 0;
        FhirVersion::ALL.into_iter().filter(contains).collect()
    }
}

/// What decides between versions that the elements leave open, and never against them.
const R4B_PROFILE: Evidence = Evidence {
    path: "ImagingStudy.meta.profile",
    versions: &[FhirVersion::R4B],
    later_r6: false,
};
const INACTIVE: Evidence = Evidence {
    path: "ImagingStudy.status",
    versions: &[],
    later_r6: true,
};

/// What has been heard so far.
#[derive(Default)]
struct Witness {
    rows: Vec<&'static Row>,
    /// Whether every `resourceType` was ImagingStudy, once there was one.
    study: Option<bool>,
    r4b_profile: bool,
    inactive: bool,
}

impl Witness {
    fn hear(&mut self, member: &Member<'_>) {
        let known = match member.parents {
            [] => rows(&[], ""),
            [parent] => rows(&[], parent),
            [outer, parent] => rows(&[outer.as_ref()], parent),
            _ => return,
        };
        let (name, shape) = match (member.name.strip_prefix('_'), member.kind) {
            (Some(stem), _) => (stem, Shape::Primitive),
            (None, JsonKind::Object) => (member.name, Shape::Object),
            (None, JsonKind::Array) => (member.name, Shape::Array),
            (None, _) => (member.name, Shape::Primitive),
        };
        for row in known {
            if row.name == name
                && (row.shape == shape || row.shape == Shape::Any)
                && !self.rows.iter().any(|seen| std::ptr::eq(*seen, row))
            {
                self.rows.push(row);
            }
        }
        if let (Some(text), [] | [_]) = (member.text, member.parents) {
            self.hear_text(member, text);
        }
    }

    fn hear_text(&mut self, member: &Member<'_>, text: &str) {
        match (member.parents, member.name) {
            ([], "resourceType") => {
                self.study = Some(self.study.unwrap_or(true) && text == "ImagingStudy");
            }
            ([], "status") => self.inactive |= text == "inactive",
            ([meta], "profile") if meta == "meta" => {
                let version =
                    text.strip_prefix("http://hl7.org/fhir/StructureDefinition/ImagingStudy|");
                self.r4b_profile |= matches!(version, Some("4.3.0" | "4.3"));
            }
            _ => {}
        }
    }

    fn conclude(self) -> Detection {
        if self.study != Some(true) {
            return Detection {
                candidates: Vec::new(),
                later_r6: false,
                evidence: Vec::new(),
            };
        }
        let mut evidence: Vec<Evidence> = self.rows.iter().map(|row| row.evidence).collect();
        let mut shapes = evidence.iter().fold(Shapes::ALL, |shapes, evidence| {
            shapes.and(evidence.shapes())
        });
        // Both are values, which a study of another version may have by mistake or by conversion.
        if self.r4b_profile && shapes == Shapes::R4_AND_R4B {
            shapes = R4B_PROFILE.shapes();
            evidence.push(R4B_PROFILE);
        }
        if self.inactive && shapes.later_r6() {
            shapes = INACTIVE.shapes();
            evidence.push(INACTIVE);
        }
        Detection {
            candidates: shapes.versions(),
            later_r6: shapes.later_r6(),
            evidence,
        }
    }
}

/// `R4, R4B or a later build of R6`.
struct Versions<'a>(&'a [FhirVersion], bool, &'static str);

impl fmt::Display for Versions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(versions, later, word) = *self;
        // That a later R6 has what R6 has goes without saying.
        let later = later && !versions.contains(&FhirVersion::R6);
        let names = versions.iter().map(|version| version.name());
        let names = names.chain(later.then_some("a later build of R6"));
        let count = versions.len() + usize::from(later);
        for (index, name) in names.enumerate() {
            match index {
                0 => {}
                _ if index + 1 == count => write!(formatter, " {word} ")?,
                _ => formatter.write_str(", ")?,
            }
            formatter.write_str(name)?;
        }
        Ok(())
    }
}

/// `a (R4); b (R5 or R6)`.
struct List<'a>(&'a [Evidence]);

impl fmt::Display for List<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, evidence) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(formatter, "{separator}{evidence}")?;
        }
        Ok(())
    }
}
