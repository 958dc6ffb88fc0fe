//! A cmdlet's words, bound to its parameters, and from there to effects by its spec.

use super::commands::Argument;
use super::data::{Data, Kind};
use super::{slashes, thing};
use crate::line::Span;
use crate::safety::machine::{Field, Flow, Machine};
use crate::safety::value::{self, ANY, Origin, STAR};
use crate::specs::{Flag, Input, Output, PathUse, Role, Spec, ValueKind, parse_args};

/// Words by what they are to the cmdlet.
pub(super) struct Bound<'s> {
    pub(super) spec: &'s Spec,
    /// Parameters with their values; a switch that is on has none.
    pub(super) named: Vec<(&'static Flag, Option<Data>, Span)>,
    /// The name that each of them was called by.
    called: Vec<&'static str>,
    /// Values without a parameter.
    pub(super) positional: Vec<(Data, Span)>,
    /// Parameters that the spec does not list.
    pub(super) unlisted: Vec<(String, Option<Data>, Span)>,
    /// True where `-WhatIf:$false` is given.
    refuses_whatif: bool,
    /// The name it was called by, in small letters: a spec may be one for several.
    pub(super) invoked: String,
}

impl Bound<'_> {
    /// The value of a parameter, by its first name.
    pub(super) fn get(&self, name: &str) -> Option<&Data> {
        let at = self.place(name)?;
        self.named.get(at).and_then(|(_, value, _)| value.as_ref())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Where a parameter is, by its first name or the one it was called by: a spec names together what it
    /// does not tell apart.
    fn place(&self, name: &str) -> Option<usize> {
        let first = || self.named.iter().position(|(flag, ..)| flag.names[0] == name);
        self.called.iter().position(|called| called.eq_ignore_ascii_case(name)).or_else(first)
    }

    /// The value of a parameter, or of the operand at this place where it is not given by name.
    pub(super) fn at(&self, name: &str, mut place: usize) -> Option<&Data> {
        if let Some(value) = self.get(name) {
            return Some(value);
        }
        // Operands before it that are given by name leave their place.
        for operand in self.spec.operands.iter().take(place) {
            let given = self
                .named
                .iter()
                .any(|(flag, ..)| flag.names.iter().any(|name| name[1..].eq_ignore_ascii_case(operand.name)));
            place -= usize::from(given);
        }
        self.positional.get(place).map(|(value, _)| value)
    }

    /// All values, for those who look at every one.
    pub(super) fn values(&self) -> impl Iterator<Item = &Data> {
        let named = self.named.iter().filter_map(|(_, value, _)| value.as_ref());
        let unlisted = self.unlisted.iter().filter_map(|(_, value, _)| value.as_ref());
        named.chain(self.positional.iter().map(|(value, _)| value)).chain(unlisted)
    }
}

