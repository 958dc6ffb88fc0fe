//! Builtins and functions that come with zsh.

use crate::line::Dialect;
use crate::safety::expand::quoted_for_shell;
use crate::safety::machine::{Field, Flow, Machine, Value};
use crate::safety::value::{self, Origin};
use crate::safety::{EffectKind, TargetClass, pure};
use crate::syntax::ir::{AssignedValue, Assignment};

impl Machine<'_> {
    /// A builtin of zsh; `None` where `name` is none of them.
    pub(in crate::safety) fn zsh_builtin(
        &mut self,
        name: &str,
        argv: &[Field],
        flow: Flow<'_>,
    ) -> Option<String> {
        if let Some(output) = self.global_alias(argv, flow) {
            return Some(output);
        }
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let first = argv.first()?;
        let span = self.at(first.span);
        let silent = Some(String::new());
        match name {
            "print" => Some(self.print(&words, span)),
            "noglob" | "nocorrect" | "-" => Some(self.run(argv.get(1..)?, first.span, flow)),
            "alias" => self.zsh_alias(argv),
            "setopt" | "unsetopt" => {
                for word in &words {
                    self.option(word, name == "setopt");
                }
                silent
            }
            "set" if matches!(words.first(), Some(&"-o" | &"+o")) => {
                self.option(words.get(1)?, words.first() == Some(&"-o"));
                None
            }
            "emulate" => {
                let other =
                    words.iter().find(|word| !word.starts_with('-')).is_some_and(|word| *word != "zsh");
                let before = std::mem::replace(&mut self.zsh.splits, other);
                let at = words.iter().position(|word| *word == "-c")?;
                let code = argv.get(at + 2)?;
                let output = self.code_here(&code.text, self.at(code.span), flow);
                self.zsh.splits = before;
                Some(output)
            }
            "typeset" | "declare" | "export" if words.contains(&"-T") => {
                let mut operands = words.iter().filter(|word| !word.starts_with('-'));
                let (scalar, value) = match operands.next()?.split_once('=') {
                    Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                    None => ((*words.iter().find(|word| !word.starts_with('-'))?).to_owned(), None),
                };
                let array = operands.next().map_or_else(|| scalar.to_lowercase(), |word| (*word).to_owned());
                let mark = operands.next().map_or(":", |word| word).to_owned();
                if let Some(value) = value {
                    self.set(&scalar, Value::One(value));
                }
                self.zsh.ties.push((scalar, array, mark));
                silent
            }
            "hash" => {
                for word in &words {
                    if let Some((name, path)) = word.split_once('=') {
                        let program = self.program_name(path);
                        self.state.shell_mut().programs.push((name.to_owned(), program));
                    }
                }
                silent
            }
            "zpty" => {
                let rest = argv.iter().skip(1).skip_while(|field| field.text.starts_with('-')).skip(1);
                self.later(&rest.cloned().collect::<Vec<_>>());
                silent
            }
            "sched" => {
                let rest = argv.iter().skip(1).skip_while(|field| field.text.starts_with('-')).skip(1);
                self.later(&rest.cloned().collect::<Vec<_>>());
                silent
            }
            "bindkey" => {
                let strings = words.first().is_some_and(|word| word.starts_with('-') && word.contains('s'));
                if let (true, Some(field)) = (strings, argv.last()) {
                    let code = field.text.replace("^M", "\n").replace("\\n", "\n").replace("^U", "");
                    let field = Field { text: code, span: field.span };
                    self.later(&[field]);
                }
                silent
            }
            "zargs" => Some(self.zargs(argv, flow)),
            "zmv" | "zcp" | "zln" => {
                let has =
                    |letter: char| words.iter().any(|word| word.starts_with('-') && word.contains(letter));
                let kind = if has('f') { EffectKind::Overwrite } else { EffectKind::Create };
                if let (false, Some(to)) = (has('n'), argv.last()) {
                    self.touch(kind, &to.text.clone(), self.at(to.span), false, "mv");
                }
                silent
            }
            "ztcp" => {
                let host = words.iter().find(|word| !word.starts_with('-')).copied().unwrap_or_default();
                let socket = self.unknowns.hole(host, Origin::Socket).to_string();
                self.set("REPLY", Value::One(socket));
                silent
            }
            "autoload" | "compdef" | "compinit" | "zle" | "zmodload" | "zstyle" | "add-zsh-hook"
            | "vared" | "colors" | "promptinit" | "zcompile" | "rehash" | "ttyctl" | "limit" | "unhash" => {
                silent
            }
            _ => {
                if let Some(program) = name.strip_prefix("zf_") {
                    let mut argv = argv.to_vec();
                    program.clone_into(&mut argv.first_mut()?.text);
                    return Some(self.run(&argv, first.span, flow));
                }
                let (_, ending) = name.rsplit_once('.')?;
                let (_, code) = self.zsh.suffixes.iter().find(|(known, _)| known == ending)?.clone();
                let line = format!("{code} {}", quoted_for_shell(&first.text));
                Some(self.code_here(&line, span, flow))
            }
        }
    }

    /// Code that runs later: it is walked, and what it sets is lost.
    fn later(&mut self, words: &[Field]) {
        let Some(first) = words.first() else { return };
        let code: Vec<&str> = words.iter().map(|field| field.text.as_str()).collect();
        let (code, span) = (code.join(" "), self.at(first.span));
        self.apart(|machine| machine.code_here(&code, span, Flow::default()));
    }

    fn option(&mut self, word: &str, on: bool) {
        let name = word.to_ascii_lowercase().replace('_', "");
        let (name, on) = match name.strip_prefix("no") {
            Some(name) => (name.to_owned(), !on),
            None => (name, on),
        };
        match name.as_str() {
            "shwordsplit" => self.zsh.splits = on,
            "extendedglob" => self.zsh.extended = on,
            "promptsubst" => self.zsh.prompts = on,
            _ => {}
        }
    }

    /// `print`, which is `echo` with options.
    fn print(&mut self, words: &[&str], span: crate::Span) -> String {
        let (mut raw, mut newline, mut lines, mut prompt) = (false, true, false, false);
        let mut descriptor = None;
        let mut rest = words;
        while let [first, more @ ..] = rest
            && first.starts_with('-')
        {
            rest = more;
            if matches!(*first, "-" | "--") {
                break;
            }
            raw |= first.contains(['r', 'R']);
            newline &= !first.contains('n');
            lines |= first.contains('l');
            prompt |= first.contains('P');
            // Into the history or the line that is edited.
            if first.contains(['z', 's', 'S']) {
                return String::new();
            }
            if first.contains('f') {
                return pure::output("printf", rest, None).unwrap_or_default();
            }
            if let Some((_, joined)) = first.split_once('u') {
                descriptor = Some(joined.to_owned());
                if joined.is_empty()
                    && let [number, more @ ..] = rest
                {
                    descriptor = Some((*number).to_owned());
                    rest = more;
                }
            }
        }
        let mut text = rest.join(if lines { "\n" } else { " " });
        if !raw {
            text = pure::unescape(&text);
        }
        if prompt && self.zsh.prompts && text.contains(['$', '`']) {
            text = self.zsh_evaluated(&text);
        }
        if newline {
            text.push('\n');
        }
        match descriptor {
            Some(descriptor) => {
                if self.unknowns.comes_from(&descriptor, Origin::Socket) {
                    let host = self.unknowns.show(&descriptor);
                    let target = self.target(TargetClass::Host, &host, span);
                    self.emit(EffectKind::Send, target, false, "print", span);
                    let shown = self.unknowns.show(text.trim_end());
                    self.sends(&text, &shown, span, "print");
                }
                String::new()
            }
            None => text,
        }
    }

    /// `alias -g` and `alias -s`; the others are as everywhere.
    fn zsh_alias(&mut self, argv: &[Field]) -> Option<String> {
        let has = |letter: char| {
            argv.iter().skip(1).any(|field| field.text.starts_with('-') && field.text.contains(letter))
        };
        let (global, suffix) = (has('g'), has('s'));
        if !global && !suffix {
            return None;
        }
        for field in argv.iter().skip(1) {
            let Some((name, code)) = field.text.split_once('=') else { continue };
            let list = if global { &mut self.zsh.globals } else { &mut self.zsh.suffixes };
            if list.len() < 32 {
                list.push((name.to_owned(), code.to_owned()));
            }
        }
        Some(String::new())
    }

    /// Names that `alias -g` has given are replaced wherever they stand, and the line is read again.
    fn global_alias(&mut self, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        if self.zsh.globals.is_empty() {
            return None;
        }
        let known = |text: &str| self.zsh.globals.iter().any(|(name, _)| name == text);
        if !argv.iter().skip(1).any(|field| known(&field.text)) {
            return None;
        }
        let globals = std::mem::take(&mut self.zsh.globals);
        let shown = |field: &Field| match globals.iter().find(|(name, _)| *name == field.text) {
            Some((_, code)) => code.clone(),
            None if value::has_hole(&field.text) || value::has_pattern(&field.text) => {
                self.unknowns.show(&field.text)
            }
            None => quoted_for_shell(&field.text),
        };
        let line: Vec<String> = argv.iter().map(shown).collect();
        let span = argv.first().map_or(crate::Span::default(), |field| field.span);
        let output = self.code_in(&line.join(" "), self.at(span), flow, Dialect::Zsh);
        self.zsh.globals = globals;
        Some(output)
    }

    /// `zargs -- FILES -- COMMAND`.
    fn zargs(&mut self, argv: &[Field], flow: Flow<'_>) -> String {
        let mut marker = None;
        let mut at = 1;
        while let Some(field) = argv.get(at).filter(|field| field.text.starts_with('-')) {
            at += 1;
            if field.text == "--" {
                break;
            }
            if let Some(mark) = field.text.strip_prefix("-i").or_else(|| field.text.strip_prefix("-I")) {
                marker = Some(if mark.is_empty() { "{}".to_owned() } else { mark.to_owned() });
            }
        }
        let rest = argv.get(at..).unwrap_or_default();
        let split = rest.iter().position(|field| field.text == "--").unwrap_or(rest.len());
        let (files, command) = rest.split_at(split);
        let command = command.get(1..).unwrap_or_default();
        let Some(first) = command.first() else { return String::new() };
        let Some(marker) = marker else {
            let mut all = command.to_vec();
            all.extend(files.iter().take(256).cloned());
            return self.run(&all, first.span, flow);
        };
        let mut output = String::new();
        for file in files.iter().take(32) {
            let argv: Vec<Field> = command
                .iter()
                .map(|field| Field { text: field.text.replace(&marker, &file.text), span: field.span })
                .collect();
            output.push_str(&self.run(&argv, first.span, flow));
        }
        output
    }

    /// `commands[ls]=/bin/rm`, `functions[f]=code`, `aliases[x]=code`: tables of the shell itself.
    pub(in crate::safety) fn zsh_table(&mut self, assignment: &Assignment) -> bool {
        let (Some(index), AssignedValue::Word(word)) = (&assignment.index, &assignment.value) else {
            return false;
        };
        let table = assignment.name.as_str();
        if !matches!(table, "commands" | "functions" | "aliases" | "galiases" | "saliases") {
            return false;
        }
        let (key, text) = (self.single(index), self.single(word));
        match table {
            "commands" => {
                let program = self.program_name(&text);
                self.state.shell_mut().programs.push((key, program));
            }
            "functions" => self.later(&[Field { text: text.clone(), span: assignment.span }]),
            "galiases" => self.zsh.globals.push((key.clone(), text.clone())),
            "saliases" => self.zsh.suffixes.push((key.clone(), text.clone())),
            _ => self.state.shell_mut().aliases.push((key.clone(), text.clone())),
        }
        if table == "functions" {
            self.state.shell_mut().aliases.push((assignment.name.clone(), text));
        }
        true
    }
}
