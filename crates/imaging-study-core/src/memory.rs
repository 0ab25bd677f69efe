//! What a decoder remembers.

use crate::{SharedCache, TextCache};

/// What a decoder keeps from one element to the next, and from one resource to the next: values that
/// repeat take the memory of one.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// The texts read last.
    pub texts: TextCache,
    /// The shared elements read last.
    pub elements: SharedCache,
}
