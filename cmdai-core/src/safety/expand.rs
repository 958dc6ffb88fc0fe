//! From a word to the arguments it becomes: substitutions, braces, tildes and patterns. What stands
//! between `${` and `}` is in `parameter.rs`.

use super::machine::{Field, Flow, Machine, VALUE_BYTES, Value};
use super::parameter::is_star_alone;
use super::value::{self, ANY, HOME, Origin, STAR};
use crate::line::{Dialect, Span};
use crate::syntax::ir::{
    Brace, CommandKind, Parameter, Part, PartKind, Program, Quote, Redirection, RedirectionKind, Word,
};

/// Arguments that one word may become.
const FIELDS: usize = 512;

impl Machine<'_> {
    /// Adds the arguments that a word becomes.
    pub(super) fn expand(&mut self, word: &Word, out: &mut Vec<Field>) {
        let span = self.at(word.span);
        if let [Part { kind: PartKind::Text(text), .. }] = &word.parts[..] {
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
        let mut growing = Growing { done: Vec::new(), open: vec![String::new()], quoted: false };
        self.parts(&word.parts, &mut growing);
        let keep_empty = growing.quoted;
        let texts =
            growing.done.into_iter().chain(growing.open).filter(|text| keep_empty || !text.is_empty());
        out.extend(texts.map(|text| Field { text, span }));
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
                _ => {
                    let text = self.piece(part);
                    out.push_str(&text);
                }
            }
        }
    }

    fn parts(&mut self, parts: &[Part], growing: &mut Growing) {
        for part in parts {
            // Every part is added to every argument that a brace has opened.
            let width = growing.open.len();
            if growing.done.len() + width > FIELDS || (width > 1 && !self.spend(width / 8)) {
                self.cut = true;
                return;
            }
            match &part.kind {
                PartKind::Text(text) => growing.add(&self.own(text)),
                PartKind::Quoted { style, parts } => {
                    growing.quoted = true;
                    self.quoted(*style, parts, growing);
                }
                PartKind::Parameter(parameter) => {
                    let value = self.parameter(parameter);
                    match value {
                        Value::One(text) => self.add_unquoted(&text, growing),
                        value => {
                            for (index, text) in elements(value).iter().enumerate() {
                                if index > 0 {
                                    growing.close();
                                }
                                self.add_unquoted(text, growing);
                            }
                        }
                    }
                }
                PartKind::Substitution(_) => {
                    let text = self.piece(part);
                    self.add_unquoted(&text, growing);
                }
                PartKind::Array(words) => {
                    // `declare a=(…)`: the builtin takes it apart again.
                    let mut fields = Vec::new();
                    for word in words.iter().take(FIELDS) {
                        fields.push(Field { text: self.as_written(&word.parts), span: word.span });
                    }
                    let list: Vec<String> =
                        fields.into_iter().map(|field| quoted_for_shell(&field.text)).collect();
                    growing.add(&format!("({})", list.join(" ")));
                }
                PartKind::Brace(brace) => {
                    let texts = self.brace(brace);
                    growing.multiply(&texts);
                    if growing.open.len() > FIELDS {
                        growing.open.truncate(FIELDS);
                        self.cut = true;
                        return;
                    }
                }
                _ => {
                    let text = self.piece(part);
                    growing.add(&text);
                }
            }
        }
    }

    fn quoted(&mut self, style: Quote, parts: &[Part], growing: &mut Growing) {
        // "$@" alone becomes one argument for each.
        if let [before @ .., Part { kind: PartKind::Parameter(parameter), .. }] = parts
            && before.len() <= 1
            && style == Quote::Double
            && is_list(parameter)
        {
            let mut text = String::new();
            self.joined(before, &mut text);
            growing.add(&text);
            match self.parameter(parameter) {
                Value::One(text) => growing.add(&text),
                value => {
                    let list = elements(value);
                    growing.add_list(&list);
                    if list.is_empty() && before.is_empty() {
                        growing.quoted = false;
                    }
                }
            }
            return;
        }
        let mut text = String::new();
        self.joined(parts, &mut text);
        growing.add(&text);
    }

    /// The text of a part that is neither fixed nor split.
    pub(super) fn piece(&mut self, part: &Part) -> String {
        match &part.kind {
            PartKind::Substitution(program) => {
                let was_detached = self.detached;
                let text = match file_alone(program) {
                    // `$(< file)`
                    Some((word, span)) => {
                        let path = self.single(word);
                        let span = self.at(span);
                        self.read_path(&path, span, "cat")
                    }
                    None => self.apart(|machine| machine.program(program, Flow { input: None, want: true })),
                };
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
            PartKind::Glob(text) => match text.as_str() {
                "?" => ANY.to_string(),
                _ => STAR.to_string(),
            },
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
                "root" => "/root".to_owned(),
                user => format!("/home/{}", self.own(user)),
            },
            PartKind::Brace(brace) => self.brace(brace).join(" "),
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
    fn add_unquoted(&mut self, text: &str, growing: &mut Growing) {
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
        growing.add_split(&text, &separators);
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

    fn brace(&mut self, brace: &Brace) -> Vec<String> {
        match brace {
            Brace::List(words) => {
                let mut texts = Vec::with_capacity(words.len());
                for word in words {
                    if texts.len() > FIELDS || self.depth >= super::machine::DEPTH {
                        self.cut = true;
                        break;
                    }
                    // Braces nest; each level is one deeper.
                    self.depth += 1;
                    let mut growing = Growing { done: Vec::new(), open: vec![String::new()], quoted: false };
                    self.parts(&word.parts, &mut growing);
                    self.depth -= 1;
                    texts.extend(growing.done.into_iter().chain(growing.open));
                }
                texts
            }
            Brace::Range { from, to, step } => {
                range(from, to, step.as_deref()).unwrap_or_else(|| vec![STAR.to_string()])
            }
        }
    }
}

/// Arguments while a word is being expanded.
struct Growing {
    /// Finished by splitting.
    done: Vec<String>,
    /// Still growing; several after a brace.
    open: Vec<String>,
    /// True where some part was quoted, so that an empty result is an argument.
    quoted: bool,
}

impl Growing {
    fn add(&mut self, text: &str) {
        for open in &mut self.open {
            if open.len() + text.len() <= VALUE_BYTES {
                open.push_str(text);
            }
        }
    }

    fn multiply(&mut self, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        let mut grown = Vec::with_capacity((self.open.len() * texts.len()).min(FIELDS + 1));
        'all: for open in &self.open {
            for text in texts {
                if grown.len() > FIELDS {
                    break 'all;
                }
                grown.push(format!("{open}{text}"));
            }
        }
        self.open = grown;
    }

    fn add_split(&mut self, text: &str, separators: &[char]) {
        if !text.contains(separators) {
            return self.add(text);
        }
        let starts_apart = text.starts_with(separators);
        let ends_apart = text.ends_with(separators);
        let pieces: Vec<String> =
            text.split(separators).filter(|piece| !piece.is_empty()).map(str::to_owned).collect();
        if starts_apart {
            self.close();
        }
        self.add_list(&pieces);
        if ends_apart {
            self.close();
        }
    }

    fn add_list(&mut self, list: &[String]) {
        for (index, text) in list.iter().enumerate() {
            if index > 0 {
                self.close();
            }
            self.add(text);
        }
    }

    /// Ends the argument that is growing.
    fn close(&mut self) {
        let open = std::mem::replace(&mut self.open, vec![String::new()]);
        self.done.extend(open.into_iter().filter(|text| !text.is_empty()));
    }
}

fn range(from: &str, to: &str, step: Option<&str>) -> Option<Vec<String>> {
    let step = step.map_or(Some(1), |step| step.parse::<i64>().ok())?.unsigned_abs().max(1);
    if let (Ok(first), Ok(last)) = (from.parse::<i64>(), to.parse::<i64>()) {
        let count = first.abs_diff(last) / step + 1;
        if count > 64 {
            return None;
        }
        let sign = if first <= last { 1 } else { -1 };
        let value = |index: u64| first + sign * (index * step) as i64;
        return Some((0..count).map(|index| value(index).to_string()).collect());
    }
    let (mut first, mut last) = (from.chars(), to.chars());
    let (a, z) = (first.next()?, last.next()?);
    if first.next().is_some() || last.next().is_some() || !a.is_ascii() || !z.is_ascii() {
        return None;
    }
    let (low, high) = (a.min(z) as u8, a.max(z) as u8);
    let mut letters: Vec<String> =
        (low..=high).step_by(step as usize).map(|byte| (byte as char).to_string()).collect();
    if a > z {
        letters.reverse();
    }
    Some(letters)
}

/// The elements of an array, or the one text.
pub(super) fn elements(value: Value) -> Vec<String> {
    match value {
        Value::One(text) => vec![text],
        Value::Many(list) => list,
        Value::Map(map) => map.into_iter().map(|(_, text)| text).collect(),
    }
}

/// True for `$@`, `${a[@]}` and what is cut from them: one argument for each element.
fn is_list(parameter: &Parameter) -> bool {
    parameter.name == "@"
        || parameter.indirect
        || parameter.index.as_ref().is_some_and(|word| word.literal().as_deref() == Some("@"))
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
