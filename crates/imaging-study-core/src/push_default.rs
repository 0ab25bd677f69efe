//! Growing lists.

/// Adds an empty entry to a list. Most lists have one entry, so the first makes room for one; `Vec` would
/// make room for four.
#[inline]
pub fn push_default<T: Default>(list: &mut Vec<T>) -> &mut T {
    if list.capacity() == 0 {
        list.reserve_exact(1);
    }
    list.push(T::default());
    let last = list.len() - 1;
    &mut list[last]
}
