//! The builtins of fish whose work is on the shell itself or on text.

use super::{math, string};
use crate::safety::machine::{Field, Flow, Machine, Value};
use crate::safety::value::Origin;
use crate::safety::{EffectKind, TargetClass, pure, replaced, setting_up};
use crate::specs;

impl Machine<'_> {
    /// A builtin of fish; `None` where `name` is none of them.
    pub(in crate::safety) fn fish_builtin(
        &mut self,
        name: &str,
        argv: &[Field],
        flow: Flow<'_>,
    ) -> Option<String> {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        Some(match name {
            "set" => self.fish_set(argv, flow),
            "read" => self.fish_read(argv, flow),
            "string" if !self.spend(string_price(&words, flow.input)) => String::new(),
            "string"
                if let (Some(&"match"), Some(named)) =
                    (words.first(), flow.input.and_then(|text| self.named_packages(text, &words))) =>
            {
                named
            }
            "string" => string::output(&words, flow.input).unwrap_or_else(|| self.fish_unknown(argv, flow)),
            "math" => {
                let input = if words.is_empty() { flow.input.map(str::trim) } else { None };
                let text = input.map_or_else(|| words.join(" "), str::to_owned);
                match math::output(&text) {
                    Some(number) => format!("{number}\n"),
                    None => self.fish_unknown(argv, flow),
                }
            }
            "random" if words.first() == Some(&"choice") && words.len() > 2 => {
                let group = self.unknowns.group();
                let texts = words
                    .iter()
                    .skip(1)
                    .take(crate::safety::value::ARMS)
                    .map(|word| (*word).to_owned())
                    .collect();
                format!("{}\n", self.unknowns.choice(group, texts))
            }
            "count" => format!("{}\n", words.len() + flow.input.map_or(0, |text| text.lines().count())),
            "contains" => String::new(),
            "echo" => echo(&words),
            "path" => path(&words, flow.input)?,
            "psub" => {
                let path = format!("/tmp/.psub.{}", self.files.len());
                self.write_file(path.clone(), flow.input.unwrap_or_default().to_owned(), false);
                path + "\n"
            }
            "source" | "." if words.is_empty() || words == ["-"] => {
                let input = flow.input?.to_owned();
                self.code_here(&input, self.at(argv.first()?.span), Flow { input: None, ..flow })
            }
            "alias" => {
                let operands: Vec<&str> =
                    words.iter().copied().filter(|word| !word.starts_with('-')).collect();
                let (name, code) = match &operands[..] {
                    [name, code, ..] if !name.contains('=') => ((*name).to_owned(), (*code).to_owned()),
                    words => {
                        let word = words.iter().find(|word| word.contains('='))?;
                        let (name, code) = word.split_once('=')?;
                        (name.to_owned(), code.to_owned())
                    }
                };
                self.shadowed(&name, &code, argv);
                let plain = setting_up::only_sets_up(&format!("alias {name}='{code}'"));
                if !plain && words.iter().any(|word| matches!(*word, "-s" | "--save")) {
                    self.fish_persist(argv, &name);
                    if replaced::turns(&name, &code) || replaced::poses_as(&name, &code) {
                        self.hides_it();
                    }
                }
                if self.state.shell().aliases.len() < 64 {
                    self.shell_mut().aliases.push((name, code));
                }
                String::new()
            }
            "abbr" => {
                let mut operands = Vec::new();
                let mut anywhere = false;
                let mut rest = words.iter().copied();
                while let Some(word) = rest.next() {
                    match word {
                        "-p" | "--position" => anywhere |= rest.next() != Some("command"),
                        "-r" | "--regex" => {
                            anywhere = true;
                            rest.next();
                        }
                        "-f" | "--function" | "-c" | "--command" => {
                            rest.next();
                        }
                        "--" => operands.extend(rest.by_ref()),
                        _ if word.starts_with('-') && operands.is_empty() => {
                            anywhere |= word.starts_with("--position=") || word.starts_with("--regex=");
                        }
                        _ => operands.push(word),
                    }
                }
                if let Some((name, code)) = operands.split_first() {
                    let own = !anywhere && name.starts_with(char::is_alphanumeric);
                    if own && !replaced::is_commands_name(name) {
                        self.abbreviated(name, &code.join(" "), argv);
                    } else {
                        self.shadowed(name, &code.join(" "), argv);
                    }
                }
                String::new()
            }
            "command" | "type" | "which"
                if words.iter().any(|word| {
                    matches!(*word, "-s" | "-v" | "-p" | "-P" | "--search" | "--path" | "--force-path")
                }) || name == "which" =>
            {
                let found = |word: &&str| format!("/usr/bin/{}\n", word.rsplit('/').next().unwrap_or(word));
                words.iter().filter(|word| !word.starts_with('-')).map(found).collect()
            }
            "status" if matches!(words.first(), Some(&"fish-path")) => "/usr/bin/fish\n".to_owned(),
            "fish_add_path" => {
                for field in argv.iter().skip(1).filter(|field| !field.text.starts_with('-')) {
                    self.fish_searched_first(field);
                }
                String::new()
            }
            "functions" => {
                if let ["-c" | "--copy", old, new] = words[..]
                    && let Some((_, body)) =
                        self.state.shell().functions.iter().rev().find(|(name, _)| name == old)
                {
                    let body = body.clone();
                    self.shell_mut().functions.push((new.to_owned(), body));
                }
                if let ["-e" | "--erase", names @ ..] = &words[..] {
                    self.shell_mut().functions.retain(|(name, _)| !names.contains(&name.as_str()));
                }
                String::new()
            }
            "funcsave" => {
                for word in words.iter().filter(|word| !word.starts_with('-')) {
                    self.fish_kept(argv, word);
                }
                String::new()
            }
            "bind" => {
                let operands = argv.iter().skip(1).filter(|field| !field.text.starts_with('-'));
                for field in operands.skip(1) {
                    self.code_aside(&field.text, field);
                }
                String::new()
            }
            "complete" => {
                for pair in argv.windows(2) {
                    // Flags of one letter may stand together: `-xa`.
                    let flag = match pair[0].text.strip_prefix('-') {
                        Some(letters) if letters.len() > 1 && !letters.starts_with('-') => {
                            letters.chars().next_back().map_or_else(String::new, |last| format!("-{last}"))
                        }
                        _ => pair[0].text.clone(),
                    };
                    match flag.as_str() {
                        "-n" | "--condition" => self.code_aside(&pair[1].text, &pair[1]),
                        "-a" | "--arguments" if pair[1].text.contains('(') => {
                            self.code_aside(&format!("echo {}", pair[1].text), &pair[1]);
                        }
                        _ => {}
                    }
                }
                String::new()
            }
            "history" if matches!(words.first(), Some(&"clear" | &"clear-session" | &"delete")) => {
                let span = self.at(argv.first()?.span);
                let target = self.target(TargetClass::Named, "the shell's history", span);
                self.emit(EffectKind::Delete, target, false, "history", span);
                String::new()
            }
            "argparse" => {
                let given = words.iter().position(|word| *word == "--").unwrap_or(words.len());
                let (specs, given) = words.split_at(given);
                let mut given = given.iter().skip(1).peekable();
                while let Some(word) = given.next() {
                    let Some(flag) = word.strip_prefix('-') else { continue };
                    let (flag, joined) = match flag.strip_prefix('-') {
                        Some(long) => long.split_once('=').map_or((long, None), |(a, b)| (a, Some(b))),
                        None => (flag, None),
                    };
                    let value = match joined {
                        Some(value) => value,
                        None => given.next_if(|next| !next.starts_with('-')).copied().unwrap_or_default(),
                    };
                    // `t/target=` has two names.
                    let other = specs.iter().find_map(|spec| {
                        let (short, long) = spec.trim_end_matches(['=', '?', '+']).split_once('/')?;
                        (short == flag || long == flag).then(|| if short == flag { long } else { short })
                    });
                    for name in [Some(flag), other].into_iter().flatten() {
                        self.set(&format!("_flag_{}", name.replace('-', "_")), Value::One(value.to_owned()));
                    }
                }
                String::new()
            }
            // The line that is edited is replaced by code, to be run with a key or at once.
            "commandline" if replaces_the_line(&words) => {
                for field in argv.iter().skip(1).filter(|field| !field.text.starts_with('-')) {
                    // What a person has picked from a list stands there to be looked at.
                    let picked = self.unknowns.name_of(&field.text).is_some()
                        && self.unknowns.origin(&field.text) < Some(Origin::Network);
                    if !picked {
                        self.code_aside(&field.text, field);
                    }
                }
                String::new()
            }
            // What is typed holds passwords.
            "commandline" if flow.want => self.unknowns.hole("what you type", Origin::Secret).to_string(),
            "set_color" | "emit" | "status" | "commandline" | "isatty" => {
                if flow.want {
                    self.fish_unknown(argv, flow)
                } else {
                    String::new()
                }
            }
            _ => return None,
        })
    }

    /// What a builtin prints where that cannot be told.
    fn fish_unknown(&mut self, argv: &[Field], flow: Flow<'_>) -> String {
        let input = flow.input.unwrap_or_default();
        let known = argv.iter().filter_map(|field| self.unknowns.origin(&field.text)).max();
        let origin = self.unknowns.origin(input).max(known).filter(|&origin| origin >= Origin::Secret);
        let name = argv.first().map_or("", |field| field.text.as_str());
        self.unknowns.hole(&format!("$({name})"), origin.unwrap_or(Origin::Program)).to_string()
    }

    /// Code that runs later, on a key or a condition: it is walked, and what it sets is lost.
    fn code_aside(&mut self, code: &str, field: &Field) {
        let state = self.state.clone();
        self.code_here(code, self.at(field.span), Flow::default());
        self.state = state;
    }

    /// A name is given to other code: whoever types it next runs that.
    pub(in crate::safety) fn shadowed(&mut self, name: &str, code: &str, argv: &[Field]) {
        if let Some(field) = argv.last() {
            let span = self.at(field.span);
            self.poses_here(name, code, span);
        }
        let own = code.split_whitespace().find(|word| !matches!(*word, "command" | "builtin" | "sudo"));
        if own != Some(name)
            && let Some(field) = argv.last()
        {
            self.code_aside(code, field);
        }
    }

    /// An abbreviation under a name of its own: whoever types it sees what it becomes and then runs it, or does not. What
    /// is told is that it will lose something.
    fn abbreviated(&mut self, name: &str, code: &str, argv: &[Field]) {
        let Some(field) = argv.last() else { return };
        let before = self.effects.len();
        self.code_aside(code, field);
        let loses = self.effects.split_off(before.min(self.effects.len())).into_iter().any(|effect| {
            let loses = matches!(
                effect.kind,
                EffectKind::Delete
                    | EffectKind::DestroyCloud
                    | EffectKind::DiscardWork
                    | EffectKind::DropData
                    | EffectKind::RemoteShell
                    | EffectKind::WriteDevice
            );
            let fetched = effect.kind == EffectKind::RunCode && effect.target.class == TargetClass::Host;
            (loses || fetched) && effect.detail != "asks"
        });
        if loses {
            let span = self.at(field.span);
            let target = self.target(TargetClass::Named, name, span);
            self.emit(EffectKind::Configure, target, false, "abbr", span);
        }
    }

    /// A folder in which programs are looked for before all others, from now on.
    pub(super) fn fish_searched_first(&mut self, field: &Field) {
        let place = crate::safety::paths::locate(&field.text, &self.state.cwd, self.ctx);
        if place.class == TargetClass::Temporary {
            // Whoever can write there decides what every later command is.
            let span = self.at(field.span);
            let target = self.target(place.class, &self.unknowns.show(&place.path), span);
            self.emit(EffectKind::Persist, target, false, "set", span);
        }
    }

    /// A function is kept for later shells: one that takes the place of a program and sends or fetches is no help.
    fn fish_kept(&mut self, argv: &[Field], name: &str) {
        let functions = &self.state.shell().functions;
        let body = functions.iter().rev().find(|(known, _)| known == name).map(|(_, body)| body.clone());
        // One's own function under a name of its own is no news.
        if specs::lookup(name).is_none() {
            return;
        }
        let turns = body.is_some_and(|body| self.takes_over(name, &body));
        self.fish_persist(argv, name);
        if turns {
            self.hides_it();
        }
    }

    /// What was just kept hides what it does.
    fn hides_it(&mut self) {
        if let Some(effect) = self.effects.last_mut().filter(|effect| effect.kind == EffectKind::Persist) {
            "hidden".clone_into(&mut effect.detail);
        }
    }

    fn fish_persist(&mut self, argv: &[Field], name: &str) {
        let Some(first) = argv.first() else { return };
        let span = self.at(first.span);
        let target = self.target(TargetClass::Named, name, span);
        self.emit(EffectKind::Persist, target, false, "funcsave", span);
    }
}

