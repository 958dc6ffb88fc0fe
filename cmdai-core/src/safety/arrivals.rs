//! What arrives in a folder: writing into one is writing the files below it, by the names they come with.
//!
//! `cp settings.json ~/.claude` and `cp settings.json ~/.claude/settings.json` are one deed. Where the names
//! are known, each that matters is an effect of its own; where they are not (an archive, `x/.`, the network),
//! the folder itself is said to receive whatever comes, and the rules know which folders must not.

use super::call::Call;
use super::machine::{Field, Machine};
use super::rules::{is_guard, receives_guards};
use super::value::{self, Origin, STAR};
use super::{EffectKind, TargetClass, paths, placed};
use crate::line::Span;

/// Detail of an effect on a folder that receives files whose names are not told.
pub(super) const WHATEVER: &str = "whatever comes";
/// Sources of one copy that are looked at by name.
const SOURCES: usize = 32;

/// What comes from a source: files by name, or all that is in it.
enum Coming<'a> {
    Named(&'a str),
    Whatever,
}

impl Machine<'_> {
    /// Says what comes into the folders that a program writes to.
    pub(super) fn arrivals(&mut self, call: &Call<'_>) {
        self.copied_from_afar(call);
        let args = call.args;
        let operands: Vec<_> = args.operands().take(SOURCES).collect();
        let folder = |flag: &str| args.values(flag).last();
        let (into, coming): (_, Vec<Coming<'_>>) = match call.program {
            "cp" | "mv" | "install" | "ln" | "rsync" | "scp" => {
                if args.has_any(&["-T"]) && call.program != "rsync" && call.program != "scp" {
                    return;
                }
                let by_flag = folder("-t").filter(|_| call.program != "rsync" && call.program != "scp");
                let last = args.operands().last();
                let Some(into) = by_flag.or(last).filter(|_| by_flag.is_some() || operands.len() > 1) else {
                    return;
                };
                let sources = operands.iter().filter(|item| item.word != into.word);
                let syncs = call.program == "rsync";
                (Some(into), sources.map(|item| coming(item.text, syncs)).collect())
            }
            "tar" if args.has("-x") && !args.has("-O") => (folder("-C"), vec![Coming::Whatever]),
            "unzip" if !args.has_any(&["-l", "-p", "-t"]) => (folder("-d"), vec![Coming::Whatever]),
            "wget" if args.has("-O") || args.has("--spider") => return,
            "wget" => (folder("-P"), operands.iter().map(|item| fetched(item.text)).collect()),
            "curl" if args.has_any(&["-O", "--remote-name-all"]) => {
                (folder("--output-dir"), operands.iter().map(|item| fetched(item.text)).collect())
            }
            "curl" if folder("--output-dir").is_some() => {
                let named = args.values("-o").map(|item| Coming::Named(item.text));
                (folder("--output-dir"), named.take(SOURCES).collect())
            }
            _ => return,
        };
        let (text, word) = match into {
            Some(item) => (item.text, item.word + 1),
            None => (".", 0),
        };
        if text.contains("://") || super::operands::is_remote(text) {
            return;
        }
        let span = self.at(call.argv.get(word).map_or(call.span, |field| field.span));
        let before = self.effects.len();
        for what in coming {
            if !self.spend(1) {
                return;
            }
            self.arrives(text, what, into.is_some(), call.program, span);
        }
        if text.contains("udev") && self.placing(call, text) == placed::RULES {
            for effect in self.effects.iter_mut().skip(before) {
                placed::RULES.clone_into(&mut effect.detail);
            }
        }
    }

    /// `scp host:x.sh .`: what the file holds is another machine's.
    fn copied_from_afar(&mut self, call: &Call<'_>) {
        let operands: Vec<&str> = call.args.operands().take(SOURCES).map(|item| item.text).collect();
        let (sources, to) = match (call.program, &operands[..]) {
            ("sftp", [from]) => (std::slice::from_ref(from), "."),
            ("scp" | "rsync" | "sftp", [sources @ .., to]) => (sources, *to),
            _ => return,
        };
        let is_remote = |text: &str| text.contains("://") || super::operands::is_remote(text);
        if is_remote(to) || self.mute {
            return;
        }
        let folder = to.trim_end_matches('/');
        for source in sources.iter().filter(|source| is_remote(source)) {
            let page =
                self.unknowns.hole(&format!("$({} {source})", call.program), Origin::Network).to_string();
            let name = source.rsplit(['/', ':']).next().unwrap_or_default();
            let anybodys = source.starts_with("rsync://") || source.contains("::");
            if name.is_empty() || value::has_pattern(name) {
                // One's own folders come from one's own machines; what a public server has is anybody's.
                if anybodys && self.files.len() < 32 {
                    let path = paths::locate_path(folder, &self.state.cwd, self.ctx);
                    self.files.push((format!("{path}/"), page));
                }
                continue;
            }
            // The target may be a folder.
            for path in [to.to_owned(), format!("{folder}/{name}")] {
                let path = paths::locate_path(&path, &self.state.cwd, self.ctx);
                self.write_file(path, page.clone(), false);
            }
        }
    }

    /// A cmdlet copies `source` to `to`, which may be a folder.
    pub(super) fn copied_into(&mut self, source: &str, to: &str, program: &str, span: Span) {
        if !to.is_empty() {
            self.arrives(to, coming(source, false), true, program, span);
        }
    }

    fn arrives(&mut self, folder: &str, what: Coming<'_>, named: bool, program: &str, span: Span) {
        let place = paths::locate(folder, &self.state.cwd, self.ctx);
        match what {
            // No folder is called so.
            Coming::Named(_)
                if [".bak", ".old", ".orig", ".save"].iter().any(|end| folder.ends_with(end)) => {}
            Coming::Named(name) => {
                let path = format!("{}/{name}", folder.trim_end_matches('/'));
                let there = paths::locate(&path, &self.state.cwd, self.ctx);
                let shown = self.unknowns.show(&there.path);
                let starts = there.class == TargetClass::ShellStartup && !value::has_hole(name);
                if starts || is_guard(&shown) {
                    self.touch(EffectKind::Overwrite, &path, span, false, program);
                    return;
                }
                // A folder that comes under its own name brings what is in it.
                let here = matches!(
                    place.class,
                    TargetClass::Home | TargetClass::OtherHome | TargetClass::WorkingDirectory
                );
                if here && (receives_guards(&shown) || name == ".ssh") {
                    self.touch_as(EffectKind::Create, &path, span, true, program, WHATEVER);
                }
            }
            Coming::Whatever => {
                let shown = self.unknowns.show(&place.path);
                let matters = match place.class {
                    TargetClass::Home | TargetClass::OtherHome => named,
                    TargetClass::Root
                    | TargetClass::System
                    | TargetClass::ShellStartup
                    | TargetClass::Secret => true,
                    _ => receives_guards(&shown) || super::rules::is_guard_folder(&shown),
                };
                if matters {
                    self.touch_as(EffectKind::Create, folder, span, true, program, WHATEVER);
                }
            }
        }
    }

    /// Programs that change the files they are given where these lie.
    pub(super) fn edits_in_place(&mut self, name: &str, argv: &[Field]) {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        if matches!(name, "perl" | "ruby" | "awk" | "gawk" | "sd") {
            self.inserted(name, argv);
        }
        let has = |flag: &str| words.contains(&flag);
        let short = |letter: char| {
            let mut flags = words.iter().filter(|word| word.starts_with('-') && !word.starts_with("--"));
            flags.any(|word| word.contains(letter))
        };
        let writes = |script: &str| {
            let mut parts =
                script.split(['|', '\n', ';']).map(|part| part.trim().trim_start_matches(['+', ':', '%']));
            parts.any(|part| {
                matches!(part, "w" | "w!" | "wq" | "wq!" | "x" | "x!" | "wa" | "wqa" | "xa" | "update")
            })
        };
        // Words before the files that are no file.
        let skipped = match name {
            "sponge" => 0,
            "sd" if !has("-p") && !has("--preview") => 2,
            "yq" if short('i') || has("--inplace") || has("--in-place") => 0,
            "awk" | "gawk"
                if words.windows(2).any(|pair| matches!(pair, ["-i" | "--include", "inplace"])) =>
            {
                1
            }
            "ruby" if short('i') && short('e') => 1,
            "vi" | "vim" | "nvim" | "ex" if words.iter().any(|word| writes(word)) => 0,
            "ed" => 0,
            _ => return,
        };
        let mut skipped = skipped;
        for (at, field) in argv.iter().enumerate().skip(1) {
            let valued = at > 1
                && matches!(
                    (name, argv[at - 1].text.as_str()),
                    ("awk" | "gawk", "-i" | "--include")
                        | (
                            "vi" | "vim" | "nvim" | "ex",
                            "-c" | "--cmd" | "-S" | "-u" | "-sc" | "-esc" | "-Es"
                        )
                );
            if field.text.starts_with(['-', '+']) || valued {
                continue;
            }
            if skipped > 0 {
                skipped -= 1;
                continue;
            }
            if !self.spend(1) {
                return;
            }
            // What such a file holds is of no interest where it is one of the folder at hand.
            let place = paths::locate(&field.text, &self.state.cwd, self.ctx);
            if !matches!(place.class, TargetClass::Local | TargetClass::Temporary | TargetClass::Unknown)
                || is_guard(&self.unknowns.show(&place.path))
            {
                let span = self.at(field.span);
                self.touch(EffectKind::Overwrite, &field.text, span, false, "sed");
            }
        }
    }
}

