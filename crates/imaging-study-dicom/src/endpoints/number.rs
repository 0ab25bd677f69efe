//! Numbers in URLs.

use super::UrlError;

/// Writes a number with the fewest digits that mean it, without an exponent.
pub(super) fn decimal(value: f64, parameter: &'static str) -> Result<String, UrlError> {
    let size = value.abs();
    // Beyond that, a number without an exponent is longer than DICOM's decimal strings are.
    if value.is_nan() || size >= 1e15 || size != 0.0 && size < 1e-9 {
        return Err(UrlError::OutOfRange { parameter });
    }
    // There is a negative zero.
    Ok(format!("{}", if size == 0.0 { 0.0 } else { value }))
}

/// Whether a text is a media type without parameters.
pub(super) fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty()
            && text.len() <= 127
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&byte))
    };
    text.split_once('/')
        .is_some_and(|(main, sub)| token(main) && token(sub))
}