/// True where the line that is edited becomes another one, to be run with a key.
fn replaces_the_line(words: &[&str]) -> bool {
    let asks = |word: &&str| {
        matches!(
            *word,
            "-f" | "--function"
                | "-b"
                | "-p"
                | "-t"
                | "-j"
                | "-C"
                | "--cursor"
                | "-S"
                | "-P"
                | "-L"
                | "-o"
                | "-c"
        )
    };
    words.iter().any(|word| !word.starts_with('-')) && !words.iter().any(asks)
}

/// `echo` of fish, which knows `-s` and no `-E` by default.
fn echo(words: &[&str]) -> String {
    let (mut newline, mut spaces, mut escapes) = (true, true, false);
    let mut rest = words;
    while let [first, more @ ..] = rest
        && first.len() > 1
        && first.starts_with('-')
        && first.bytes().skip(1).all(|letter| b"nseE".contains(&letter))
    {
        newline &= !first.contains('n');
        spaces &= !first.contains('s');
        escapes |= first.contains('e');
        rest = more;
    }
    let mut text = rest.join(if spaces { " " } else { "" });
    if escapes {
        text = pure::unescape(&text);
    }
    if newline {
        text.push('\n');
    }
    text
}

/// `path basename`, `path dirname` and the like on every path.
fn path(words: &[&str], input: Option<&str>) -> Option<String> {
    let (&action, rest) = words.split_first()?;
    let mut paths: Vec<&str> = rest.iter().copied().filter(|word| !word.starts_with('-')).collect();
    let from_input = input.unwrap_or_default();
    if action == "change-extension" {
        let (extension, rest) = paths.split_first()?;
        let change = |path: &&str| {
            let stem = path.rsplit_once('.').map_or(*path, |(stem, _)| stem);
            let dot = if extension.is_empty() || extension.starts_with('.') { "" } else { "." };
            format!("{stem}{dot}{extension}\n")
        };
        return Some(rest.iter().map(change).collect());
    }
    if paths.is_empty() {
        paths = from_input.lines().collect();
    }
    let change = |path: &&str| -> Option<String> {
        Some(match action {
            "basename" | "dirname" => pure::output(action, &[path], None)?,
            "extension" => format!("{}\n", path.rsplit_once('.').map_or("", |(_, end)| end)),
            _ => format!("{path}\n"),
        })
    };
    paths.iter().map(change).collect()
}

/// What `string` costs: all that it is given is gone through, by an expression where it has one.
fn string_price(words: &[&str], input: Option<&str>) -> usize {
    let bytes = words.iter().map(|word| word.len()).sum::<usize>() + input.map_or(0, str::len);
    let matches =
        matches!(words, ["match" | "replace", ..]) && words.iter().any(|word| word.starts_with('-'));
    bytes / 128 + if matches { crate::safety::regex::price(bytes) } else { 0 }
}
