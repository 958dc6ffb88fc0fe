//! A log of verdicts that shows when it was changed: each record holds the hash of the one before.
//!
//! This is the form of the log and its proof; a door reads and writes the file. A line is one JSON
//! object that ends in `"hash"`, the sha256 of everything in the line before it. `prev` is the hash of the record
//! before, and `seq` counts. So no record can be changed, taken out or put in between without breaking
//! every later hash. What no chain can show is that its end was cut off: for that the door keeps the last
//! hash beside the log, and whoever wants more writes it down elsewhere.
//!
//! A line that a crash left half written is not repaired: the next record is of the event `recovered`
//! and names the hash of the torn bytes, so that the proof goes on across them.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The version of the form: raised when a reader of the old one would misread the new one.
pub const VERSION: u64 = 1;
/// What the first record of a log has for the hash of the one before.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Where a chain stands: the number of its next record and the hash of its last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The number of the next record, from 0.
    pub next: u64,
    /// The hash of the last record.
    pub hash: String,
}

impl Default for Link {
    fn default() -> Self {
        Self { next: 0, hash: GENESIS.to_owned() }
    }
}

/// The line of a record, without its line end, and where the chain stands after it.
///
/// `fields` come after version, number, time and the hash of the record before.
pub fn record(link: &Link, unix_ms: u64, event: &str, fields: Map<String, Value>) -> (String, Link) {
    let mut object = Map::new();
    object.insert("v".to_owned(), VERSION.into());
    object.insert("seq".to_owned(), link.next.into());
    object.insert("time".to_owned(), timestamp(unix_ms).into());
    object.insert("prev".to_owned(), link.hash.clone().into());
    object.insert("event".to_owned(), event.into());
    for (key, value) in fields {
        if key != "hash" {
            object.entry(key).or_insert(value);
        }
    }
    // Both stand in strings only. A shell that is made to read a log expands nothing in it.
    let text = Value::Object(object).to_string().replace('$', "\\u0024").replace('`', "\\u0060");
    let body = text.strip_suffix('}').unwrap_or(&text);
    let hash = digest(body.as_bytes());
    (format!("{body},\"hash\":\"{hash}\"}}"), Link { next: link.next + 1, hash })
}

/// The sha256 of some bytes in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What is wrong with a log, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct Broken {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong.
    pub reason: String,
}

/// Reads a log line by line and holds it to its proof.
#[derive(Clone, Debug, Default)]
pub struct Verifier {
    link: Option<Link>,
    line: u64,
    records: u64,
    recovered: u64,
    first: Option<u64>,
    /// The hash of a line that is no record, and its number: the next one must account for it.
    torn: Option<(String, u64, String)>,
}

impl Verifier {
    /// Starts at the first record ever written.
    pub fn from_genesis() -> Self {
        Self { link: Some(Link::default()), ..Self::default() }
    }

    /// Starts wherever the first line stands, as the oldest file does whose predecessors were thrown away.
    pub fn from_anywhere() -> Self {
        Self::default()
    }

    /// Where the chain stands. Before the first record of a start from anywhere, at its genesis.
    pub fn link(&self) -> Link {
        self.link.clone().unwrap_or_default()
    }

    /// Records that were read and are right.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Torn lines that a later record accounts for.
    pub fn recovered(&self) -> u64 {
        self.recovered
    }

    /// The number of the first record that was read.
    pub fn first(&self) -> Option<u64> {
        self.first
    }

    /// The bytes of a last line that is no record, by their hash; a writer accounts for them in its next record.
    pub fn torn(&self) -> Option<&str> {
        self.torn.as_ref().map(|(hash, ..)| hash.as_str())
    }

