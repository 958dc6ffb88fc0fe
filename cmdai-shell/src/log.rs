//! The log of verdicts on disk, and `cmdai audit`.
//!
//! The form and its proof are `cmdai_core::audit`; this is locking, writing and reading. A writer holds
//! an exclusive lock on a file beside the log, finds where the chain stands from the log's last line,
//! appends one line and waits until it is on disk. The last number and hash also go to a file of their
//! own, the head, so that a log whose end was cut off does not pass for whole: a writer that finds the two at odds
//! first writes a record of the event `gap`, which every later proof tells. A file that does not begin with
//! a record is not this log, and nothing is written to it. A log that cannot be written is
//! said on standard error and changes no verdict.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cmdai_core::Context;
use cmdai_core::audit::{self, Link, Verifier};
use cmdai_core::config::Audit;
use cmdai_core::redact::redact;
use cmdai_core::safety::Report;
use serde_json::{Map, Value, json};

use crate::args::{AuditAction, AuditArgs, Form};
use crate::exit::Exit;
use crate::failure::{Failure, io_message};
use crate::paint::{FAINT, visible};
use crate::settings::Settings;
use crate::{env, input, surroundings};

/// A log beyond this is put aside and a new one begun, which goes on with the same chain.
const MAX_LOG_BYTES: u64 = 16 << 20;
/// Logs that were put aside and are kept.
const KEPT: u32 = 8;
/// A longer line is cut in the log.
const MAX_LINE_BYTES: usize = 8 << 10;
/// The end of the log in which its last record lies.
const TAIL_BYTES: u64 = 256 << 10;
/// How every record begins.
const BEGIN: &[u8] = b"{\"v\":1,\"seq\":";
/// How long a writer waits for another one.
const LOCK_TIME: Duration = Duration::from_millis(800);

/// One verdict.
pub(crate) struct Judged<'a> {
    /// Which door asked: `check`, `hook claude-code`.
    pub door: &'a str,
    /// The tool of an agent.
    pub tool: Option<&'a str>,
    /// The line or path that was judged.
    pub line: &'a str,
    /// Where it would run.
    pub ctx: &'a Context,
    /// What was said.
    pub report: &'a Report,
}

/// Logs a verdict where logging is on.
pub(crate) fn judged(settings: &Settings, judged: &Judged<'_>) {
    if let Some(path) = place(settings) {
        write(&path, "verdict", fields(judged)).unwrap_or_else(|message| cannot(&path, &message));
    }
}

/// Logs that something could not be judged.
pub(crate) fn failed(settings: &Settings, door: &str, reason: &str) {
    if let Some(path) = place(settings) {
        let value = json!({ "door": door, "verdict": "deny", "reason": cut(&redact(reason)) });
        let fields = value.as_object().cloned().unwrap_or_default();
        write(&path, "failure", fields).unwrap_or_else(|message| cannot(&path, &message));
    }
}

fn cannot(path: &Path, message: &str) {
    crate::say(&format!(
        "note: the log {} was not written: {message}\n",
        visible(&path.display().to_string())
    ));
}

fn fields(judged: &Judged<'_>) -> Map<String, Value> {
    let report = judged.report;
    let mut fields = Map::new();
    let mut set = |key: &str, value: Value| {
        if !value.is_null() {
            fields.insert(key.to_owned(), value);
        }
    };
    set("door", judged.door.into());
    set("tool", judged.tool.into());
    set("verdict", report.verdict.name().into());
    set("risk", report.risk.name().into());
    let mut rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
    rules.dedup();
    rules.truncate(16);
    set("rules", rules.into());
    if let Some(decision) = &report.decision {
        set("layer", decision.layer.name().into());
        set("entry", decision.entry.clone().into());
    }
    set("shell", judged.ctx.dialect.name().into());
    set("cwd", judged.ctx.cwd.as_deref().map(redact).into());
    // Cut before as well, at a place that is cut off again: half a secret at the border is not kept.
    let line = &judged.line[..judged.line.floor_char_boundary((8 * MAX_LINE_BYTES).min(judged.line.len()))];
    set("line", cut(&redact(line)).into());
    if judged.line.len() > MAX_LINE_BYTES {
        set("line_bytes", judged.line.len().into());
    }
    fields
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_LINE_BYTES.min(text.len()))].to_owned()
}

