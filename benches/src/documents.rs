//! The documents that are measured, read and converted beforehand.

use std::hint::black_box;

use imaging_study::validate::Validate;
use imaging_study::{convert, json, r4, r5, xml};
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::{Meter, Task, plain};

/// R4 studies as text, one a line, and as values of each kind.
#[derive(Debug)]
pub struct Documents<'a> {
    lines: Vec<&'a str>,
    bytes: usize,
    instances: usize,
    plain: Vec<plain::ImagingStudy>,
    r4: Vec<r4::ImagingStudy>,
    r5: Vec<r5::ImagingStudy>,
    /// The R4 studies as XML.
    xml: Vec<String>,
}

impl<'a> Documents<'a> {
    /// Reads the lines of a text.
    ///
    /// # Panics
    ///
    /// What is to be measured does not do its work: a study that is read and written is another
    /// one, by our codec or by the plain derives, or one that is converted to R5 and back.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().collect();
        let mut documents = Self {
            bytes: lines.iter().map(|line| line.len()).sum(),
            instances: 0,
            plain: Vec::with_capacity(lines.len()),
            r4: Vec::with_capacity(lines.len()),
            r5: Vec::with_capacity(lines.len()),
            xml: Vec::with_capacity(lines.len()),
            lines,
        };
        for line in &documents.lines {
            let value = parse_value(line);
            let instances = value["numberOfInstances"].as_u64();

            let plain = read_plain(line);
            assert_eq!(Some(plain.instances() as u64), instances);
            assert_eq!(
                parse_value(&write_plain(&plain)),
                value,
                "the plain derives lost something"
            );

            let r4 = read(line);
            assert_eq!(
                r4,
                json::from_slice(line.as_bytes()).expect("bytes are read as text is")
            );
            let listed: usize = r4.series.iter().map(|series| series.instance.len()).sum();
            assert_eq!(Some(listed as u64), instances);
            assert_eq!(write(&r4), **line, "reading and writing changed a study");

            let r5 = to_r5(r4.clone());
            let listed: usize = r5.series.iter().map(|series| series.instance.len()).sum();
            assert_eq!(Some(listed as u64), instances);
            assert_eq!(to_r4(r5.clone()), r4, "R5 and back is another study");

            let xml = write_xml(&r4);
            assert_eq!(read_xml(&xml), r4, "XML and back is another study");
            assert!(skip_xml(&xml) > 3 * listed);

            documents.instances += listed;
            documents.xml.push(xml);
            documents.plain.push(plain);
            documents.r4.push(r4);
            documents.r5.push(r5);
        }
        documents
    }

    /// The studies as text.
    #[must_use]
    pub fn lines(&self) -> &[&'a str] {
        &self.lines
    }

    /// The studies in R5 as NDJSON.
    ///
    /// # Panics
    ///
    /// A study of [`Documents::new`] cannot be written as R5.
    #[must_use]
    pub fn r5_ndjson(&self) -> String {
        let line = |study| json::to_string(study).expect("it has no empty element") + "\n";
        self.r5.iter().map(line).collect()
    }

    /// The number of studies.
    #[must_use]
    pub fn studies(&self) -> usize {
        self.lines.len()
    }

    /// The number of instances of all studies.
    #[must_use]
    pub const fn instances(&self) -> usize {
        self.instances
    }

    /// The length of all studies in bytes of XML.
    #[must_use]
    pub fn xml_bytes(&self) -> usize {
        self.xml.iter().map(String::len).sum()
    }

    /// The length of all studies in bytes of JSON, without line ends.
    #[must_use]
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Performs a task on every study. The meter runs during what [`Task`] says, and no longer.
    ///
    /// Values that are written or converted were copied just before, and so are as warm as values
    /// that were just read.
    ///
    /// # Panics
    ///
    /// A study of [`Documents::new`] can no longer be read, written or converted.
    pub fn perform(&self, task: Task, meter: &mut impl Meter) {
        match task {
            Task::Skip => read_each(&self.lines, meter, |line| {
                serde_json::from_str::<IgnoredAny>(line).expect("generated studies are JSON")
            }),
            Task::ParseValue => read_each(&self.lines, meter, parse_value),
            Task::SkipXml => read_each(&self.xml, meter, skip_xml),
            Task::ReadXml => read_each(&self.xml, meter, read_xml),
            Task::WriteXml => write_each(&self.r4, meter, write_xml),
            Task::ReadPlain => read_each(&self.lines, meter, read_plain),
            Task::Read => read_each(&self.lines, meter, read),
            Task::ReadBytes => read_each(&self.lines, meter, |line| {
                json::from_slice::<r4::ImagingStudy>(line.as_bytes()).expect("it was read before")
            }),
            Task::WritePlain => write_each(&self.plain, meter, write_plain),
            Task::Write => write_each(&self.r4, meter, write),
            Task::ToR5 => convert_each(&self.r4, meter, to_r5),
            Task::ToR4 => convert_each(&self.r5, meter, to_r4),
            Task::Validate => write_each(&self.r4, meter, Validate::validate),
        }
    }
}

/// Measures the reading of each text and the dropping of the result.
fn read_each<T>(texts: &[impl AsRef<str>], meter: &mut impl Meter, read: impl Fn(&str) -> T) {
    meter.measure(|| {
        for text in texts {
            drop(black_box(read(black_box(text.as_ref()))));
        }
    });
}

/// Measures the writing of each study, or other work on it, and the dropping of the result.
fn write_each<T: Clone, R>(studies: &[T], meter: &mut impl Meter, write: impl Fn(&T) -> R) {
    for study in studies {
        let study = black_box(study.clone());
        meter.measure(|| drop(black_box(write(&study))));
    }
}

/// Measures the conversion of each study.
fn convert_each<A: Clone, B>(studies: &[A], meter: &mut impl Meter, convert: impl Fn(A) -> B) {
    for study in studies {
        let study = black_box(study.clone());
        black_box(meter.measure(|| convert(study)));
    }
}

fn parse_value(line: &str) -> Value {
    serde_json::from_str(line).expect("generated studies are JSON")
}

fn read_plain(line: &str) -> plain::ImagingStudy {
    serde_json::from_str(line).expect("the plain derives have every generated element")
}

fn write_plain(study: &plain::ImagingStudy) -> String {
    serde_json::to_string(study).expect("the plain derives write any study")
}

fn read(line: &str) -> r4::ImagingStudy {
    json::from_str(line).expect("generated studies are R4")
}

fn write(study: &r4::ImagingStudy) -> String {
    json::to_string(study).expect("a study that was read has no empty element")
}

fn skip_xml(text: &str) -> usize {
    let mut reader = Reader::from_str(text);
    let mut events = 0;
    while reader.read_event().expect("studies are written as XML") != Event::Eof {
        events += 1;
    }
    events
}

fn read_xml(text: &str) -> r4::ImagingStudy {
    xml::from_str(text).expect("it was written before")
}

fn write_xml(study: &r4::ImagingStudy) -> String {
    xml::to_string(study).expect("generated studies can be XML")
}

fn to_r5(study: r4::ImagingStudy) -> r5::ImagingStudy {
    convert::convert(study, &convert::Options::default())
        .expect("only a strict conversion refuses")
        .value
}

fn to_r4(study: r5::ImagingStudy) -> r4::ImagingStudy {
    convert::convert(study, &convert::Options::default())
        .expect("only a strict conversion refuses")
        .value
}
