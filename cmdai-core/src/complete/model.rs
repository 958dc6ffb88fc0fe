//! Tier 2: the model continues the line, from the last lines of the terminal and the directory.
//!
//! A small model is often wrong, so three things stand between what it writes and what is shown: it stops
//! where its text gets unlikely, the beginning that is offered ends with a word and is likely enough by a
//! measured scale (a model's own probability says too much of some lines and too little of others), and
//! a line is held against what is known: grammar, flags, files and risk. What goes into the prompt holds
//! no secrets. Nothing here reads a disk or a clock, but for the engine that it is handed.

use std::borrow::Cow;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use super::scale::Scale;
use super::{Entry, Query, Source, Suggestion, World};
use crate::context::Context;
use crate::engine::{Completion, Control, DecodeOptions, Place, Prompt, TextModel, Turn};
use crate::error::Error;
use crate::history::Run;
use crate::redact::{MARK, redact};
use crate::safety::{self, Risk};
use crate::specs::{Args, PathUse, Role, ValueKind, lookup, parse_args};
use crate::syntax::{self, NoteKind};

/// Past lines in a prompt at most, and at least where there are so many. Between the two lies where it
/// begins, so that it need not begin elsewhere, and be run anew, after every line.
const MOST_TURNS: usize = 6;
const LEAST_TURNS: usize = 3;
/// Names of a directory in a prompt.
const MOST_ENTRIES: usize = 8;
/// Longer lines, in bytes, are not continued, and not shown to the model.
const LONGEST_LINE: usize = 300;

/// The status of a line whose program was not found.
const NO_COMMAND: i32 = 127;

/// How a line is continued.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelOptions {
    /// Nothing is offered that is less likely than this to be typed, 0 to 1.
    pub least: f32,
    /// Tokens that the model writes at most; each takes some 10 ms on two cores.
    pub max_tokens: usize,
}

impl Default for ModelOptions {
    fn default() -> Self {
        Self { least: Scale::shipped().least, max_tokens: 12 }
    }
}

/// How the model would go on with the line, where it is likely right.
///
/// `past` are lines that were run, the oldest first; those of the query's session count, or all of them
/// where it has none. With an empty buffer the model guesses a whole line. [`read_ahead`] makes the first guess
/// of a line fast.
///
/// # Errors
/// `Cancelled` when the token was cancelled, `Inference` when the runtime fails. A deadline that passes
/// is no error: what was written by then is judged.
pub fn continue_line(
    model: &mut dyn TextModel,
    query: &Query<'_>,
    past: &[Run],
    world: &dyn World,
    options: &ModelOptions,
    control: &mut Control<'_>,
) -> Result<Option<Suggestion>, Error> {
    let Some(prompt) = prompt(query, past, world) else { return Ok(None) };
    let floor = Scale::shipped().least_thought(options.least);
    let decode = DecodeOptions { max_tokens: options.max_tokens, floor, ..DecodeOptions::default() };
    let written = model.complete(&prompt, &decode, control)?;
    let Some(greedy) = written.first() else { return Ok(None) };
    Ok(best(query, greedy, world, options))
}

/// Lets the model read what it will be asked with about the next line that is typed in the query's directory.
///
/// # Errors
/// As [`continue_line`].
pub fn read_ahead(
    model: &mut dyn TextModel,
    query: &Query<'_>,
    past: &[Run],
    world: &dyn World,
    control: &Control<'_>,
) -> Result<(), Error> {
    match prompt(&Query { buffer: "", ..*query }, past, world) {
        Some(prompt) => model.prepare(&prompt, control),
        None => Ok(()),
    }
}

