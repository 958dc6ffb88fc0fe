//! Builtins whose work is on the shell itself: directories, variables, parameters, aliases, `read`,
//! and those that only succeed, fail or leave.

use std::rc::Rc;

use super::machine::{End, Fact, Field, Flow, Known, Machine, Status, Value};
use super::pure;
use super::value::{self, Origin};
use super::{EffectKind, TargetClass};
use crate::line::Dialect;

impl Machine<'_> {
    /// Builtins whose work is on the shell itself. `None` where `name` is none of them.
    pub(super) fn builtin(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        if self.dialect == Dialect::Nu && name != "cd" {
            return None;
        }
        if self.dialect == Dialect::Fish
            && let Some(output) = self.fish_builtin(name, argv, flow)
        {
            return Some(output);
        }
        if self.dialect == Dialect::Zsh
            && let Some(output) = self.zsh_builtin(name, argv, flow)
        {
            return Some(output);
        }
        if self.dialect == Dialect::Bash
            && argv.first().is_some_and(|first| first.text.starts_with(['!', '^']))
            && let Some(output) = self.earlier_line(argv)
        {
            return Some(output);
        }
        // These do not fail as long as there is somewhere to write to; of others nobody knows.
        let surely = matches!(
            name,
            ":" | "true"
                | "echo"
                | "printf"
                | "print"
                | "set"
                | "shift"
                | "local"
                | "declare"
                | "typeset"
                | "export"
                | "readonly"
                | "break"
                | "continue"
                | "return"
                | "exit"
                | "setopt"
                | "shopt"
        ) && !argv.get(1).is_some_and(|field| {
            matches!(name, "export" | "declare" | "typeset" | "readonly" | "shopt")
                && field.text.starts_with('-')
        });
        let mut status = if surely || self.dialect == Dialect::Fish { Status::True } else { Status::Unknown };
        match name {
            ":" | "true" => {}
            "false" => status = Status::False,
            "[" | "test" => {
                self.single_test(argv);
                return Some(String::new());
            }
            "cd" | "pushd" | "chdir" => {
                self.change_directory(name, argv);
                return Some(String::new());
            }
            "popd" => {
                let last = self.shell_mut().directories.pop();
                self.state.cwd = match last {
                    Some(path) => path,
                    None => self.unknowns.hole("$OLDPWD", Origin::Variable).to_string(),
                };
            }
            "pwd" => {
                let cwd = &self.state.cwd;
                self.status = Status::Unknown;
                return Some(if cwd.is_empty() { ".\n".to_owned() } else { format!("{cwd}\n") });
            }
            "export" | "declare" | "typeset" | "set" if flow.want && lists_variables(argv) => {
                self.status = Status::True;
                // Tokens and passwords are kept there.
                return Some(format!("{}\n", self.unknowns.hole("the environment", Origin::Secret)));
            }
            "export" | "declare" | "local" | "readonly" | "typeset" => self.declare(name, argv),
            "unset" => {
                for field in &argv[1..] {
                    if field.text == "PATH" {
                        self.searched_nowhere(self.at(field.span));
                    }
                    if field.text.starts_with("HIST") {
                        self.hides_tracks(&field.text, field);
                    }
                    self.subscripts(&field.text);
                    let name = field.text.split('[').next().unwrap_or_default();
                    self.state.unset(name);
                    if name == field.text && self.state.shell().unset.len() < 32 {
                        self.shell_mut().unset.push(name.to_owned());
                    }
                    if !self.state.shell().functions.is_empty() {
                        self.shell_mut().functions.retain(|(known, _)| *known != field.text);
                    }
                }
            }
            "set" => self.set_options(argv),
            "shift" => {
                let count = argv.get(1).map_or(Some(1), |field| field.text.parse::<usize>().ok());
                let length = self.state.positional.as_ref().map_or(0, |positional| positional.len());
                self.spend(length / 16);
                if let (Some(positional), Some(count)) = (&mut self.state.positional, count) {
                    let count = count.min(positional.len());
                    Rc::make_mut(positional).drain(..count);
                } else {
                    self.state.positional = None;
                    status = Status::Unknown;
                }
            }
            "getopts" => status = self.next_option(argv),
            "alias" => {
                let global = argv.iter().any(|field| field.text == "-g");
                for field in &argv[1..] {
                    if let Some((name, code)) = field.text.split_once('=')
                        && self.state.shell().aliases.len() < 64
                    {
                        let (name, code) = (name.to_owned(), code.to_owned());
                        let shell = self.shell_mut();
                        let aliases = if global { &mut shell.globals } else { &mut shell.aliases };
                        aliases.retain(|(known, _)| *known != name);
                        aliases.push((name.clone(), code.clone()));
                        let span = self.at(field.span);
                        self.poses_here(&name, &code, span);
                        if self.aliased.len() < 64 && span.end > self.ctx.known {
                            self.aliased.push((name, code, span));
                        }
                    }
                }
            }
            "unalias" => {
                let all = argv.iter().any(|field| field.text == "-a");
                let named = |name: &String| argv[1..].iter().any(|field| field.text == *name);
                self.shell_mut().aliases.retain(|(name, _)| !all && !named(name));
            }
            "hash" => {
                if let [_, flag, path, name, ..] = argv
                    && flag.text == "-p"
                {
                    let program = self.program_name(&path.text);
                    if self.is_anybodys(&path.text) {
                        let span = self.at(path.span);
                        let target = self.target(TargetClass::Unknown, &name.text, span);
                        self.emit_with(EffectKind::RunCode, target, false, "sh", span, "preload");
                    }
                    self.shell_mut().programs.push((name.text.clone(), program));
                }
            }
            "history" if argv.get(1).is_some_and(|field| field.text == "-s") => {
                let words: Vec<&str> = argv[2..].iter().map(|field| field.text.as_str()).collect();
                self.shell_mut().remembered = Some(words.join(" "));
            }
            "r" if self.dialect == crate::Dialect::Zsh => {
                let span = self.at(argv[0].span);
                let target = self.target(super::TargetClass::Unknown, "what was typed before", span);
                self.emit(super::EffectKind::RunCode, target, false, "fc", span);
            }
            "vared" => {
                if let Some(name) =
                    argv.iter().skip(1).map(|field| field.text.clone()).rfind(|text| !text.starts_with('-'))
                {
                    let typed = self.unknowns.hole("what you type", super::value::Origin::Secret).to_string();
                    self.set(&name, Value::One(typed));
                }
            }
            "fc" if argv.iter().any(|field| matches!(field.text.as_str(), "-s" | "-e")) => {
                let again = argv.iter().any(|field| field.text == "-s")
                    || argv.windows(2).any(|pair| pair[0].text == "-e" && pair[1].text == "-");
                if again && self.state.shell().remembered.is_none() {
                    let span = self.at(argv[0].span);
                    let target = self.target(super::TargetClass::Unknown, "what was typed before", span);
                    self.emit(super::EffectKind::RunCode, target, false, "fc", span);
                }
                let code = self.state.shell().remembered.clone()?;
                return Some(self.code_here(&code, self.at(argv[0].span), flow));
            }
            "bind" if argv.get(1).is_some_and(|field| field.text == "-x") => {
                // `bind -x '"keys": command'`
                let text = argv.get(2).map_or("", |field| field.text.as_str());
                if let Some((_, code)) = text.split_once(':') {
                    let code = code.to_owned();
                    let span = self.at(argv[0].span);
                    self.apart(|machine| machine.code_here(&code, span, Flow::default()));
                }
            }
            "bind" => {
                if let Some(code) = argv.iter().skip(1).find_map(|field| typed_by_key(&field.text)) {
                    let span = self.at(argv[0].span);
                    self.apart(|machine| machine.code_here(&code, span, Flow::default()));
                }
            }
            "let" => {
                status = Status::Unknown;
                for field in &argv[1..] {
                    // An unquoted `*` is no pattern here.
                    let text = self.unknowns.show(&field.text);
                    let text = if value::has_hole(&field.text) { &field.text } else { &text };
                    let value = self.calculate(text);
                    status = value.map_or(Status::Unknown, |value| Status::known(value != 0));
                }
            }
            "read" => {
                argv.iter().skip(1).for_each(|field| self.subscripts(&field.text));
                status = self.read(argv, flow);
            }
            "mapfile" | "readarray" => self.read_lines(argv, flow),
            "printf" if argv.get(1).is_some_and(|field| field.text == "-v") => {
                let rest: Vec<&str> = argv.iter().skip(3).map(|field| field.text.as_str()).collect();
                let text = pure::output("printf", &rest, None);
                if let Some(name) = argv.get(2) {
                    self.subscripts(&name.text);
                }
                if let (Some(name), Some(text)) = (argv.get(2), text) {
                    match name.text.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
                        Some((array, index)) => self.assign_text(array, Some(index.to_owned()), text, false),
                        None => self.set(&name.text, Value::One(text)),
                    }
                }
            }
            // Outside of a loop or a function these are errors, and the line goes on.
            "break" | "continue" if self.loops == 0 => status = Status::Unknown,
            "return" if self.active.is_empty() && self.outer.is_none() => status = Status::Unknown,
            "break" | "continue" => {
                if self.rounds.len() < value::ARMS {
                    self.rounds.push(self.state.clone());
                }
                self.ended = Some(End::Round);
            }
            "return" => {
                if self.returns.len() < value::ARMS {
                    self.returns.push(self.state.clone());
                }
                self.ended = Some(End::Function);
            }
            "exit" | "logout" => self.ended = Some(End::Shell),
            "enable" if argv.iter().any(|field| field.text == "-f") => {
                // A library becomes part of the shell.
                let path = argv.iter().skip_while(|field| field.text != "-f").nth(1);
                if let Some(field) = path {
                    let (text, span) = (field.text.clone(), self.at(field.span));
                    self.loads(&text, "enable -f", None, span);
                }
            }
            "shopt" | "enable" | "umask" | "times" | "wait" | "disown" => {}
            // What `-C` names is run by the next Tab, or the next lines.
            "complete" => self.called_back(argv),
            // The words of `-W` are expanded as if they stood in the line.
            "compgen" => {
                let words = argv.iter().skip_while(|field| field.text != "-W").nth(1);
                if let Some(field) = words.filter(|field| field.text.contains(['$', '`'])) {
                    let (code, span) = (format!(": {}", field.text), self.at(field.span));
                    self.code_here(&code, span, Flow::default());
                }
                return None;
            }
            _ => return None,
        }
        self.status = status;
        Some(String::new())
    }

    fn change_directory(&mut self, name: &str, argv: &[Field]) {
        let to = argv[1..].iter().find(|field| !field.text.starts_with('-') || field.text == "-");
        let to = match to.map(|field| field.text.as_str()) {
            None => match self.get("HOME") {
                Some(Value::One(home)) => home,
                _ => value::HOME.to_string(),
            },
            Some("-") => match self.get("OLDPWD") {
                Some(Value::One(path)) => path,
                _ => self.unknowns.hole("$OLDPWD", Origin::Variable).to_string(),
            },
            Some(text) => text.to_owned(),
        };
        let to = match self.state.variable("CDPATH") {
            Some(Value::One(path)) if !to.starts_with(['/', '.', '~', value::HOME]) => {
                match path.split(':').find(|entry| !entry.is_empty()) {
                    Some(entry) if !value::has_hole(path) => format!("{}/{to}", entry.trim_end_matches('/')),
                    _ => to,
                }
            }
            _ => to,
        };
        let old = self.state.cwd.clone();
        self.spend(1 + old.len() / 64);
        if name == "pushd" && self.state.shell().directories.len() < 32 {
            self.shell_mut().directories.push(old.clone());
        }
        let to = self.by_search_path(to);
        self.state.cwd = super::paths::enter(&to, &old, self.ctx);
        if !old.is_empty() {
            self.set("OLDPWD", Value::One(old.clone()));
        }
        // These are there on every machine; of others nobody knows until something asks.
        let surely =
            matches!(to.as_str(), "/" | "/tmp" | "." | ".." | "~" | "/etc" | "/usr" | "/var" | "/home")
                || to.starts_with(value::HOME) && to.chars().count() == 1
                || self.ctx.home.as_deref() == Some(to.as_str());
        if surely {
            self.status = Status::True;
            return;
        }
        self.status = Status::Unknown;
        self.facts = vec![
            Fact { on: false, what: Known::Directory(old.clone()) },
            Fact { on: true, what: Known::Entered },
        ];
        self.state.elsewhere.get_or_insert_with(|| old.as_str().into());
    }

    /// Where `CDPATH` leads: its first folder comes before the one at hand.
    fn by_search_path(&mut self, to: String) -> String {
        let named = to.starts_with(['/', '.', value::HOME, '-']) || value::has_hole(&to);
        let Some(Value::One(list)) = self.get("CDPATH").filter(|_| !named && !to.is_empty()) else {
            return to;
        };
        match list.split(':').next() {
            Some(first) if !matches!(first, "" | ".") => format!("{}/{to}", first.trim_end_matches('/')),
            _ => to,
        }
    }

    fn declare(&mut self, builtin: &str, argv: &[Field]) {
        let mut is_map = false;
        let mut is_reference = false;
        let mut is_number = false;
        let mut is_global = false;
        let mut form = None;
        for field in &argv[1..] {
            let text = field.text.as_str();
            if let Some(letters) = text.strip_prefix('-') {
                form = form.or_else(|| super::zsh::Form::of(letters));
                is_map |= letters.contains('A');
                is_reference |= letters.contains('n') && builtin != "export";
                is_number |= letters.contains('i');
                is_global |= letters.contains('g');
                continue;
            }
            self.subscripts(text.split_once('=').map_or(text, |(name, _)| name));
            let (name, new) = match text.split_once('=') {
                Some((name, text)) => (name, Some(text)),
                None => (text, None),
            };
            let (name, append) = match name.strip_suffix('+') {
                Some(name) => (name, true),
                None => (name, false),
            };
            if let Some(form) = form.filter(|_| self.zsh.forms.len() < 32) {
                self.zsh.forms.push((name.to_owned(), form));
            }
            if name.starts_with("HIST") && new.is_some() {
                self.sets_history(name, new.unwrap_or_default(), field);
            }
            let is_local =
                matches!(builtin, "local" | "declare" | "typeset") && !self.active.is_empty() && !is_global;
            if is_local {
                self.locals.push((name.to_owned(), self.state.variable(name).cloned()));
            }
            match new {
                Some(target) if is_reference => {
                    self.subscripts(target);
                    let pair = (name.to_owned(), target.to_owned());
                    self.shell_mut().references.push(pair);
                }
                Some(list) if list.starts_with('(') && list.ends_with(')') => {
                    if is_map {
                        self.set(name, Value::Map(Vec::new()));
                    }
                    let plain = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
                    if plain {
                        self.code_here(&format!("{name}={list}"), self.at(field.span), Flow::default());
                    }
                }
                Some(text) => {
                    let number = if is_number { self.calculate(text) } else { None };
                    let number = number.map(|number| number.to_string());
                    let text = number.as_deref().unwrap_or(text);
                    match name.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
                        Some((array, index)) => {
                            self.assign_text(array, Some(index.to_owned()), text.to_owned(), append);
                        }
                        None => self.assign_text(name, None, text.to_owned(), append),
                    }
                    self.code_variable(name, self.at(field.span));
                }
                None if is_map => self.set(name, Value::Map(Vec::new())),
                // A new one of this name, and empty.
                None if is_local && !is_reference => self.set(name, Value::One(String::new())),
                None => {}
            }
        }
        self.facts.clear();
    }

    fn set_options(&mut self, argv: &[Field]) {
        let mut words = argv[1..].iter();
        while let Some(field) = words.next() {
            let text = field.text.as_str();
            if text == "--" || text == "-" {
                let rest = words.map(|field| field.text.clone()).collect();
                self.state.positional = Some(Rc::new(rest));
                return;
            }
            let on = text.starts_with('-');
            if !on && !text.starts_with('+') {
                let rest = std::iter::once(field).chain(words).map(|field| field.text.clone()).collect();
                self.state.positional = Some(Rc::new(rest));
                return;
            }
            let mut errexit = text.contains('e');
            let mut nounset = text.contains('u');
            if text.ends_with('o') {
                let option = words.next().map_or("", |field| field.text.as_str());
                errexit |= option == "errexit";
                nounset |= option == "nounset";
                if option == "history" && !on {
                    self.hides_tracks("history", field);
                }
            }
            if errexit {
                self.shell_mut().errexit = on;
            }
            if nounset {
                self.shell_mut().nounset = on;
            }
        }
    }

    /// `HISTFILE=/dev/null`, `HISTSIZE=0`: what follows is not written down.
    pub(super) fn sets_history(&mut self, name: &str, text: &str, field: &Field) {
        let hides = match name {
            "HISTFILE" => text.is_empty() || text == "/dev/null",
            "HISTSIZE" | "HISTFILESIZE" | "SAVEHIST" => text == "0",
            "HISTIGNORE" => text == "*",
            _ => false,
        };
        if hides {
            self.hides_tracks(name, field);
        }
        // The shell writes what was typed there when it ends.
        if name == "HISTFILE" && !hides {
            let place = super::paths::locate(text, &self.state.cwd, self.ctx);
            if matches!(place.class, TargetClass::ShellStartup | TargetClass::System) {
                self.touch(EffectKind::Overwrite, text, self.at(field.span), false, "history");
            }
        }
    }

    fn hides_tracks(&mut self, what: &str, field: &Field) {
        if !matches!(
            what,
            "HISTFILE" | "HISTSIZE" | "HISTFILESIZE" | "HISTIGNORE" | "HISTCONTROL" | "SAVEHIST" | "history"
        ) {
            return;
        }
        let span = self.at(field.span);
        let target = self.target(TargetClass::Named, "the shell's history", span);
        self.emit_with(EffectKind::DisableProtection, target, false, "history", span, "history");
    }

    /// `getopts`: the next option of the parameters that the line set.
    fn next_option(&mut self, argv: &[Field]) -> Status {
        let [_, options, name, rest @ ..] = argv else { return Status::Unknown };
        let words: Vec<String> = match (rest, &self.state.positional) {
            ([], Some(positional)) => positional.to_vec(),
            ([], None) => {
                for name in [name.text.as_str(), "OPTARG"] {
                    let hole = self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string();
                    self.set(name, Value::One(hole));
                }
                return Status::Unknown;
            }
            (words, _) => words.iter().map(|field| field.text.clone()).collect(),
        };
        let at = match self.get("OPTIND") {
            Some(Value::One(text)) => text.parse::<usize>().unwrap_or(1),
            _ => 1,
        };
        let word = words.get(at.saturating_sub(1)).map_or("", String::as_str);
        let mut letters = word.strip_prefix('-').unwrap_or_default().chars();
        let Some(letter) = letters.next().filter(|letter| *letter != '-') else {
            self.set(&name.text, Value::One("?".to_owned()));
            return Status::False;
        };
        let takes_value = options.text.contains(&format!("{letter}:"));
        let joined: String = letters.collect();
        let mut next = at + 1;
        if takes_value {
            let value = if joined.is_empty() {
                next += 1;
                words.get(at).cloned().unwrap_or_default()
            } else {
                joined
            };
            self.set("OPTARG", Value::One(value));
        }
        let known = options.text.contains(letter);
        self.set(&name.text, Value::One(if known { letter.to_string() } else { "?".to_owned() }));
        self.set("OPTIND", Value::One(next.to_string()));
        Status::True
    }

    fn read(&mut self, argv: &[Field], flow: Flow<'_>) -> Status {
        let mut names = Vec::new();
        let mut array = None;
        let mut end = '\n';
        let mut raw = false;
        let mut silent = false;
        let mut descriptor = None;
        let mut connection = None;
        let mut words = argv[1..].iter();
        while let Some(field) = words.next() {
            let Some(letters) = field.text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
                // In zsh a prompt may stand behind the name.
                let name = match field.text.split_once('?') {
                    Some((name, _)) if self.dialect == Dialect::Zsh => name,
                    _ => field.text.as_str(),
                };
                names.push(name.to_owned());
                continue;
            };
            for (at, letter) in letters.char_indices() {
                match letter {
                    'p' | 'd' | 'n' | 't' | 'u' | 'N' | 'i' | 'a' => {
                        let joined = &letters[at + 1..];
                        let value = if joined.is_empty() {
                            words.next().map_or("", |field| field.text.as_str())
                        } else {
                            joined
                        };
                        match letter {
                            'd' => end = value.chars().next().unwrap_or('\0'),
                            'a' => array = Some(value.to_owned()),
                            'u' if self.unknowns.comes_from(value, Origin::Socket) => {
                                connection = Some(value.to_owned());
                            }
                            'u' => descriptor = value.parse::<u32>().ok(),
                            _ => {}
                        }
                        break;
                    }
                    'r' => raw = true,
                    's' => silent = true,
                    'A' => array = words.next().map(|field| field.text.clone()),
                    _ => {}
                }
            }
        }
        let mut status = Status::Unknown;
        let mut line = None;
        let from_descriptor = descriptor.and_then(|fd| {
            self.descriptors.iter().find(|(known, _)| *known == fd).map(|(_, text)| text.clone())
        });
        let from_descriptor = connection.or(from_descriptor);
        if let Some(input) = from_descriptor.as_deref().or(flow.input) {
            status = Status::known(!input.is_empty());
            let end = value::end_in(input, end);
            line = Some(input.split(end).next().unwrap_or_default().to_owned());
        } else if let Some(pending) = &mut self.pending_input {
            status = Status::known(!pending.is_empty());
            let end = value::end_in(pending, end);
            let stop = pending.find(end).map_or(pending.len(), |at| at + end.len_utf8());
            line = Some(pending[..stop].trim_end_matches(end).to_owned());
            pending.drain(..stop);
        }
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        // What nobody is to see while it is typed is a password.
        let typed = if silent && flow.input.is_none() { Origin::Secret } else { Origin::Variable };
        let line = line.unwrap_or_else(|| self.unknowns.hole(&format!("${}", names[0]), typed).to_string());
        let line = if raw || !line.contains('\\') { line } else { line.replace('\\', "") };
        self.spend(line.len() / 256);
        let separators = self.separators();
        let blank = |letter: char| letter.is_whitespace() && separators.contains(&letter);
        if let Some(array) = array {
            let pieces = line.split(&separators[..]).filter(|piece| !piece.is_empty());
            let list: Vec<String> = pieces.map(str::to_owned).collect();
            self.set(&array, Value::Many(list));
            return status;
        }
        let last = names.len() - 1;
        let mut rest = line.trim_matches(blank);
        for (index, name) in names.iter().enumerate() {
            let (text, more) = if index == last {
                (rest, "")
            } else {
                // Where a row ends that nobody knows, nobody knows: it may have as many fields as are asked for.
                let unknown = rest.find(value::is_hole).map_or("", |at| &rest[at..]);
                rest.split_once(&separators[..]).unwrap_or((rest, unknown))
            };
            self.set(name, Value::One(text.to_owned()));
            rest = more.trim_start_matches(blank);
        }
        status
    }

    /// Judges the code that `-C` of `complete` and `mapfile` names.
    fn called_back(&mut self, argv: &[Field]) {
        let at = argv.iter().position(|field| field.text == "-C");
        if let Some(field) = at.and_then(|at| argv.get(at + 1)) {
            let code = field.text.clone();
            self.code(&code, self.at(field.span), Flow::default());
        }
    }

    fn read_lines(&mut self, argv: &[Field], flow: Flow<'_>) {
        self.called_back(argv);
        let mut name = "MAPFILE".to_owned();
        let mut trims = false;
        let mut end = '\n';
        let mut words = argv[1..].iter();
        while let Some(field) = words.next() {
            match field.text.as_str() {
                "-t" => trims = true,
                "-d" => end = words.next().and_then(|field| field.text.chars().next()).unwrap_or('\0'),
                "-n" | "-O" | "-s" | "-u" | "-C" | "-c" => drop(words.next()),
                text if text.starts_with('-') => trims |= text.contains('t'),
                text => name = text.to_owned(),
            }
        }
        let input = match (flow.input, &self.pending_input) {
            (Some(input), _) => input.to_owned(),
            (None, Some(pending)) => pending.clone(),
            (None, None) => self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string(),
        };
        self.spend(input.len() / 64);
        let end = value::end_in(&input, end);
        // A line keeps its end without -t; nothing that runs it minds the difference.
        let _ = trims;
        if let Some(at) = argv.iter().position(|field| field.text == "-C")
            && let Some(field) = argv.get(at + 1)
        {
            // It is called with the number of each line, and the line.
            let span = self.at(field.span);
            for (number, line) in input.split(end).take(8).enumerate() {
                let code = format!("{} {number} {}", field.text, super::expand::quoted_for_shell(line));
                self.code_here(&code, span, Flow::default());
            }
        }
        let lines = input.split(end).map(str::to_owned);
        let mut lines: Vec<String> = lines.take(512).collect();
        if lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        self.set(&name, Value::Many(lines));
    }
}

/// The line that `bind '"keys": "text\C-m"'` types and enters; `None` where no text is entered.
fn typed_by_key(text: &str) -> Option<String> {
    let (_, typed) = text.split_once(':')?;
    let typed = typed.trim().strip_prefix('"')?.strip_suffix('"')?;
    let mut line = typed.to_owned();
    for enter in ["\\C-m", "\\C-M", "\\C-j", "\\C-J", "\\n", "\\r"] {
        line = line.replace(enter, "\n");
    }
    // Keys that move or delete before it, as `\C-a` and `\C-u`, are no text.
    for key in ["\\C-a", "\\C-u", "\\C-k", "\\C-e", "\\e"] {
        line = line.replace(key, "");
    }
    line.contains('\n').then_some(line)
}

/// True where all variables are shown: `set`, `export -p`, `declare -x`.
fn lists_variables(argv: &[Field]) -> bool {
    let shows = |field: &Field| {
        field.text.starts_with('-') && field.text.chars().skip(1).all(|letter| "pxgrm".contains(letter))
    };
    let is_set = argv.first().is_some_and(|first| first.text == "set");
    if is_set { argv.len() == 1 } else { argv.iter().skip(1).all(shows) }
}
