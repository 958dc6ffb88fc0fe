//! Memory given back to the system while nobody asks.
//!
//! A daemon waits most of its life. What it freed stays with the allocator, and what it mapped of its own program
//! stays counted as its own although any other process could use it: [`rest`] lets go of both. The next question
//! finds the program's pages where they are, in the system's cache, for some tenths of a millisecond.

use std::time::{Duration, Instant};

/// So long after the last question memory that can be had again is given back.
const REST: Duration = Duration::from_secs(2);
/// And while somebody asks, so long after the first questions of a while: what those alone needed is not held beside
/// what the next ones need.
const EARLY: [Duration; 2] = [Duration::from_millis(100), REST];
/// A lane that works keeps it from that for so long at a time.
const PUT_OFF: Duration = Duration::from_millis(100);
/// How often is looked how much of files is held, while somebody asks.
const LOOK: Duration = Duration::from_millis(20);
/// So often is it given back at most.
const AGAIN: Duration = Duration::from_secs(1);
/// Who types needs less than this of the program at a time, in bytes. What goes beyond was needed once.
const MOST_OF_FILES: u64 = 19 << 19;

/// When to [`rest`]: as soon as the start is over, when nobody asked for a while, and soon after the first questions of
/// a while. The first answers read much of the program that no later one needs, which would count as the daemon's as
/// long as somebody types.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resting {
    /// When next; nothing where nobody asked since the last.
    at: Option<Instant>,
    /// When it was first asked in this while.
    first: Option<Instant>,
    /// When it was last asked.
    asked: Instant,
    /// How often memory was given back since the first question.
    early: usize,
    /// When is looked next whether what is due can be done, or too much is held.
    look: Instant,
}

impl Resting {
    /// After the start, which takes memory too.
    pub(super) fn new(now: Instant) -> Self {
        Self { at: Some(now + REST), first: None, asked: now, early: 0, look: now }
    }

    /// When there is something to do.
    pub(super) fn due(&self) -> Option<Instant> {
        self.at.map(|at| at.max(self.look))
    }

    /// Takes note of a question.
    pub(super) fn asked(&mut self, now: Instant) {
        let is_first = self.first.is_none();
        self.first.get_or_insert(now);
        self.asked = now;
        // While what is early was put off it stays so: every question would put it off again.
        if is_first || !self.is_early() {
            self.at = Some(self.next());
        }
    }

    /// Something that took memory is over, the reading of the history: it is given back at once.
    pub(super) fn over(&mut self, now: Instant) {
        self.at = Some(now);
    }

    /// True where memory is to be given back now. While something is being worked on it is put off until nothing is.
    pub(super) fn is_due(&mut self, now: Instant, busy: bool) -> bool {
        if self.at.is_none_or(|at| now < at) {
            return false;
        }
        if busy {
            self.look = now + PUT_OFF;
            return false;
        }
        self.early += usize::from(self.is_early());
        if now.saturating_duration_since(self.asked) >= REST {
            (self.at, self.first, self.early) = (None, None, 0);
        } else {
            self.at = Some(self.next());
        }
        self.look = now + LOOK;
        true
    }

    /// True where memory is to be given back now because so much of files is held, in bytes.
    pub(super) fn is_crowded(&mut self, now: Instant, busy: bool, files: impl FnOnce() -> u64) -> bool {
        if busy || now < self.look {
            return false;
        }
        let crowded = files() > MOST_OF_FILES;
        self.look = now + if crowded { AGAIN } else { LOOK };
        crowded
    }

    fn is_early(&self) -> bool {
        self.first.is_some() && self.early < EARLY.len()
    }

    fn next(&self) -> Instant {
        match (self.first, EARLY.get(self.early)) {
            (Some(first), Some(early)) => first + *early,
            _ => self.asked + REST,
        }
    }
}

/// Threads share two heaps: one for each would keep what each once needed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn share_heaps() {
    // SAFETY: it takes no pointer; it is called before there is a second thread.
    unsafe { libc::mallopt(libc::M_ARENA_MAX, 2) };
}

/// Other systems' allocators have no such number.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn share_heaps() {}

/// Gives back what was freed.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn give_back_heap() {
    // SAFETY: it takes no pointer and may be called at any time from any thread.
    unsafe { libc::malloc_trim(0) };
}

/// Other systems' allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn give_back_heap() {}

/// Gives back what can be had again. To be called while no library is being loaded, which only the engine's lane does.
pub(super) fn rest() {
    give_back_heap();
    #[cfg(target_os = "linux")]
    for (start, length) in clean_mappings() {
        // SAFETY: the range is a whole mapping of a file, as the system just listed it. It cannot be written to, and
        // no page of it was ever changed, so that each is read from the file again when it is next needed. Mappings
        // change only where a library is loaded or a file mapped, and the engine's lane does neither now.
        unsafe { libc::madvise(start as *mut libc::c_void, length, libc::MADV_DONTNEED) };
    }
}

/// How much of files is in memory for this process, in bytes.
pub(super) fn held_of_files() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: Option<u64> = statm.split(' ').nth(2).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * rustix::param::page_size() as u64
}

/// Mappings beyond this are data such as a model's weights, which are wanted where they are.
#[cfg(target_os = "linux")]
const MAX_MAPPING: usize = 64 << 20;

/// Start and length of each mapping of a file that cannot be written to and of which no page was changed.
#[cfg(target_os = "linux")]
fn clean_mappings() -> Vec<(usize, usize)> {
    std::fs::read_to_string("/proc/self/smaps").map(|smaps| clean(&smaps)).unwrap_or_default()
}

