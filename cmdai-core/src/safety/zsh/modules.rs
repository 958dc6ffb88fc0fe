//! Modules and functions that come with zsh: files as variables, descriptors, connections, renaming by
//! pattern, and commands for many files.

use crate::Span;
use crate::safety::machine::{By, Field, Flow, Machine, Value};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass};

impl Machine<'_> {
    /// `ztcp HOST PORT` and its like: where they connect to is read and written through `$REPLY`.
    pub(super) fn connected(&mut self, name: &str, argv: &[Field]) -> Option<String> {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        if words.iter().any(|word| matches!(*word, "-c" | "-L")) {
            return Some(String::new());
        }
        let descriptor = value_of(&words, 'd');
        let host = words.iter().find(|word| !word.starts_with('-') && Some(**word) != descriptor);
        let host = host.copied().unwrap_or("whoever connects").to_owned();
        let socket = self.unknowns.hole(&host, Origin::Socket).to_string();
        if let Some(number) = descriptor.and_then(|text| text.parse().ok()) {
            self.open(number, socket.clone());
        }
        for variable in ["REPLY", "TCP_LINE", "TCP_SESS"] {
            if variable == "REPLY" || name == "tcp_open" {
                self.set(variable, Value::One(socket.clone()));
            }
        }
        Some(String::new())
    }

    /// What `tcp_send` and the client for FTP take to another machine.
    pub(super) fn sent_away(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let span = self.at(argv.first()?.span);
        if name == "zftp" && matches!(words.first(), Some(&"delete" | &"rmdir")) {
            for word in words.iter().skip(1).take(32) {
                let text = format!("{} on the server", self.unknowns.show(word));
                let target = self.target(TargetClass::Named, &text, span);
                self.emit(EffectKind::DropData, target, false, name, span);
            }
            return Some(String::new());
        }
        if name == "zftp" && !matches!(words.first(), Some(&"put" | &"append" | &"putat")) {
            return Some(String::new());
        }
        if matches!(name, "zfanon" | "zfopen") {
            return Some(String::new());
        }
        let target = self.target(TargetClass::Host, "the other side", span);
        self.emit(EffectKind::Send, target, false, name, span);
        if let Some(input) = flow.input {
            let (input, shown) = (input.to_owned(), self.unknowns.show(input.trim_end()));
            self.sends(&input, &shown, span, name);
        }
        let skipped = usize::from(name == "zftp");
        for word in words.iter().skip(skipped).filter(|word| !word.starts_with('-')).take(32) {
            if name == "tcp_send" {
                self.sends(word, &self.unknowns.show(word), span, name);
            } else if flow.input.is_none() {
                let content = self.read_path(word, span, name);
                self.sends(&content, word, span, name);
            }
        }
        Some(String::new())
    }

    /// Code is looked for in a folder: one where anybody may write is a trap.
    pub(in crate::safety) fn loads_from(&mut self, list: &str, span: Span) {
        let folders = match self.get(list) {
            Some(Value::One(text)) => text.split(':').map(str::to_owned).collect(),
            Some(other) => crate::safety::expand::elements(other),
            None => return,
        };
        for folder in folders.into_iter().take(8) {
            let place = crate::safety::paths::locate(&folder, &self.state.cwd, self.ctx);
            if place.class == TargetClass::Temporary {
                let target = self.target(TargetClass::Unknown, list, span);
                self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
                return;
            }
        }
    }

    /// A program from where anybody may write, or from a hidden place, takes the name of another.
    pub(super) fn stands_in(&mut self, name: &str, code: &str, span: Span) {
        let path = code.split_whitespace().next().unwrap_or_default();
        let hidden = path.split('/').any(|part| part.len() > 2 && part.starts_with('.') && part != "..");
        if !path.contains('/') || crate::specs::lookup(name).is_none() {
            return;
        }
        let place = crate::safety::paths::locate(path, &self.state.cwd, self.ctx);
        let tools =
            [".cargo/", ".local/", ".nvm/", ".pyenv/", ".rbenv/", ".deno/", ".bun/", ".asdf/", ".config/"];
        let known = tools.iter().any(|tool| path.contains(tool));
        if place.class == TargetClass::Temporary || hidden && !known {
            let span = self.at(span);
            let target = self.target(TargetClass::Unknown, path, span);
            self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
        }
    }

    /// `!!`, `!-2:s/a/b/`, `^a^b`: an earlier line is run again, changed or not.
    pub(in crate::safety) fn earlier_line(&mut self, argv: &[Field]) -> Option<String> {
        let first = argv.first()?;
        let text = first.text.as_str();
        let event = text.strip_prefix('!').and_then(|rest| rest.chars().next());
        let repeats =
            event.is_some_and(|next| next.is_alphanumeric() || matches!(next, '!' | '-' | '?' | '$' | '#'));
        let changes = text.len() > 2 && text.starts_with('^') && text.get(1..)?.contains('^');
        if !repeats && !changes {
            return None;
        }
        let whole: Vec<&str> = argv.iter().map(|field| field.text.as_str()).collect();
        let whole = whole.join(" ");
        let span = self.at(first.span);
        let target = self.target(TargetClass::Unknown, "an earlier line", span);
        self.emit(EffectKind::RunCode, target, false, "fc", span);
        self.unresolved += 1;
        let new = if changes {
            whole.get(1..)?.split('^').nth(1).map(str::to_owned)
        } else {
            let (_, change) = whole.split_once(":s").or_else(|| whole.split_once(":gs"))?;
            let mark = change.chars().next()?;
            change.split(mark).nth(2).map(str::to_owned)
        };
        if let Some(new) = new {
            let rest = self.unknowns.hole("the rest of that line", Origin::Variable);
            self.later(&[Field { text: format!("{new} {rest}"), span: first.span }]);
        }
        Some(String::new())
    }

    /// Text goes to a descriptor: that of a connection sends it.
    pub(super) fn written_to(&mut self, descriptor: Option<&str>, text: &str, span: Span) {
        let Some(descriptor) = descriptor else { return };
        let number = descriptor.parse::<u32>().ok();
        let known = self.descriptors.iter().rev().find(|(known, _)| Some(*known) == number);
        let opened = known.map_or(descriptor, |(_, content)| content.as_str()).to_owned();
        if self.unknowns.comes_from(&opened, Origin::Socket) {
            let host = self.unknowns.show(&opened);
            let target = self.target(TargetClass::Host, &host, span);
            self.emit(EffectKind::Send, target, false, "print", span);
            let shown = self.unknowns.show(text.trim_end());
            self.sends(text, &shown, span, "print");
            self.says(text, span, "print");
        }
    }

    /// `sysopen -w -o trunc -u 3 FILE` opens a file as a redirection does.
    pub(super) fn opened(&mut self, argv: &[Field]) -> Option<String> {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let file = argv.iter().skip(1).next_back().filter(|field| !field.text.starts_with('-'))?;
        let takes = ['u', 'o', 'm'];
        let has = |letter: char| {
            words.iter().any(|word| {
                let plain = word.chars().skip(1).take_while(|letter| !takes.contains(letter));
                word.starts_with('-') && plain.into_iter().any(|own| own == letter)
            })
        };
        let options = value_of(&words, 'o').unwrap_or_default();
        let span = self.at(file.span);
        let path = file.text.clone();
        if has('a') {
            self.touch(EffectKind::Create, &path, span, false, "");
        } else if has('w') {
            let detail = if options.contains("trunc") { "empties" } else { "" };
            self.touch_as(EffectKind::Overwrite, &path, span, false, "", detail);
        } else {
            let content = self.read_path(&path, span, "sysopen");
            if let Some(number) = value_of(&words, 'u').and_then(|text| text.parse().ok()) {
                self.open(number, content);
            }
        }
        Some(String::new())
    }

    /// `mapfile[PATH]=TEXT` writes the file.
    pub(super) fn mapped_file(&mut self, path: &str, text: &str, span: Span) {
        let span = self.at(span);
        let detail = if text.is_empty() { "empties" } else { "" };
        if let Some(place) = self.touch_as(EffectKind::Overwrite, path, span, false, "", detail) {
            self.lasting(&place, text, span);
            self.write_file(place.path, text.to_owned(), false);
        }
    }

    /// `unset "mapfile[PATH]"` deletes the file.
    pub(super) fn removes_files(&mut self, argv: &[Field]) -> Option<String> {
        let mut found = None;
        for field in argv.iter().skip(1) {
            let path = field.text.strip_prefix("mapfile[").and_then(|rest| rest.strip_suffix(']'));
            if let Some(path) = path {
                self.touch(EffectKind::Delete, path, self.at(field.span), false, "unset");
                found = Some(String::new());
            }
        }
        found
    }

    /// `zmv PATTERN REPLACEMENT`, with `-p` by another program than mv.
    pub(super) fn renamed_by_pattern(
        &mut self,
        name: &str,
        argv: &[Field],
        flow: Flow<'_>,
    ) -> Option<String> {
        let mut words = argv.iter().skip(1).peekable();
        let (mut dry, mut force, mut program, mut options) = (false, false, None, Vec::new());
        while let Some(field) = words.next_if(|field| field.text.starts_with('-') && field.text.len() > 1) {
            if field.text == "--" {
                break;
            }
            for (at, letter) in field.text.char_indices().skip(1) {
                dry |= letter == 'n';
                force |= letter == 'f';
                if matches!(letter, 'o' | 'p' | 'P') {
                    let joined = field.text.get(at + 1..).unwrap_or_default();
                    let given = if joined.is_empty() {
                        words.next().map_or("", |field| field.text.as_str())
                    } else {
                        joined
                    };
                    let given: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
                    if letter == 'o' {
                        options = given
                    } else {
                        program = Some(given)
                    }
                    break;
                }
            }
        }
        let operands: Vec<&Field> = words.collect();
        let (from, to) = (operands.first()?, operands.get(1)?);
        let first = argv.first()?;
        // Groups of the pattern are what the new name is made of; it is expanded as in double quotes.
        let source: String = from.text.chars().filter(|letter| !matches!(letter, '(' | ')')).collect();
        let source = source.replace("**", "*").replace('*', &value::STAR.to_string());
        let evaluated = self.apart(|machine| {
            let stem = machine.unknowns.hole("$1", Origin::Variable).to_string();
            machine.state.positional = Some(vec![stem.clone(), stem.clone(), stem].into());
            machine.zsh_evaluated(&to.text)
        });
        if dry {
            return Some(String::new());
        }
        let Some(program) = program else {
            if evaluated == "/dev/null" {
                self.touch(EffectKind::Delete, &source, self.at(from.span), true, "mv");
                return Some(String::new());
            }
            let made =
                self.unknowns.show(&evaluated).replace("$1", "*").replace('*', &value::STAR.to_string());
            let kind = if force { EffectKind::Overwrite } else { EffectKind::Create };
            let detail = match force {
                // One file of each folder is left, whichever came last.
                true if names_collide(&from.text, &to.text) => "collide",
                true => "replaces",
                false => "",
            };
            self.touch_as(kind, &made, self.at(to.span), false, name, detail);
            return Some(String::new());
        };
        let mut command: Vec<Field> =
            program.into_iter().chain(options).map(|text| Field { text, span: first.span }).collect();
        command.push(Field { text: source, span: from.span });
        command.push(Field { text: evaluated, span: to.span });
        self.by = By::Shell;
        Some(self.run(&command, first.span, flow))
    }

    /// `zargs -- FILES -- COMMAND`.
    pub(super) fn zargs(&mut self, argv: &[Field], flow: Flow<'_>) -> String {
        let mut marker = None;
        let mut end = "--".to_owned();
        let mut at = 1;
        while let Some(field) = argv.get(at).filter(|field| field.text.starts_with('-')) {
            at += 1;
            let text = field.text.as_str();
            if text == "--" {
                break;
            }
            let short = text.strip_prefix('-').filter(|rest| !rest.starts_with('-')).unwrap_or_default();
            let (letter, joined) = (short.get(..1).unwrap_or_default(), short.get(1..).unwrap_or_default());
            match letter {
                "i" | "I" => marker = Some(if joined.is_empty() { "{}" } else { joined }.to_owned()),
                "e" if !joined.is_empty() => joined.clone_into(&mut end),
                "n" | "s" | "P" | "L" if joined.is_empty() => at += 1,
                _ => {
                    if let Some(mark) = text.strip_prefix("--eof=") {
                        mark.clone_into(&mut end);
                    }
                    if let Some(mark) = text.strip_prefix("--replace") {
                        let mark = mark.trim_start_matches('=');
                        marker = Some(if mark.is_empty() { "{}" } else { mark }.to_owned());
                    }
                }
            }
        }
        let rest = argv.get(at..).unwrap_or_default();
        let split = rest.iter().position(|field| field.text == end).unwrap_or(rest.len());
        let (files, command) = rest.split_at(split);
        let command = command.get(1..).unwrap_or_default();
        let Some(first) = command.first() else { return String::new() };
        let Some(marker) = marker else {
            let mut all = command.to_vec();
            all.extend(files.iter().take(256).cloned());
            self.by = By::Shell;
            return self.run(&all, first.span, flow);
        };
        let mut output = String::new();
        for file in files.iter().take(32) {
            let argv: Vec<Field> = command
                .iter()
                .map(|field| Field {
                    text: value::replaced(&field.text, &marker, &file.text, true).unwrap_or_default(),
                    span: field.span,
                })
                .collect();
            self.by = By::Shell;
            output.push_str(&self.run(&argv, first.span, flow));
        }
        output
    }
}

/// The value of a flag of one letter, joined to it or behind it.
pub(super) fn value_of<'w>(words: &[&'w str], letter: char) -> Option<&'w str> {
    let at = words.iter().position(|word| word.starts_with('-') && word.contains(letter))?;
    let (_, joined) = words.get(at)?.split_once(letter)?;
    if joined.is_empty() { words.get(at + 1).copied() } else { Some(joined) }
}
/// True where the new name keeps nothing of what tells the old names in a folder apart: `zmv -f '(**/)(*).txt' '${1}x.txt'`.
fn names_collide(from: &str, to: &str) -> bool {
    let name = from.rsplit('/').next().unwrap_or(from);
    let is_told = |group: usize| {
        [format!("${group}"), format!("${{{group}"), "$f".to_owned(), "${f".to_owned(), "${(".to_owned()]
            .iter()
            .any(|mark| to.contains(mark.as_str()))
    };
    // Groups that began before the name: `(**/)` holds the slash at which it is cut.
    let before = from.matches('(').count() - name.matches('(').count();
    let groups = name.matches('(').count();
    groups > 0 && name.contains(['*', '?', '#', '<']) && !(before + 1..=before + groups).any(is_told)
}
