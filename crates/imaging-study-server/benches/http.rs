//! What the server answers in a second beside an axum that answers constant bytes, and what an import
//! takes beside plain inserts of the same rows: `cargo bench -p imaging-study-server [STUDIES]`.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use running::Running;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

#[path = "../tests/running/mod.rs"]
mod running;

const CONNECTIONS: usize = 16;
const TIME: Duration = Duration::from_secs(5);
const MODALITIES: [&str; 6] = ["CT", "MR", "DX", "US", "MG", "PT"];
const INSTANCES: usize = 26;

fn main() {
    let count = std::env::args()
        .skip(1)
        .find_map(|given| given.parse().ok());
    let count: usize = count.unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("studies.db");
    let export = folder.path().join("studies.ndjson");
    let bytes = write_studies(&export, count);
    println!("{count} studies of {} bytes", bytes / count);

    let import = import(&data, &export);
    let inserts = inserts(&data, &folder.path().join("plain.db"));
    println!(
        "import {:.1} s, {:.0} studies/s; plain inserts of its rows {:.1} s; inserts / import {:.2}",
        import.as_secs_f64(),
        count as f64 / import.as_secs_f64(),
        inserts.as_secs_f64(),
        inserts.as_secs_f64() / import.as_secs_f64(),
    );

    let constant = load(&constant(study(7)), |_| "/".to_owned());
    let server = Running::start(&data, &[]);
    println!(
        "{:<36} {:>9} {:>9} {:>9} {:>9}",
        "", "per s", "/ const", "median µs", "p99 / med"
    );
    constant.print("constant bytes", &constant);
    let ask = |name: &str, path: &(dyn Fn(usize) -> String + Sync)| {
        load(&server.address, path).print(name, &constant);
    };
    let any = |turn: usize| turn.wrapping_mul(7_919) % count;
    ask("read by id", &|turn| {
        format!("/fhir/ImagingStudy/s{}", any(turn))
    });
    ask("read by id, as R5", &|turn| {
        format!(
            "/fhir/ImagingStudy/s{}?_format=application/fhir%2Bjson;%20fhirVersion=5.0",
            any(turn)
        )
    });
    ask("search by identifier", &|turn| {
        format!(
            "/fhir/ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:1.2.3.{}&_count=20",
            any(turn)
        )
    });
    ask("search by patient", &|turn| {
        format!(
            "/fhir/ImagingStudy?patient=Patient/p{}&_count=20",
            any(turn) / 10
        )
    });
    ask("search by modality and month", &|turn| {
        let month = any(turn) % 12 + 1;
        let modality = MODALITIES[any(turn) % MODALITIES.len()];
        format!("/fhir/ImagingStudy?modality={modality}&started=2026-{month:02}&_count=20")
    });
    println!("resident {} MiB at most", server.peak() >> 10);
}

fn study(number: usize) -> String {
    let modality = MODALITIES[number % MODALITIES.len()];
    let (year, month, day) = (
        2015 + number % 12,
        number / 12 % 12 + 1,
        number / 144 % 28 + 1,
    );
    let mut text = format!(
        r#"{{"resourceType":"ImagingStudy","id":"s{number}","identifier":[{{"system":"urn:dicom:uid","value":"urn:oid:1.2.3.{number}"}}],"status":"available","subject":{{"reference":"Patient/p{}"}},"started":"{year}-{month:02}-{day:02}T10:00:00Z","numberOfSeries":1,"numberOfInstances":{INSTANCES},"series":[{{"uid":"1.2.3.{number}.1","modality":{{"system":"http://dicom.nema.org/resources/ontology/DCM","code":"{modality}"}},"instance":["#,
        number / 10
    );
    for instance in 0..INSTANCES {
        let comma = if instance == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"uid":"1.2.3.{number}.1.{instance}","sopClass":{{"system":"urn:ietf:rfc:3986","code":"urn:oid:1.2.840.10008.5.1.4.1.1.2"}},"number":{instance},"title":"ORIGINAL PRIMARY AXIAL"}}"#
        );
    }
    text + "]}]}"
}

fn write_studies(path: &Path, count: usize) -> usize {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).expect("a file"));
    let mut bytes = 0;
    for number in 0..count {
        let text = study(number);
        bytes += text.len();
        writeln!(file, "{text}").expect("room");
    }
    file.flush().expect("room");
    bytes
}

fn import(data: &Path, export: &Path) -> Duration {
    let begun = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_imaging-study-server"))
        .arg("--data")
        .arg(data)
        .arg("--import")
        .arg(export)
        .arg("--import-only")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("it runs").success());
    begun.elapsed()
}