/// A page that was changed through such a mapping, by the loader as a rule, is this process's own: `Anonymous`, or
/// `Swap` where it was moved out. `Dirty` says something else: that the file was written lately, as by an update, and
/// is not on the disk yet, or lies in memory alone.
#[cfg(target_os = "linux")]
fn clean(smaps: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut current = None;
    for line in smaps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(first), Some(second)) = (words.next(), words.next()) else { continue };
        match first.strip_suffix(':') {
            Some("Anonymous") if second != "0" => current = None,
            // It comes after `Anonymous`, on every kernel that has both.
            Some("Swap") => found.extend(current.take().filter(|_| second == "0")),
            Some(_) => {}
            None => {
                // `55e-560 r-xp 0000 fd:00 123 /usr/bin/cmdai`
                let is_fixed = second.starts_with("r-") && second.ends_with('p');
                let is_file = words.nth(3).is_some_and(|path| path.starts_with('/'));
                current = Some(first).filter(|_| is_fixed && is_file).and_then(range);
            }
        }
    }
    found
}

#[cfg(target_os = "linux")]
fn range(text: &str) -> Option<(usize, usize)> {
    let (start, end) = text.split_once('-')?;
    let start = usize::from_str_radix(start, 16).ok()?;
    let length = usize::from_str_radix(end, 16).ok()?.checked_sub(start)?;
    (length <= MAX_MAPPING).then_some((start, length))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_never_changed_is_let_go() {
        let entry = |head: &str, dirty: u32, anonymous: u32, swap: u32| {
            format!(
                "{head}\nSize: 4 kB\nRss: 4 kB\nPrivate_Dirty: {dirty} kB\nAnonymous: {anonymous} kB\nKSM: 0 kB\nSwap: {swap} kB\nVmFlags: rd\n"
            )
        };
        let smaps = [
            entry("1000-2000 r-xp 00000000 fd:00 7 /usr/bin/cmdai", 0, 0, 0),
            entry("2000-3000 r--p 00001000 fd:00 7 /usr/bin/cmdai", 4, 4, 0),
            entry("3000-4000 rw-p 00002000 fd:00 7 /usr/bin/cmdai", 0, 0, 0),
            entry("4000-5000 r--p 00000000 fd:00 8 /a file with blanks", 4, 0, 0),
            entry("5000-6000 r--p 00000000 00:00 0 [vvar]", 0, 0, 0),
            entry("6000-7000 r--s 00000000 fd:00 9 /shared", 0, 0, 0),
            entry("7000-7100000 r--p 00000000 fd:00 9 /weights", 0, 0, 0),
            entry("8000000-8001000 r--p 00000000 fd:00 9 /lib/x.so", 0, 4, 0),
            entry("8001000-8002000 r--p 00000000 fd:00 9 /lib/x.so", 0, 0, 4),
        ];
        assert_eq!(clean(&smaps.concat()), [(0x1000, 0x1000), (0x4000, 0x1000)]);
        assert_eq!(clean("nonsense\n\n:\n-\nSwap: 0 kB\n"), []);
    }

    #[test]
    fn it_rests_twice_while_somebody_types_and_once_after() {
        let start = Instant::now();
        let at = |tenths: u64| start + Duration::from_millis(100 * tenths);
        let mut resting = Resting::new(start);
        let mut rested = Vec::new();
        // Typed from the third second to the tenth, a key every tenth.
        for tenth in 0..200 {
            if (30..100).contains(&tenth) {
                resting.asked(at(tenth));
            }
            if resting.is_due(at(tenth), false) {
                rested.push(tenth);
            }
        }
        assert_eq!(rested, [20, 31, 50, 119]);
        assert_eq!(resting.due(), None);
        resting.asked(at(300));
        assert!(!resting.is_due(at(301), true) && resting.due() == Some(at(302)), "put off while it works");
        assert!(resting.is_due(at(301), false) && !resting.is_due(at(319), false));
        assert!(resting.is_due(at(320), false));
        assert_eq!(resting.due(), None, "one question, and no more");
    }

    #[test]
    fn it_rests_when_the_history_is_read() {
        let start = Instant::now();
        let mut resting = Resting::new(start);
        let read = start + Duration::from_millis(60);
        resting.over(read);
        assert!(resting.is_due(read, false));
        assert_eq!(resting.due(), Some(start + REST));
        // A question that came meanwhile plans for itself.
        resting.over(read);
        resting.asked(read);
        assert_eq!(resting.due(), Some(read + EARLY[0]));
    }

    #[test]
    fn what_is_held_of_files_is_bounded_while_somebody_types() {
        let start = Instant::now();
        let at = |tenths: u64| start + Duration::from_millis(100 * tenths);
        let mut resting = Resting::new(start);
        let files = |much: u64| move || MOST_OF_FILES - 1 + much;
        assert!(!resting.is_crowded(at(1), false, files(0)));
        assert!(!resting.is_crowded(at(1), false, || unreachable!("it was just looked at")));
        assert!(!resting.is_crowded(at(2), true, || unreachable!("a lane works")));
        assert!(resting.is_crowded(at(2), false, files(2)));
        assert!(!resting.is_crowded(at(11), false, files(2)), "not again and again");
        assert!(resting.is_crowded(at(12), false, files(2)));
        assert!(held_of_files() > 0);
    }

    #[test]
    fn a_program_goes_on_after_a_rest() {
        rest();
        assert!(clean_mappings().len() > 1);
    }
}