/// Where verdicts are logged; `None` where they are not.
fn place(settings: &Settings) -> Option<PathBuf> {
    let asked = match env::text(env::AUDIT).as_deref() {
        Some("0" | "off" | "false") => Some(Audit::Off),
        Some("1" | "on" | "true") => Some(Audit::On),
        Some(path) if Path::new(path).is_absolute() => Some(Audit::At(PathBuf::from(path))),
        Some(other) => {
            crate::say(&format!(
                "note: nothing is logged: CMDAI_AUDIT must be 1, 0 or an absolute path, not {}\n",
                visible(other)
            ));
            None
        }
        None => settings.config.audit.clone(),
    };
    match asked? {
        Audit::At(path) => Some(path),
        Audit::On => usual_place().or_else(|| {
            crate::say(
                "note: nothing is logged: there is no home directory; set HOME, or CMDAI_AUDIT to an absolute path\n",
            );
            None
        }),
        _ => None,
    }
}

fn usual_place() -> Option<PathBuf> {
    let named = env::value(env::STATE_HOME).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = named.or_else(|| Some(surroundings::stated_home()?.join(".local/state")))?;
    Some(state.join("cmdai/audit/log.jsonl"))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Appends a record and waits until it is on disk.
fn write(path: &Path, event: &str, fields: Map<String, Value>) -> Result<(), String> {
    let said = |error: std::io::Error| io_message(&error);
    if let Some(folder) = path.parent() {
        make_folder(folder).map_err(said)?;
    }
    // Before anything is made beside it, and again once nobody else writes.
    open_log(path)?;
    let lock = open_private(&beside(path, ".lock")).map_err(said)?;
    wait_for(&lock)?;
    let mut log = match open_log(path)? {
        Some(log) => log,
        None => private().create_new(true).open(path).map_err(said)?,
    };
    let End { mut link, open, torn, gap } = stand(&mut log, path)?;
    if link == Link::default() && head(path).is_none() {
        // From here on a log without a head has lost it.
        write_head(path, &link).map_err(said)?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let now = u64::try_from(now).unwrap_or(0);
    let mut text = String::new();
    if open {
        text.push('\n');
    }
    if let Some((hash, bytes)) = torn {
        // A whole record that the file beside knows of and the log does not: it is lost, not only unfinished.
        let lost = head(path).is_some_and(|head| head.next > link.next);
        let value = json!({ "torn_sha256": hash, "torn_bytes": bytes, "lost": lost });
        let (line, next) =
            audit::record(&link, now, "recovered", value.as_object().cloned().unwrap_or_default());
        text.push_str(&line);
        text.push('\n');
        link = next;
    }
    if let Some(fields) = gap {
        let (line, next) = audit::record(&link, now, "gap", fields);
        text.push_str(&line);
        text.push('\n');
        link = next;
    }
    let (line, link) = audit::record(&link, now, event, fields);
    text.push_str(&line);
    text.push('\n');
    log.seek(SeekFrom::End(0))
        .and_then(|_| log.write_all(text.as_bytes()))
        .and_then(|()| log.sync_data())
        .map_err(said)?;
    // Not waited for: a head that is one record behind is still a proof of all before it.
    write_head(path, &link).map_err(said)?;
    if log.metadata().is_ok_and(|meta| meta.len() > MAX_LOG_BYTES) {
        rotate(path).map_err(said)?;
    }
    Ok(())
}

/// Opens a log that is there; `None` where there is none.
///
/// # Errors
/// It cannot be opened, or is another file: it is not empty and does not begin with a record.
fn open_log(path: &Path) -> Result<Option<File>, String> {
    let said = |error: std::io::Error| io_message(&error);
    match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(said(error)),
        Ok(meta) if !meta.is_file() => return Err("it is no regular file".to_owned()),
        Ok(_) => {}
    }
    let mut log = private().open(path).map_err(said)?;
    let mut first = Vec::new();
    BufReader::new((&mut log).take(TAIL_BYTES)).read_until(b'\n', &mut first).map_err(said)?;
    let whole = first.last() == Some(&b'\n');
    // One that was changed or cut off is told by `verify`; another program's file never begins so.
    let ours = first.is_empty() || first.starts_with(BEGIN) || (!whole && BEGIN.starts_with(&first));
    match ours {
        true => Ok(Some(log)),
        false => Err("there is another file, which is no log of cmdai: nothing is written to it".to_owned()),
    }
}

fn write_head(path: &Path, link: &Link) -> std::io::Result<()> {
    let aside = beside(path, ".head.new");
    truncated(&aside)?.write_all(format!("{} {}\n", link.next, link.hash).as_bytes())?;
    std::fs::rename(&aside, beside(path, ".head"))
}

/// What the record of a gap says, where the head and the end of the log are at odds.
fn gap_of(path: &Path, link: &Link, tail: &[u8]) -> Option<Map<String, Value>> {
    let head = head(path);
    let reason = match &head {
        None if tail.is_empty() => return None,
        None => "the file that names the last record is gone or damaged",
        // A head that was not on disk yet when the machine stopped names an earlier record.
        Some(head) if !tail.is_empty() && (head == link || names(tail, head)) => return None,
        Some(head) if tail.is_empty() => {
            let before = beside(path, ".1");
            let before = File::open(before).and_then(|mut file| tail_of(&mut file));
            if head.next == 0 || before.is_ok_and(|(tail, _)| names(&tail, head)) {
                return None;
            }
            "the log was emptied or taken away"
        }
        Some(head) if head.next > link.next => "the end of the log was cut off",
        Some(_) => "the last record is not the one that was written",
    };
    let value = json!({
        "reason": reason,
        "expected_next": head.as_ref().map(|head| head.next),
        "expected_hash": head.as_ref().map(|head| head.hash.as_str()),
    });
    value.as_object().cloned()
}

/// True where a record in these bytes is the one that the head names, or follows it.
fn names(tail: &[u8], head: &Link) -> bool {
    tail.split(|byte| *byte == b'\n').any(|line| {
        audit::link_after(line).as_ref() == Some(head) || audit::link_before(line).as_ref() == Some(head)
    })
}

/// The end of a file, and its size.
fn tail_of(file: &mut File) -> std::io::Result<(Vec<u8>, u64)> {
    let size = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(size.saturating_sub(TAIL_BYTES)))?;
    let mut tail = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut tail)?;
    Ok((tail, size))
}

