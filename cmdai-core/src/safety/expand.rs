//! From a word to the arguments it becomes: substitutions, braces, tildes and patterns. What stands
//! between `${` and `}` is in `parameter.rs`.

use super::fields::Fields;
use super::machine::{Field, Flow, Machine, VALUE_BYTES, Value};
use super::parameter::is_star_alone;
use super::value::{self, ANY, HOME, Origin, STAR};
use super::variables::is_unset;
use crate::line::{Dialect, Span};
use crate::syntax::ir::{
    Brace, CommandKind, Operation, Parameter, Part, PartKind, Program, Quote, Redirection, RedirectionKind,
    Word,
};

/// Arguments that one word may become.
const FIELDS: usize = 512;

impl Machine<'_> {
    /// Adds the arguments that a word becomes.
    pub(super) fn expand(&mut self, word: &Word, out: &mut Vec<Field>) {
        let span = self.at(word.span);
        if let [Part { kind: PartKind::Text(text), .. }] = &word.parts[..]
            && !(self.zsh.extended && (text.starts_with('^') || text.contains("/^")))
        {
            // Nearly every word: one piece of plain text.
            out.push(Field { text: self.own(text).into_owned(), span });
            return;
        }
        if self.dialect == Dialect::Fish {
            return self.fish_expand(word, out);
        }
        if !self.spend(1 + word.span.len() / 64) {
            return;
        }
        let pattern = if self.dialect == Dialect::Zsh { self.zsh_pattern(word) } else { None };
        let parts = pattern.as_deref().unwrap_or(&word.parts);
        if !parts.iter().any(|part| matches!(part.kind, PartKind::Brace(_))) {
            let mut fields = Fields::default();
            for (at, part) in parts.iter().enumerate() {
                let before = at.checked_sub(1).and_then(|at| parts.get(at));
                if !before.is_some_and(|before| self.ends_a_name(before, part)) {
                    self.part(part, &mut fields, false);
                }
            }
            out.extend(fields.finish().into_iter().map(|text| Field { text, span }));
            return;
        }
        // Braces come first: each of the words they make is expanded on its own.
        for pieces in self.alternatives(parts) {
            let mut fields = Fields::default();
            let mut pieces = pieces.into_iter().peekable();
            // A tilde that braces brought to the beginning of a word: `{rm,-rf,~}`.
            if let Some(Piece::Part(Part { kind: PartKind::Text(text), span: part })) = pieces.peek()
                && part.len() == text.len()
                && let Some(rest) = text.strip_prefix('~')
                && (rest.is_empty() || rest.starts_with('/'))
            {
                let path = self.home() + &self.own(rest);
                fields.add(&path);
                pieces.next();
            }
            for piece in pieces {
                match piece {
                    Piece::Part(part) => self.part(part, &mut fields, false),
                    Piece::Text(text) => fields.add(&text),
                }
            }
            out.extend(fields.finish().into_iter().map(|text| Field { text, span }));
        }
    }

    /// True for `$9` in `cat$IFS$9/etc/passwd`: nobody gave so many arguments, it only ends the name before it.
    fn ends_a_name(&self, before: &Part, part: &Part) -> bool {
        match (&before.kind, &part.kind) {
            (PartKind::Parameter(before), PartKind::Parameter(part)) => {
                before.name == "IFS"
                    && part.operation.is_none()
                    && part.name.len() == 1
                    && part.name.starts_with(|c: char| matches!(c, '1'..='9'))
                    && self.state.positional.is_none()
            }
            _ => false,
        }
    }

    /// The one text that a word becomes where it is not split, as after `=` or in a here-string.
    pub(super) fn single(&mut self, word: &Word) -> String {
        if let [Part { kind: PartKind::Text(text), .. }] = &word.parts[..] {
            return self.own(text).into_owned();
        }
        if self.dialect == Dialect::Fish {
            return self.fish_single(word);
        }
        self.spend(1 + word.span.len() / 64);
        let mut out = String::new();
        self.joined(&word.parts, &mut out);
        out
    }

    /// Adds parts to one text, without splitting.
    fn joined(&mut self, parts: &[Part], out: &mut String) {
        for part in parts {
            if out.len() > VALUE_BYTES {
                self.cut = true;
                return;
            }
            match &part.kind {
                PartKind::Text(text) => out.push_str(&self.own(text)),
                PartKind::Quoted { parts, .. } => self.joined(parts, out),
                PartKind::Parameter(parameter) => {
                    let text = match self.parameter(parameter) {
                        Value::One(text) => text,
                        value if is_star(parameter) => {
                            let separator =
                                self.separators().first().map(char::to_string).unwrap_or_default();
                            elements(value).join(&separator)
                        }
                        value => elements(value).join(" "),
                    };
                    out.push_str(&self.with_picks(text));
                }
                PartKind::Substitution(_) => {
                    let text = self.piece(part);
                    out.push_str(&self.with_picks(text));
                }
                PartKind::Brace(Brace::List(words)) => {
                    // Braces are not expanded where there is one text; keep them as written.
                    out.push('{');
                    for (index, word) in words.iter().enumerate() {
                        if index > 0 {
                            out.push(',');
                        }
                        self.joined(&word.parts, out);
                    }
                    out.push('}');
                }
                PartKind::Brace(Brace::Range { from, to, step }) => {
                    let step = step.as_ref().map(|step| format!("..{step}")).unwrap_or_default();
                    out.push_str(&self.own(&format!("{{{from}..{to}{step}}}")));
                }
                _ => {
                    let text = self.piece(part);
                    out.push_str(&text);
                }
            }
        }
    }

    /// Adds what a part becomes to the arguments of its word. Inside `${x:-…}` plain text is split too.
    fn part(&mut self, part: &Part, fields: &mut Fields, splits_text: bool) {
        if fields.len() > FIELDS {
            self.cut = true;
            return;
        }
        match &part.kind {
            PartKind::Text(text) if splits_text => {
                let text = self.own(text).into_owned();
                self.add_unquoted(&text, fields);
            }
            PartKind::Text(text) => fields.add(&self.own(text)),
            PartKind::Quoted { style, parts } => self.quoted(*style, parts, fields),
            PartKind::Parameter(parameter) => {
                // In zsh a parameter is neither split nor matched, unless an option says so.
                let whole = self.dialect == Dialect::Zsh && !self.zsh.splits;
                // What stands in for a value keeps its quotes: `${x:-"a b"}`.
                if self.depth < super::machine::DEPTH
                    && let Some(word) = self.stand_in(parameter)
                {
                    self.depth += 1;
                    word.parts.iter().for_each(|part| self.part(part, fields, !whole));
                    self.depth -= 1;
                    return;
                }
                match self.parameter(parameter) {
                    Value::One(text) if whole => {
                        let text = self.with_picks(text);
                        let text = if self.zsh.globs { self.zsh_as_pattern(&text) } else { text };
                        // What is empty is no argument.
                        if !text.is_empty() {
                            fields.add(&text);
                        }
                    }
                    value if whole => {
                        let list = elements(value);
                        for (index, text) in list.iter().filter(|text| !text.is_empty()).enumerate() {
                            if index > 0 {
                                fields.close();
                            }
                            fields.add(text);
                        }
                    }
                    Value::One(text) => self.add_unquoted(&text, fields),
                    value => {
                        // As if joined by the first separator and split again: one that is no blank
                        // keeps what is empty, but is one separator with the blanks before it.
                        let separators = self.separators();
                        let is_mark = |letter: &char| !letter.is_ascii_whitespace();
                        let keeps_empty = separators.first().is_some_and(is_mark);
                        let list = elements(value);
                        for (index, text) in list.iter().enumerate() {
                            let before = index.checked_sub(1).and_then(|before| list.get(before));
                            match before.map(|before| before.chars().next_back()) {
                                None => {}
                                Some(None) if keeps_empty => fields.separate(),
                                Some(Some(last))
                                    if keeps_empty && is_mark(&last) && separators.contains(&last) =>
                                {
                                    fields.separate();
                                }
                                Some(_) => fields.close(),
                            }
                            self.add_unquoted(text, fields);
                        }
                    }
                }
            }
            PartKind::Substitution(_) => {
                let text = self.piece(part);
                self.add_unquoted(&text, fields);
            }
            PartKind::Array(words) => {
                // `declare a=(…)`: the builtin takes it apart again.
                let mut items = Vec::new();
                for word in words.iter().take(FIELDS) {
                    items.push(quoted_for_shell(&self.as_written(&word.parts)));
                }
                fields.add(&format!("({})", items.join(" ")));
            }
            _ => {
                let text = self.piece(part);
                fields.add(&text);
            }
        }
    }

    fn quoted(&mut self, style: Quote, parts: &[Part], fields: &mut Fields) {
        let is_list =
            |part: &Part| matches!(&part.kind, PartKind::Parameter(parameter) if is_list(parameter));
        if style != Quote::Double || !parts.iter().any(is_list) {
            let mut text = String::new();
            self.joined(parts, &mut text);
            return fields.add(&text);
        }
        // "$@" becomes one argument for each: the first and last join what stands beside them.
        for part in parts {
            match &part.kind {
                PartKind::Parameter(parameter) if is_list(part) => match self.parameter(parameter) {
                    Value::One(text) => fields.add(&text),
                    value => {
                        for (index, text) in elements(value).iter().take(FIELDS).enumerate() {
                            if index > 0 {
                                fields.close();
                            }
                            fields.add(text);
                        }
                    }
                },
                _ => {
                    let mut text = String::new();
                    self.joined(std::slice::from_ref(part), &mut text);
                    if !text.is_empty() {
                        fields.add(&text);
                    }
                }
            }
        }
    }

    /// The words that the braces of one make.
    fn alternatives<'a>(&mut self, parts: &'a [Part]) -> Vec<Vec<Piece<'a>>> {
        let mut all: Vec<Vec<Piece<'a>>> = vec![Vec::new()];
        for part in parts {
            if all.len() > 1 && !self.spend(all.len() / 8) {
                return all;
            }
            let PartKind::Brace(brace) = &part.kind else {
                all.iter_mut().for_each(|pieces| pieces.push(Piece::Part(part)));
                continue;
            };
            let options = self.options(brace);
            if options.is_empty() {
                continue;
            }
            let mut grown = Vec::with_capacity((all.len() * options.len()).min(FIELDS));
            for (pieces, option) in all.iter().flat_map(|pieces| options.iter().map(move |o| (pieces, o))) {
                let steps = usize::from(grown.len() % 2 == 0) + (pieces.len() + option.len()) / 32;
                if grown.len() == FIELDS || !self.spend(steps) {
                    self.cut = true;
                    return grown;
                }
                grown.push([pieces.as_slice(), option].concat());
            }
            all = grown;
        }
        all
    }

    fn options<'a>(&mut self, brace: &'a Brace) -> Vec<Vec<Piece<'a>>> {
        match brace {
            Brace::List(words) => {
                let mut options = Vec::with_capacity(words.len().min(FIELDS));
                for word in words {
                    if options.len() > FIELDS || self.depth >= super::machine::DEPTH {
                        self.cut = true;
                        break;
                    }
                    // Braces nest; each level is one deeper.
                    self.depth += 1;
                    options.extend(self.alternatives(&word.parts));
                    self.depth -= 1;
                }
                options
            }
            Brace::Range { from, to, step } => {
                let texts = range(from, to, step.as_deref()).unwrap_or_else(|| {
                    let far = step.is_none() && super::branches::is_far(from, to);
                    let many = far.then(|| self.unknowns.hole(super::branches::SO_MANY, Origin::Program));
                    vec![many.unwrap_or(STAR).to_string()]
                });
                texts.into_iter().map(|text| vec![Piece::Text(text.into())]).collect()
            }
        }
    }

    /// The text of a part that is neither fixed nor split.
    pub(super) fn piece(&mut self, part: &Part) -> String {
        match &part.kind {
            PartKind::Substitution(program) => {
                let was_detached = self.detached;
                let before = self.effects.len();
                let text = match file_alone(program) {
                    // `$(< file)`
                    Some((word, span)) => {
                        let path = self.single(word);
                        let span = self.at(span);
                        let heard = matches!(path.as_str(), "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0");
                        match self.stdin.clone().filter(|_| heard) {
                            Some(text) => text,
                            None => self.read_path(&path, span, "cat"),
                        }
                    }
                    None => {
                        let input = self.stdin.take();
                        let flow = Flow { input: input.as_deref(), want: true };
                        let text = self.apart(|machine| machine.program(program, flow));
                        self.stdin = input;
                        text
                    }
                };
                self.was_substituted(before);
                self.detached = was_detached;
                self.each_arm(&text, |text| Some(text.trim_end_matches('\n').to_owned()))
            }
            PartKind::Process { reads, program } => {
                let path = format!("/dev/fd/{}", 63usize.saturating_sub(self.files.len()));
                if *reads {
                    let text =
                        self.apart(|machine| machine.program(program, Flow { input: None, want: true }));
                    self.write_file(path.clone(), text, false);
                } else {
                    // What is written there is the program's input: it is walked again when that is known.
                    self.apart(|machine| machine.program(program, Flow::default()));
                    if self.consumers.len() < 8 && self.spend(program.span.len() / 64) {
                        self.consumers.push((path.clone(), std::rc::Rc::new(program.clone())));
                    }
                    self.write_file(path.clone(), String::new(), false);
                }
                path
            }
            PartKind::Arithmetic(parts) => {
                let mut text = String::new();
                self.joined(parts, &mut text);
                let arms = self.unknowns.group_in(&text);
                let numbers: Vec<Option<i64>> = match arms {
                    Some((group, arms)) => {
                        (0..arms).map(|arm| self.calculate(&self.unknowns.pick(&text, group, arm))).collect()
                    }
                    None => vec![self.calculate(&text)],
                };
                let texts: Option<Vec<String>> =
                    numbers.into_iter().map(|number| number.map(|number| number.to_string())).collect();
                match (texts, arms) {
                    (Some(texts), Some((group, _))) => self.unknowns.choice(group, texts),
                    (Some(texts), None) => texts.concat(),
                    (None, _) => self.unknowns.hole("$((…))", Origin::Variable).to_string(),
                }
            }
            PartKind::Glob(text) if text.contains('?') && text.chars().all(|c| matches!(c, '*' | '?')) => {
                globbed(&text.replace("**", "*")).into_owned()
            }
            PartKind::Glob(text) if only_letter(text).is_some() => {
                only_letter(text).map(String::from).unwrap_or_default()
            }
            PartKind::Glob(_) => STAR.to_string(),
            PartKind::Tilde(user) => match user.as_str() {
                "" => self.home(),
                "+" => {
                    if self.state.cwd.is_empty() {
                        ".".to_owned()
                    } else {
                        self.state.cwd.clone()
                    }
                }
                "-" => match self.get("OLDPWD") {
                    Some(Value::One(path)) => path,
                    _ => self.unknowns.hole("~-", Origin::Variable).to_string(),
                },
                user if self.dialect == Dialect::Zsh && self.zsh_named_folder(user).is_some() => {
                    self.zsh_named_folder(user).unwrap_or_default()
                }
                "root" => "/root".to_owned(),
                user => format!("/home/{}", self.own(user)),
            },
            PartKind::Brace(_) => {
                let mut text = String::new();
                self.joined(std::slice::from_ref(part), &mut text);
                text
            }
            PartKind::Expression(expression) => self.expression(expression, Flow { input: None, want: true }),
            PartKind::Closure(closure) => self.program(&closure.body, Flow::default()),
            _ => self.unknowns.hole("…", Origin::Variable).to_string(),
        }
    }

    fn home(&mut self) -> String {
        match self.get("HOME") {
            Some(Value::One(home)) => home,
            _ => HOME.to_string(),
        }
    }

    pub(super) fn separators(&mut self) -> Vec<char> {
        match self.state.variable("IFS") {
            Some(Value::One(text)) => text.chars().collect(),
            _ => vec![' ', '\t', '\n'],
        }
    }

    /// Adds text that is split into words and matched against file names.
    fn add_unquoted(&mut self, text: &str, fields: &mut Fields) {
        let text = self.with_picks(text.to_owned());
        let separators = self.separators();
        if let Some((group, arms)) = self.unknowns.group_in(&text)
            && self.splits.is_none()
        {
            let arms = arms.min(value::ARMS);
            let parts = (0..arms).any(|arm| {
                let text = self.unknowns.pick(&text, group, arm);
                text.is_empty() || text.contains(&separators[..]) || text.contains(['*', '?'])
            });
            if parts {
                self.splits = Some((group, arms));
            }
        }
        self.spend(text.len() / 256);
        let text = globbed(&text);
        fields.add_split(&text, &separators);
    }

    /// The text where the arms are taken that were picked for this command.
    fn with_picks(&mut self, mut text: String) -> String {
        for (group, arm) in &self.picked {
            text = self.unknowns.pick(&text, *group, *arm);
        }
        text
    }

    /// Does something to a text, to each of its arms where it is a choice. `None` makes a hole.
    pub(super) fn each_arm(&mut self, text: &str, change: impl Fn(&str) -> Option<String>) -> String {
        let arms = self.unknowns.group_in(text).map(|(group, arms)| (group, arms.min(value::ARMS)));
        let texts: Vec<Option<String>> = match arms {
            Some((group, arms)) => {
                (0..arms).map(|arm| change(&self.unknowns.pick(text, group, arm))).collect()
            }
            None => vec![change(text)],
        };
        let origin = self.unknowns.origin(text).unwrap_or(Origin::Variable);
        let hole = self.unknowns.hole("…", origin).to_string();
        let texts: Vec<String> = texts.into_iter().map(|text| text.unwrap_or_else(|| hole.clone())).collect();
        match arms {
            Some((group, _)) => self.unknowns.choice(group, texts),
            None => texts.concat(),
        }
    }

    /// The text of parts with brackets left as they are written.
    pub(super) fn as_written(&mut self, parts: &[Part]) -> String {
        let mut out = String::new();
        for part in parts {
            match &part.kind {
                PartKind::Glob(text) if text.starts_with('[') => out.push_str(&self.own(text)),
                _ => self.joined(std::slice::from_ref(part), &mut out),
            }
        }
        out
    }
}

