//! DICOM JSON as a WADO-RS server answers it.

use std::io::{self, Read};

/// The metadata of a study of 10 series, generated instance by instance: what a CT scanner writes,
/// most of which no ImagingStudy needs.
///
/// ```
/// use imaging_study_benches::Metadata;
///
/// let text = Metadata::new(20, 0).text();
/// let list: Vec<serde_json::Value> = serde_json::from_slice(&text).expect("JSON");
/// assert_eq!(list.len(), 20);
/// ```
#[derive(Clone, Debug)]
pub struct Metadata {
    instances: u32,
    next: u32,
    /// Bytes of base64 in each instance that nobody needs.
    binary: usize,
    pending: Vec<u8>,
    taken: usize,
}

impl Metadata {
    /// The metadata of so many instances, each with so many bytes of inline binary.
    #[must_use]
    pub fn new(instances: u32, binary: usize) -> Self {
        Self {
            instances,
            next: 0,
            binary,
            pending: b"[".to_vec(),
            taken: 0,
        }
    }

    /// All of it at once.
    ///
    /// # Panics
    ///
    /// Never: reading it cannot fail.
    #[must_use]
    pub fn text(mut self) -> Vec<u8> {
        let mut text = Vec::new();
        self.read_to_end(&mut text).expect("generated text");
        text
    }

    fn instance(&mut self) {
        let number = self.next;
        let series = number % 10;
        let position = f64::from(number) * 0.625;
        let separator = if number == 0 { "" } else { "," };
        let binary = match self.binary {
            0 => String::new(),
            length => format!(
                r#","00281201":{{"vr":"OW","InlineBinary":"{}"}}"#,
                "A".repeat(length)
            ),
        };
        let uid = "1.3.6.1.4.1.5962.99.1.2280943358.716200484.1363785608958";
        let text = format!(
            r#"{separator}{{"00080005":{{"vr":"CS","Value":["ISO_IR 192"]}},"00080008":{{"vr":"CS","Value":["ORIGINAL","PRIMARY","AXIAL","CT_SOM5 SPI"]}},"00080012":{{"vr":"DA","Value":["20260302"]}},"00080013":{{"vr":"TM","Value":["081711.25"]}},"00080016":{{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.2"]}},"00080018":{{"vr":"UI","Value":["{uid}.{series}.{number}"]}},"00080020":{{"vr":"DA","Value":["20260302"]}},"00080021":{{"vr":"DA","Value":["20260302"]}},"00080022":{{"vr":"DA","Value":["20260302"]}},"00080030":{{"vr":"TM","Value":["081500.25"]}},"00080031":{{"vr":"TM","Value":["081700.5"]}},"00080032":{{"vr":"TM","Value":["081705.125"]}},"00080050":{{"vr":"SH","Value":["A-2026-004711"]}},"00080060":{{"vr":"CS","Value":["CT"]}},"00080070":{{"vr":"LO","Value":["Maker of Scanners"]}},"00080080":{{"vr":"LO","Value":["Clinic of the Example"]}},"00080090":{{"vr":"PN","Value":[{{"Alphabetic":"Roe^Jane^^Dr."}}]}},"00080201":{{"vr":"SH","Value":["+0100"]}},"00081010":{{"vr":"SH","Value":["CT01"]}},"00081030":{{"vr":"LO","Value":["CT chest with contrast"]}},"00081032":{{"vr":"SQ","Value":[{{"00080100":{{"vr":"SH","Value":["24627-2"]}},"00080102":{{"vr":"SH","Value":["LN"]}},"00080104":{{"vr":"LO","Value":["CT Chest"]}}}}]}},"0008103E":{{"vr":"LO","Value":["Lung 1.0 Br49 series {series}"]}},"00081050":{{"vr":"PN","Value":[{{"Alphabetic":"Who^Doc"}}]}},"00081070":{{"vr":"PN","Value":[{{"Alphabetic":"Tech^Anna"}}]}},"00081090":{{"vr":"LO","Value":["Scanner of 64 rows"]}},"00081140":{{"vr":"SQ","Value":[{{"00081150":{{"vr":"UI","Value":["1.2.840.10008.5.1.4.1.1.2"]}},"00081155":{{"vr":"UI","Value":["{uid}.0.1"]}}}}]}},"00100010":{{"vr":"PN","Value":[{{"Alphabetic":"Yamada^Tarou","Ideographic":"山田^太郎"}}]}},"00100020":{{"vr":"LO","Value":["4-11"]}},"00100030":{{"vr":"DA","Value":["19700101"]}},"00100040":{{"vr":"CS","Value":["M"]}},"00180015":{{"vr":"CS","Value":["CHEST"]}},"00180050":{{"vr":"DS","Value":[1]}},"00180060":{{"vr":"DS","Value":[120]}},"00180090":{{"vr":"DS","Value":[500]}},"00181030":{{"vr":"LO","Value":["Thorax routine"]}},"00181151":{{"vr":"IS","Value":[213]}},"00185100":{{"vr":"CS","Value":["HFS"]}},"0020000D":{{"vr":"UI","Value":["{uid}"]}},"0020000E":{{"vr":"UI","Value":["{uid}.{series}"]}},"00200010":{{"vr":"SH","Value":["17"]}},"00200011":{{"vr":"IS","Value":[{series}]}},"00200013":{{"vr":"IS","Value":[{number}]}},"00200032":{{"vr":"DS","Value":[-158.135803,-179.035797,{position}]}},"00200037":{{"vr":"DS","Value":[1.0,0.0,0.0,0.0,1.0,0.0]}},"00200052":{{"vr":"UI","Value":["{uid}.99"]}},"00201041":{{"vr":"DS","Value":[{position}]}},"00280002":{{"vr":"US","Value":[1]}},"00280004":{{"vr":"CS","Value":["MONOCHROME2"]}},"00280010":{{"vr":"US","Value":[512]}},"00280011":{{"vr":"US","Value":[512]}},"00280030":{{"vr":"DS","Value":[0.661468,0.661468]}},"00280100":{{"vr":"US","Value":[16]}},"00281050":{{"vr":"DS","Value":[-600]}},"00281051":{{"vr":"DS","Value":[1600]}},"00281052":{{"vr":"DS","Value":[-1024]}},"00281053":{{"vr":"DS","Value":[1]}}{binary},"00400275":{{"vr":"SQ","Value":[{{"00401002":{{"vr":"LO","Value":["cough for weeks"]}},"00402016":{{"vr":"LO","Value":["ORD-1"]}}}}]}},"7FE00010":{{"vr":"OW","BulkDataURI":"https://pacs.example/dicom-web/studies/{uid}/series/{uid}.{series}/instances/{uid}.{series}.{number}/bulk"}}}}"#
        );
        self.pending.clear();
        self.pending.extend_from_slice(text.as_bytes());
        self.next += 1;
        if self.next == self.instances {
            self.pending.push(b']');
        }
    }
}

impl Read for Metadata {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.pending.len() {
            if self.next == self.instances {
                return Ok(0);
            }
            self.instance();
            self.taken = 0;
        }
        let rest = &self.pending[self.taken..];
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.taken += length;
        Ok(length)
    }
}
