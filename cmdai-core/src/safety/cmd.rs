//! Lines of `cmd.exe`: its few rules of quoting, its own commands, and programs.
//!
//! `"` quotes, `^` takes the meaning of the next character away, `&`, `&&`, `||` and `|` part commands,
//! `%NAME%` is a variable. Flags begin with a slash.

use super::machine::{DEPTH, Field, Flow, Machine, VALUE_BYTES, Value};
use super::powershell::slashes;
use super::value::{self, ANY, Origin, STAR};
use super::{EffectKind, TargetClass, paths};
use crate::line::Span;

/// One command of a line, its words still with their quotes.
#[derive(Default)]
struct Segment {
    text: String,
    /// Redirections: the file, and whether it is added to.
    writes: Vec<(String, bool)>,
    /// True where its output goes on to the next.
    piped: bool,
}

impl Machine<'_> {
    /// The words behind `cmd`: options, then the line after `/c` or `/k`.
    pub(super) fn cmd_arguments(&mut self, words: &[&str], span: Span) {
        for (index, word) in words.iter().enumerate() {
            let lower = word.to_ascii_lowercase();
            let Some(option) = lower.strip_prefix('/') else { continue };
            if option.starts_with(['c', 'k', 'r']) {
                let mut line = word.get(2..).unwrap_or_default().to_owned();
                for (at, more) in words.iter().skip(index + 1).enumerate() {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    // What is one word here is one there; quotes around the whole are taken off.
                    let parted = more.is_empty() || more.contains(char::is_whitespace);
                    if at > 0 && parted && !more.contains('"') {
                        line.push_str(&format!("\"{more}\""));
                    } else {
                        line.push_str(more);
                    }
                }
                self.cmd_lines(&line, span);
                return;
            }
        }
    }

    /// The lines of a batch file, or one line.
    pub(super) fn cmd_lines(&mut self, text: &str, span: Span) {
        self.report_unknown_code(text, span);
        self.code_bytes += text.len();
        if self.depth >= DEPTH
            || self.code_bytes > super::machine::CODE_BYTES
            || !self.spend(1 + text.len() / 64)
        {
            self.cut = true;
            return;
        }
        self.depth += 1;
        let outer = self.outer.replace(self.outer.unwrap_or(span));
        let joined = text.replace("^\r\n", "").replace("^\n", "");
        for line in joined.lines() {
            let mut carried: Option<String> = None;
            for segment in segments(line) {
                if !self.spend(1) {
                    break;
                }
                let output = self.cmd_segment(&segment, span, carried.take());
                if segment.piped {
                    carried = Some(output);
                }
            }
        }
        self.outer = outer;
        self.depth -= 1;
    }

    /// A program with its words in one text, as `CreateProcess` takes it.
    pub(super) fn windows_command(&mut self, line: &str, span: Span) {
        self.report_unknown_code(line, span);
        if self.depth >= DEPTH || !self.spend(1 + line.len() / 64) {
            self.cut = true;
            return;
        }
        self.depth += 1;
        let words = split(line, false);
        self.cmd_words(&words, span, Flow::default());
        self.depth -= 1;
    }

    fn cmd_segment(&mut self, segment: &Segment, span: Span, input: Option<String>) -> String {
        let text = self.expand_percent(&segment.text);
        let text = self.expand_bangs(&text);
        let words = split(&text, true);
        let flow = Flow { input: input.as_deref(), want: segment.piped || !segment.writes.is_empty() };
        let output = self.cmd_words(&words, span, flow);
        for (file, appends) in &segment.writes {
            let file = self.expand_percent(file);
            if file.eq_ignore_ascii_case("nul") || file.starts_with('&') || file.is_empty() {
                continue;
            }
            self.write_text(&file, output.clone(), *appends, span, "cmd");
        }
        output
    }

    /// `!NAME!`, where the line set it.
    fn expand_bangs(&mut self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('!') {
            let after = &rest[at + 1..];
            let end = after.find('!').filter(|&end| end > 0 && end < 64 && !after[..end].contains(' '));
            let value = end.and_then(|end| {
                let name = &after[..end];
                self.state
                    .variables()
                    .iter()
                    .any(|(known, _)| known.eq_ignore_ascii_case(name))
                    .then_some(name)
            });
            out.push_str(&rest[..at]);
            match (value, end) {
                (Some(name), Some(end)) if out.len() < VALUE_BYTES => {
                    out.push_str(&self.expand_percent(&format!("%{name}%")));
                    rest = &after[end + 1..];
                }
                _ => {
                    out.push('!');
                    rest = after;
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// One command by its words.
    fn cmd_words(&mut self, words: &[String], span: Span, flow: Flow<'_>) -> String {
        let Some(first) = words.first() else { return String::new() };
        if self.depth >= DEPTH || !self.spend(1) {
            self.cut = true;
            return String::new();
        }
        let span = self.at(span);
        let name = first.trim_start_matches('@').to_lowercase();
        if name.is_empty() {
            return self.deeper_words(&words[1..], span, flow);
        }
        let rest = &words[1..];
        // `del/s` and `cd..` need no blank.
        if let Some(at) = name.find('/')
            && matches!(
                &name[..at],
                "del" | "erase" | "rd" | "rmdir" | "format" | "echo" | "dir" | "copy" | "move"
            )
        {
            let mut parted = vec![name[..at].to_owned(), first.trim_start_matches('@')[at..].to_owned()];
            parted.extend(rest.iter().cloned());
            return self.deeper_words(&parted, span, flow);
        }
        let base = slashes(&name);
        let base = base.rsplit('/').next().unwrap_or_default().to_owned();
        let base = base.strip_suffix(".exe").or_else(|| base.strip_suffix(".com")).unwrap_or(&base);
        let flagged = |flag: &str| {
            rest.iter().any(|word| {
                word.len() > 1
                    && word.starts_with('/')
                    && word[1..]
                        .split('/')
                        .any(|one| one.split(':').next().is_some_and(|one| one.eq_ignore_ascii_case(flag)))
            })
        };
        let operands = || rest.iter().filter(|word| !word.starts_with('/'));
        match base {
            "del" | "erase" => {
                let below = flagged("s");
                for word in operands() {
                    let path = marked(word);
                    let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
                    let everything =
                        file.chars().all(|letter| matches!(letter, STAR | '.')) && !file.is_empty();
                    let whole = match (everything, below) {
                        // With /s a name means every file of that name below.
                        (true, true) if folder.is_empty() => STAR.to_string(),
                        (true, _) => format!("{folder}/{STAR}"),
                        (false, true) if value::has_pattern(file) => {
                            let some = self.unknowns.hole("…", Origin::Program);
                            if folder.is_empty() { some.to_string() } else { format!("{folder}/{some}") }
                        }
                        _ => path.clone(),
                    };
                    let narrow = !everything && value::has_pattern(file);
                    self.touch(EffectKind::Delete, &whole, span, below && !narrow, "del");
                }
            }
            "rd" | "rmdir" | "deltree" => {
                let below = flagged("s") || base == "deltree";
                for word in operands() {
                    self.touch(EffectKind::Delete, &marked(word), span, below, "rd");
                }
            }
            "format" => {
                for word in operands().filter(|word| word.ends_with(':')) {
                    let target = self.target(TargetClass::Device, word, span);
                    self.emit(EffectKind::WriteDevice, target, true, "mkfs", span);
                }
            }
            "move" | "ren" | "rename" => {
                if let Some(from) = operands().next() {
                    self.touch(EffectKind::Move, &marked(from), span, true, "Move-Item");
                }
                if let Some(to) = operands().nth(1).filter(|_| base == "move") {
                    self.touch(EffectKind::Overwrite, &marked(to), span, false, "mv");
                }
            }
            "copy" => {
                if let Some(from) = operands().next() {
                    self.touch(EffectKind::Read, &marked(from), span, false, "cp");
                }
                if let Some(to) = operands().nth(1) {
                    self.touch(EffectKind::Overwrite, &marked(to), span, false, "cp");
                }
            }
            "type" | "more" => {
                let mut text = String::new();
                for word in operands() {
                    text.push_str(&self.read_path(&marked(word), span, "type"));
                }
                return text;
            }
            "md" | "mkdir" => {
                for word in operands() {
                    self.touch(EffectKind::Create, &marked(word), span, false, "mkdir");
                }
            }
            "mklink" => {
                if let Some(link) = operands().next() {
                    self.touch(EffectKind::Create, &marked(link), span, false, "ln");
                }
            }
            "echo" | "echo." | "echo:" => return format!("{}\n", rest.join(" ")),
            "set" => {
                let text = rest.join(" ");
                let text = text.strip_prefix("/p ").or_else(|| text.strip_prefix("/P ")).unwrap_or(&text);
                if let Some((name, value)) = text.split_once('=') {
                    self.set(name.trim().to_lowercase().as_str(), Value::One(value.to_owned()));
                }
            }
            "cd" | "chdir" | "pushd" => {
                if let Some(to) = operands().next() {
                    self.state.cwd = paths::enter(&slashes(to), &self.state.cwd, self.ctx);
                }
            }
            "start" => {
                // A title in quotes and options come first.
                let mut rest = rest
                    .iter()
                    .skip_while(|word| word.starts_with('/') || word.is_empty())
                    .cloned()
                    .collect::<Vec<_>>();
                if rest.first().is_some_and(|word| word.contains(' ')) && rest.len() > 1 {
                    rest.remove(0);
                }
                return self.deeper_words(&rest, span, flow);
            }
            "call" => return self.deeper_words(rest, span, flow),
            "if" => {
                let mut at = 0;
                while rest.get(at).is_some_and(|word| {
                    matches!(word.to_lowercase().as_str(), "not" | "/i" | "exist" | "defined" | "errorlevel")
                }) {
                    at += 1;
                }
                // `a==b` is one word or three; what it is about is one.
                let compares = rest.get(at).is_some_and(|word| word.contains("=="));
                let spaced = rest.get(at + 1).is_some_and(|word| {
                    matches!(
                        word.to_lowercase().as_str(),
                        "==" | "equ" | "neq" | "lss" | "leq" | "gtr" | "geq"
                    )
                });
                at += if spaced && !compares { 3 } else { 1 };
                let rest = rest.get(at..).unwrap_or_default().to_vec();
                return self.deeper_words(&rest, span, flow);
            }
            "for" => return self.cmd_for(rest, span, flow),
            "do" | "else" => return self.deeper_words(rest, span, flow),
            "rem" | "title" | "color" | "cls" | "exit" | "pause" | "goto" | "setlocal" | "endlocal"
            | "ver" | "vol" | "dir" | "popd" | "path" | "prompt" | "break" | "date" | "time" | "assoc"
            | "ftype" | "verify" => {}
            _ if base.starts_with("::") => {}
            "powershell" | "pwsh" => {
                let words: Vec<(String, Span)> = rest.iter().map(|word| (word.clone(), span)).collect();
                return self.powershell_program(base, &words, flow);
            }
            "cmd" => {
                let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
                self.cmd_arguments(&rest, span);
            }
            _ => {
                if base.ends_with(".bat") || base.ends_with(".cmd") {
                    if let Some(text) = self.written(first) {
                        self.cmd_lines(&text, span);
                        return String::new();
                    }
                } else if base.ends_with(".ps1")
                    && let Some(text) = self.written(first)
                {
                    self.run_text(&text, span);
                    return String::new();
                }
                let argv: Vec<Field> = std::iter::once(first.trim_start_matches('@').to_owned())
                    .chain(rest.iter().cloned())
                    .map(|text| Field { text, span })
                    .collect();
                return self.windows_program(base, &argv, span, flow);
            }
        }
        String::new()
    }

    /// Commands that `cmd` without a command of its own reads on its input.
    pub(super) fn cmd_input(&mut self, words: &[&str], input: Option<&str>, span: Span) {
        let told = words.iter().any(|word| {
            let word = word.to_ascii_lowercase();
            word.starts_with("/c") || word.starts_with("/k") || word.starts_with("/r")
        });
        if let Some(input) = input.filter(|_| !told) {
            let input = input.to_owned();
            self.cmd_lines(&input, span);
        }
    }

    fn deeper_words(&mut self, words: &[String], span: Span, flow: Flow<'_>) -> String {
        self.depth += 1;
        let output = self.cmd_words(words, span, flow);
        self.depth -= 1;
        output
    }

    /// `for %i in (set) do command`
    fn cmd_for(&mut self, words: &[String], span: Span, flow: Flow<'_>) -> String {
        let place = |name: &str| words.iter().position(|word| word.eq_ignore_ascii_case(name));
        let (Some(inside), Some(does)) = (place("in"), place("do")) else { return String::new() };
        let variable = inside.checked_sub(1).and_then(|at| words.get(at)).cloned().unwrap_or_default();
        let options: Vec<String> =
            words[..inside.saturating_sub(1)].iter().map(|word| word.to_lowercase()).collect();
        let set: String = words.get(inside + 1..does).unwrap_or_default().join(" ");
        let set = set.trim_matches(['(', ')']).trim().to_owned();
        let is = |flag: &str| options.iter().any(|option| option == flag);
        let items: Vec<String> = if is("/f") {
            let code = set.trim_matches(['\'', '`', '"']).to_owned();
            if set.starts_with(['\'', '`']) {
                self.cmd_lines(&code, span);
            }
            if set.starts_with('"') {
                vec![code]
            } else {
                vec![self.unknowns.hole(&variable, Origin::Program).to_string()]
            }
        } else if is("/l") {
            vec![self.unknowns.hole(&variable, Origin::Program).to_string()]
        } else if is("/r") || is("/d") {
            let start = options
                .iter()
                .find(|option| !option.starts_with('/'))
                .cloned()
                .unwrap_or_else(|| ".".to_owned());
            vec![if set == "*" || set == "." { format!("{start}\\{STAR}") } else { set }]
        } else {
            set.split([' ', ',']).filter(|item| !item.is_empty()).map(str::to_owned).collect()
        };
        let body = words.get(does + 1..).unwrap_or_default();
        let name = variable.trim_start_matches('%').to_owned();
        for item in items.into_iter().take(32) {
            let words: Vec<String> = body
                .iter()
                .map(|word| {
                    let forms =
                        [format!("%%~{name}"), format!("%~{name}"), format!("%%{name}"), format!("%{name}")];
                    forms.iter().fold(word.clone(), |word, form| {
                        value::replaced(&word, form, &item, true).unwrap_or(word)
                    })
                })
                .collect();
            let words: Vec<String> = words
                .iter()
                .map(|word| word.trim_matches(['(', ')']).to_owned())
                .filter(|word| !word.is_empty())
                .collect();
            self.deeper_words(&words, span, flow);
        }
        String::new()
    }

    fn written(&mut self, name: &str) -> Option<String> {
        let place = paths::locate(&slashes(name), &self.state.cwd, self.ctx);
        self.files.iter().rev().find(|(known, _)| *known == place.path).map(|(_, text)| text.clone())
    }
}

fn marked(path: &str) -> String {
    slashes(path).replace('*', &STAR.to_string()).replace('?', &ANY.to_string())
}

/// The commands of a line.
fn segments(line: &str) -> Vec<Segment> {
    let mut all = Vec::new();
    let mut here = Segment::default();
    let mut quoted = false;
    let mut groups = 0usize;
    let mut letters = line.trim().chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                quoted = !quoted;
                here.text.push(letter);
            }
            '^' if !quoted => {
                // An escaped sign must not part commands, nor a quote quote.
                if let Some(next) = letters.next() {
                    match next {
                        '"' => {}
                        '&' | '|' | '<' | '>' => here.text.push_str(&format!("\"{next}\"")),
                        next => here.text.push(next),
                    }
                }
            }
            '&' | '|' if !quoted => {
                let doubled = letters.peek() == Some(&letter);
                if doubled {
                    letters.next();
                }
                here.piped = letter == '|' && !doubled;
                all.push(std::mem::take(&mut here));
            }
            '(' if !quoted && here.text.trim().is_empty() => groups += 1,
            ')' if !quoted && groups > 0 && !unclosed(&here.text) => groups -= 1,
            '>' if !quoted => {
                // A single digit before it names the stream.
                let stream = here.text.chars().next_back().filter(char::is_ascii_digit);
                let mut before = here.text.chars().rev().skip(1);
                if stream.is_some() && before.next().is_none_or(char::is_whitespace) {
                    here.text.pop();
                }
                let appends = letters.peek() == Some(&'>');
                if appends {
                    letters.next();
                }
                while letters.peek().is_some_and(|letter| letter.is_whitespace()) {
                    letters.next();
                }
                let mut file = String::new();
                let mut inside = false;
                while let Some(&next) = letters.peek() {
                    if next == '"' {
                        inside = !inside;
                        letters.next();
                        continue;
                    }
                    if !inside
                        && (next.is_whitespace()
                            || (matches!(next, '&' | '|') && !file.is_empty())
                            || matches!(next, '<' | '>' | ')'))
                    {
                        break;
                    }
                    file.push(next);
                    letters.next();
                    if file.starts_with('&') && file.len() == 2 {
                        break;
                    }
                }
                if stream.is_none_or(|stream| stream == '1') {
                    here.writes.push((file, appends));
                }
            }
            _ => here.text.push(letter),
        }
    }
    all.push(here);
    all.retain(|segment| !segment.text.trim().is_empty() || !segment.writes.is_empty());
    all
}

/// True where a parenthesis of the text is open, as in `for %i in (`.
fn unclosed(text: &str) -> bool {
    text.matches('(').count() > text.matches(')').count()
}

/// The words of a text; quotes group and are taken away. Of `cmd`, `,`, `;` and `=` part words too, which
/// matters for nothing here but keeps `a,b` whole.
fn split(text: &str, _cmd: bool) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    let mut any = false;
    for letter in text.chars() {
        if letter == '"' {
            quoted = !quoted;
            any = true;
        } else if letter.is_whitespace() && !quoted {
            if any || !word.is_empty() {
                words.push(std::mem::take(&mut word));
                any = false;
            }
        } else {
            word.push(letter);
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}
