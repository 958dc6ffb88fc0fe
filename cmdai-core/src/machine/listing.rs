//! What a worker does with a question: look whether anything changed, read it if so, keep it.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::disk::{Kind, Stamp};
use super::{BUILTINS, FRESH, GIT_READ_AGAIN, Kept, REST, Shared, git};
use crate::complete::{Entry, Form};

/// Of a larger directory so many entries are known.
const MAX_ENTRIES: usize = 10_000;
/// Of a file that declares names so many bytes are read.
const MAX_DECLARING: u64 = 256 << 10;
/// So many entries are looked at one by one, to tell where links lead and what may be executed.
const MAX_LOOKS: usize = 2_000;

/// Until when something that took so long to read is fresh.
fn fresh_until(began: Instant) -> Instant {
    let now = Instant::now();
    now + FRESH.max((now - began) * REST)
}

/// True where a state is old enough to tell a later one apart: a change within the same tick of the clock does not show.
fn settled(stamp: &Stamp) -> bool {
    let age = stamp.modified.and_then(|then| SystemTime::now().duration_since(then).ok());
    age.is_some_and(|age| age > Duration::from_secs(1))
}

pub(super) fn entries(shared: &Shared, dir: &str, touching: &dyn Fn(&str) -> bool) {
    let began = Instant::now();
    let stamp = shared.disk.stamp(dir).ok();
    {
        let mut known = shared.known();
        if let Some(kept) = known.directories.get_mut(dir)
            && kept.stamps == [stamp]
            && stamp.as_ref().is_none_or(settled)
        {
            kept.fresh_until = fresh_until(began);
            return;
        }
    }
    let names = stamp.and_then(|_| shared.disk.names(dir, MAX_ENTRIES).ok());
    let links: Vec<usize> = names
        .iter()
        .flatten()
        .enumerate()
        .filter(|(_, (_, kind))| *kind == Kind::Link)
        .map(|(nth, _)| nth)
        .collect();
    let found = names.map(|names| {
        let entry = |(name, kind): (String, Kind)| Entry {
            name,
            is_dir: kind == Kind::Directory,
            is_executable: false,
        };
        names.into_iter().map(entry).collect::<Vec<_>>()
    });
    // Known at once, before anything that the entries lead to is touched: a link may lead to a disk that hangs.
    keep(shared, dir, stamp, found.clone(), began);
    let Some(mut found) = found else { return };
    let is_link = |nth: &usize| links.binary_search(nth).is_ok();
    let files =
        (0..found.len()).filter(|nth| found.get(*nth).is_some_and(|entry| !entry.is_dir) && !is_link(nth));
    let looks: Vec<usize> = files.chain(links.iter().copied()).take(MAX_LOOKS).collect();
    let mut changed = false;
    for nth in looks {
        let Some(entry) = found.get_mut(nth) else { continue };
        let path = format!("{}/{}", dir.trim_end_matches('/'), entry.name);
        if !touching(&path) {
            continue;
        }
        if let Ok((is_dir, is_executable)) = shared.disk.look(&path) {
            changed |= is_dir || is_executable;
            (entry.is_dir, entry.is_executable) = (is_dir, is_executable);
        }
    }
    if changed {
        keep(shared, dir, stamp, Some(found), began);
    }
}

fn keep(shared: &Shared, dir: &str, stamp: Option<Stamp>, found: Option<Vec<Entry>>, began: Instant) {
    let answer = found.map(|mut found| {
        found.sort();
        Arc::from(found)
    });
    let mut known = shared.known();
    let asked = known.directories.get(dir).map_or(known.clock, |kept| kept.asked);
    let kept = Kept { answer, stamps: vec![stamp], read: began, fresh_until: fresh_until(began), asked };
    known.directories.insert(dir.to_owned(), kept);
    known.shrink();
}

pub(super) fn refs(shared: &Shared, dir: &str) {
    let began = Instant::now();
    let disk = shared.disk.as_ref();
    let repository = git::find(disk, dir);
    let stamps = repository.as_ref().map_or_else(Vec::new, |repository| repository.stamps(disk));
    {
        let mut known = shared.known();
        if let Some(kept) = known.repositories.get_mut(dir)
            && kept.stamps == stamps
            && stamps.iter().flatten().all(settled)
            && began.duration_since(kept.read) < GIT_READ_AGAIN
        {
            kept.fresh_until = fresh_until(began);
            return;
        }
    }
    let answer = repository.map(|repository| Arc::new(repository.read(disk)));
    let mut known = shared.known();
    let asked = known.repositories.get(dir).map_or(known.clock, |kept| kept.asked);
    let kept = Kept { answer, stamps, read: began, fresh_until: fresh_until(began), asked };
    known.repositories.insert(dir.to_owned(), kept);
    known.shrink();
}

pub(super) fn declared(shared: &Shared, form: Form, path: &str) {
    let began = Instant::now();
    let stamp = shared.disk.stamp(path).ok();
    {
        let mut known = shared.known();
        if let Some(kept) = known.declared.get_mut(path)
            && kept.stamps == [stamp]
            && stamp.as_ref().is_none_or(settled)
        {
            kept.fresh_until = fresh_until(began);
            return;
        }
    }
    let head = stamp.and_then(|_| shared.disk.head(path, MAX_DECLARING).ok());
    let answer = head.map(|head| {
        let whole = (head.len() as u64) < MAX_DECLARING;
        Arc::new(form.read(&String::from_utf8_lossy(&head), whole))
    });
    let mut known = shared.known();
    let asked = known.declared.get(path).map_or(known.clock, |kept| kept.asked);
    let kept = Kept { answer, stamps: vec![stamp], read: began, fresh_until: fresh_until(began), asked };
    known.declared.insert(path.to_owned(), kept);
    known.shrink();
}

pub(super) fn programs(shared: &Shared, dir: &str) {
    let began = Instant::now();
    let stamp = shared.disk.stamp(dir).ok();
    // Programs come and go seldom.
    let fresh_until = fresh_until(began) + Duration::from_secs(10);
    {
        let mut known = shared.known();
        if let Some(kept) = known.path.get_mut(dir)
            && kept.stamps == [stamp]
            && stamp.as_ref().is_none_or(settled)
        {
            kept.fresh_until = fresh_until;
            return;
        }
    }
    // Whether a file may be executed is not asked: in these directories nearly all may, and asking each is dear.
    let names = stamp.and_then(|_| shared.disk.names(dir, MAX_ENTRIES).ok());
    let names = names.map(|names| {
        names
            .into_iter()
            .filter(|(_, kind)| *kind != Kind::Directory)
            .map(|(name, _)| name)
            .collect::<Vec<_>>()
    });
    let mut known = shared.known();
    let asked = known.clock;
    known
        .path
        .insert(dir.to_owned(), Kept { answer: names, stamps: vec![stamp], read: began, fresh_until, asked });
    let mut all: Vec<String> =
        known.path.values().filter_map(|kept| kept.answer.as_ref()).flatten().cloned().collect();
    all.extend(BUILTINS.iter().map(|name| (*name).to_owned()));
    all.sort_unstable();
    all.dedup();
    known.programs = Some(all.into());
}