    /// Reads the next line, without its line end.
    ///
    /// # Errors
    /// The first thing that does not fit: everything from there on proves nothing.
    pub fn feed(&mut self, line: &[u8]) -> Result<(), Broken> {
        self.line += 1;
        let number = self.line;
        let broken = |reason: String| Broken { line: number, reason };
        let parsed = match parse(line) {
            Ok(parsed) => parsed,
            Err(reason) => {
                if let Some((_, line, reason)) = self.torn.take() {
                    return Err(Broken { line, reason });
                }
                self.torn = Some((digest(line), number, reason));
                return Ok(());
            }
        };
        if let Some((hash, line, reason)) = self.torn.take() {
            if parsed.torn.as_deref() != Some(hash.as_str()) {
                return Err(Broken { line, reason });
            }
            self.recovered += 1;
        } else if parsed.torn.is_some() {
            return Err(broken("it accounts for a torn line that is not there".to_owned()));
        }
        if self.link.is_none() && parsed.seq == 0 && parsed.prev != GENESIS {
            return Err(broken("it is the first record and follows another one".to_owned()));
        }
        if let Some(link) = &self.link {
            if parsed.seq != link.next {
                return Err(broken(format!(
                    "its number is {}, not {}: a record was taken out or put in",
                    parsed.seq, link.next
                )));
            }
            if parsed.prev != link.hash {
                return Err(broken(
                    "it does not follow the record before it: that one was changed".to_owned(),
                ));
            }
        }
        self.first.get_or_insert(parsed.seq);
        self.link = Some(Link { next: parsed.seq + 1, hash: parsed.hash });
        self.records += 1;
        Ok(())
    }

    /// The end of the log.
    ///
    /// # Errors
    /// Its last line is no record.
    pub fn finish(&self) -> Result<(), Broken> {
        match &self.torn {
            Some((_, line, reason)) => Err(Broken { line: *line, reason: reason.clone() }),
            None => Ok(()),
        }
    }
}

/// Where the chain stands after this line; `None` where it is no whole record.
pub fn link_after(line: &[u8]) -> Option<Link> {
    let parsed = parse(line).ok()?;
    Some(Link { next: parsed.seq + 1, hash: parsed.hash })
}

/// Where the chain stood before this line; `None` where it is no whole record.
pub fn link_before(line: &[u8]) -> Option<Link> {
    let parsed = parse(line).ok()?;
    Some(Link { next: parsed.seq, hash: parsed.prev })
}

struct Parsed {
    seq: u64,
    prev: String,
    hash: String,
    torn: Option<String>,
}

fn parse(line: &[u8]) -> Result<Parsed, String> {
    let text = std::str::from_utf8(line).map_err(|_| "it is not UTF-8".to_owned())?;
    let cut = text.rfind(",\"hash\":\"").ok_or("it has no hash: it is torn, or no record")?;
    let (body, end) = text.split_at(cut);
    let hash = end.strip_prefix(",\"hash\":\"").and_then(|end| end.strip_suffix("\"}"));
    let hash = hash.filter(|hash| hash.len() == 64).ok_or("it does not end in a hash: it is torn")?;
    if digest(body.as_bytes()) != hash {
        return Err("its hash is wrong: it was changed".to_owned());
    }
    let value: Value = serde_json::from_str(text).map_err(|_| "it is not JSON".to_owned())?;
    if value["v"] != VERSION {
        return Err(format!("its version is {}, not {VERSION}", value["v"]));
    }
    let seq = value["seq"].as_u64().ok_or("it has no number")?;
    let prev = value["prev"].as_str().ok_or("it does not name the record before it")?.to_owned();
    let torn = value["torn_sha256"].as_str().map(str::to_owned);
    Ok(Parsed { seq, prev, hash: hash.to_owned(), torn })
}

/// A time as `2026-11-28T16:04:05.678Z`.
pub fn timestamp(unix_ms: u64) -> String {
    let (days, rest) = (unix_ms / 86_400_000, unix_ms % 86_400_000);
    // Days since 0000-03-01, in eras of 400 years: the calendar without tables.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let in_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * in_year + 2) / 153;
    let day = in_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", rest % 1000)
}