/// How a log ends.
struct End {
    /// Where the chain stands.
    link: Link,
    /// True where the last line has no line end.
    open: bool,
    /// The hash and size of a last line that is no record.
    torn: Option<(String, usize)>,
    /// What to say first, where this is not the end that was written.
    gap: Option<Map<String, Value>>,
}

/// Where the chain of a log stands, by its last line.
fn stand(log: &mut File, path: &Path) -> Result<End, String> {
    let (mut tail, size) = tail_of(log).map_err(|error| io_message(&error))?;
    if tail.is_empty() {
        // A new file goes on where the one before it ended.
        let link = head(path).unwrap_or_default();
        let gap = gap_of(path, &link, &tail);
        return Ok(End { link, open: false, torn: None, gap });
    }
    let open = tail.last() != Some(&b'\n');
    if !open {
        tail.pop();
    }
    let mut lines = tail.rsplit(|byte| *byte == b'\n');
    let last = lines.next().unwrap_or_default();
    if let Some(link) = audit::link_after(last) {
        let gap = gap_of(path, &link, &tail);
        return Ok(End { link, open, torn: None, gap });
    }
    let link = match lines.next() {
        Some(line) => audit::link_after(line),
        None if size <= TAIL_BYTES => Some(rotated_link(path).unwrap_or_default()),
        None => None,
    };
    let link = link.ok_or("its last records are damaged: see cmdai audit verify")?;
    let torn = Some((audit::digest(last), last.len()));
    let gap = gap_of(path, &link, &tail);
    Ok(End { link, open, torn, gap })
}

