//! Builtins and functions that come with zsh.

use super::modules::value_of;
use crate::line::{Dialect, Span};
use crate::safety::expand::quoted_for_shell;
use crate::safety::machine::{By, Field, Flow, Machine, Value};
use crate::safety::programs::found_at;
use crate::safety::value::{self, Origin};
use crate::safety::walk::COPROCESS;
use crate::safety::{EffectKind, pure};
use crate::syntax::ir::{AssignedValue, Assignment, Word};

impl Machine<'_> {
    /// What an assignment to a list of hooks (`precmd_functions+=(deploy)`) has called later.
    pub(in crate::safety) fn hooks_of(&mut self, list: &str, span: Span) {
        let Some(Value::Many(names)) = self.get(list) else { return };
        let hears = matches!(list, "preexec_functions" | "zshaddhistory_functions");
        for name in names.iter().take(8).filter(|name| !name.is_empty()) {
            let mut call = vec![Field { text: name.clone(), span }];
            if hears {
                // It is given every line that is typed.
                let typed = self.unknowns.hole("what you type", Origin::Secret).to_string();
                call.push(Field { text: typed, span });
            }
            self.later(&call);
        }
    }

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
        if argv.first().is_some_and(|first| first.text.starts_with(['!', '^']))
            && let Some(output) = self.earlier_line(argv)
        {
            return Some(output);
        }
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let first = argv.first()?;
        let span = self.at(first.span);
        let silent = Some(String::new());
        match name {
            "print" => Some(self.print(argv, span)),
            "noglob" | "nocorrect" | "-" => {
                self.by = By::Shell;
                Some(self.run(argv.get(1..)?, first.span, flow))
            }
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
            "set" if words.first() == Some(&"-y") => {
                self.zsh.splits = true;
                silent
            }
            "set" if matches!(words.first(), Some(&"-A" | &"+A")) => {
                let list = words.iter().skip(2).map(|word| (*word).to_owned()).collect();
                self.set(words.get(1)?, Value::Many(list));
                silent
            }
            // Tokens and passwords are kept there.
            "typeset" | "local" if words.is_empty() && flow.want => {
                Some(self.unknowns.hole("the environment", Origin::Secret).to_string())
            }
            "unfunction" => {
                self.shell_mut().functions.retain(|(known, _)| !words.contains(&known.as_str()));
                silent
            }
            "unset" => self.removes_files(argv),
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
                let folders = words.iter().any(|word| word.starts_with('-') && word.contains('d'));
                for word in &words {
                    if let Some((name, path)) = word.split_once('=') {
                        if folders {
                            self.zsh.folders.push((name.to_owned(), path.to_owned()));
                            continue;
                        }
                        self.stands_in(name, path, span);
                        let program = self.program_name(path);
                        self.shell_mut().programs.push((name.to_owned(), program));
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
            "zmv" | "zcp" | "zln" => self.renamed_by_pattern(name, argv, flow),
            "ztcp" | "zsocket" | "tcp_open" => self.connected(name, argv),
            "tcp_send" | "zftp" | "zfput" | "zfuput" | "zfanon" | "zfopen" => {
                self.sent_away(name, argv, flow)
            }
            "sysopen" => self.opened(argv),
            "syswrite" => {
                if let Some(text) = words.last() {
                    self.written_to(value_of(&words, 'o'), text, span);
                }
                silent
            }
            // Code that is called at every prompt, key or change of folder.
            "add-zsh-hook" | "add-zle-hook-widget" => {
                let mut operands = argv.iter().skip(1).filter(|field| !field.text.starts_with('-'));
                let hook = operands.next().map_or("", |field| field.text.as_str());
                if let Some(code) = operands.next().cloned() {
                    // It is given every line that is typed.
                    let typed = self.unknowns.hole("what you type", Origin::Secret).to_string();
                    let span = code.span;
                    let hears = matches!(hook, "preexec" | "zshaddhistory");
                    let given = hears.then_some(Field { text: typed, span });
                    self.later(&[Some(code), given].into_iter().flatten().collect::<Vec<_>>());
                }
                silent
            }
            // A widget is a function that a key calls.
            "zle" if words.first() == Some(&"-N") => {
                if let Some(code) = argv.get(3).or_else(|| argv.get(2)) {
                    self.later(std::slice::from_ref(code));
                }
                silent
            }
            // Under another name a function does the same.
            "functions" if words.first() == Some(&"-c") => {
                let [_, _, from, to] = argv else { return silent };
                let functions = &mut self.shell_mut().functions;
                let body = functions.iter().rev().find(|(known, _)| *known == from.text);
                if let Some(body) = body.map(|(_, body)| body.clone()) {
                    functions.push((to.text.clone(), body));
                }
                silent
            }
            // Keys that are read before those that are pressed.
            "zle" if words.first() == Some(&"-U") => {
                let keys = argv.get(2)?.clone();
                self.later(&[Field { text: keys.text.replace("\\n", "\n"), span: keys.span }]);
                silent
            }
            "zsh-defer" => {
                let rest: Vec<Field> =
                    argv.iter().skip(1).skip_while(|field| field.text.starts_with('-')).cloned().collect();
                if words.first().is_some_and(|word| word.starts_with('-') && word.contains('c')) {
                    self.later(&rest);
                    return silent;
                }
                self.by = By::Shell;
                Some(self.run(&rest, first.span, flow))
            }
            "shift" if words.iter().any(|word| word.starts_with(char::is_alphabetic)) => {
                let count = words.iter().find_map(|word| word.parse::<usize>().ok()).unwrap_or(1);
                for name in words.iter().filter(|word| word.starts_with(char::is_alphabetic)) {
                    if let Some(Value::Many(list)) = self.get(name) {
                        self.set(name, Value::Many(list.into_iter().skip(count).collect()));
                    }
                }
                silent
            }
            // The widget itself, `.accept-line`, is as much a key pressed as what was put in its place.
            "zle"
                if words.first().is_some_and(|word| {
                    matches!(
                        word.trim_start_matches('.'),
                        "accept-and-hold" | "accept-line" | "accept-line-and-down-history" | "accept-search"
                    )
                }) =>
            {
                // The whole line, or what stands before the cursor and behind it.
                let set = ["BUFFER", "LBUFFER", "RBUFFER"].map(|name| self.state.variable(name).cloned());
                for code in set.into_iter().flatten() {
                    if let Value::One(text) = code {
                        self.later(&[Field { text, span: first.span }]);
                    }
                }
                silent
            }
            // It tells what a name stands for, and calls nothing.
            "whence" | "where" => match words.iter().rfind(|word| !word.starts_with('-')) {
                Some(word) if flow.want => Some(found_at(word)),
                _ => silent,
            },
            "zmodload" => {
                self.loads_from("module_path", span);
                silent
            }
            "zstyle" if words.first() == Some(&"-e") => {
                if let Some(code) = argv.get(4..) {
                    self.later(code);
                }
                silent
            }
            // Steps of installing a plugin are code.
            "zinit" | "zi" | "zplugin" if words.first() == Some(&"ice") => {
                for word in words.iter().skip(1) {
                    let steps = ["atclone", "atpull", "atinit", "atload", "make", "mv", "cp", "unload"];
                    if let Some(code) = steps.iter().find_map(|step| word.strip_prefix(step)) {
                        let text = code.trim_start_matches('!').to_owned();
                        self.later(&[Field { text, span: first.span }]);
                    }
                }
                silent
            }
            "autoload" => {
                self.loads_from("fpath", span);
                for word in words.iter().filter(|word| !word.starts_with('-')) {
                    // A function lies in a file of its name, which this line may have written.
                    let function = word.rsplit('/').next();
                    let own = |path: &str| path.rsplit('/').next() == function;
                    let known = self.files.iter().rev().find(|(path, _)| own(path));
                    if let Some((_, text)) = known.cloned() {
                        self.later(&[Field { text, span: first.span }]);
                    }
                }
                silent
            }
            "fc" | "r" | "history" => self.history_again(name, argv, flow),
            "compdef" | "compinit" | "zle" | "zstyle" | "vared" | "colors" | "promptinit" | "zcompile"
            | "rehash" | "ttyctl" | "limit" | "unhash" => silent,
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
    pub(super) fn later(&mut self, words: &[Field]) {
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
            "globsubst" => self.zsh.globs = on,
            "ksharrays" => self.zsh.as_ksh = on,
            "extendedglob" => self.zsh.extended = on,
            "promptsubst" => self.zsh.prompts = on,
            _ => {}
        }
    }

    /// `print`, which is `echo` with options.
    fn print(&mut self, argv: &[Field], span: crate::Span) -> String {
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let (mut raw, mut newline, mut lines, mut prompt) = (false, true, false, false);
        let (mut descriptor, mut variable, mut formatted) = (None, None, false);
        let (mut edited, mut remembered, mut coprocess) = (false, false, false);
        let mut rest = &words[..];
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
            coprocess |= first.contains('p');
            edited |= first.contains('z');
            remembered |= first.contains(['s', 'S']);
            formatted |= first.contains('f');
            for (letter, slot) in [('u', &mut descriptor), ('v', &mut variable)] {
                if let Some((_, joined)) = first.split_once(letter) {
                    *slot = Some(joined.to_owned());
                    if joined.is_empty()
                        && let [value, more @ ..] = rest
                    {
                        *slot = Some((*value).to_owned());
                        rest = more;
                    }
                }
            }
        }
        let mut text = match formatted {
            true => pure::output("printf", rest, None).unwrap_or_default(),
            false => rest.join(if lines { "\n" } else { " " }),
        };
        if !raw && !formatted {
            text = pure::unescape(&text);
        }
        if prompt {
            text = without_prompt_marks(&text);
        }
        if prompt && self.zsh.prompts && text.contains(['$', '`']) {
            text = self.zsh_evaluated(&text);
        }
        if edited {
            // Into the line that is edited: a key runs it. What was picked from a list is looked at first.
            if self.unknowns.name_of(&text).is_some() && self.unknowns.origin(&text) < Some(Origin::Network) {
                return String::new();
            }
            self.later(&[Field { text, span }]);
            return String::new();
        }
        if remembered {
            self.shell_mut().remembered = Some(text);
            return String::new();
        }
        if let Some(name) = variable {
            self.set(&name, Value::One(text));
            return String::new();
        }
        if newline && !formatted {
            text.push('\n');
        }
        if coprocess {
            self.write_file(COPROCESS.to_owned(), text, false);
            return String::new();
        }
        match descriptor {
            Some(descriptor) => {
                self.written_to(Some(&descriptor), &text, span);
                String::new()
            }
            None => text,
        }
    }

    /// `fc -e -` and `r` run the last line again, `fc -W` writes the history over a file.
    fn history_again(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        let first = argv.first()?;
        let has = |letter: char| {
            argv.iter().skip(1).any(|field| field.text.starts_with('-') && field.text.contains(letter))
        };
        if name == "r" || name == "fc" && has('e') && argv.iter().any(|field| field.text == "-") {
            let code = self.state.shell().remembered.clone()?;
            return Some(self.code_here(&code, self.at(first.span), flow));
        }
        if name == "fc" && has('W') {
            let file = argv.iter().skip(1).find(|field| !field.text.starts_with('-')).cloned();
            let named = match self.get("HISTFILE") {
                Some(Value::One(path)) => Some(Field { text: path, span: first.span }),
                _ => None,
            };
            if let Some(file) = file.or(named) {
                self.touch(EffectKind::Overwrite, &file.text, self.at(file.span), false, "fc");
            }
            return Some(String::new());
        }
        if name == "fc" && !has('l') {
            // An editor is opened, and what it leaves is run.
            for editor in ["FCEDIT", "EDITOR"] {
                if let Some(Value::One(code)) = self.state.variable(editor).cloned() {
                    self.later(&[Field { text: code, span: first.span }]);
                }
            }
            let editor = argv.iter().skip(1).skip_while(|field| field.text != "-e").nth(1);
            if let Some(editor) = editor.cloned() {
                self.later(&[editor]);
            }
        }
        None
    }

    /// `alias -g` and `alias -s`; the others are as everywhere.
    fn zsh_alias(&mut self, argv: &[Field]) -> Option<String> {
        let has = |letter: char| {
            argv.iter().skip(1).any(|field| field.text.starts_with('-') && field.text.contains(letter))
        };
        let (global, suffix) = (has('g'), has('s'));
        if !global && !suffix {
            for field in argv.iter().skip(1) {
                // It waits for whoever types the name.
                if let Some((name, code)) = field.text.split_once('=')
                    && code.split_whitespace().next() != Some(name)
                    && self.at(field.span).end > self.ctx.known
                {
                    self.stands_in(name, code, field.span);
                    self.later(&[Field { text: code.to_owned(), span: field.span }]);
                }
            }
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

    /// `commands[ls]=/bin/rm`, `functions[f]=code`, `aliases[x]=code`: tables of the shell itself.
    pub(in crate::safety) fn zsh_table(&mut self, assignment: &Assignment) -> bool {
        if let (AssignedValue::Array(words), "argv") = (&assignment.value, assignment.name.as_str()) {
            let mut fields = Vec::new();
            words.iter().for_each(|word| self.expand(word, &mut fields));
            let list: Vec<String> = fields.into_iter().map(|field| field.text).collect();
            self.state.positional = Some(list.into());
            return true;
        }
        let table = assignment.name.as_str();
        if let AssignedValue::Array(words) = &assignment.value {
            if let Some(index) = &assignment.index {
                return self.replaced_element(table, index, words);
            }
            if !matches!(table, "aliases" | "commands" | "functions" | "galiases" | "nameddirs" | "saliases")
            {
                return false;
            }
            let mut fields = Vec::new();
            words.iter().for_each(|word| self.expand(word, &mut fields));
            for pair in fields.chunks(2).take(32) {
                if let [key, text] = pair {
                    self.put_in_table(table, key.text.clone(), text.text.clone(), assignment.span);
                }
            }
            return true;
        }
        let (Some(index), AssignedValue::Word(word)) = (&assignment.index, &assignment.value) else {
            return false;
        };
        if !matches!(
            table,
            "commands"
                | "functions"
                | "aliases"
                | "galiases"
                | "mapfile"
                | "nameddirs"
                | "options"
                | "saliases"
        ) {
            return false;
        }
        let (key, text) = (self.single(index), self.single(word));
        self.put_in_table(table, key, text, assignment.span);
        true
    }

    /// `list[2]=(a b)` puts several elements, or none, in the place of one.
    fn replaced_element(&mut self, name: &str, index: &Word, words: &[Word]) -> bool {
        let Some(Value::Many(mut list)) = self.get(name) else { return false };
        self.spend(1 + list.len() / 8);
        let text = self.single(index);
        let at =
            self.calculate(&text).and_then(|at| usize::try_from(at).ok()).and_then(|at| at.checked_sub(1));
        let Some(at) = at.filter(|at| *at < list.len()) else { return false };
        let mut fields = Vec::new();
        words.iter().for_each(|word| self.expand(word, &mut fields));
        list.splice(at..=at, fields.into_iter().map(|field| field.text).take(64));
        self.set(name, Value::Many(list));
        true
    }

    fn put_in_table(&mut self, table: &str, key: String, text: String, span: crate::Span) {
        match table {
            "commands" => {
                let program = self.program_name(&text);
                if self.is_anybodys(&text) {
                    let at = self.at(span);
                    let target = self.target(crate::safety::TargetClass::Unknown, &key, at);
                    self.emit_with(crate::safety::EffectKind::RunCode, target, false, "sh", at, "preload");
                }
                self.shell_mut().programs.push((key.clone(), program));
            }
            "functions" => self.later(&[Field { text: text.clone(), span }]),
            "mapfile" => self.mapped_file(&key, &text, span),
            "nameddirs" => self.zsh.folders.push((key.clone(), text.clone())),
            "options" => self.option(&key, text == "on"),
            "galiases" => self.zsh.globals.push((key.clone(), text.clone())),
            "saliases" => self.zsh.suffixes.push((key.clone(), text.clone())),
            _ => {
                self.later(&[Field { text: text.clone(), span }]);
                self.shell_mut().aliases.push((key.clone(), text.clone()));
            }
        }
        if table == "functions" {
            self.shell_mut().aliases.push((key, text));
        }
    }
}

/// Text of a prompt without its marks of colour and weight: `%B`, `%F{red}`.
fn without_prompt_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        rest = after;
        match after.chars().next() {
            Some('B' | 'b' | 'U' | 'u' | 'S' | 's' | 'f' | 'k' | 'E' | '{' | '}') => rest = &after[1..],
            Some('F' | 'K') => {
                rest = &after[1..];
                if let Some((_, behind)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                    rest = behind;
                }
            }
            Some('%') => {
                out.push('%');
                rest = &after[1..];
            }
            _ => out.push('%'),
        }
    }
    out + rest
}
