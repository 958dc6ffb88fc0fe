//! `find`: how far it reaches, and what it does to what it finds.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use super::value::{ANY, Origin, STAR};
use super::{EffectKind, TargetClass, data};
use crate::specs::Role;

/// Tests of `find` that leave only some of the files.
const NARROWING: &[&str] = &[
    "-amin",
    "-anewer",
    "-atime",
    "-cmin",
    "-cnewer",
    "-ctime",
    "-empty",
    "-executable",
    "-flags",
    "-fstype",
    "-gid",
    "-group",
    "-ilname",
    "-iname",
    "-inum",
    "-ipath",
    "-iregex",
    "-links",
    "-lname",
    "-mmin",
    "-mtime",
    "-name",
    "-newer",
    "-newerat",
    "-newerct",
    "-newermt",
    "-nogroup",
    "-nouser",
    "-path",
    "-perm",
    "-regex",
    "-samefile",
    "-size",
    "-uid",
    "-used",
    "-user",
    "-xtype",
];
/// Detail of a search below a place that goes down into all folders for some of what is there.
pub(super) const DEEP: &str = "deep";
/// Detail of a search below a place for all that is there, what is hidden too.
pub(super) const WHOLE: &str = "whole";

impl Machine<'_> {
    pub(super) fn find(&mut self, call: &Call<'_>, flow: Flow<'_>) -> String {
        let mut starts: Vec<String> = call.args.operands().map(|item| item.text.to_owned()).collect();
        if starts.is_empty() {
            starts.push(".".to_owned());
        }
        let mut pattern: Option<String> = None;
        // With -L a link that is still a link is one that leads nowhere.
        let follows = call.args.has("-L");
        let mut narrowed = false;
        let mut negated = false;
        let mut groups = Groups::default();
        // Actions that wait for no condition: they stand before all, or on the other side of `-o`.
        let mut unbound: Vec<usize> = Vec::new();
        let mut filtered = false;
        // `-not -path './.git/*'`, `-name .git -prune`
        let mut spares = false;
        // `-printf`: a text for each that is found.
        let mut printed: Option<String> = None;
        for item in &call.args.items {
            let Role::Flag(flag) = item.role else { continue };
            let value = call.argv.get(item.word + 2).map_or("", |field| field.text.as_str());
            let inverts = std::mem::replace(&mut negated, flag.names[0] == "!");
            if matches!(flag.names[0], "-name" | "-iname") && !inverts {
                pattern = Some(as_pattern(value)).filter(|pattern| !pattern.ends_with(&format!(".{STAR}")));
            }
            let everything =
                matches!(value, "*" | "*.*") && matches!(flag.names[0], "-name" | "-iname" | "-path");
            if flag.names[0] == "-printf" && flow.want {
                printed = Some(value.to_owned());
            }
            let runs = matches!(flag.names[0], "-exec" | "-execdir" | "-ok" | "-okdir");
            let only = data::holds(NARROWING, flag.names[0]);
            // What is not called so is most of what there is.
            let most = inverts && matches!(flag.names[0], "-name" | "-iname" | "-path" | "-ipath" | "-regex");
            // Older than a day is nearly all that there is.
            let everything = everything
                || matches!(flag.names[0], "-mtime" | "-ctime" | "-atime") && value == "+0" && !inverts;
            spares |= value.contains(".git") || value.contains("/.") || value.starts_with(".?");
            let narrows = only && !everything && !most || follows && flag.names[0] == "-type" && value == "l";
            groups.step(flag.names[0], narrows);
            if (runs || flag.names[0] == "-delete") && !groups.narrowed() {
                unbound.push(item.word);
            }
            narrowed |= narrows || most;
            filtered |= runs;
        }
        let empty = call.args.has("-empty");
        let shallow = empty || call.args.values("-maxdepth").any(|item| matches!(item.text, "0" | "1"));
        let found: Vec<String> = starts
            .iter()
            .map(|start| {
                let start = start.trim_end_matches('/');
                match (&pattern, narrowed) {
                    (Some(pattern), true) => format!("{start}/{pattern}"),
                    (None, true) => format!("{start}/{}", self.unknowns.hole("…", Origin::Program)),
                    (_, false) => format!("{start}/{STAR}"),
                }
            })
            .collect();
        if !(narrowed || shallow || spares) {
            for effect in self.effects.iter_mut().rev().take(starts.len()) {
                if effect.kind == EffectKind::Read && effect.program == "find" && effect.detail.is_empty() {
                    effect.detail = WHOLE.to_owned();
                }
            }
        }
        for item in &call.args.items {
            let Role::Flag(flag) = item.role else { continue };
            let span = self.at(call.argv[item.word + 1].span);
            if !self.spend(1) {
                break;
            }
            match flag.names[0] {
                "-delete" => {
                    for (path, start) in found.iter().zip(&starts) {
                        let span = self.at(call.argv[0].span).to(span);
                        let before = self.effects.len();
                        let whole = format!("{}/{STAR}", start.trim_end_matches('/'));
                        let bound = !unbound.contains(&item.word);
                        let path = if bound { path } else { &whole };
                        self.touch(EffectKind::Delete, path, span, !narrowed || !bound, "find");
                        self.mark_search(before, start, narrowed && !shallow);
                        if narrowed && !shallow {
                            self.shows_depth(before);
                        }
                    }
                }
                "-exec" | "-execdir" | "-ok" | "-okdir" => {
                    let words = &call.argv[item.word + 2..];
                    let end = words
                        .iter()
                        .enumerate()
                        .position(|(at, word)| {
                            word.text == ";" || (word.text == "+" && at > 0 && words[at - 1].text == "{}")
                        })
                        .unwrap_or(words.len());
                    for (path, start) in found.iter().zip(&starts).take(8) {
                        let bound = !unbound.contains(&item.word);
                        let path = match narrowed && bound || shallow {
                            true => path.clone(),
                            false => format!("{}/{STAR}{STAR}", start.trim_end_matches('/')),
                        };
                        let command: Vec<Field> = words[..end]
                            .iter()
                            .map(|word| Field { text: word.text.replace("{}", &path), span: word.span })
                            .collect();
                        let before = self.effects.len();
                        self.run(&command, call.span, Flow { input: None, want: false });
                        self.mark_search(before, start, narrowed && !shallow);
                    }
                }
                _ => {}
            }
        }
        if !flow.want {
            return String::new();
        }
        if narrowed && !shallow {
            // Whoever deletes what comes out reaches as far as `-delete` does.
            for effect in self.effects.iter_mut().rev().take(starts.len()) {
                if effect.kind == EffectKind::Read && effect.program == "find" && effect.detail.is_empty() {
                    effect.detail = DEEP.to_owned();
                }
            }
        }
        if let Some(form) = printed {
            let texts = found.iter().map(|path| {
                let name = path.rsplit('/').next().unwrap_or(path);
                form.replace("\\n", "\n")
                    .replace("\\0", "\0")
                    .replace("%p", path)
                    .replace("%P", name)
                    .replace("%f", name)
            });
            return texts.collect();
        }
        let deep = if narrowed || shallow { "\n".to_owned() } else { format!("{STAR}\n") };
        let names = found.join(&deep) + &deep;
        // What `-exec grep -l` lets through is a part only.
        if filtered { self.some_of(&names) } else { names }
    }

    /// What a search deletes below a place lies anywhere below it: that place decides how far it reaches.
    pub(super) fn mark_search(&mut self, before: usize, start: &str, deep: bool) {
        if !deep {
            return;
        }
        let class = super::paths::locate(start, &self.state.cwd, self.ctx).class;
        let far = matches!(
            class,
            TargetClass::Root
                | TargetClass::System
                | TargetClass::Home
                | TargetClass::HomeFile
                | TargetClass::OtherHome
        );
        for effect in self.effects.iter_mut().skip(before) {
            if effect.kind == EffectKind::Delete && effect.detail.is_empty() && far && !effect.recursive {
                effect.detail = "searched".to_owned();
                if matches!(class, TargetClass::Root | TargetClass::Home) {
                    effect.target.class = class;
                }
            }
        }
    }

    /// What is found lies in any folder below, and is shown so: `./**/*.txt`.
    fn shows_depth(&mut self, before: usize) {
        for effect in self.effects.iter_mut().skip(before) {
            if effect.target.class == TargetClass::Local
                && let Some((folder, name)) =
                    effect.target.text.rsplit_once('/').or(Some((".", &effect.target.text)))
                && name.contains('*')
                && !name.contains("**")
            {
                effect.target.text = format!("{folder}/**/{name}");
            }
        }
    }

    /// Lines after a filter: each that stood for everything stands for some of it.
    pub(super) fn some_of(&mut self, lines: &str) -> String {
        let some = self.unknowns.hole("…", Origin::Program);
        let filter = |line: &str| match line.strip_suffix(STAR).map(|rest| rest.trim_end_matches(STAR)) {
            Some(rest) if rest.is_empty() || rest.ends_with('/') => format!("{rest}{some}\n"),
            _ => format!("{line}\n"),
        };
        lines.lines().map(filter).collect()
    }
}