/// What the model is asked; `None` for a line that is none of its business.
pub fn prompt(query: &Query<'_>, past: &[Run], world: &dyn World) -> Option<Prompt> {
    let buffer = query.buffer;
    let is_plain = buffer.len() <= LONGEST_LINE && !buffer.chars().any(char::is_control);
    // A leading blank keeps a line out of the history, and a `#` begins a request.
    if !is_plain || buffer.starts_with([' ', '#']) || redact(buffer) != buffer {
        return None;
    }
    let context = query.context;
    // What was no command teaches nothing, and may be a password that was typed at the wrong prompt.
    let is_short = |run: &&Run| {
        run.status != Some(NO_COMMAND)
            && run.command.len() <= LONGEST_LINE
            && !run.command.chars().any(char::is_control)
    };
    let is_mine = |run: &&Run| query.session.is_none() || run.session.as_deref() == query.session;
    let mut last: Vec<&Run> = past.iter().rev().filter(is_mine).filter(is_short).take(MOST_TURNS).collect();
    if last.is_empty() {
        last = past.iter().rev().filter(is_short).take(LEAST_TURNS).collect();
    }
    last.reverse();
    let turns = last
        .iter()
        .skip(beginning(&last))
        .map(|run| Turn { place: place(run.cwd.as_deref(), context, world), command: redact(&run.command) });
    Some(Prompt {
        dialect: context.dialect,
        os: context.os,
        prefix: buffer.to_owned(),
        past: turns.collect(),
        place: place(context.cwd.as_deref(), context, world),
        ..Prompt::default()
    })
}

/// With which of the last lines a prompt begins. The choice goes by the lines themselves, so that the same
/// one is chosen again when another line has been run.
fn beginning(last: &[&Run]) -> usize {
    let most = last.len().saturating_sub(LEAST_TURNS);
    let hash = |run: &Run| {
        let mut hasher = DefaultHasher::new();
        (run.command.as_str(), run.started).hash(&mut hasher);
        hasher.finish()
    };
    (0..=most).min_by_key(|at| last.get(*at).map(|run| hash(run))).unwrap_or(0)
}

/// A directory in the words of a prompt.
fn place(dir: Option<&str>, context: &Context, world: &dyn World) -> Place {
    let Some(dir) = dir else { return Place::default() };
    let is_plain = |text: &str| !text.chars().any(|c| c.is_control() || c.is_whitespace());
    let in_home = context.home.as_deref().and_then(|home| dir.strip_prefix(home));
    let named = match in_home {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("~{rest}"),
        _ => dir.to_owned(),
    };
    let named = redact(&named);
    if named.len() > LONGEST_LINE / 4 || named.chars().any(char::is_control) {
        return Place::default();
    }
    let entries = world.entries(dir);
    let shown = entries
        .iter()
        .flat_map(|entries| entries.iter())
        .filter(|entry| !entry.name.starts_with('.') && entry.name.len() <= 40 && is_plain(&entry.name));
    let name = |entry: &Entry| {
        let name = redact(&entry.name);
        if entry.is_dir { name + "/" } else { name }
    };
    Place { dir: named, entries: shown.take(MOST_ENTRIES).map(name).collect() }
}

/// The beginning of a text that saves most, of those that are likely and possible.
fn best(
    query: &Query<'_>,
    written: &Completion,
    world: &dyn World,
    options: &ModelOptions,
) -> Option<Suggestion> {
    let mut found: Vec<(f32, Suggestion)> = Vec::new();
    for piece in &written.pieces {
        let Some(suffix) = written.text.get(..piece.end).and_then(|text| text.strip_prefix(query.buffer))
        else {
            continue;
        };
        let suffix = suffix.trim_end();
        let probability = Scale::shipped().probability(query.buffer, suffix, piece);
        if probability < options.least || suffix.is_empty() || says_again(query.buffer, suffix) {
            continue;
        }
        if let Some(risk) = possible(query, suffix, world) {
            let saves = probability * suffix.chars().count() as f32;
            let suffix = suffix.to_owned();
            found.push((saves, Suggestion { suffix, source: Source::Model, probability, risk }));
        }
    }
    found.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, suggestion)| suggestion)
}

/// True where the next word is the last one once more: small models repeat themselves, people do not.
fn says_again(buffer: &str, suffix: &str) -> bool {
    let next = suffix.split_whitespace().next().unwrap_or_default();
    let last = buffer.split_whitespace().next_back().unwrap_or_default();
    buffer.ends_with(char::is_whitespace) && next == last && last.len() > 1
}

/// True for a suffix that would be offered if it were likely enough.
pub fn can_follow(query: &Query<'_>, suffix: &str, world: &dyn World) -> bool {
    possible(query, suffix, world).is_some()
}