/// The name of a parameter that was meant by what was written.
fn name_of(flag: &'static Flag, written: &str) -> &'static str {
    let written = written.to_ascii_lowercase();
    let names = || flag.names.iter().copied();
    let whole = names().find(|name| name.eq_ignore_ascii_case(&written));
    whole
        .or_else(|| names().find(|name| name.to_ascii_lowercase().starts_with(&written)))
        .unwrap_or(flag.names[0])
}

/// Binds arguments to the parameters of a spec.
pub(super) fn bind(spec: &'static Spec, arguments: Vec<Argument>) -> Bound<'static> {
    let mut bound = Bound {
        spec,
        named: Vec::new(),
        called: Vec::new(),
        positional: Vec::new(),
        unlisted: Vec::new(),
        refuses_whatif: false,
        invoked: String::new(),
    };
    let mut arguments = arguments.into_iter().peekable();
    while let Some(argument) = arguments.next() {
        let Some(name) = argument.name else {
            if let Some(value) = argument.value {
                bound.positional.push((value, argument.span));
            }
            continue;
        };
        // `-Name: value`
        let waits = name.ends_with(':');
        let name = format!("-{}", name.trim_end_matches(':'));
        let flag = spec.flag(&name).or_else(|| spec.parameter(&name));
        let takes = flag.is_some_and(|flag| flag.value.is_some_and(|value| !value.optional)) || waits;
        let mut value = argument.value;
        if value.is_none() && takes && arguments.peek().is_some_and(|next| next.name.is_none()) {
            value = arguments.next().and_then(|next| next.value);
        }
        match flag {
            Some(flag) if flag.value.is_none() => {
                if value.as_ref().and_then(Data::to_bool) != Some(false) {
                    bound.named.push((flag, None, argument.span));
                    bound.called.push(name_of(flag, &name));
                } else if flag.names[0] == "-WhatIf" {
                    bound.refuses_whatif = true;
                }
            }
            Some(flag) => {
                bound.named.push((flag, value, argument.span));
                bound.called.push(name_of(flag, &name));
            }
            None => bound.unlisted.push((name, value, argument.span)),
        }
    }
    bound
}

impl Machine<'_> {
    /// Runs a cmdlet that has a spec.
    #[expect(
        clippy::too_many_arguments,
        reason = "a command as it was read, and the name that it was called by"
    )]
    pub(super) fn cmdlet(
        &mut self,
        spec: &'static Spec,
        invoked: &str,
        arguments: Vec<Argument>,
        span: Span,
        here: Span,
        input: &[Data],
        piped: bool,
    ) -> Vec<Data> {
        self.opens_up(invoked, &arguments, here);
        let mut bound = bind(spec, arguments);
        invoked.clone_into(&mut bound.invoked);
        self.defaults(&mut bound, here);
        let was_mute = self.mute;
        let asked = bound.named.iter().any(|(flag, ..)| flag.names[0] == "-WhatIf") || bound.refuses_whatif;
        self.mute |= bound.has("-WhatIf")
            || (!asked && matches!(self.recall("whatifpreference"), Some(Data::Bool(true))));
        self.inner_blocks(&bound, input);
        self.loads_or_gives(&bound, here);
        self.hears_typing(&bound, here);
        let output = match self.special_cmdlet(&bound, span, here, input, piped) {
            Some(output) => output,
            None => {
                for data in bound.values() {
                    if let Data::Closure(closure) = data {
                        let closure = closure.clone();
                        self.invoke(&closure, &[], input);
                    }
                }
                self.by_binding(&bound, span, here, input)
            }
        };
        self.mute = was_mute;
        output
    }

    /// `$PSDefaultParameterValues['Remove-Item:Recurse'] = $true` gives what the words do not.
    fn defaults(&mut self, bound: &mut Bound<'static>, here: Span) {
        let Some(Data::Map(defaults)) = self.recall("psdefaultparametervalues") else { return };
        for (key, value) in defaults.iter().take(64) {
            let Some((name, parameter)) = key.split_once(':') else { continue };
            if !value::fits(&name.to_lowercase(), &bound.spec.name.to_lowercase()) {
                continue;
            }
            let parameter = format!("-{}", parameter.trim());
            let Some(flag) = bound.spec.flag(&parameter) else { continue };
            if bound.has(flag.names[0]) {
                continue;
            }
            match flag.value {
                None if value.to_bool() == Some(false) => continue,
                None => bound.named.push((flag, None, here)),
                Some(_) => bound.named.push((flag, Some(value.clone()), here)),
            }
            bound.called.push(name_of(flag, &parameter));
        }
    }

    /// Blocks inside tables, as `@{n='x'; e={ … }}` has them.
    fn inner_blocks(&mut self, bound: &Bound<'_>, input: &[Data]) {
        let mut blocks = Vec::new();
        for data in bound.values() {
            let held = match data {
                Data::List(list) => &list[..],
                other => std::slice::from_ref(other),
            };
            for item in held.iter().take(32) {
                if let Data::Map(map) = item {
                    blocks.extend(map.iter().filter_map(|(_, value)| match value {
                        Data::Closure(closure) => Some(closure.clone()),
                        _ => None,
                    }));
                }
            }
        }
        let input = if input.is_empty() { vec![self.unknown("$_", &[])] } else { input.to_vec() };
        for block in blocks.into_iter().take(16) {
            for item in input.iter().take(8) {
                self.invoke(&block, &[], std::slice::from_ref(item));
            }
        }
    }

    /// The cmdlet as its spec has it: the words are put into the order and form that specs are read in.
    pub(super) fn by_binding(
        &mut self,
        bound: &Bound<'_>,
        span: Span,
        here: Span,
        input: &[Data],
    ) -> Vec<Data> {
        let spec: &'static Spec =
            match crate::specs::lookup_in(bound.spec.name, crate::line::Dialect::PowerShell) {
                Some(spec) => spec,
                None => return Vec::new(),
            };
        let secret = input.iter().take(8).any(|item| self.origin_of(item) == Some(Origin::Secret));
        if secret && bound.spec.name.starts_with("Export-") {
            let place = bound.values().map(Data::to_text).find(|text| super::cmdlets::is_share(text));
            if let Some(place) = place {
                self.sends(&super::items::lines_of(input), &place, here, bound.spec.name);
            }
        }
        let narrowed = bound.named.iter().any(|(flag, value, _)| {
            matches!(flag.names[0], "-Include" | "-Filter")
                && !value.as_ref().is_some_and(|value| matches!(value.to_text().as_str(), "*" | "*.*" | ""))
        });
        let mut argv = vec![Field { text: spec.name.to_owned(), span: here }];
        let push = |argv: &mut Vec<Field>, data: &Data, span: Span, flag: Option<&Flag>| {
            let items: Vec<Data> = data.clone().unrolled();
            if items.is_empty() {
                return;
            }
            for item in items.into_iter().take(256) {
                if let Some(flag) = flag {
                    argv.push(Field { text: flag.names[0].to_owned(), span });
                }
                let text = item.to_text();
                // A value that looks like a parameter is none.
                let text = if flag.is_none() && text.starts_with('-') { format!("./{text}") } else { text };
                argv.push(Field { text, span });
            }
        };
        for (flag, value, span) in &bound.named {
            if narrowed && flag.names[0] == "-Recurse" {
                continue;
            }
            match value {
                Some(value) => push(&mut argv, value, *span, Some(flag)),
                None => argv.push(Field { text: flag.names[0].to_owned(), span: *span }),
            }
        }
        for (name, ..) in &bound.unlisted {
            argv.push(Field { text: name.clone(), span: here });
        }
        for (value, span) in &bound.positional {
            push(&mut argv, value, *span, None);
        }
        if spec.stdin == Input::Words {
            for item in input.iter().take(64) {
                push(&mut argv, item, here, None);
            }
        }
        self.rewrite_paths(spec, &mut argv, narrowed);
        let text: Option<String> = (spec.stdin != Input::Words && !input.is_empty())
            .then(|| input.iter().take(super::OBJECTS).map(|data| data.to_text() + "\n").collect());
        let written = self.by_spec(spec, &argv, span, Flow { input: text.as_deref(), want: true });
        if spec.stdin != Input::Words {
            argv.extend(input.iter().take(8).map(|data| Field { text: data.to_text(), span: here }));
        }
        self.all_of_them(bound, &argv, here);
        if ["Stop-Service", "Suspend-Service", "Remove-Service", "Set-Service", "Uninstall-Module"]
            .contains(&spec.name)
            && (spec.name != "Set-Service" || argv.iter().any(|field| is_off(&field.text)))
            && let Some(guard) = argv.iter().skip(1).find(|field| super::programs::is_guard(&field.text))
        {
            let target = self.target(crate::safety::TargetClass::Named, &guard.text, here);
            self.emit(crate::safety::EffectKind::DisableProtection, target, false, spec.name, here);
        }
        if spec.output != Output::Unknown {
            let kept = written.trim_end_matches('\n');
            return if kept.is_empty() { Vec::new() } else { vec![Data::text(kept)] };
        }
        self.given_by(bound, input)
    }

    /// A cmdlet that takes away or stops, given everything that a `Get-` lists.
    fn all_of_them(&mut self, bound: &Bound<'_>, argv: &[Field], here: Span) {
        let spec = bound.spec;
        let own = spec.name.to_ascii_lowercase();
        let (verb, noun) = super::verbs::parts(&bound.invoked)
            .or_else(|| super::verbs::parts(&own))
            .unwrap_or((own.as_str(), ""));
        let passwords = verb == "set" && noun.ends_with("password");
        let disables = verb == "set"
            && (noun == "service" && argv.iter().any(|field| is_off(&field.text))
                || bound.get("-Enabled").and_then(Data::to_bool) == Some(false))
            || bound.get("-AccountEnabled").and_then(Data::to_bool) == Some(false);
        let takes = passwords
            || disables
            || matches!(
                verb,
                "stop"
                    | "suspend"
                    | "restart"
                    | "remove"
                    | "uninstall"
                    | "disable"
                    | "disconnect"
                    | "unregister"
                    | "revoke"
            );
        let star = STAR.to_string();
        let everything = argv.iter().skip(1).any(|field| field.text == star || field.text == "*");
        if takes && everything && !matches!(noun, "item" | "process" | "job" | "variable" | "psdrive") {
            let noun = if noun == "module" { "package" } else { noun };
            let what = format!("every {noun}");
            let target = self.target(crate::safety::TargetClass::Named, &what, here);
            self.emit(crate::safety::EffectKind::Interrupt, target, true, spec.name, here);
        }
    }

    /// What a cmdlet hands on, by its name: a `Get-` gives what it is asked for.
    pub(super) fn given_by(&mut self, bound: &Bound<'_>, input: &[Data]) -> Vec<Data> {
        let (verb, noun) = bound.spec.name.split_once('-').unwrap_or((bound.spec.name, ""));
        let noun = noun.to_lowercase();
        let passes = bound.has("-PassThru")
            || bound.unlisted.iter().any(|(name, ..)| name.eq_ignore_ascii_case("-PassThru"));
        match verb {
            _ if passes && !input.is_empty() => input.to_vec(),
            "Get" | "Find" | "Search" | "Select" => {
                let first = bound.spec.operands.first().map_or("", |operand| operand.name);
                let named = bound.named.iter().find(|(flag, value, _)| {
                    value.is_some() && flag.names.iter().any(|name| name[1..].eq_ignore_ascii_case(first))
                });
                let asked = bound
                    .positional
                    .first()
                    .map(|(value, _)| value.clone())
                    .or_else(|| named.and_then(|(_, value, _)| value.clone()));
                let filtered = bound
                    .named
                    .iter()
                    .any(|(_, value, _)| value.as_ref().is_some_and(|value| value.to_text() != "*"));
                match asked {
                    Some(asked) => asked
                        .unrolled()
                        .into_iter()
                        .take(64)
                        .map(|item| thing(&noun, item.to_text().replace('*', &STAR.to_string())))
                        .collect(),
                    None if filtered => {
                        let some = self.unknowns.hole(&format!("$({})", bound.spec.name), Origin::Program);
                        vec![thing(&noun, some.to_string())]
                    }
                    None => vec![thing(&noun, STAR.to_string())],
                }
            }
            "Set" | "Add" | "Remove" | "Clear" | "Stop" | "Start" | "Restart" | "Write" | "Out"
            | "Export"
                if !passes =>
            {
                Vec::new()
            }
            _ => {
                let origin = input.iter().filter_map(|data| self.origin_of(data)).max();
                let from = bound.values().filter_map(|data| self.origin_of(data)).max();
                let origin = origin.max(from).unwrap_or(Origin::Program).max(Origin::Program);
                vec![Data::text(self.unknowns.hole(&format!("$({})", bound.spec.name), origin).to_string())]
            }
        }
    }

    /// Paths are known by slashes, and their patterns by marks.
    pub(super) fn rewrite_paths(&mut self, spec: &'static Spec, argv: &mut [Field], narrowed: bool) {
        let words: Vec<&str> = argv[1..].iter().map(|field| field.text.as_str()).collect();
        let args = parse_args(spec, &words);
        let mut rewritten: Vec<(usize, usize, String)> = Vec::new();
        for item in &args.items {
            let (kind, literal) = match item.role {
                Role::Operand(Some(operand)) => (operand.kind, false),
                Role::Value(flag) => match flag.value {
                    Some(value) => (value.kind, flag.names[0] == "-LiteralPath"),
                    None => continue,
                },
                _ => continue,
            };
            if kind == ValueKind::Place && item.text.contains('\\') && !item.text.contains("://") {
                rewritten.push((item.word, item.start, slashes(item.text)));
                continue;
            }
            if let ValueKind::Path(usage) = kind {
                let mut path = slashes(item.text);
                if !literal {
                    path = path.replace('*', &STAR.to_string()).replace('?', &ANY.to_string());
                }
                if is_session_drive(&path) {
                    path = String::new();
                } else if narrowed && matches!(usage, PathUse::Delete | PathUse::Move | PathUse::Write) {
                    let some = self.unknowns.hole("…", Origin::Program);
                    path = format!("{}/{some}", path.trim_end_matches(STAR).trim_end_matches('/'));
                }
                rewritten.push((item.word, item.start, path));
            }
        }
        for (word, start, path) in rewritten {
            if let Some(field) = argv.get_mut(word + 1) {
                field.text.truncate(start);
                field.text.push_str(&path);
            }
        }
    }

    /// Items that are only some of those they stood for.
    pub(super) fn some_items(&mut self, items: &[Data]) -> Vec<Data> {
        let some = self.unknowns.hole("…", Origin::Program).to_string();
        items
            .iter()
            .map(|item| match item {
                Data::Object(object) if value::has_pattern(&object.text) => {
                    let mut object = (**object).clone();
                    object.text = if object.of == Kind::Item {
                        match object.text.strip_suffix(STAR).map(|rest| rest.trim_end_matches(STAR)) {
                            Some(rest) => format!("{rest}{some}"),
                            None => object.text.clone(),
                        }
                    } else {
                        some.clone()
                    };
                    Data::Object(object.into())
                }
                other => other.clone(),
            })
            .collect()
    }
}

/// True for the drives that hold nothing but the session's own state.
pub(super) fn is_session_drive(path: &str) -> bool {
    let Some((drive, _)) = path.split_once(':') else { return false };
    ["env", "variable", "function", "alias", "testdrive", "microsoft.powershell.core/environment"]
        .iter()
        .any(|known| drive.eq_ignore_ascii_case(known))
}

/// The words with which a service is kept from running.
fn is_off(word: &str) -> bool {
    ["disabled", "stopped", "paused", "manual"].iter().any(|off| word.eq_ignore_ascii_case(off))
}