/// The letter of a set of one: `[d]` matches nothing but `d`.
fn only_letter(set: &str) -> Option<char> {
    let mut letters = set.strip_prefix('[')?.strip_suffix(']')?.chars();
    let letter = letters.next().filter(|letter| letter.is_alphanumeric())?;
    letters.next().is_none().then_some(letter)
}

/// A piece of a word that braces have made.
#[derive(Clone)]
enum Piece<'a> {
    Part(&'a Part),
    Text(std::rc::Rc<str>),
}

fn range(from: &str, to: &str, step: Option<&str>) -> Option<Vec<String>> {
    let step = step.map_or(Some(1), |step| step.parse::<i64>().ok())?.unsigned_abs().max(1);
    if let (Ok(first), Ok(last)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let count = first.abs_diff(last) / step + 1;
        if count > 64 {
            return None;
        }
        // A zero in front makes all of them as wide as the widest.
        let digits = |text: &str| text.trim_start_matches(['-', '+']).to_owned();
        let padded = [from, to].iter().any(|text| digits(text).len() > 1 && digits(text).starts_with('0'));
        let width = if padded { from.len().max(to.len()).min(32) } else { 0 };
        let step = i64::try_from(step).ok()?;
        let step = if first <= last { step } else { -step };
        let value = |index: u64| first.wrapping_add(step.wrapping_mul(index as i64));
        return Some((0..count).map(|index| format!("{:0width$}", value(index))).collect());
    }
    let (mut first, mut last) = (from.chars(), to.chars());
    let (a, z) = (first.next()?, last.next()?);
    if first.next().is_some() || last.next().is_some() || !a.is_ascii() || !z.is_ascii() {
        return None;
    }
    let (low, high) = (a.min(z) as u8, a.max(z) as u8);
    let letters = (low..=high).map(|byte| (byte as char).to_string());
    let step = usize::try_from(step).ok()?;
    Some(if a > z { letters.rev().step_by(step).collect() } else { letters.step_by(step).collect() })
}