/// The risk of the line with a suffix; `None` where it cannot be what is meant, or must not be offered.
pub(super) fn possible(query: &Query<'_>, suffix: &str, world: &dyn World) -> Option<Risk> {
    if is_cut(suffix) {
        return None;
    }
    let is_clean =
        !suffix.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER || is_unseen(c));
    if !is_clean || suffix.contains(MARK) {
        return None;
    }
    let line = format!("{}{suffix}", query.buffer);
    let parsed = syntax::parse(&line, query.context.dialect);
    if parsed.notes.iter().any(|note| note.kind != NoteKind::Unfinished) {
        return None;
    }
    let report = safety::check(&line, query.context);
    if report.risk == Risk::Critical {
        return None;
    }
    // The judge follows `cd` and lists no command for it.
    if let ["cd" | "pushd", dir] = line.split_whitespace().collect::<Vec<_>>()[..]
        && let dir = at_home(dir, query.context)
        && is_plain(&dir)
        && is_missing(&dir, true, query.context, world)
    {
        return None;
    }
    let typed: Vec<&str> = query.buffer.split_whitespace().collect();
    for command in &report.commands {
        let Some((Some(program), arguments)) = command.argv.split_first() else { continue };
        if program == "tar"
            && let [Some(letters), Some(archive), ..] = arguments
            && letters.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_alphabetic())
            && letters.contains('f')
            && letters.contains(['x', 't'])
            && is_plain(archive)
            && !typed.contains(&archive.as_str())
            && is_missing(archive, false, query.context, world)
        {
            return None;
        }
        if program == "git" && names_no_ref(arguments, &typed, query.context, world) {
            return None;
        }
        let Some(spec) = lookup(program) else { continue };
        // What cannot be known could be anything but is seldom a flag.
        let argv: Vec<&str> = arguments.iter().map(|word| word.as_deref().unwrap_or("unknown")).collect();
        let args = parse_args(spec, &argv);
        let is_new = |text: &str| !typed.contains(&text);
        if args.path.iter().all(|spec| spec.complete) && args.unknown_flags().any(is_new) {
            return None;
        }
        if names_what_is_not_there(&args, is_new, query.context, world) || has_path_for_a_value(&args, is_new)
        {
            return None;
        }
    }
    Some(safety::risk_so_far(&report))
}

/// True for a suffix that ends where something must follow: taken and run as it is, it would wait for more.
pub(super) fn is_cut(suffix: &str) -> bool {
    let end = suffix.trim_end();
    end.ends_with(['|', '>', '<', '&', '\\']) && !end.ends_with(" &")
}

/// True where git is to go to or merge the branch that it is on.
pub(super) fn goes_nowhere(line: &str, query: &Query<'_>, world: &dyn World) -> bool {
    let last = line.rsplit([';', '|', '&']).next().unwrap_or(line);
    let ["git", "checkout" | "merge" | "switch", branch] = last.split_whitespace().collect::<Vec<_>>()[..]
    else {
        return false;
    };
    let refs = query.context.cwd.as_deref().and_then(|cwd| world.git_refs(cwd));
    refs.is_some_and(|refs| refs.head.as_deref() == Some(branch))
}

/// True where git is to go to, merge or push what it does not have, or to go to or merge where it is.
fn names_no_ref(arguments: &[Option<String>], typed: &[&str], context: &Context, world: &dyn World) -> bool {
    let words: Option<Vec<&str>> = arguments.iter().map(Option::as_deref).collect();
    let (Some(words), Some(cwd)) = (words, context.cwd.as_deref()) else { return false };
    let (Some(sub), Some(last)) = (words.first(), words.last()) else { return false };
    let makes_or_names_files = [
        "-",
        "--",
        "-b",
        "-B",
        "-c",
        "-C",
        "--orphan",
        "--abort",
        "--continue",
        "--delete",
        "-d",
        "--detach",
    ];
    let operands = words.iter().skip(1).filter(|word| !word.starts_with('-')).count();
    let takes_ref = match *sub {
        "checkout" | "cherry-pick" | "merge" | "rebase" | "switch" => operands == 1,
        "push" => operands == 2,
        _ => false,
    };
    if *sub != "checkout" && takes_ref && last.ends_with('/') && !typed.contains(last) {
        return true;
    }
    let is_name = is_plain(last) && !last.contains(['@', '^', '/']) && *last != "HEAD" && *last != ".";
    let is_hash = last.len() >= 7 && last.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !takes_ref
        || !is_name
        || is_hash
        || typed.contains(last)
        || words.iter().any(|word| makes_or_names_files.contains(word))
    {
        return false;
    }
    let Some(refs) = world.git_refs(cwd) else {
        // A directory that was looked at and is in no repository.
        return world.entries(cwd).is_some();
    };
    if refs.branches.is_empty() {
        return false;
    }
    if *sub != "push" && refs.head.as_deref() == Some(*last) {
        return true;
    }
    let is_local = refs.branches.iter().chain(&refs.tags).any(|name| name == last);
    let is_remote = refs.remote_branches.iter().any(|name| name.rsplit('/').next() == Some(*last));
    let is_file = *sub == "checkout" && !is_missing(last, false, context, world);
    !(is_local || is_file || (*sub != "push" && is_remote) || refs.head.as_deref() == Some(*last))
}