/// The end of the file that was put aside last.
fn rotated_link(path: &Path) -> Option<Link> {
    let (mut tail, _) = tail_of(&mut File::open(beside(path, ".1")).ok()?).ok()?;
    tail.pop();
    audit::link_after(tail.rsplit(|byte| *byte == b'\n').next()?)
}

/// What the file beside the log says of its end.
fn head(path: &Path) -> Option<Link> {
    let text = std::fs::read_to_string(beside(path, ".head")).ok()?;
    let (next, hash) = text.trim().split_once(' ')?;
    Some(Link { next: next.parse().ok()?, hash: hash.to_owned() })
}

fn rotate(path: &Path) -> std::io::Result<()> {
    for nth in (1..KEPT).rev() {
        let from = beside(path, &format!(".{nth}"));
        if from.exists() {
            std::fs::rename(from, beside(path, &format!(".{}", nth + 1)))?;
        }
    }
    std::fs::rename(path, beside(path, ".1"))
}

#[cfg(unix)]
fn wait_for(lock: &File) -> Result<(), String> {
    use rustix::fs::{FlockOperation, flock};
    let until = Instant::now() + LOCK_TIME;
    while let Err(error) = flock(lock, FlockOperation::NonBlockingLockExclusive) {
        if error != rustix::io::Errno::WOULDBLOCK && error != rustix::io::Errno::INTR {
            return Err(error.to_string());
        }
        if Instant::now() > until {
            return Err("another process holds its lock".to_owned());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

#[cfg(not(unix))]
fn wait_for(lock: &File) -> Result<(), String> {
    let until = Instant::now() + LOCK_TIME;
    while lock.try_lock().is_err() {
        if Instant::now() > until {
            return Err("another process holds its lock".to_owned());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        // No link that somebody left here is followed.
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC);
    }
    options
}

fn open_private(path: &Path) -> std::io::Result<File> {
    private().create(true).truncate(false).open(path)
}

fn truncated(path: &Path) -> std::io::Result<File> {
    private().create(true).truncate(true).open(path)
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

/// `cmdai audit`.
///
/// # Errors
/// There is no log, it cannot be read, or it does not prove itself.
pub(crate) fn run(args: &AuditArgs) -> Result<Exit, Failure> {
    let settings = Settings::load(&args.common)?;
    let on = place(&settings);
    let Some(path) = on.clone().or_else(usual_place) else {
        return Err(Failure::new(Exit::Usage, "find the log", "there is no home directory")
            .hint("name it in CMDAI_AUDIT"));
    };
    let files = files(&path);
    if files.is_empty() {
        if let Some(head) = head(&path).filter(|head| head.next > 0) {
            let reason = format!("it is gone, but record {} was written", head.next - 1);
            let failure = Failure::new(Exit::Bug, format!("prove the log {}", path.display()), reason);
            return Err(match args.action {
                AuditAction::Verify { json: true, .. } => not_whole(failure),
                _ => failure,
            });
        }
        let (state, hint) = match on {
            Some(_) => ("empty", "it is begun with the first line that is judged"),
            None => ("off", "turn it on with audit = true in the configuration, or CMDAI_AUDIT=1"),
        };
        let message = format!("the log is {state}: there is no {}", path.display());
        return Err(Failure::new(Exit::Usage, "", message).hint(hint));
    }
    match &args.action {
        AuditAction::Verify { head, json: false } => verify(&path, &files, head.as_deref(), false),
        AuditAction::Verify { head, json: true } => {
            verify(&path, &files, head.as_deref(), true).map_err(not_whole)
        }
        AuditAction::Tail { count, json } => tail(&files, *count, *json, &settings),
        AuditAction::Export { format } => export(&path, &files, *format),
    }
}

/// The files of a log, oldest first.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = (1..=KEPT).rev().map(|nth| beside(path, &format!(".{nth}"))).collect();
    files.push(path.to_owned());
    files.retain(|file| file.is_file());
    files
}

/// That a log does not prove itself is an answer, and no failure of the question.
fn not_whole(failure: Failure) -> Failure {
    if failure.exit != Exit::Bug {
        return failure;
    }
    let answer = json!({ "whole": false, "reason": failure.one_line() }).to_string() + "\n";
    match input::print(&answer) {
        Ok(()) => failure.told(),
        Err(unwritten) => unwritten,
    }
}

fn verify(path: &Path, files: &[PathBuf], known: Option<&str>, as_json: bool) -> Result<Exit, Failure> {
    let mut gaps = Vec::new();
    let proof = prove(path, files, known, |line| {
        let record: Value = serde_json::from_str(line).unwrap_or(Value::Null);
        if record["event"] == "gap" && gaps.len() < 8 {
            let reason = record["reason"].as_str().unwrap_or_default();
            gaps.push(format!("before record {}: {}", record["seq"], visible(reason)));
        }
        Ok(())
    })?;
    if !gaps.is_empty() {
        return Err(Failure::new(Exit::Bug, format!("prove the log {}", path.display()), gaps.join("; "))
            .hint("records are missing there; what is in the log now was not changed"));
    }
    let link = proof.link();
    if as_json {
        let answer = json!({
            "whole": true,
            "records": proof.records(),
            "first": proof.first(),
            "last": link.next.checked_sub(1),
            "hash": link.hash,
            "recovered": proof.recovered(),
        });
        return input::print(&(answer.to_string() + "\n")).map(|()| Exit::Ok);
    }
    let mut text = format!(
        "{} records, whole; the last is {} {}\n",
        proof.records(),
        link.next.saturating_sub(1),
        link.hash
    );
    if let Some(first) = proof.first().filter(|first| *first > 0) {
        text.push_str(&format!("records before {first} are not here any more\n"));
    }
    if proof.recovered() > 0 {
        text.push_str(&format!("{} torn by a crash and accounted for\n", proof.recovered()));
    }
    input::print(&text)?;
    Ok(Exit::Ok)
}

/// Reads every record and holds the chain to its proof; each whole line goes to `each`.
fn prove(
    path: &Path,
    files: &[PathBuf],
    known: Option<&str>,
    mut each: impl FnMut(&str) -> Result<(), Failure>,
) -> Result<Verifier, Failure> {
    let mut verifier = Verifier::from_anywhere();
    let head = head(path);
    let mut reaches_head = head.as_ref().is_none_or(|head| head.next == 0);
    let mut reaches_known = known.is_none();
    let broken = |file: &Path, line: u64, reason: &str| {
        let place = format!("prove the log {}:{line}", file.display());
        Failure::new(Exit::Bug, place, reason.to_owned())
            .hint("everything from there on proves nothing; what is before it holds")
    };
    let mut before_file = 0;
    for file in files {
        let doing = format!("read the log {}", file.display());
        let opened =
            File::open(file).map_err(|error| Failure::new(Exit::Usage, doing.clone(), io_message(&error)))?;
        let mut reader = BufReader::new(opened);
        let mut number = 0;
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            let read = reader.by_ref().take(TAIL_BYTES).read_until(b'\n', &mut bytes);
            if read.map_err(|error| Failure::new(Exit::Usage, doing.clone(), io_message(&error)))? == 0 {
                break;
            }
            number += 1;
            if bytes.last() == Some(&b'\n') {
                bytes.pop();
            }
            let before = verifier.records();
            verifier
                .feed(&bytes)
                .map_err(|fault| broken(file, fault.line.saturating_sub(before_file), &fault.reason))?;
            if verifier.records() > before {
                let link = verifier.link();
                reaches_head |= head.as_ref().is_some_and(|head| *head == link);
                reaches_known |= known == Some(link.hash.as_str());
                if let Ok(text) = std::str::from_utf8(&bytes) {
                    each(text)?;
                }
            }
        }
        verifier.finish().map_err(|fault| broken(file, number, &fault.reason))?;
        before_file += number;
    }
    let last = files.last().map_or(path, PathBuf::as_path);
    let end = verifier.link().next;
    if let Some(head) = head.filter(|_| !reaches_head) {
        let reason = match head.next > end {
            true => format!(
                "it ends with record {}, but record {} was written: its end was cut off",
                end.saturating_sub(1),
                head.next - 1
            ),
            false => format!(
                "record {} is not the one that was written: it was replaced",
                head.next.saturating_sub(1)
            ),
        };
        return Err(broken(last, verifier.records(), &reason));
    }
    if self::head(path).is_none() && verifier.records() > 0 {
        let reason =
            "the file beside it that names its last record is gone or damaged: its end may be cut off";
        return Err(broken(last, verifier.records(), reason));
    }
    if !reaches_known {
        return Err(broken(last, verifier.records(), "no record has the hash that you gave"));
    }
    Ok(verifier)
}

fn tail(files: &[PathBuf], count: usize, as_json: bool, settings: &Settings) -> Result<Exit, Failure> {
    let mut lines: std::collections::VecDeque<String> = std::collections::VecDeque::new();
    for file in files.iter().rev().take(2).rev() {
        let text = std::fs::read(file).map_err(|error| {
            Failure::new(Exit::Usage, format!("read the log {}", file.display()), io_message(&error))
        })?;
        for line in String::from_utf8_lossy(&text).lines() {
            lines.push_back(line.to_owned());
            if lines.len() > count {
                lines.pop_front();
            }
        }
    }
    let mut out = String::new();
    for line in lines {
        if as_json {
            out.push_str(&escaped(&line));
        } else {
            out.push_str(&for_people(&line, settings));
        }
        out.push('\n');
    }
    input::print(&out)?;
    Ok(Exit::Ok)
}

/// A line of JSON in which nothing can drive the terminal, still JSON.
fn escaped(line: &str) -> String {
    let one = |c: char| match visible(c.encode_utf8(&mut [0; 4])).len() == c.len_utf8() {
        true => c.to_string(),
        false => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    line.chars().map(one).collect()
}

fn for_people(line: &str, settings: &Settings) -> String {
    let Ok(record) = serde_json::from_str::<Value>(line) else {
        return format!("(no record) {}", visible(line));
    };
    let text = |key: &str| visible(record[key].as_str().unwrap_or_default());
    let what = match record["event"].as_str() {
        Some("verdict") => text("line"),
        Some("recovered") => "(a line before this one was torn by a crash)".to_owned(),
        _ => text("reason"),
    };
    let time = settings.out.paint(FAINT, &text("time"));
    format!("{time} {:5} {:8} {}  {what}", text("verdict"), text("risk"), text("door"))
}

const COLUMNS: &[&str] = &[
    "seq", "time", "event", "door", "tool", "verdict", "risk", "rules", "layer", "entry", "shell", "cwd",
    "line", "reason", "hash",
];

fn export(path: &Path, files: &[PathBuf], form: Form) -> Result<Exit, Failure> {
    // Proved before the first line is printed: half an export of a broken log would pass for a log.
    prove(path, files, None, |_| Ok(()))?;
    if form == Form::Csv {
        input::print(&(COLUMNS.join(",") + "\n"))?;
    }
    let mut rows = String::new();
    prove(path, files, None, |line| {
        match form {
            Form::Json => rows.push_str(line),
            Form::Csv => {
                rows.push_str(&audit::csv_row(&serde_json::from_str(line).unwrap_or(Value::Null), COLUMNS))
            }
        }
        rows.push('\n');
        if rows.len() > 1 << 16 {
            input::print(&rows)?;
            rows.clear();
        }
        Ok(())
    })?;
    input::print(&rows)?;
    Ok(Exit::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_stays_json() {
        let line = "{\"line\":\"a\u{202e}b\u{200b}é日\"}";
        let shown = escaped(line);
        assert_eq!(shown, "{\"line\":\"a\\u202eb\\u200bé日\"}");
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&shown), value(line));
    }
}
