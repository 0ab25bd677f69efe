//! Element names from field names.

/// The element name of a field: `number_of_series` is `numberOfSeries`, `type_` is `type`.
pub(crate) fn element_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len());
    let mut upper = false;
    for letter in field.trim_end_matches('_').chars() {
        if letter == '_' {
            upper = true;
        } else if upper {
            name.extend(letter.to_uppercase());
            upper = false;
        } else {
            name.push(letter);
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::element_name;

    #[test]
    fn names_are_the_standard_s() {
        assert_eq!(element_name("number_of_series"), "numberOfSeries");
        assert_eq!(element_name("type_"), "type");
        assert_eq!(element_name("uid"), "uid");
    }
}
