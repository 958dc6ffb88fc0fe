//! What each word of a command line is to its program: flag, value, operand or subcommand.

use super::{Flag, Input, Operand, Spec, ValueKind};

/// A command line read by its spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct Args<'a> {
    /// The spec of the innermost subcommand, or of the program.
    pub spec: &'static Spec,
    /// The program's spec, then each subcommand's.
    pub path: Vec<&'static Spec>,
    /// In the order written; a word may hold several items.
    pub items: Vec<Item<'a>>,
}

/// One thing that a word, or a stretch of it, says.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Item<'a> {
    /// Which word, counted from the first after the program.
    pub word: usize,
    /// Where in the word it begins, in bytes.
    pub start: usize,
    /// What it says.
    pub text: &'a str,
    /// What it is.
    pub role: Role,
}

/// What an item is to its program.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Role {
    /// A subcommand.
    Subcommand(&'static Spec),
    /// The name of a group of commands, of which only the verbs are known.
    Group,
    /// A flag.
    Flag(&'static Flag),
    /// A flag that the spec does not list.
    UnknownFlag,
    /// The value of a flag or key.
    Value(&'static Flag),
    /// The `key` of `key=value`.
    Key(&'static Flag),
    /// An operand; `None` where the spec expects no more.
    Operand(Option<&'static Operand>),
    /// `--`, which ends the flags.
    EndOfFlags,
}

impl<'a> Args<'a> {
    /// True where the flag with this first name is given.
    pub fn has(&self, name: &str) -> bool {
        self.items.iter().any(|item| matches!(item.role, Role::Flag(flag) if flag.names[0] == name))
    }

    /// True where one of the flags with these first names is given.
    pub fn has_any(&self, names: &[&str]) -> bool {
        !names.is_empty()
            && self
                .items
                .iter()
                .any(|item| matches!(item.role, Role::Flag(flag) if names.contains(&flag.names[0])))
    }

    /// True where a flag says that nothing is to be done; `--dry-run=none` takes that back.
    pub fn is_dry(&self) -> bool {
        // A shell that is interactive, or told otherwise afterwards, runs what it reads.
        if self.spec.stdin == Input::Code && self.has_any(&["-i", "+n"]) {
            return false;
        }
        let names = |flag| self.values(flag).any(|value| value.text == "noexec");
        if self.spec.stdin == Input::Code && names("-o") && !names("+o") {
            return true;
        }
        self.path.iter().any(|spec| {
            self.has_any(spec.dry)
                && !spec.dry.iter().any(|name| {
                    self.values(name).any(|value| matches!(value.text, "none" | "false" | "False" | "0"))
                })
        })
    }

    /// True for `aws s3 rm help`: a program with verbs takes this for a question.
    pub fn asks_for_help(&self) -> bool {
        let mut operands = self.operands();
        self.path.iter().any(|spec| !spec.verbs.is_empty())
            && operands.next().is_some_and(|item| item.text == "help")
            && operands.next().is_none()
    }

    /// The values of the flag with this first name.
    pub fn values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = Item<'a>> + 's {
        let is_value = move |item: &Item<'a>| matches!(item.role, Role::Value(flag) if flag.names[0] == name);
        self.items.iter().copied().filter(is_value)
    }

    /// The operands, in order.
    pub fn operands<'s>(&'s self) -> impl Iterator<Item = Item<'a>> + 's {
        self.items.iter().copied().filter(|item| matches!(item.role, Role::Operand(_)))
    }

    /// Words that look like flags and that the spec does not list.
    pub fn unknown_flags<'s>(&'s self) -> impl Iterator<Item = &'a str> + 's {
        self.items.iter().filter(|item| matches!(item.role, Role::UnknownFlag)).map(|item| item.text)
    }
}

/// Gives each word of `argv` (without the program) its role.
///
/// Knows bundles (`-xzf`), joined values (`-n5`, `--lines=5`), unique beginnings of long flags, `--`,
/// and stops reading flags where a nested command begins. Never fails: what it does not know is
/// [`Role::UnknownFlag`] or an operand.
pub fn parse_args<'a>(spec: &'static Spec, argv: &[&'a str]) -> Args<'a> {
    let mut reader = Reader {
        args: Args { spec, path: vec![spec], items: Vec::with_capacity(argv.len() + 4) },
        operands: Vec::new(),
        flags_over: false,
        verbs: (!spec.verbs.is_empty()).then_some(spec),
        groups: 0,
    };
    let mut word = 0;
    while word < argv.len() {
        word = reader.read(argv, word);
    }
    reader.assign_operands();
    reader.args
}

struct Reader<'a> {
    args: Args<'a>,
    /// Indices into `args.items` of the operands so far.
    operands: Vec<usize>,
    flags_over: bool,
    /// Whose verbs are looked for, as long as none was read.
    verbs: Option<&'static Spec>,
    /// Names of groups so far.
    groups: usize,
}

/// Names of groups that are read before a verb.
const GROUPS: usize = 8;

impl<'a> Reader<'a> {
    /// Reads the word at `word` and returns the next to read.
    fn read(&mut self, argv: &[&'a str], word: usize) -> usize {
        let text = argv[word];
        let spec = self.args.spec;
        if !self.flags_over && spec.style.parameters {
            if let Some(next) = self.parameter(argv, word) {
                return next;
            }
        } else if !self.flags_over && spec.style.slash {
            if let Some(next) = self.slashed(argv, word) {
                return next;
            }
        } else if !self.flags_over {
            if text == "--" {
                self.push(word, 0, text, Role::EndOfFlags);
                self.flags_over = true;
                return word + 1;
            }
            if text.len() > 2 && text.starts_with("--") {
                return self.long(argv, word);
            }
            if text.len() > 1 && text.starts_with('-') {
                return self.short(argv, word);
            }
            if text.len() > 1
                && text.starts_with('+')
                && let Some(next) = self.plus(argv, word)
            {
                return next;
            }
            if spec.style.bare_bundle && word == 0 && self.is_bundle(text) {
                return self.bundle(argv, word, 0);
            }
            if spec.style.one_dash
                && let Some(flag) = self.find(text)
            {
                self.push(word, 0, text, Role::Flag(flag));
                return word + 1;
            }
        }
        if self.operands.is_empty()
            && self.groups == 0
            && !spec.subcommands.is_empty()
            && let Some(sub) = spec.subcommand(text)
        {
            self.push(word, 0, text, Role::Subcommand(sub));
            self.enter(sub);
            if !sub.verbs.is_empty() {
                self.verbs = Some(sub);
            } else if sub.subcommands.is_empty() {
                self.verbs = None;
            }
            return word + 1;
        }
        if self.operands.is_empty()
            && let Some(from) = self.verbs
        {
            if let Some(verb) = from.verb(text) {
                self.push(word, 0, text, Role::Subcommand(verb));
                self.enter(verb);
                self.verbs = None;
                return word + 1;
            }
            if self.groups < GROUPS {
                // `gcloud beta compute` is `gcloud compute`.
                self.groups += usize::from(!matches!(text, "alpha" | "beta" | "preview"));
                self.push(word, 0, text, Role::Group);
                return word + 1;
            }
        }
        if let Some((key, _)) = text.split_once('=')
            && let Some(known) = spec.keys.iter().find(|known| known.names.contains(&key))
        {
            self.push(word, 0, &text[..key.len()], Role::Key(known));
            self.push(word, key.len() + 1, &text[key.len() + 1..], Role::Value(known));
            return word + 1;
        }
        self.push(word, 0, text, Role::Operand(None));
        self.operands.push(self.args.items.len() - 1);
        if spec.style.posix && spec.subcommands.is_empty() {
            self.flags_over = true;
        }
        if self.opens_command(text) {
            for (offset, rest) in argv[word + 1..].iter().enumerate() {
                self.push(word + 1 + offset, 0, rest, Role::Operand(None));
                self.operands.push(self.args.items.len() - 1);
            }
            return argv.len();
        }
        word + 1
    }

    fn enter(&mut self, sub: &'static Spec) {
        self.groups = 0;
        self.args.spec = sub;
        self.args.path.push(sub);
        self.flags_over = false;
    }

    /// True where the operand just read begins a nested command or code, which keeps its own flags.
    fn opens_command(&self, text: &str) -> bool {
        let mut position = self.operands.len() - 1;
        for operand in self.expected() {
            if operand.kind == ValueKind::Assignment && operand.many {
                let leading =
                    self.operands.iter().take_while(|&&at| is_assignment(self.args.items[at].text)).count();
                if leading > position {
                    return false;
                }
                position -= leading;
                continue;
            }
            let opens =
                operand.kind == ValueKind::Command || (operand.kind == ValueKind::Code && operand.many);
            if opens {
                return true;
            }
            if operand.many || position == 0 {
                return false;
            }
            position -= 1;
        }
        let _ = text;
        false
    }

    fn expected(&self) -> &'static [Operand] {
        let spec = self.args.spec;
        let variant = spec.variants.iter().find(|variant| self.args.has_any(variant.when));
        variant.map_or(spec.operands, |variant| variant.operands)
    }

    fn assign_operands(&mut self) {
        let all = self.expected();
        let given: Vec<&'static Operand> = all.iter().filter(|operand| !self.is_given(operand)).collect();
        let expected = &given[..];
        let count = self.operands.len();
        let mut next = 0;
        for (position, operand) in expected.iter().enumerate() {
            let after: usize = expected[position + 1..].iter().filter(|later| !later.optional).count();
            let left = count - next;
            let take = if operand.kind == ValueKind::Assignment && operand.many {
                let texts = self.operands[next..].iter().map(|&at| self.args.items[at].text);
                texts.take_while(|text| is_assignment(text)).count()
            } else if operand.many {
                // Of two words or more the last may be an optional operand: `ln -s TARGET LINK`.
                left.saturating_sub(expected.len() - position - 1).max(left.saturating_sub(after).min(1))
            } else if operand.optional {
                usize::from(left > after)
            } else {
                usize::from(left > 0)
            };
            for &at in &self.operands[next..next + take] {
                self.args.items[at].role = Role::Operand(Some(operand));
            }
            next += take;
        }
    }

    /// True where a cmdlet's operand is given by the parameter of its name.
    fn is_given(&self, operand: &Operand) -> bool {
        self.args.spec.style.parameters
            && self.args.items.iter().any(|item| match item.role {
                Role::Flag(flag) => {
                    flag.names.iter().any(|name| name[1..].eq_ignore_ascii_case(operand.name))
                }
                _ => false,
            })
    }

    fn push(&mut self, word: usize, start: usize, text: &'a str, role: Role) {
        self.args.items.push(Item { word, start, text, role });
    }

    /// A flag of the innermost subcommand, or of what it stands under.
    fn find(&self, name: &str) -> Option<&'static Flag> {
        self.args.path.iter().rev().find_map(|spec| spec.flag(name))
    }

    fn long(&mut self, argv: &[&'a str], word: usize) -> usize {
        let text = argv[word];
        let name_end = text.find('=').unwrap_or(text.len());
        let name = &text[..name_end];
        let flag = self.find(name).or_else(|| self.beginning(name));
        let Some(flag) = flag else {
            self.push(word, 0, text, Role::UnknownFlag);
            // Groups come first: what follows a flag that nobody knows may be its value.
            if self.groups > 0 || self.args.path.len() > 1 {
                self.verbs = None;
            }
            return word + 1;
        };
        self.push(word, 0, name, Role::Flag(flag));
        if name_end < text.len() {
            self.push(word, name_end + 1, &text[name_end + 1..], Role::Value(flag));
            return word + 1;
        }
        self.separate_value(argv, word, flag)
    }

    /// The one long flag that begins so, as GNU programs allow.
    fn beginning(&self, name: &str) -> Option<&'static Flag> {
        let spec: &'static Spec = self.args.spec;
        let begins = |flag: &&'static Flag| {
            flag.names.iter().any(|known| known.starts_with("--") && known.starts_with(name))
        };
        let mut fitting = spec.flags.iter().filter(begins);
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first)
    }

    fn short(&mut self, argv: &[&'a str], word: usize) -> usize {
        let text = argv[word];
        // A whole word that is a flag comes first: `-name` of find, `-rf` never is one.
        let name_end = text.find('=').unwrap_or(text.len());
        let whole = self.find(text).map(|flag| (flag, text.len()));
        let whole = whole.or_else(|| self.find(&text[..name_end]).map(|flag| (flag, name_end)));
        if let Some((flag, end)) = whole {
            self.push(word, 0, &text[..end], Role::Flag(flag));
            if end < text.len() && text.len() > 3 {
                self.push(word, end + 1, &text[end + 1..], Role::Value(flag));
                return word + 1;
            }
            if end < text.len() {
                return word + 1;
            }
            return self.separate_value(argv, word, flag);
        }
        let is_number = text[1..].starts_with(|c: char| c.is_ascii_digit());
        if self.args.spec.style.number
            && is_number
            && let Some(flag) = self.find("-")
        {
            self.push(word, 0, "-", Role::Flag(flag));
            self.push(word, 1, &text[1..], Role::Value(flag));
            return word + 1;
        }
        if self.args.spec.style.one_dash {
            self.push(word, 0, text, Role::UnknownFlag);
            return word + 1;
        }
        self.bundle(argv, word, 1)
    }

    /// `+x`, `+xe`, `+O extglob` of shells, `+D folder` of lsof. `None` where the word is no such flag.
    fn plus(&mut self, argv: &[&'a str], word: usize) -> Option<usize> {
        let text = argv[word];
        if let Some(flag) = self.find(text) {
            self.push(word, 0, text, Role::Flag(flag));
            return Some(self.separate_value(argv, word, flag));
        }
        let letters = text.char_indices().skip(1).map(|(at, letter)| {
            let end = at + letter.len_utf8();
            Some((at, end, self.find(&format!("+{letter}"))?))
        });
        let flags: Vec<(usize, usize, &'static Flag)> = letters.collect::<Option<_>>()?;
        for (at, end, flag) in &flags {
            self.push(word, *at, &text[*at..*end], Role::Flag(flag));
        }
        let (.., last) = flags.last()?;
        Some(self.separate_value(argv, word, last))
    }

    /// `-Name`, `-nam`, `-Name:value`. `None` where the word is none of them.
    fn parameter(&mut self, argv: &[&'a str], word: usize) -> Option<usize> {
        let text = argv[word];
        if text == "--" {
            self.push(word, 0, text, Role::EndOfFlags);
            self.flags_over = true;
            return Some(word + 1);
        }
        if !is_parameter(text) {
            return None;
        }
        let end = text.find(':').unwrap_or(text.len());
        let name = &text[..end];
        let Some(flag) = self.find(name).or_else(|| self.args.spec.parameter(name)) else {
            self.push(word, 0, text, Role::UnknownFlag);
            return Some(word + 1);
        };
        self.push(word, 0, name, Role::Flag(flag));
        if end + 1 < text.len() {
            self.push(word, end + 1, &text[end + 1..], Role::Value(flag));
            return Some(word + 1);
        }
        Some(self.separate_value(argv, word, flag))
    }

    /// `/q`, `/out:value`, `-s`. `None` where the word is none of them.
    fn slashed(&mut self, argv: &[&'a str], word: usize) -> Option<usize> {
        let text = argv[word];
        if text.len() < 2 || !text.starts_with(['/', '-']) {
            return None;
        }
        let end = text.find([':', '=']).unwrap_or(text.len());
        let whole = self.find(text).map(|flag| (flag, text.len()));
        let found = whole.or_else(|| self.find(text.get(..end)?).map(|flag| (flag, end)));
        let Some((flag, end)) = found else {
            if text.starts_with('/') && text[1..].contains(['/', '\\']) {
                // Several flags in one word, `/s/q`, or a path.
                let mut from = 0;
                let known = text[1..].split('/').all(|piece| {
                    self.args.path.iter().rev().any(|spec| spec.flag(&format!("/{piece}")).is_some())
                });
                if !known {
                    return None;
                }
                for piece in text[1..].split('/') {
                    let flag = self.args.path.iter().rev().find_map(|spec| spec.flag(&format!("/{piece}")));
                    if let Some(flag) = flag {
                        self.push(word, from, &text[from..from + 1 + piece.len()], Role::Flag(flag));
                    }
                    from += 1 + piece.len();
                }
                return Some(word + 1);
            }
            if text.starts_with('-') || text.len() <= 12 {
                self.push(word, 0, text, Role::UnknownFlag);
                return Some(word + 1);
            }
            return None;
        };
        self.push(word, 0, &text[..end], Role::Flag(flag));
        if end < text.len() {
            self.push(word, end + 1, &text[end + 1..], Role::Value(flag));
            return Some(word + 1);
        }
        Some(self.separate_value(argv, word, flag))
    }

    fn is_bundle(&self, text: &str) -> bool {
        let mut buffer = [0; 5];
        !text.is_empty()
            && text.chars().all(|letter| {
                buffer[0] = b'-';
                let length = letter.encode_utf8(&mut buffer[1..]).len();
                std::str::from_utf8(&buffer[..=length]).is_ok_and(|name| self.find(name).is_some())
            })
    }

    /// Reads `-xzf` from the byte `from` on: flags until one that takes the rest as its value.
    fn bundle(&mut self, argv: &[&'a str], word: usize, from: usize) -> usize {
        let text = argv[word];
        let mut next = word + 1;
        for (offset, letter) in text[from..].char_indices() {
            let at = from + offset;
            let end = at + letter.len_utf8();
            let mut name = String::with_capacity(5);
            name.push('-');
            name.push(letter);
            let Some(flag) = self.find(&name) else {
                self.push(word, at, &text[at..end], Role::UnknownFlag);
                continue;
            };
            self.push(word, at, &text[at..end], Role::Flag(flag));
            let Some(value) = flag.value else { continue };
            // In a bundle without a dash the values follow as words of their own.
            if end < text.len() && from == 1 {
                self.push(word, end, &text[end..], Role::Value(flag));
                break;
            }
            if !value.optional {
                next = self.separate_value(argv, next - 1, flag);
            }
        }
        next
    }

    /// Takes the word after `word` as the value of `flag`, where it wants one.
    fn separate_value(&mut self, argv: &[&'a str], word: usize, flag: &'static Flag) -> usize {
        let wants = flag.value.is_some_and(|value| !value.optional);
        if flag.value.is_some_and(|value| value.kind == ValueKind::Command) {
            // As `find -exec` does it: all up to `;`, or `{} +`.
            let mut next = word + 1;
            while let Some(text) = argv.get(next) {
                self.push(next, 0, text, Role::Value(flag));
                next += 1;
                if *text == ";" || (*text == "+" && argv[next - 2] == "{}") {
                    break;
                }
            }
            return next;
        }
        match argv.get(word + 1) {
            Some(text) if wants => {
                self.push(word + 1, 0, text, Role::Value(flag));
                word + 2
            }
            _ => word + 1,
        }
    }
}

/// True for `NAME=value`.
fn is_assignment(text: &str) -> bool {
    let Some((name, _)) = text.split_once('=') else { return false };
    // So bash hands its functions on.
    let name = name.strip_prefix("BASH_FUNC_").map_or(name, |rest| rest.trim_end_matches(['%', '(', ')']));
    let mut letters = name.chars();
    letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && letters.all(|c| c.is_alphanumeric() || c == '_')
}

/// True for a word that names a parameter of a cmdlet: a dash and a letter.
fn is_parameter(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next() == Some('-') && letters.next().is_some_and(|c| c.is_alphabetic() || c == '_')
}