/// True for characters that take no room or turn the direction of writing.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// True where a new word is a path that the program needs to exist, in a directory that is known, and does not.
fn names_what_is_not_there(
    args: &Args<'_>,
    is_new: impl Fn(&str) -> bool,
    context: &Context,
    world: &dyn World,
) -> bool {
    args.items.iter().any(|item| {
        let kind = match item.role {
            Role::Operand(Some(operand)) => Some(operand.kind),
            Role::Value(flag) => flag.value.map(|value| value.kind),
            _ => None,
        };
        let must_be_dir = match kind {
            Some(ValueKind::Path(PathUse::Directory)) => true,
            Some(ValueKind::Path(
                PathUse::Read | PathUse::Run | PathUse::Delete | PathUse::Move | PathUse::Permission,
            )) => false,
            // `python main.py`; a script may also be text.
            Some(ValueKind::Script(_)) if item.text.contains('.') => false,
            _ => return false,
        };
        let path = at_home(item.text, context);
        is_plain(&path) && is_new(item.text) && is_missing(&path, must_be_dir, context, world)
    })
}

/// True where a new word is a path, and a number, a process, a time or the like is asked for: words that were seen
/// behind other programs come up behind one that is new to this person.
fn has_path_for_a_value(args: &Args<'_>, is_new: impl Fn(&str) -> bool) -> bool {
    args.items.iter().any(|item| {
        let kind = match item.role {
            Role::Operand(Some(operand)) => operand.kind,
            Role::Value(flag) => match flag.value {
                Some(value) => value.kind,
                None => return false,
            },
            _ => return false,
        };
        let is_path =
            item.text.starts_with(['~', '/', '.']) && item.text.contains('/') || item.text.ends_with('/');
        let takes_none = matches!(
            kind,
            ValueKind::Number
                | ValueKind::Size
                | ValueKind::Time
                | ValueKind::Mode
                | ValueKind::Signal
                | ValueKind::Process
                | ValueKind::User
                | ValueKind::Port
                | ValueKind::Format
        );
        is_path && takes_none && is_new(item.text)
    })
}

/// A path with the home directory written out. What other people have in theirs, this one need not have.
fn at_home<'p>(path: &'p str, context: &Context) -> Cow<'p, str> {
    let below = path.strip_prefix("~/").zip(context.home.as_deref());
    below.map_or(path.into(), |(rest, home)| format!("{home}/{rest}").into())
}

/// True for a word that the shell takes as it is written, and a program as a path.
pub(super) fn is_plain(word: &str) -> bool {
    !word.starts_with('-') && !word.contains(['*', '?', '[', '$', '`', '{', '~', ':', '=', '\'', '"', '\\'])
}

/// True where the directory of a path is missing in one that is known.
fn dir_is_missing(path: &str, context: &Context, world: &dyn World) -> bool {
    path.rsplit_once('/')
        .is_some_and(|(dir, _)| !matches!(dir, "" | ".") && is_missing(dir, true, context, world))
}

