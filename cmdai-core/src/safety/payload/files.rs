//! Files, permissions, processes and the network, as code reaches for them.

use super::acts::{Given, as_pattern};
use super::tables::Act;
use super::val::{Sort, Val};
use super::{Script, pure};
use crate::safety::paths;
use crate::safety::value::{self, HOME, Origin};
use crate::safety::{EffectKind, TargetClass};
use crate::specs::Language;

/// Calls that run the file or page they read.
const RUNS_WHAT_IT_READS: &[&str] = &[
    "dofile",
    "execfile",
    "include",
    "load",
    "require",
    "run",
    "runpy.run_path",
    "source",
    "sys.source",
    "devtools.source_url",
    "source_url",
    "base.source",
];

impl Script<'_, '_, '_> {
    /// Keeps what a file holds now; a file that a shell runs is judged at once.
    pub(super) fn store(&mut self, place: paths::Place, text: &str, appended: bool) {
        if place.class == TargetClass::ShellStartup && !place.path.contains(".ssh/") {
            self.run_code(text);
        }
        self.machine.write_file(place.path, text.to_owned(), appended);
    }

    pub(super) fn glob(&mut self, pattern: &str) -> Val {
        self.walking |= pattern.contains("**");
        let mut out = Vec::new();
        for pattern in pattern.split_whitespace().take(32) {
            let pattern = as_pattern(pattern.trim_matches(['"', '\'']));
            let pattern = match pattern.strip_prefix('~') {
                Some(rest) => format!("{HOME}{rest}"),
                None => pattern,
            };
            out.push(Val::Text(pattern));
        }
        Val::List(out)
    }

    pub(super) fn delete(&mut self, given: &Given, recursive: bool) {
        let recursive = recursive || self.walking;
        for value in given.values().into_iter().take(64) {
            if self.idle && value.is_unknown() {
                continue;
            }
            let path = self.text_of(&value);
            let path = if self.what.language == Language::R { pure::expand_user(&path) } else { path };
            self.machine.touch(EffectKind::Delete, &path, self.what.span, recursive, self.what.program);
        }
    }

    pub(super) fn touch(&mut self, kind: EffectKind, path: &str) -> Option<paths::Place> {
        if self.idle && path.starts_with(value::is_hole) {
            return None;
        }
        // What Perl opens to write is emptied as by a redirection; `-i` is another matter.
        let empties = self.what.language == Language::Perl && kind == EffectKind::Overwrite;
        let program = if empties { "" } else { self.what.program };
        self.machine.touch(kind, path, self.what.span, false, program)
    }

    pub(super) fn permission(&mut self, act: Act, name: &str, given: &Given) {
        let values = given.values();
        let Some((mode, paths)) = (match act {
            Act::ModeFirst => values.split_first().map(|(mode, paths)| (Some(mode.clone()), paths.to_vec())),
            _ => values.split_first().map(|(path, rest)| (rest.first().cloned(), vec![path.clone()])),
        }) else {
            return;
        };
        let mode = match mode {
            Some(Val::Number(number)) if self.what.language == Language::Perl && number > 0o777 => {
                number.to_string()
            }
            Some(Val::Number(number)) if act != Act::Owner => format!("{number:o}"),
            Some(value) => self.text_of(&value),
            None => String::new(),
        };
        let paths = if self.what.language == Language::Ruby && act == Act::Owner {
            values.iter().skip(2).cloned().collect()
        } else {
            paths
        };
        for path in paths.into_iter().take(32) {
            if self.idle && path.is_unknown() {
                continue;
            }
            let path = self.text_of(&path);
            let place = paths::locate(&path, &self.machine.state.cwd, self.machine.ctx);
            let shown = self.machine.unknowns.show(&place.path);
            let target = self.machine.target(place.class, &shown, self.what.span);
            let program = if act == Act::Owner { "chown" } else { "chmod" };
            let (span, deep) = (self.what.span, self.walking || name.ends_with("_R"));
            self.machine.emit_with(EffectKind::Permission, target, deep, program, span, &mode);
        }
    }

    pub(super) fn kill(&mut self, act: Act, given: &Given) {
        let values = given.values();
        let (process, signal) = match act {
            Act::Kill => (values.first().cloned(), values.get(1).cloned()),
            _ => (values.get(1).cloned(), values.first().cloned()),
        };
        let process = process.map_or_else(String::new, |value| self.text_of(&value));
        let signal = signal.map_or_else(|| "TERM".to_owned(), |value| self.text_of(&value));
        // Signal 0 only asks whether a process is there.
        if signal == "0" || (self.idle && process.starts_with(value::is_hole)) {
            return;
        }
        let everything = process == "-1" || self.machine.unknowns.comes_from(&process, Origin::Processes);
        let shown = self.machine.unknowns.show(&process);
        let target = self.machine.target(TargetClass::Process, &shown, self.what.span);
        let (program, span) = (self.what.program, self.what.span);
        self.machine.emit_with(EffectKind::Kill, target, everything, program, span, &signal);
    }

    pub(super) fn fetch(&mut self, given: &Given) -> Val {
        let url = given.first();
        let url = self.text_of(&url);
        let shown = self.machine.unknowns.show(&url);
        self.send(given);
        let page = Val::Text(self.hole(&format!("$({shown})"), Origin::Network));
        for function in given.functions() {
            self.call(&function, Given::of(vec![page.clone()]));
        }
        page
    }

    pub(super) fn send(&mut self, given: &Given) {
        let mut values = given.values();
        for value in given.list.iter().chain(given.named.iter().map(|(_, value)| value)) {
            match value {
                Val::Map(entries) => values.extend(entries.iter().map(|(_, value)| value.clone())),
                other => other.flatten(&mut values),
            }
        }
        for value in values.into_iter().take(32) {
            let text = match &value {
                Val::Thing(Sort::File, path) => {
                    self.machine.read_path(path, self.what.span, self.what.program)
                }
                Val::Map(entries) => {
                    let inner = entries.first().map(|(_, value)| value.clone()).unwrap_or(Val::None);
                    self.text_of(&inner)
                }
                Val::Name(name) if name == "ENV" => self.hole("the environment", Origin::Secret),
                Val::Text(_) => self.text_of(&value),
                _ => continue,
            };
            let shown = self.machine.unknowns.show(text.trim_end());
            self.machine.sends(&text, &shown, self.what.span, self.what.program);
        }
    }

    /// Opens a file, or a pipe to a program.
    pub(super) fn open(&mut self, given: &Given) -> Val {
        let perl = self.what.language == Language::Perl;
        let mut values = given.list.clone();
        if perl && !values.is_empty() {
            values.remove(0);
        }
        let first = values.first().cloned().unwrap_or(Val::None);
        let text = self.text_of(&first);
        let mode = given.option("mode").or_else(|| values.get(1).cloned()).unwrap_or(Val::None);
        let (path, mode) = if perl {
            let (mode, path) = match values.get(1) {
                Some(path) => (text.trim().to_owned(), self.text_of(path)),
                None => {
                    let trimmed = text.trim();
                    let rest = trimmed.trim_start_matches(['>', '<', '+', '|']);
                    let mode = trimmed[..trimmed.len() - rest.len()].to_owned();
                    if let Some(code) = rest.strip_suffix('|') {
                        ("-|".to_owned(), code.to_owned())
                    } else {
                        (mode, rest.trim().to_owned())
                    }
                }
            };
            match mode.as_str() {
                "|" | "|-" | "-|" => {
                    let mut words: Vec<Val> = values.iter().skip(2).cloned().collect();
                    if words.is_empty() {
                        let printed = self.run_code(&path);
                        return Val::Thing(Sort::Process, printed);
                    }
                    words.insert(0, Val::Text(path));
                    let printed = self.run_words(&words, None);
                    return Val::Thing(Sort::Process, printed);
                }
                _ if mode.starts_with("+>") || mode.starts_with('>') => {
                    (path, if mode.contains(">>") { "a" } else { "w" }.to_owned())
                }
                _ if mode.starts_with("+<") => (path, "r+".to_owned()),
                _ => (path, "r".to_owned()),
            }
        } else {
            let mode = match &mode {
                Val::Text(mode) => mode.clone(),
                Val::Name(name) if name.contains("O_WRONLY") || name.contains("O_RDWR") => "r+".to_owned(),
                _ => "r".to_owned(),
            };
            (text, mode)
        };
        if let (Language::Ruby, Some(code)) = (self.what.language, path.strip_prefix('|')) {
            let code = code.to_owned();
            let printed = self.run_code(&code);
            return Val::Thing(Sort::Process, printed);
        }
        if path.contains("://") {
            return self.fetch(&Given::of(vec![Val::Text(path)]));
        }
        let file = Val::Thing(Sort::File, path.clone());
        let kind = if mode.contains('w') {
            Some(EffectKind::Overwrite)
        } else if mode.contains(['a', 'x', '+']) {
            Some(EffectKind::Create)
        } else {
            None
        };
        match kind {
            Some(kind) => {
                let place = self.touch(kind, &path);
                self.opened = Some(path.clone());
                if let (Some(place), EffectKind::Overwrite) = (place, kind) {
                    self.machine.write_file(place.path, String::new(), false);
                }
            }
            None if self.idle && path.starts_with(value::is_hole) => {}
            None => {
                self.machine.read_path(&path, self.what.span, self.what.program);
                self.reading = Some(path.clone());
            }
        }
        let function = given.functions().into_iter().next();
        if let Some(function) = function {
            return self.call(&function, Given::of(vec![file]));
        }
        file
    }

    pub(super) fn read(&mut self, name: &str, given: &Given) -> Val {
        let path = match given.first() {
            // Descriptor 0.
            Val::Number(0) => return self.standard_input(),
            value => self.text_of(&value),
        };
        if matches!(path.as_str(), "/dev/stdin" | "php://stdin" | "php://input" | "-") {
            return self.standard_input();
        }
        let content = if path.contains("://") {
            let shown = self.machine.unknowns.show(&path);
            self.hole(&format!("$({shown})"), Origin::Network)
        } else if self.idle && path.starts_with(value::is_hole) {
            return Val::None;
        } else {
            self.machine.read_path(&path, self.what.span, self.what.program)
        };
        if RUNS_WHAT_IT_READS.contains(&name) {
            let foreign =
                self.machine.unknowns.origin(&content).is_some_and(|origin| origin >= Origin::Network);
            if foreign || !content.starts_with(value::is_hole) {
                self.eval(&content);
            }
        }
        let value = Val::Text(content);
        for function in given.functions() {
            self.call(&function, Given::of(vec![Val::None, value.clone()]));
        }
        value
    }

    pub(super) fn print_values(&mut self, act: Act, name: &str, given: &Given) {
        let mut texts = Vec::new();
        let mut values = given.list.clone();
        let mut handle = given.option("handle").or_else(|| given.option("file"));
        if let (Language::Perl, [Val::Name(name)]) = (self.what.language, &values[..])
            && name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
        {
            handle = Some(Val::text(name.clone()));
            values.clear();
        }
        if self.what.language == Language::Perl && values.is_empty() {
            values.extend(self.get("_"));
        }
        if name == "printf" && values.len() > 1 {
            let format = self.text_of(&values.remove(0));
            values = vec![Val::Text(self.percent_format(&format, &values))];
        }
        for value in values.iter().take(64) {
            let mut flat = Vec::new();
            value.flatten(&mut flat);
            for value in flat {
                texts.push(self.text_of(&value));
            }
        }
        let joined = match (act, self.what.language) {
            (Act::Print, Language::Ruby) => texts.join("\n"),
            (Act::Print, Language::Perl | Language::Julia | Language::Groovy) => texts.concat(),
            (Act::Print, Language::Lua) => texts.join("\t"),
            (Act::Print, _) => {
                let between = given.option("sep").and_then(|value| value.as_text());
                texts.join(between.as_deref().unwrap_or(" "))
            }
            _ => texts.concat(),
        };
        let end = match given.option("end") {
            Some(end) => end.as_text().unwrap_or_default(),
            None if act == Act::Print => "\n".to_owned(),
            None => String::new(),
        };
        // Into a pipe to a shell, or away from standard output.
        match handle {
            Some(Val::Text(handle)) if handle == "STDOUT" => self.print(&(joined + &end)),
            Some(_) if self.shell => {
                self.run_code(&joined);
            }
            Some(Val::Text(handle)) if handle == "STDERR" => {}
            Some(Val::Thing(Sort::File, path)) => {
                let place = paths::locate(&path, &self.machine.state.cwd, self.machine.ctx);
                self.store(place, &(joined + &end), true);
            }
            // Which handle that is was not followed: it is the file that was opened last.
            Some(_) => {
                if let Some(path) = self.opened.clone() {
                    let place = paths::locate(&path, &self.machine.state.cwd, self.machine.ctx);
                    self.store(place, &(joined + &end), true);
                }
            }
            None => self.print(&(joined + &end)),
        }
    }
}
