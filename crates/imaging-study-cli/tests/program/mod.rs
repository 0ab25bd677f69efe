//! Running the real program.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use tempfile::TempDir;

/// What the program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The lines of stdout.
    pub(crate) fn lines(&self) -> Vec<&str> {
        self.stdout.lines().collect()
    }

    /// The OperationOutcomes on stderr.
    pub(crate) fn outcomes(&self) -> Vec<serde_json::Value> {
        outcomes(&self.stderr)
    }

    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }
}

/// The OperationOutcomes in a text.
pub(crate) fn outcomes(text: &str) -> Vec<serde_json::Value> {
    let outcomes = text.lines().filter(|line| line.starts_with('{'));
    outcomes
        .map(|line| serde_json::from_str(line).expect("a report is JSON"))
        .collect()
}

/// The value of an extension of an issue, by the end of its url.
pub(crate) fn extension(outcome: &serde_json::Value, name: &str) -> serde_json::Value {
    let issue = &outcome["issue"][0];
    let extensions = issue["extension"]
        .as_array()
        .expect("an issue has extensions");
    let url = format!("http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-{name}");
    let found = extensions
        .iter()
        .find(|extension| extension["url"] == url.as_str());
    found.map_or(serde_json::Value::Null, |extension| {
        let value = if name == "source" {
            "valueString"
        } else {
            "valueInteger"
        };
        extension[value].clone()
    })
}

/// A folder in which the program runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(TempDir::new().expect("a folder"))
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).expect("a file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of the files, hidden ones too.
    pub(crate) fn names(&self) -> Vec<String> {
        self.names_in("")
    }

    /// The names of the files in a folder inside, hidden ones too.
    pub(crate) fn names_in(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let mut names: Vec<String> = entries
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], stdin: &[u8]) -> Ran {
        run_in(self.0.path(), arguments, stdin)
    }
}

fn run_in(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_imaging-study"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let output = thread::scope(|scope| {
        // The program may end before it has read everything.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().expect("the program ends")
    });
    Ran {
        status: output.status.code().expect("the program ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
    }
}

/// A study of R4, and the same in R5.
pub(crate) fn study(id: &str) -> (String, String) {
    let start = format!(r#"{{"resourceType":"ImagingStudy","id":"{id}","status":"available","#);
    let r4 = r#""modality":[{"code":"CT"}],"subject":{"reference":"Patient/p"}}"#;
    let r5 = r#""modality":[{"coding":[{"code":"CT"}]}],"subject":{"reference":"Patient/p"}}"#;
    (format!("{start}{r4}"), format!("{start}{r5}"))
}

/// The studies of [`study`] in XML, as the program writes them.
pub(crate) fn xml_study(id: &str) -> (String, String) {
    let document = |modality: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <ImagingStudy xmlns=\"http://hl7.org/fhir\">\n  <id value=\"{id}\"/>\n  \
             <status value=\"available\"/>\n  <modality>\n{modality}  </modality>\n  \
             <subject>\n    <reference value=\"Patient/p\"/>\n  </subject>\n</ImagingStudy>\n"
        )
    };
    let r4 = document("    <code value=\"CT\"/>\n");
    let r5 = document("    <coding>\n      <code value=\"CT\"/>\n    </coding>\n");
    (r4, r5)
}