/// True for a path of which the directory is known and does not have it.
pub(super) fn is_missing(path: &str, must_be_dir: bool, context: &Context, world: &dyn World) -> bool {
    let path = path.trim_end_matches('/');
    let (dir, name) = path.rsplit_once('/').unwrap_or((".", path));
    if matches!(name, "" | "." | "..") || dir.split('/').any(|part| part == "..") {
        return false;
    }
    let dir = match (dir, context.cwd.as_deref()) {
        (absolute, _) if path.starts_with('/') => {
            if absolute.is_empty() {
                "/".to_owned()
            } else {
                absolute.to_owned()
            }
        }
        (".", Some(cwd)) => cwd.to_owned(),
        (relative, Some(cwd)) => {
            format!("{}/{}", cwd.trim_end_matches('/'), relative.trim_start_matches("./"))
        }
        (_, None) => return false,
    };
    match world.entries(&dir) {
        Some(entries) => !entries.iter().any(|entry| entry.name == name && (entry.is_dir || !must_be_dir)),
        // A directory that is not there itself has nothing in it.
        None => dir_is_missing(path, context, world),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::complete::{GitRefs, Nowhere};
    use crate::engine::{Script, ScriptedModel};
    use crate::error::ErrorKind;

    /// A home with a project in it.
    struct Home;

    impl World for Home {
        fn entries(&self, dir: &str) -> Option<Arc<[Entry]>> {
            let entry = |name: &str| Entry {
                name: name.trim_end_matches('/').to_owned(),
                is_dir: name.ends_with('/'),
                is_executable: false,
            };
            let names: &[&str] = match dir {
                "/home/me" => &[".ssh/", "code/", "notes.txt"],
                "/home/me/code" => &["Makefile", "src/"],
                _ => return None,
            };
            Some(names.iter().map(|name| entry(name)).collect())
        }
        fn git_refs(&self, _dir: &str) -> Option<Arc<GitRefs>> {
            Some(Arc::default())
        }
        fn programs(&self) -> Option<Arc<[String]>> {
            None
        }
        fn aliases(&self, _session: Option<&str>) -> Option<Arc<[(String, String)]>> {
            None
        }
        fn declared(
            &self,
            _form: crate::complete::Form,
            _path: &str,
        ) -> Option<Arc<crate::complete::Declared>> {
            None
        }
    }

    fn context() -> Context {
        Context::default().with_cwd("/home/me/code").with_home("/home/me")
    }

    fn query<'a>(buffer: &'a str, context: &'a Context) -> Query<'a> {
        Query { buffer, context, session: None, now: 0 }
    }

    fn ran(command: &str, cwd: &str) -> Run {
        Run { command: command.to_owned(), cwd: Some(cwd.to_owned()), ..Run::default() }
    }

    /// What is offered behind `buffer` by a model that writes `text` with this probability.
    fn offered(buffer: &str, text: &str, probability: f32) -> Option<String> {
        let script = Script { request: String::new(), answers: vec![(text.to_owned(), probability.ln())] };
        let mut model = ScriptedModel::new(vec![script]);
        let context = context();
        let query = query(buffer, &context);
        let options = ModelOptions::default();
        let found = continue_line(&mut model, &query, &[], &Home, &options, &mut Control::default()).unwrap();
        found.map(|suggestion| {
            assert_eq!(suggestion.source, Source::Model);
            assert!(suggestion.probability >= options.least && suggestion.risk < Risk::Critical);
            suggestion.suffix
        })
    }

    #[test]
    fn what_is_likely_is_offered() {
        assert_eq!(offered("git che", "git checkout main", 0.9).as_deref(), Some("ckout main"));
        assert_eq!(offered("git checkout ", "git checkout main", 0.9).as_deref(), Some("main"));
        assert_eq!(offered("git che", "git checkout main", 0.1), None);
        assert_eq!(offered("git checkout main", "git checkout main", 0.9), None);
    }

    #[test]
    fn what_cannot_be_is_not_offered() {
        assert_eq!(offered("ls ", "ls --changed-within", 0.9), None, "no such flag");
        assert_eq!(offered("cat ", "cat notes.txt", 0.9), None, "no such file here");
        assert_eq!(offered("cat ", "cat Makefile", 0.9).as_deref(), Some("Makefile"));
        assert_eq!(offered("cd ", "cd Makefile", 0.9), None, "no directory");
        assert_eq!(offered("cd ", "cd src", 0.9).as_deref(), Some("src"));
        assert_eq!(offered("cat /home/me/n", "cat /home/me/notes.txt", 0.9).as_deref(), Some("otes.txt"));
        assert_eq!(offered("cat /srv/", "cat /srv/a", 0.9).as_deref(), Some("a"), "nobody knows");
        assert_eq!(offered("rm -rf ", "rm -rf /", 0.99), None, "critical");
        assert_eq!(offered("echo ", "echo a\u{1b}[31mb", 0.9), None);
        assert_eq!(offered("echo ", "echo a\u{202e}b", 0.9), None);
        assert_eq!(offered("export A=", "export A=[redacted]", 0.9), None);
        assert_eq!(offered("git commit -m ", "git commit -m 'fix the", 0.9).as_deref(), Some("'fix the"));
        let context = context();
        let risk = |line, suffix| possible(&query(line, &context), suffix, &Home);
        assert_eq!(risk("for f in *; do ", "echo"), Some(Risk::Safe), "that it goes on is no risk");
        assert_eq!(risk("for f in *; do ", "git push --force"), Some(Risk::High));
    }

    #[test]
    fn the_last_word_is_not_offered_once_more() {
        assert_eq!(offered("go test ./... ", "go test ./... ./...", 0.9), None);
        assert_eq!(offered("go test ./... ", "go test ./... -run Fast", 0.9).as_deref(), Some("-run Fast"));
        assert_eq!(offered("echo ", "echo echo", 0.9), None);
        assert_eq!(
            offered("echo a", "echo a a", 0.9).as_deref(),
            Some(" a"),
            "the word may not be at its end"
        );
    }

    #[test]
    fn a_shorter_beginning_is_offered_where_the_whole_cannot_be() {
        assert_eq!(offered("sudo ", "sudo cat notes.txt", 0.9).as_deref(), Some("cat"));
    }

    #[test]
    fn some_lines_are_not_shown_to_a_model() {
        let context = context();
        let asked = |buffer: &str| prompt(&query(buffer, &context), &[], &Nowhere).is_some();
        assert!(asked("git ") && asked(""));
        for buffer in
            [" git ", "# list files", "curl -u me:hunter2hunter2 ", "a\nb", "export API_TOKEN=abc123 "]
        {
            assert!(!asked(buffer), "{buffer}");
        }
        assert!(!asked(&"x".repeat(400)));
    }

    #[test]
    fn a_prompt_tells_the_last_lines_of_the_terminal_without_secrets() {
        let context = context();
        let in_tab = |tab: &str, run: Run| Run { session: Some(tab.to_owned()), ..run };
        let past = [
            in_tab("1", ran("cd code", "/home/me")),
            in_tab("2", ran("top", "/home/me")),
            in_tab("1", ran("export API_TOKEN=abc123", "/home/me/code")),
        ];
        let query = Query { session: Some("1"), ..query("make", &context) };
        let prompt = prompt(&query, &past, &Home).unwrap();
        let lines: Vec<_> = prompt.past.iter().map(|turn| turn.command.as_str()).collect();
        assert_eq!(lines, ["cd code", "export API_TOKEN=[redacted]"]);
        assert_eq!(prompt.past[0].place.dir, "~");
        assert_eq!(prompt.past[0].place.entries, ["code/", "notes.txt"]);
        assert_eq!(prompt.place.dir, "~/code");
        assert_eq!((prompt.request.as_str(), prompt.prefix.as_str()), ("", "make"));
        let mistyped = [Run { status: Some(127), ..ran("myDogRex77", "/home/me/code") }];
        let prompt = super::prompt(&Query { session: None, ..query }, &mistyped, &Home).unwrap();
        assert!(prompt.past.is_empty(), "{prompt:?}");
    }

    #[test]
    fn the_beginning_of_the_past_seldom_moves() {
        let past: Vec<Run> = (0..200).map(|n| ran(&format!("make target{n}"), "/home/me")).collect();
        let context = context();
        let first = |count: usize| {
            let prompt = prompt(&query("", &context), &past[..count], &Nowhere).unwrap();
            assert!((LEAST_TURNS..=MOST_TURNS).contains(&prompt.past.len()));
            prompt.past[0].command.clone()
        };
        let moved = (50..199).filter(|count| first(*count) != first(count + 1)).count();
        assert!(moved < 75, "{moved} of 149");
    }

    #[test]
    fn a_cancelled_question_has_no_answer() {
        let mut model = ScriptedModel::default();
        let mut control = Control::default();
        control.cancel.cancel();
        let context = context();
        let query = query("git ", &context);
        let error = continue_line(&mut model, &query, &[], &Nowhere, &ModelOptions::default(), &mut control)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    }
}