/// A table of records as CSV: these columns in this order, every value in quotes, no formulas for a spreadsheet to run.
pub fn csv_row(record: &Value, columns: &[&str]) -> String {
    let cell = |column: &&str| {
        let text = match &record[*column] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", text.replace('"', "\"\"").replace(['\n', '\r'], " "))
    };
    columns.iter().map(cell).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn log(count: u64) -> Vec<String> {
        let mut link = Link::default();
        let mut lines = Vec::new();
        for n in 0..count {
            let fields = json!({ "line": format!("ls {n} \",\"hash\":\"") });
            let (line, next) = record(&link, 1000 * n, "check", fields.as_object().unwrap().clone());
            lines.push(line);
            link = next;
        }
        lines
    }

    fn verify(lines: &[String]) -> Result<u64, Broken> {
        let mut verifier = Verifier::from_genesis();
        for line in lines {
            verifier.feed(line.as_bytes())?;
        }
        verifier.finish()?;
        Ok(verifier.records())
    }

    #[test]
    fn a_log_proves_itself() {
        assert_eq!(verify(&log(5)), Ok(5));
        assert_eq!(verify(&[]), Ok(0));
        let value: Value = serde_json::from_str(&log(1)[0]).unwrap();
        assert_eq!((&value["v"], &value["seq"], &value["prev"]), (&json!(1), &json!(0), &json!(GENESIS)));
    }

    #[test]
    fn a_shell_expands_nothing_in_a_record() {
        let fields = json!({ "line": "echo $(touch a) `touch b` \\$c" });
        let (line, _) = record(&Link::default(), 0, "check", fields.as_object().unwrap().clone());
        assert!(!line.contains(['$', '`']), "{line}");
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["line"], fields["line"]);
        assert_eq!(verify(&[line]), Ok(1));
    }

    #[test]
    fn any_change_is_found_where_it_is() {
        let mut lines = log(5);
        lines[2] = lines[2].replace("ls 2", "ls 7");
        let broken = verify(&lines).unwrap_err();
        assert_eq!((broken.line, broken.reason.as_str()), (3, "its hash is wrong: it was changed"));
        let mut lines = log(5);
        lines.remove(2);
        assert_eq!(verify(&lines).unwrap_err().line, 3);
        let mut lines = log(5);
        lines.swap(1, 2);
        assert_eq!(verify(&lines).unwrap_err().line, 2);
        let mut lines = log(5);
        // A record with a right hash of its own that does not belong here.
        lines[3] = record(&Link { next: 3, hash: GENESIS.to_owned() }, 0, "check", Map::new()).0;
        assert_eq!(verify(&lines).unwrap_err().line, 4);
        let mut lines = log(3);
        lines.push(String::new());
        assert_eq!(verify(&lines).unwrap_err().line, 4);
    }

    #[test]
    fn a_torn_line_is_accounted_for() {
        let mut lines = log(3);
        let torn = lines[2][..40].to_owned();
        lines[2] = torn.clone();
        assert_eq!(verify(&lines).unwrap_err().line, 3);
        let mut verifier = Verifier::from_genesis();
        lines.iter().for_each(|line| verifier.feed(line.as_bytes()).unwrap());
        assert_eq!(verifier.torn(), Some(digest(torn.as_bytes()).as_str()));
        let fields = json!({ "torn_sha256": verifier.torn() });
        let (line, link) = record(&verifier.link(), 0, "recovered", fields.as_object().unwrap().clone());
        lines.push(line);
        lines.push(record(&link, 0, "check", Map::new()).0);
        assert_eq!(verify(&lines), Ok(4));
        // Somebody takes out the torn line, or writes another.
        let mut without = lines.clone();
        without.remove(2);
        assert_eq!(verify(&without).unwrap_err().line, 3);
        lines[2].push('x');
        assert_eq!(verify(&lines).unwrap_err().line, 3);
    }

    #[test]
    fn a_log_may_begin_later() {
        let lines = log(5);
        let mut verifier = Verifier::from_anywhere();
        lines[2..].iter().for_each(|line| verifier.feed(line.as_bytes()).unwrap());
        assert_eq!((verifier.records(), verifier.first()), (3, Some(2)));
    }

    #[test]
    fn times() {
        assert_eq!(timestamp(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(timestamp(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(timestamp(1_795_881_845_678), "2026-11-28T16:04:05.678Z");
        assert_eq!(timestamp(4_107_542_399_999), "2100-02-28T23:59:59.999Z");
    }

    #[test]
    fn a_table_runs_nothing() {
        let row =
            csv_row(&json!({ "a": "=1+1", "b": "x\"y\nz", "c": null, "d": ["r"] }), &["a", "b", "c", "d"]);
        assert_eq!(row, r#""'=1+1","x""y z","","[""r""]""#);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read(line in proptest::collection::vec(0u8..255, 0..60)) {
            let _ = Verifier::from_genesis().feed(&line);
        }
    }
}