/// The elements of an array, or the one text.
pub(super) fn elements(value: Value) -> Vec<String> {
    match value {
        Value::One(text) => vec![text],
        Value::Many(mut list) => {
            list.retain(|text| !is_unset(text));
            list
        }
        Value::Map(map) => map.into_iter().map(|(_, text)| text).collect(),
    }
}

/// True for `$@`, `${a[@]}` and what is cut from them: one argument for each element.
fn is_list(parameter: &Parameter) -> bool {
    parameter.name == "@"
        || parameter.indirect
        || parameter.index.as_ref().is_some_and(|word| word.literal().as_deref() == Some("@"))
        || matches!(&parameter.operation, Some(Operation::Zsh(zsh)) if zsh.flags.contains('@'))
}

/// True for `$*` and `${a[*]}`: joined by the first separator.
fn is_star(parameter: &Parameter) -> bool {
    parameter.name == "*" || parameter.index.as_ref().is_some_and(is_star_alone)
}

/// The file and its place in `$(< file)`.
fn file_alone(program: &Program) -> Option<(&Word, Span)> {
    let [statement] = &program.statements[..] else { return None };
    let [(_, pipeline)] = &statement.chain[..] else { return None };
    let [stage] = &pipeline.stages[..] else { return None };
    let [Redirection { kind: RedirectionKind::Read(word), span, .. }] = &stage.command.redirections[..]
    else {
        return None;
    };
    match &stage.command.kind {
        CommandKind::Simple(simple) if simple.words.is_empty() && simple.assignments.is_empty() => {
            Some((word, *span))
        }
        _ => None,
    }
}

/// Text that is matched against file names: its stars and question marks are patterns.
fn globbed(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['*', '?']) {
        return text.into();
    }
    let star = |letter| match letter {
        '*' => STAR,
        '?' => ANY,
        other => other,
    };
    text.chars().map(star).collect::<String>().into()
}

/// The text in quotes that a shell takes away again.
pub(super) fn quoted_for_shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_run_both_ways() {
        assert_eq!(range("1", "3", None), Some(vec!["1".to_owned(), "2".to_owned(), "3".to_owned()]));
        assert_eq!(range("c", "a", None), Some(vec!["c".to_owned(), "b".to_owned(), "a".to_owned()]));
        assert_eq!(range("1", "100000", None), None);
    }
}
