//! Tables of the standard become our own.

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_devtools::search::SearchTable;
use imaging_study_devtools::structs::{Sentences, Structs, UNWRITTEN};
use imaging_study_devtools::{Version, Words, import};

const ELEMENTS: &str = "\
path\tmin\tmax\ttypes\tisModifier\tisSummary\tbinding\tvalueSet\trepresentation
ImagingStudy\t0\t*\tbase:DomainResource\t0\t0
ImagingStudy.id\t0\t1\tid\t0\t1
ImagingStudy.status\t1\t1\tcode\t1\t1\trequired\thttp://hl7.org/fhir/ValueSet/imagingstudy-status|9.0.0
ImagingStudy.bodySite\t0\t*\tCoding\t?\t1\texample\thttp://example.org/sites
ImagingStudy.subject\t1\t1\tReference(Patient,Group)\t0\t1
ImagingStudy.series\t0\t*\tBackboneElement\t0\t1
ImagingStudy.series.id\t0\t1\tstring\t0\t0\t\t\txmlAttr
ImagingStudy.series.uid\t1\t1\tid\t0\t1
Coding\t0\t*\tbase:DataType\t0\t0
Coding.id\t0\t1\tid\t0\t0\t\t\txmlAttr
Coding.code\t0\t1\tcode\t0\t0
Reference\t0\t*\tbase:DataType\t0\t0
Reference.id\t0\t1\tid\t0\t0\t\t\txmlAttr
Reference.reference\t0\t1\tstring\t0\t1
Unreached\t0\t*\tbase:DataType\t0\t0
Unreached.id\t0\t1\tid\t0\t0\t\t\txmlAttr
Unreached.value[x]\t0\t1\tstring|Quantity{SimpleQuantity}\t0\t0
Element\t0\t*\t\t0\t0
Element.id\t0\t1\tstring\t0\t0\t\t\txmlAttr
DataType\t0\t*\tbase:Element\t0\t0
DataType.id\t0\t1\tstring\t0\t0\t\t\txmlAttr
";

const ALL_ELEMENTS: &str = "\
path\tmin\tmax\ttypes\trepresentation
DomainResource\t0\t*\tbase:Base
DomainResource.id\t0\t1\tid
Group\t0\t*\tbase:DomainResource
Group.id\t0\t1\tid
Group.member\t0\t*\tBackboneElement
Group.member.id\t0\t1\tstring\txmlAttr
Group.member.code\t0\t1\tcode
Group.other\t0\t1\t#Group.member
BackboneElement\t0\t*\tbase:Element
BackboneElement.id\t0\t1\tstring\txmlAttr
";

const CODES: &str = "\
valueset\tsystem\tcode
http://hl7.org/fhir/ValueSet/imagingstudy-status\ta\tavailable
http://hl7.org/fhir/ValueSet/imagingstudy-status\tb\tavailable
http://hl7.org/fhir/ValueSet/imagingstudy-status\ta\tunknown
http://hl7.org/fhir/ValueSet/not-required\ta\tno
";

/// A folder of tables for a test.
fn folder(test: &str, elements: &str, all_elements: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).expect("a folder");
    for (name, text) in [
        ("elements.tsv", elements),
        ("all_elements.tsv", all_elements),
        ("codes.tsv", CODES),
    ] {
        fs::write(folder.join(name), text).expect("a file");
    }
    folder
}

/// The lines of a table behind its comments.
fn lines(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}

fn r5() -> Version {
    Version::named("r5").expect("a version")
}

#[test]
fn elements_and_codes() {
    let folder = folder("elements", &ELEMENTS.replace('?', "0"), ALL_ELEMENTS);
    let elements = import::elements(&folder, None).expect("tables");
    assert_eq!(
        lines(&elements.print(&r5())),
        "ImagingStudy resource
  id 0..1 id summary
  status 1..1 code modifier summary required:imagingstudy-status
  bodySite 0..* Coding summary example:http://example.org/sites
  subject 1..1 Reference(Patient,Group) summary
  series 0..* BackboneElement summary
ImagingStudy.series
  id 0..1 string attribute
  uid 1..1 id summary
Coding
  id 0..1 id attribute
  code 0..1 code
Reference
  id 0..1 id attribute
  reference 0..1 string summary"
    );
    let codes = import::codes(&folder, &elements).expect("tables");
    assert_eq!(
        lines(&codes.print(&r5())),
        "imagingstudy-status available unknown"
    );
}