/// The time that the inserts of all rows of a file take into another one with the same tables and
/// indexes.
fn inserts(from: &Path, to: &Path) -> Duration {
    let from = Connection::open(from).expect("a database");
    let to = Connection::open(to).expect("a database");
    to.pragma_update(None, "journal_mode", "WAL").expect("WAL");
    to.pragma_update(None, "synchronous", "FULL").expect("FULL");
    let mut made = from
        .prepare("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC")
        .expect("a schema");
    let made: Vec<(String, String)> = made
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    for (_, sql) in &made {
        to.execute_batch(sql).expect("the same table or index");
    }
    let mut taken = Duration::ZERO;
    for (table, _) in made
        .iter()
        .filter(|(_, sql)| sql.starts_with("CREATE TABLE"))
    {
        let mut all = from
            .prepare(&format!("SELECT * FROM {table}"))
            .expect("a table");
        let columns = all.column_count();
        let places = vec!["?"; columns].join(",");
        let mut rows = all.query([]).expect("rows");
        loop {
            let mut chunk = Vec::new();
            while chunk.len() < 10_000 {
                let Some(row) = rows.next().expect("a row") else {
                    break;
                };
                let values: Result<Vec<Value>, _> = (0..columns).map(|at| row.get(at)).collect();
                chunk.push(values.expect("values"));
            }
            if chunk.is_empty() {
                break;
            }
            let begun = Instant::now();
            to.execute_batch("BEGIN").expect("a transaction");
            let mut insert = to
                .prepare_cached(&format!("INSERT INTO {table} VALUES ({places})"))
                .expect("a statement");
            for values in chunk {
                insert.execute(params_from_iter(values)).expect("a row");
            }
            to.execute_batch("COMMIT").expect("a transaction");
            taken += begun.elapsed();
        }
    }
    taken
}

/// The address of an axum that answers everything with the same bytes.
fn constant(bytes: String) -> String {
    let (sender, receiver) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("threads");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
                .await
                .expect("a port");
            let address = listener.local_addr().expect("an address").to_string();
            sender.send(address).expect("somebody waits");
            let app = Router::new().route("/", get(move || async move { bytes.clone() }));
            axum::serve(listener, app).await.expect("it serves");
        });
    });
    receiver.recv().expect("an address")
}

impl Running {
    /// The most memory that it had, in KiB; 0 where nobody tells.
    fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.unwrap_or(0)
    }
}

struct Load {
    per_second: f64,
    median: Duration,
    p99: Duration,
}

impl Load {
    fn print(&self, name: &str, constant: &Self) {
        println!(
            "{name:<36} {:>9.0} {:>9.2} {:>9} {:>9.1}",
            self.per_second,
            self.per_second / constant.per_second,
            self.median.as_micros(),
            self.p99.as_secs_f64() / self.median.as_secs_f64(),
        );
    }
}

/// Asks over connections that are kept, each for what the path of its turn says.
fn load(address: &str, path: impl Fn(usize) -> String + Sync) -> Load {
    let begun = Instant::now();
    let mut times: Vec<Duration> = thread::scope(|scope| {
        let asking: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let path = &path;
                scope.spawn(move || {
                    let mut stream = TcpStream::connect(address).expect("a connection");
                    stream.set_nodelay(true).expect("no delay");
                    let mut times = Vec::new();
                    let mut answer = Vec::new();
                    let mut turn = connection;
                    while begun.elapsed() < TIME {
                        let request =
                            format!("GET {} HTTP/1.1\r\nHost: {address}\r\n\r\n", path(turn));
                        let asked = Instant::now();
                        stream.write_all(request.as_bytes()).expect("it listens");
                        read_answer(&mut stream, &mut answer);
                        times.push(asked.elapsed());
                        turn += CONNECTIONS;
                    }
                    times
                })
            })
            .collect();
        let times = asking
            .into_iter()
            .map(|asking| asking.join().expect("no panic"));
        times.flatten().collect()
    });
    let taken = begun.elapsed();
    times.sort_unstable();
    Load {
        per_second: times.len() as f64 / taken.as_secs_f64(),
        median: times[times.len() / 2],
        p99: times[times.len() * 99 / 100],
    }
}

/// Reads an answer with a length; what is not 200 ends the bench.
fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) {
    answer.clear();
    let mut chunk = [0; 16_384];
    let mut whole = usize::MAX;
    while answer.len() < whole {
        let read = stream.read(&mut chunk).expect("an answer");
        assert!(read > 0, "the connection was closed");
        answer.extend_from_slice(&chunk[..read]);
        if whole == usize::MAX
            && let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let text = String::from_utf8_lossy(&answer[..head]).to_lowercase();
            assert!(text.starts_with("http/1.1 200"), "{text}");
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            whole = head
                + 4
                + length
                    .and_then(|length| length.parse::<usize>().ok())
                    .expect("a length");
        }
    }
}
