//! How much a reader takes.

/// Bounds on what a reader accepts, so that no input exhausts memory or the stack.
///
/// ```
/// use imaging_study_core::Limits;
///
/// let limits = Limits { bytes: 1 << 20, ..Limits::default() };
/// assert_eq!(limits.depth, 64);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The greatest number of elements inside one another below the resource, 64 by default, which
    /// is about 128 JSON levels. Readers treat more than [`Limits::MAX_DEPTH`] as that.
    pub depth: usize,
    /// The greatest size of one resource, in bytes of input, 64 MiB by default.
    pub bytes: usize,
    /// The greatest number of attributes of an XML tag, 256 by default; FHIR needs two.
    pub attributes: usize,
    /// The greatest number of XML namespace declarations in force at once, 16 by default; FHIR needs
    /// two.
    pub namespaces: usize,
}

impl Limits {
    /// The greatest depth that can be asked for: deeper recursion could exhaust a small stack.
    pub const MAX_DEPTH: usize = 128;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 64,
            bytes: 64 << 20,
            attributes: 256,
            namespaces: 16,
        }
    }
}
