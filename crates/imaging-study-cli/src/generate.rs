//! The command `generate`.

use std::io::{self, BufWriter, Write};

use imaging_study::core::generate::{Profile, from_seed};
use imaging_study::validate::{Severity, Validator};
use imaging_study::{AnyImagingStudy, FhirVersion, with_types};

use crate::arguments::GenerateArguments;
use crate::error::{MigrateError, RunError};

/// Prints random studies.
pub(crate) fn generate(arguments: &GenerateArguments) -> Result<(), RunError> {
    let mut output = BufWriter::new(io::stdout().lock());
    let studies = Studies {
        version: arguments.version,
        profile: arguments.profile.into(),
        seed: arguments.seed,
        validator: Validator::default(),
    };
    for index in 0..arguments.count {
        let text = studies.text(index);
        output
            .write_all(text.as_bytes())
            .and_then(|()| output.write_all(b"\n"))
            .map_err(MigrateError::Output)?;
    }
    output.flush().map_err(MigrateError::Output)?;
    Ok(())
}

/// How often a study is made anew that breaks a rule between elements, which the generator does not
/// know.
const ATTEMPTS: u64 = 200;

struct Studies {
    version: FhirVersion,
    profile: Profile,
    seed: u64,
    validator: Validator,
}

impl Studies {
    /// The first valid study that follows from the seed and its place.
    fn text(&self, index: u64) -> String {
        let attempts = (0..ATTEMPTS).map(|attempt| (self.profile, attempt));
        let simplest = (0..ATTEMPTS).map(|attempt| (Profile::Minimal, attempt));
        let mut texts = attempts.chain(simplest).filter_map(|(profile, attempt)| {
            let study = self.study(profile, index, attempt);
            let issues = self.validator.validate(&study);
            let valid = issues.iter().all(|issue| issue.severity > Severity::Error);
            study.to_json().ok().filter(|_| valid)
        });
        texts.next().unwrap_or_default()
    }

    fn study(&self, profile: Profile, index: u64, attempt: u64) -> AnyImagingStudy {
        // Neighbours in any of the three should have nothing in common.
        let place = index.wrapping_mul(ATTEMPTS).wrapping_add(attempt);
        let seed = mixed(self.seed ^ mixed(place.wrapping_add(1)));
        with_types!(self.version, types => {
            let study: types::ImagingStudy = from_seed(profile, seed);
            AnyImagingStudy::from(study)
        })
    }
}

/// Spreads a number over all of them: the finaliser of SplitMix64.
const fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
