//! The command `uid`.

use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write};

use imaging_study::dicom::{ParsedUid, RepairedUid, Uid, UidError};

use crate::error::{MigrateError, RunError};
use crate::shown::shown;
use crate::uid_arguments::{
    CheckArguments, NewArguments, UidArguments, UidCommand, UidListArguments,
};

/// The longest line of stdin that is looked at, in bytes.
const LONGEST: u64 = 65_536;

/// Does what the arguments ask for; tells whether something is invalid.
pub(crate) fn uid(arguments: &UidArguments) -> Result<bool, RunError> {
    let mut output = BufWriter::new(io::stdout().lock());
    let invalid = match &arguments.command {
        UidCommand::Check(arguments) => check(arguments, &mut output),
        UidCommand::New(arguments) => new(arguments, &mut output),
        UidCommand::FromUuid(arguments) => translate(arguments, &mut output, |text| {
            let uid = Uid::from_uuid_text(text).map_err(|error| error.to_string())?;
            Ok(uid.to_string())
        }),
        UidCommand::ToUuid(arguments) => translate(arguments, &mut output, |text| {
            let uid = Uid::parse_any(text).map_err(|error| error.to_string())?.uid;
            uid.as_uuid_text()
                .ok_or_else(|| "the UID is not 2.25 and a number of 128 bits".to_owned())
        }),
    }?;
    output.flush().map_err(MigrateError::Output)?;
    Ok(invalid)
}

fn check(arguments: &CheckArguments, output: &mut impl Write) -> Result<bool, RunError> {
    each(&arguments.uids, |text| {
        let shown = shown(text);
        match parse(text, arguments) {
            Ok(found) => {
                let mut remarks: Vec<String> =
                    found.lints.iter().map(|lint| lint.to_string()).collect();
                remarks.extend(found.leading_zeros.iter().map(|zeros| {
                    let (component, count) = (zeros.component, zeros.count);
                    format!("{count} leading zeros taken out of component {component}")
                }));
                let (uid, form) = (found.uid, found.form);
                let remarks = remarks.join("; ");
                writeln!(output, "{shown}\t{uid}\t{form}\t{remarks}")?;
                Ok(false)
            }
            Err(error) => {
                writeln!(output, "{shown}\tinvalid\t{error}")?;
                Ok(true)
            }
        }
    })
}

struct Found {
    uid: Uid,
    form: imaging_study::dicom::UidForm,
    lints: imaging_study::dicom::UidLints,
    leading_zeros: Vec<imaging_study::dicom::LeadingZeros>,
}

fn parse(text: &str, arguments: &CheckArguments) -> Result<Found, UidError> {
    if arguments.repair {
        let RepairedUid {
            uid,
            form,
            lints,
            leading_zeros,
            ..
        } = Uid::repair(text)?;
        return Ok(Found {
            uid,
            form,
            lints,
            leading_zeros,
        });
    }
    let parsed = Uid::parse_any(text);
    if arguments.strict {
        Uid::parse(text)?;
    }
    let ParsedUid { uid, form, lints } = parsed?;
    Ok(Found {
        uid,
        form,
        lints,
        leading_zeros: Vec::new(),
    })
}

fn new(arguments: &NewArguments, output: &mut impl Write) -> Result<bool, RunError> {
    for _ in 0..arguments.number {
        let uid = Uid::random();
        let uid = match (arguments.root, uid.as_uuid_u128()) {
            (Some(root), Some(number)) => {
                // Every number below the root has to fit, whatever chance brings.
                root.child(u128::MAX).map_err(|_| RunError::RootTooLong)?;
                root.child(number).map_err(|_| RunError::RootTooLong)?
            }
            _ => uid,
        };
        writeln!(output, "{uid}").map_err(MigrateError::Output)?;
    }
    Ok(false)
}

/// Prints a line for each text: what became of it, or `invalid` and why.
fn translate(
    arguments: &UidListArguments,
    output: &mut impl Write,
    translate: impl Fn(&str) -> Result<String, String>,
) -> Result<bool, RunError> {
    each(&arguments.ids, |text| match translate(text) {
        Ok(result) => writeln!(output, "{result}").map(|()| false),
        Err(error) => writeln!(output, "invalid\t{error}").map(|()| true),
    })
}

/// Does something with each argument, and with each line of stdin in place of `-`; tells whether
/// one of them is invalid.
fn each(
    arguments: &[String],
    mut action: impl FnMut(&str) -> io::Result<bool>,
) -> Result<bool, RunError> {
    let mut invalid = false;
    for argument in arguments {
        if argument != "-" {
            invalid |= action(argument).map_err(MigrateError::Output)?;
            continue;
        }
        let mut input = BufReader::new(io::stdin().lock());
        while let Some(line) = line(&mut input).map_err(|error| MigrateError::Input {
            name: argument.clone(),
            error,
        })? {
            if !line.is_empty() {
                invalid |= action(&line).map_err(MigrateError::Output)?;
            }
        }
    }
    Ok(invalid)
}

/// The next line without its end. One that is too long is cut, and too long for a UID still.
fn line(input: &mut impl io::BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let read = input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes)?;
    if read == 0 {
        return Ok(None);
    }
    if bytes.ends_with(b"\n") {
        bytes.pop();
        bytes.pop_if(|last| *last == b'\r');
    } else {
        input.skip_until(b'\n')?;
    }
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}
