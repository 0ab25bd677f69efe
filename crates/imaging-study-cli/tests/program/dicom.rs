//! DICOM files and DICOM JSON for the tests.

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};

/// An image by the numbers of its study, series and place in the series.
pub(crate) fn image(study: u8, series: u8, number: u8) -> Vec<u8> {
    file(&attributes(study, series, number))
}

/// The same as a data set of DICOM JSON.
pub(crate) fn json(study: u8, series: u8, number: u8) -> String {
    let members: Vec<String> = attributes(study, series, number)
        .iter()
        .map(|(tag, vr, text)| {
            let vr_name = vr.to_string();
            let value = match vr {
                VR::PN => format!(r#"{{"Alphabetic":"{text}"}}"#),
                VR::IS => text.clone(),
                _ => format!(r#""{text}""#),
            };
            format!(
                r#""{:04X}{:04X}":{{"vr":"{vr_name}","Value":[{value}]}}"#,
                tag.0, tag.1
            )
        })
        .collect();
    format!("{{{}}}", members.join(","))
}

fn attributes(study: u8, series: u8, number: u8) -> Vec<(Tag, VR, String)> {
    let study_uid = format!("1.2.{study}");
    let series_uid = format!("{study_uid}.{series}");
    let modality = if series == 1 { "CT" } else { "MR" };
    let texts = [
        (0x0008, 0x0016, VR::UI, "1.2.840.10008.5.1.4.1.1.2".into()),
        (0x0008, 0x0018, VR::UI, format!("{series_uid}.{number}")),
        (0x0008, 0x0020, VR::DA, "20260302".into()),
        (0x0008, 0x0030, VR::TM, "081500".into()),
        (0x0008, 0x0050, VR::SH, format!("ACC-{study}")),
        (0x0008, 0x0060, VR::CS, modality.into()),
        (0x0008, 0x1030, VR::LO, "Chest".into()),
        (0x0010, 0x0010, VR::PN, "Doe^Jane".into()),
        (0x0010, 0x0020, VR::LO, "4-11".into()),
        (0x0020, 0x000D, VR::UI, study_uid),
        (0x0020, 0x000E, VR::UI, series_uid),
        (0x0020, 0x0011, VR::IS, series.to_string()),
        (0x0020, 0x0013, VR::IS, number.to_string()),
    ];
    let attribute = |(group, element, vr, text)| (Tag(group, element), vr, text);
    texts.into_iter().map(attribute).collect()
}

fn file(attributes: &[(Tag, VR, String)]) -> Vec<u8> {
    let mut object = InMemDicomObject::new_empty();
    for (tag, vr, text) in attributes {
        let value = PrimitiveValue::from(text.as_str());
        object.put(DataElement::new(*tag, *vr, value));
    }
    written(object, "1.2.840.10008.5.1.4.1.1.2")
}

/// A file without any UID of a study.
pub(crate) fn without_study() -> Vec<u8> {
    let modality = (Tag(0x0008, 0x0060), VR::CS, "CT".to_owned());
    file(&[modality])
}

/// A list of files, which is no instance.
pub(crate) fn dicomdir() -> Vec<u8> {
    written(InMemDicomObject::new_empty(), "1.2.840.10008.1.3.10")
}

fn written(object: InMemDicomObject, sop_class: &str) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax("1.2.840.10008.1.2.1")
        .media_storage_sop_class_uid(sop_class)
        .media_storage_sop_instance_uid("1.2.3.4");
    let mut bytes = Vec::new();
    let file = object.with_meta(meta).expect("a file");
    file.write_all(&mut bytes).expect("a written file");
    bytes
}
