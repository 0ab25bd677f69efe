//! How rustfmt lays out what is generated, so that a file made here needs no formatting.

/// The columns of a line.
const WIDTH: usize = 100;
/// The columns between the parentheses of an attribute that stays on one line.
const ATTRIBUTE_WIDTH: usize = 70;

/// A documentation comment of as many lines as it needs.
pub(crate) fn comment(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split(' ') {
        if !line.is_empty() && indent + 4 + line.len() + 1 + word.len() > WIDTH {
            push_comment(&mut out, &line, indent);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    push_comment(&mut out, &line, indent);
    out
}

fn push_comment(out: &mut String, line: &str, indent: usize) {
    out.push_str(&" ".repeat(indent));
    out.push_str("/// ");
    out.push_str(line);
    out.push('\n');
}

/// `{prefix}{names};` with the names in braces if there are several.
pub(crate) fn use_list(prefix: &str, names: &[String]) -> String {
    if let [name] = names {
        return format!("{prefix}{name};\n");
    }
    let line = format!("{prefix}{{{}}};\n", names.join(", "));
    if line.len() - 1 <= WIDTH {
        return line;
    }
    let mut out = format!("{prefix}{{\n");
    let mut line = String::from("   ");
    for name in names {
        // rustfmt leaves the last column free.
        if line.len() + name.len() + 2 >= WIDTH {
            out.push_str(&line);
            out.push('\n');
            line = String::from("   ");
        }
        line.push(' ');
        line.push_str(name);
        line.push(',');
    }
    out.push_str(&line);
    out.push_str("\n};\n");
    out
}

/// `#[element(..)]` of a field.
pub(crate) fn attribute(arguments: &[String]) -> String {
    if arguments.is_empty() {
        return String::new();
    }
    let line = arguments.join(", ");
    if line.len() <= ATTRIBUTE_WIDTH {
        return format!("    #[element({line})]\n");
    }
    let lines: Vec<_> = arguments
        .iter()
        .map(|argument| format!("        {argument}"))
        .collect();
    format!("    #[element(\n{}\n    )]\n", lines.join(",\n"))
}

/// `imaging_study_status` from `ImagingStudyStatus`, `number_of_series` from `numberOfSeries`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// The name with a capital letter in front.
pub(crate) fn capital(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_ascii_uppercase().to_string() + letters.as_str()
    })
}