/// How far the conditions of `find` that stand before an action leave only some of the files, group by group.
struct Groups(Vec<Group>);

#[derive(Clone, Copy)]
struct Group {
    /// Since the last `-o`.
    here: bool,
    /// In every branch before that.
    branches: bool,
}

const GROUP: Group = Group { here: false, branches: true };

impl Default for Groups {
    fn default() -> Self {
        Self(vec![GROUP])
    }
}

impl Groups {
    fn step(&mut self, flag: &str, narrows: bool) {
        match flag {
            "(" if self.0.len() < 64 => self.0.push(GROUP),
            ")" if self.0.len() > 1 => {
                if let (Some(inner), Some(outer)) = (self.0.pop(), self.0.last_mut()) {
                    outer.here |= inner.here && inner.branches;
                }
            }
            "-o" => {
                if let Some(group) = self.0.last_mut() {
                    *group = Group { here: false, branches: group.branches && group.here };
                }
            }
            "," => self.0.iter_mut().for_each(|group| *group = GROUP),
            _ => {
                if let Some(group) = self.0.last_mut() {
                    group.here |= narrows;
                }
            }
        }
    }

    fn narrowed(&self) -> bool {
        self.0.iter().any(|group| group.here)
    }
}

/// A pattern given as text to `find -name`, in our private characters.
fn as_pattern(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            '*' => STAR,
            '?' => ANY,
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_find_are_sorted() {
        assert!(NARROWING.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