impl Machine<'_> {
    /// What a script puts into a file that a shell runs later.
    fn inserted(&mut self, name: &str, argv: &[Field]) {
        let edits = match name {
            "perl" | "ruby" => argv.iter().skip(1).any(|field| {
                let letters = field.text.strip_prefix('-').unwrap_or_default();
                !letters.starts_with(['-', 'e', 'I', 'M']) && letters.contains('i')
            }),
            "sd" => true,
            _ => argv.iter().any(|field| field.text == "inplace"),
        };
        let starts = |machine: &Self, text: &str| {
            paths::locate(text, &machine.state.cwd, machine.ctx).class == TargetClass::ShellStartup
        };
        let Some(at) = argv.iter().skip(1).position(|field| edits && starts(self, &field.text)) else {
            return;
        };
        for field in argv.iter().skip(1).take(at.min(16)) {
            for code in texts_in(&field.text, name == "sd").into_iter().take(8) {
                self.typed(&code, field.span);
            }
        }
    }
}

/// Texts that a script may write: what it has in quotes, and what its `s/…/…/` puts there.
fn texts_in(script: &str, whole: bool) -> Vec<String> {
    if whole {
        return vec![script.to_owned()];
    }
    let mut out = super::payload::literals(script);
    for (at, _) in script.match_indices('s').take(32) {
        let before = script[..at].chars().next_back();
        let mut rest = script[at + 1..].chars();
        let Some(mark) = rest.next().filter(|mark| "/|#,!@{".contains(*mark)) else { continue };
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let parts: Vec<&str> = match mark {
            '{' => rest.as_str().split(['{', '}']).collect(),
            mark => {
                let ends = |(at, _): &(usize, &str)| !rest.as_str()[..*at].ends_with('\\');
                let mut ends = rest.as_str().match_indices(mark).filter(ends).map(|(at, _)| at);
                match (ends.next(), ends.next()) {
                    (Some(from), Some(to)) => vec!["", rest.as_str().get(from + 1..to).unwrap_or_default()],
                    _ => Vec::new(),
                }
            }
        };
        let text = if mark == '{' { parts.get(2) } else { parts.get(1) };
        out.extend(text.map(|text| text.replace("\\/", "/")));
    }
    out
}

fn coming(source: &str, syncs: bool) -> Coming<'_> {
    if source == "." || source == ".." || source.ends_with("/.") || (syncs && source.ends_with('/')) {
        return Coming::Whatever;
    }
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let everything = !name.is_empty() && name.chars().all(|letter| letter == STAR || letter == '.');
    if everything { Coming::Whatever } else { Coming::Named(name) }
}

/// The name of what is fetched; a server may send another where the address ends with none.
fn fetched(url: &str) -> Coming<'_> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let rest = path.split_once("://").map_or(path, |(_, rest)| rest);
    match rest.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() && !value::has_hole(name) => Coming::Named(name),
        _ => Coming::Whatever,
    }
}