#[test]
fn search_parameters() {
    let folder = folder("search", ELEMENTS, ALL_ELEMENTS);
    let text = "name\ttype\tbase\texpression\txpath\ttargets\turl
order\treference\tImagingStudy\t\tf:ImagingStudy/f:order\tTask,Order\thttp://hl7.org/fhir/SearchParameter/a-order
_id\ttoken\tResource\tResource.id\tf:Resource/f:id\t\thttp://hl7.org/fhir/SearchParameter/r-id
_text\tstring\tResource\t\t\t\thttp://hl7.org/fhir/SearchParameter/r-text
";
    fs::write(folder.join("search.tsv"), text).expect("a file");
    let search = import::search(&folder).expect("a table");
    let printed = search.print(&r5());
    assert_eq!(
        lines(&printed),
        "_id token r-id Resource.id\n_text string r-text\n\
         order reference(Order,Task) a-order ImagingStudy.order"
    );
    let read = SearchTable::parse(&printed).expect("its own form");
    assert_eq!(read.rows, search.rows);
}

#[test]
fn marks_that_are_missing_are_those_of_another_version() {
    let folder = folder("marks", ELEMENTS, ALL_ELEMENTS);
    let error = import::elements(&folder, None).expect_err("a mark is missing");
    assert!(error.contains("ImagingStudy.bodySite"), "{error}");

    let marks = r5().elements().expect("elements");
    let elements = import::elements(&folder, Some(&marks)).expect("tables");
    let study = elements.type_at("ImagingStudy").expect("the study");
    // R5 has no such element: as its neighbours there.
    let site = study.elements.iter().find(|row| row.name == "bodySite");
    assert!(site.is_some_and(|row| !row.modifier && row.summary));
    let coding = elements.type_at("Coding").expect("a Coding");
    let code = coding.elements.iter().find(|row| row.name == "code");
    assert!(code.is_some_and(|row| row.summary), "that of R5");
}

#[test]
fn definitions_say_what_is_added_to_the_base() {
    let folder = folder("definitions", ELEMENTS, ALL_ELEMENTS);
    let definitions = import::definitions(&folder).expect("tables");
    let text = definitions.print(&r5());
    for line in [
        "=s string",
        "BackboneElement<Element abstract",
        "DataType<Element abstract",
        "DomainResource abstract id=id",
        "Element abstract @id=s",
        "Group<DomainResource member* other=Group.member",
        "Group.member code=c",
        "ImagingStudy<DomainResource status=c bodySite*Coding subject=R series*",
        "ImagingStudy.series uid=id",
        "Unreached<DataType value[x]=s|Q",
    ] {
        assert!(text.lines().any(|made| made == line), "{line} in\n{text}");
    }
    assert_eq!(definitions.missing().into_iter().next(), Some("Quantity"));

    let without = ALL_ELEMENTS.replace("Group.id", "Group.name");
    let folder = self::folder("without", ELEMENTS, &without);
    let error = import::definitions(&folder).expect_err("no id");
    assert!(error.contains("elements of DomainResource"), "{error}");

    let unordered = ALL_ELEMENTS.replace("code\n", "code\tORDER?\n");
    let folder = self::folder("unordered", ELEMENTS, &unordered);
    let error = import::definitions(&folder).expect_err("no order");
    assert!(error.contains("Group.member.code has no order"), "{error}");
}

#[test]
fn sentences_stay_where_the_type_does() {
    let version = r5();
    let words = Words::of_codes().expect("words");
    let folder = folder("sentences", &ELEMENTS.replace('?', "0"), ALL_ELEMENTS);
    let elements = import::elements(&folder, None).expect("tables");
    let codes = import::codes(&folder, &elements).expect("tables");
    let structs = Structs {
        version: &version,
        elements: &elements,
        words: &words,
        codes: &codes,
    };
    let sentences = Sentences::of(
        "/// About it.
pub struct ImagingStudy {
    /// How it is.
    pub status: Primitive<ImagingStudyStatus>,
    /// Once it was one.
    pub body_site: Option<Coding>,
}
",
    );
    let row = elements.type_at("ImagingStudy").expect("the study");
    let made = structs.file(row, &sentences).expect("a file");
    let kept = "/// About it.\n#[derive(";
    assert!(made.contains(kept), "{made}");
    let kept = "    /// How it is.\n    #[element(min = 1, modifier, summary)]\n    pub status";
    assert!(made.contains(kept), "{made}");
    let marked = format!(
        "    /// {UNWRITTEN}\n    #[element(summary, example = \"http://example.org/sites\")]\n    \
         pub body_site: Vec<Coding>"
    );
    assert!(made.contains(&marked), "{made}");
    assert!(!made.contains("Once it was one"), "{made}");
}
