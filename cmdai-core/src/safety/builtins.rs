//! Builtins whose work is on the shell itself: directories, variables, parameters, aliases, `read`.

use super::machine::{Field, Flow, Machine, Value};
use super::pure;
use super::value::{self, Origin};
use crate::line::Dialect;

impl Machine<'_> {
    /// Builtins whose work is on the shell itself. `None` where `name` is none of them.
    pub(super) fn builtin(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) -> Option<String> {
        if self.dialect == Dialect::Fish
            && let Some(output) = self.fish_builtin(name, argv, flow)
        {
            return Some(output);
        }
        match name {
            "cd" | "pushd" | "chdir" => {
                let to = argv[1..].iter().find(|field| !field.text.starts_with('-') || field.text == "-");
                let to = match to.map(|field| field.text.as_str()) {
                    None => match self.get("HOME") {
                        Some(Value::One(home)) => home,
                        _ => value::HOME.to_string(),
                    },
                    Some("-") => self.unknowns.hole("$OLDPWD", Origin::Variable).to_string(),
                    Some(text) => text.to_owned(),
                };
                self.state.cwd = super::paths::enter(&to, &self.state.cwd, self.ctx);
            }
            "pwd" => {
                let cwd = &self.state.cwd;
                return Some(if cwd.is_empty() { ".\n".to_owned() } else { format!("{cwd}\n") });
            }
            "popd" => self.state.cwd = self.unknowns.hole("$OLDPWD", Origin::Variable).to_string(),
            "export" | "declare" | "local" | "readonly" | "typeset" => {
                for field in &argv[1..] {
                    if let Some((name, text)) = field.text.split_once('=') {
                        self.set(name.trim_end_matches('+'), Value::One(text.to_owned()));
                        self.code_variable(name, self.at(field.span));
                    }
                }
            }
            "unset" => {
                for field in &argv[1..] {
                    self.state.variables.retain(|(known, _)| *known != field.text);
                    self.state.functions.retain(|(known, _)| *known != field.text);
                }
            }
            "set" => {
                if let Some(at) = argv.iter().position(|field| field.text == "--") {
                    let rest = argv[at + 1..].iter().map(|field| field.text.clone()).collect();
                    self.state.positional = Some(rest);
                }
            }
            "shift" => {
                if let Some(positional) = &mut self.state.positional
                    && !positional.is_empty()
                {
                    positional.remove(0);
                }
            }
            "alias" => {
                for field in &argv[1..] {
                    if let Some((name, code)) = field.text.split_once('=')
                        && self.state.aliases.len() < 64
                    {
                        self.state.aliases.push((name.to_owned(), code.to_owned()));
                    }
                }
            }
            "read" => self.read(argv, flow),
            "mapfile" | "readarray" => {
                let name = argv.last().filter(|field| argv.len() > 1 && !field.text.starts_with('-'));
                let name = name.map_or("MAPFILE", |field| field.text.as_str()).to_owned();
                let lines: Vec<String> = flow.input.unwrap_or_default().lines().map(str::to_owned).collect();
                self.set(&name, Value::Many(lines));
            }
            "printf" if argv.get(1).is_some_and(|field| field.text == "-v") => {
                let rest: Vec<&str> = argv.iter().skip(3).map(|field| field.text.as_str()).collect();
                let text = pure::output("printf", &rest, None);
                if let (Some(name), Some(text)) = (argv.get(2), text) {
                    self.set(&name.text, Value::One(text));
                }
            }
            _ => return None,
        }
        Some(String::new())
    }

    fn read(&mut self, argv: &[Field], flow: Flow<'_>) {
        let mut line = None;
        if let Some(input) = flow.input {
            line = input.lines().next().map(str::to_owned);
        } else if let Some(pending) = &mut self.pending_input {
            let end = pending.find('\n').map_or(pending.len(), |at| at + 1);
            line = Some(pending[..end].trim_end_matches('\n').to_owned());
            pending.drain(..end);
        }
        let mut names = Vec::new();
        let mut words = argv[1..].iter();
        while let Some(field) = words.next() {
            match field.text.as_str() {
                "-p" | "-d" | "-n" | "-t" | "-u" | "-N" | "-i" => {
                    words.next();
                }
                text if text.starts_with('-') => {}
                text => names.push(text.to_owned()),
            }
        }
        if names.is_empty() {
            names.push("REPLY".to_owned());
        }
        let separators = self.separators();
        let last = names.len() - 1;
        let line = line
            .unwrap_or_else(|| self.unknowns.hole(&format!("${}", names[0]), Origin::Variable).to_string());
        let mut rest = line.as_str();
        for (index, name) in names.iter().enumerate() {
            let (text, more) = if index == last {
                (rest, "")
            } else {
                rest.split_once(&separators[..]).unwrap_or((rest, ""))
            };
            self.set(name, Value::One(text.trim().to_owned()));
            rest = more.trim_start();
        }
    }
}
