//! Choices that follow from a number.

use std::ops::Range;

use super::{Profile, from_choices};
use crate::Element;

/// Generates the element that a number stands for; the same number always makes the same element.
///
/// ```
/// use imaging_study_core::generate::{Profile, from_seed};
/// use imaging_study_r4::ImagingStudy;
///
/// let study: ImagingStudy = from_seed(Profile::Typical, 7);
/// assert_eq!(study, from_seed(Profile::Typical, 7));
/// assert_ne!(study, from_seed(Profile::Typical, 8));
/// ```
#[must_use]
pub fn from_seed<T: Element>(profile: Profile, seed: u64) -> T {
    let mut state = seed;
    let mut next = || split_mix(&mut state) as usize;
    let exponents = exponents(profile);
    let exponent = exponents.start + next() % exponents.len();
    let length = (1 << exponent) + next() % (1 << exponent);
    let choices: Vec<u32> = (0..length).map(|_| split_mix(&mut state)).collect();
    from_choices(profile, &choices)
}

/// How many choices an element is made from, as a power of 2, so that small elements are common and
/// large ones are not rare.
pub(super) fn exponents(profile: Profile) -> Range<usize> {
    match profile {
        Profile::Minimal => 2..5,
        Profile::Typical => 8..12,
        Profile::Hostile | Profile::Interchange | Profile::Partial => 5..13,
    }
}

/// The next number of Vigna's SplitMix64, its upper half.
pub(super) fn split_mix(state: &mut u64) -> u32 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 32) as u32
}
