//! Compound commands that go one way or another, or round and round.

use super::machine::{End, Field, Flow, Machine, State, Status, VALUE_BYTES, Value};
use super::value::{self, Origin};
use super::walk::Way;
use super::{EffectKind, TargetClass};
use crate::line::Span;
use crate::syntax::ir::{CaseArm, CaseEnd, Command, CommandKind, Program, Word};

/// Rounds of a loop over known values.
const ROUNDS: usize = 256;
/// Programs that wait, so that a loop around them does not run away.
const WAITING: &[&str] = &[
    "fswatch",
    "inotifywait",
    "nc",
    "ping",
    "read",
    "select",
    "sleep",
    "ssh",
    "tail",
    "usleep",
    "wait",
    "watch",
];

impl Machine<'_> {
    /// `if`, with all its arms.
    pub(super) fn branches(
        &mut self,
        arms: &[(Program, Program)],
        otherwise: Option<&Program>,
        flow: Flow<'_>,
    ) -> String {
        let mut ends: Vec<Way> = Vec::new();
        for (condition, body) in arms {
            let outcome = self.condition(condition, Flow { want: false, ..flow });
            if let Some(yes) = outcome.yes {
                self.ended = None;
                self.state = yes.state;
                self.arm(body, flow, &mut ends);
            }
            match outcome.no {
                Some(no) => {
                    self.ended = None;
                    self.state = no.state;
                }
                None => return self.all(ends),
            }
        }
        match otherwise {
            Some(body) => self.arm(body, flow, &mut ends),
            None => ends.push(Way { state: std::mem::take(&mut self.state), output: String::new() }),
        }
        self.all(ends)
    }

    /// Walks one way and keeps where it ends, if it does not leave.
    fn arm(&mut self, body: &Program, flow: Flow<'_>, ends: &mut Vec<Way>) {
        self.guards += 1;
        let output = self.program(body, flow);
        self.guards -= 1;
        if self.ended.is_none() {
            ends.push(Way { state: std::mem::take(&mut self.state), output });
        }
    }

    /// `case`: a subject that is known picks its arm; of one that is not, every arm may be the one.
    pub(super) fn case(&mut self, subject: &Word, arms: &[CaseArm], flow: Flow<'_>) -> String {
        let text = self.single(subject);
        let is_known = !value::has_hole(&text) && !value::has_pattern(&text);
        let start = self.state.clone();
        let mut ends: Vec<Way> = Vec::new();
        let mut decided = false;
        let mut runs_on = false;
        for arm in arms {
            self.state = start.clone();
            let mut hit = if runs_on { Status::True } else { Status::False };
            for pattern in &arm.patterns {
                let pattern = self.pattern(pattern);
                let fits = match pattern {
                    Some(pattern) if pattern == "*" => Status::True,
                    Some(pattern) if is_known && !value::has_hole(&pattern) => {
                        Status::known(value::fits(&pattern, &text))
                    }
                    _ => Status::Unknown,
                };
                if fits != Status::False && hit != Status::True {
                    hit = fits;
                }
            }
            if hit == Status::False {
                continue;
            }
            self.ended = None;
            self.arm(&arm.body, flow, &mut ends);
            runs_on = arm.end == CaseEnd::RunNext;
            if hit == Status::True && arm.end == CaseEnd::Stop {
                decided = true;
                break;
            }
        }
        if !decided {
            self.ended = None;
            ends.push(Way { state: start, output: String::new() });
        }
        self.all(ends)
    }

    /// How many arms of a choice say which program it is: `case … in A) open=open ;; B) open=xdg-open ;; esac; $open x`.
    /// Where there are several, the line has a variable of its own, and nobody means what it was before.
    pub(super) fn known_programs(&self, text: &str, group: u32, arms: usize) -> usize {
        let is_known = |arm: &usize| {
            let picked = self.unknowns.pick(text, group, *arm);
            picked != text && !picked.is_empty() && !value::has_hole(&picked)
        };
        (0..arms).filter(is_known).count()
    }

    /// True for a variable that the line has not set, and nothing else.
    pub(super) fn is_variable(&self, text: &str) -> bool {
        self.unknowns.name_of(text).is_some() && self.unknowns.origin(text) == Some(value::Origin::Variable)
    }

    /// `while` and `until`.
    pub(super) fn repeat(
        &mut self,
        until: bool,
        condition: &Program,
        body: &Program,
        span: Span,
        flow: Flow<'_>,
    ) -> String {
        let outer_input = std::mem::replace(&mut self.pending_input, flow.input.map(str::to_owned));
        let outer_rounds = std::mem::take(&mut self.rounds);
        let mut output = String::new();
        let mut ends: Vec<State> = Vec::new();
        let mut endless = false;
        for round in 0..ROUNDS {
            let before = self.pending_input.as_ref().map(String::len);
            let outcome = self.condition(condition, Flow { want: false, input: None });
            let (goes_on, leaves) = if until { (outcome.no, outcome.yes) } else { (outcome.yes, outcome.no) };
            let is_known = leaves.is_none();
            ends.extend(leaves.map(|way| way.state));
            let Some(way) = goes_on else { break };
            self.ended = None;
            self.state = way.state;
            let asks = !always(condition);
            self.guards += u32::from(asks);
            self.loops += 1;
            let written = self.program(body, Flow { input: None, ..flow });
            self.loops -= 1;
            self.guards -= u32::from(asks);
            if output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
            match self.ended {
                Some(End::Round) => self.ended = None,
                Some(_) => break,
                None => {}
            }
            if !self.rounds.is_empty() {
                ends.append(&mut self.rounds);
                ends.truncate(value::ARMS);
                // The next round is no other where a `break` may have been met.
                ends.push(std::mem::take(&mut self.state));
                break;
            }
            let after = self.pending_input.as_ref().map(String::len);
            let took_a_line = after.is_some_and(|left| left > 0) && before != after;
            if is_known && always(condition) {
                endless = true;
                ends.push(self.state.clone());
                break;
            }
            // Another round where `read` took a line and there is one more, or the condition is known.
            if !took_a_line && (!is_known || after == Some(0) && before != after) {
                ends.push(self.state.clone());
                break;
            }
            if output.len() > VALUE_BYTES || self.fuel == 0 || round + 1 == ROUNDS {
                if is_known && round + 1 == ROUNDS {
                    self.fills_up(body);
                }
                ends.push(self.state.clone());
                break;
            }
        }
        if self.pending_input.as_ref().is_some_and(|left| !left.is_empty())
            && flow.input != self.pending_input.as_deref()
        {
            self.cut = true;
        }
        self.pending_input = outer_input;
        if endless {
            self.runs_away(body, span);
        }
        self.go_on(ends);
        self.rounds = outer_rounds;
        output
    }

    /// After a loop: from where its rounds ended, or nowhere.
    fn go_on(&mut self, mut ends: Vec<State>) {
        let extra = std::mem::take(&mut self.rounds);
        ends.extend(extra);
        if ends.is_empty() {
            self.ended.get_or_insert(End::Shell);
            return;
        }
        self.ended = None;
        // The states of late rounds say most.
        ends.reverse();
        let group = self.unknowns.group();
        self.state = self.meet(ends, group);
        self.status = Status::Unknown;
        self.facts.clear();
    }

    /// A loop without end that starts programs without waiting for them, or fills a file.
    fn runs_away(&mut self, body: &Program, span: Span) {
        let mut seen = Seen::default();
        look(body, &mut seen, 0);
        if !seen.waits && seen.gathers {
            let span = self.at(span);
            let target = self.target(TargetClass::Named, "memory", span);
            self.emit_with(EffectKind::Exhaust, target, false, "while", span, "memory");
        }
        if seen.waits || !(seen.starts || seen.fills) {
            return;
        }
        let span = self.at(span);
        let shown = if seen.starts { "the loop" } else { "a file" };
        let target = self.target(TargetClass::Process, shown, span);
        let detail = if seen.starts { "" } else { "disk" };
        self.emit_with(EffectKind::Exhaust, target, true, "while", span, detail);
    }

    /// A loop that is still counting when nobody follows it any more, and makes a file in each round.
    fn fills_up(&mut self, body: &Program) {
        let mut seen = Seen::default();
        look(body, &mut seen, 0);
        if seen.fills && !seen.waits {
            let span = self.at(body.span);
            let target = self.target(TargetClass::Process, "a file", span);
            self.emit_with(EffectKind::Exhaust, target, true, "while", span, "disk");
        }
    }

    /// `for` and `select`.
    pub(super) fn each(
        &mut self,
        name: &str,
        words: Option<&[Word]>,
        select: bool,
        body: &Program,
        flow: Flow<'_>,
    ) -> String {
        let mut fields = Vec::new();
        match words {
            Some(words) => words.iter().for_each(|word| self.expand(word, &mut fields)),
            None => {
                let positional = self.state.positional.as_deref().cloned();
                let hole = || vec![self.unknowns.hole("$@", Origin::Variable).to_string()];
                let texts = positional.unwrap_or_else(hole);
                fields.extend(texts.into_iter().map(|text| Field { text, span: Span::default() }));
            }
        }
        self.splits = None;
        if select {
            // The user picks one.
            let group = self.unknowns.group();
            let texts = fields.into_iter().take(value::ARMS).map(|field| field.text).collect();
            let text = self.unknowns.choice(group, texts);
            fields = vec![Field { text, span: Span::default() }];
        }
        let outer_rounds = std::mem::take(&mut self.rounds);
        let mut output = String::new();
        let many = i64::try_from(fields.len()).is_ok_and(|count| count >= MANY)
            || words.is_some_and(|words| words.iter().take(4).any(counts_far))
            || fields
                .iter()
                .take(2)
                .any(|field| self.unknowns.name_of(field.text.trim_end()) == Some(SO_MANY));
        if fields.len() > ROUNDS {
            self.cut = true;
            fields.truncate(ROUNDS);
        }
        // zsh takes several names: each round has so many words.
        let names: Vec<&str> = match self.dialect {
            crate::Dialect::Zsh if name.contains(' ') => name.split_whitespace().collect(),
            _ => vec![name],
        };
        let mut fields = fields.into_iter();
        while let Some(field) = fields.next() {
            self.set(names.first().copied().unwrap_or(name), Value::One(field.text));
            for name in names.iter().skip(1) {
                let text = fields.next().map(|field| field.text).unwrap_or_default();
                self.set(name, Value::One(text));
            }
            self.guards += 1;
            self.loops += 1;
            let written = self.program(body, flow);
            self.loops -= 1;
            self.guards -= 1;
            if output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
            match self.ended {
                // Rounds that left early are kept; whether by `break` or `continue` is not told apart.
                Some(End::Round) => {
                    self.ended = None;
                    if let Some(state) = self.rounds.last() {
                        self.state = state.clone();
                    }
                }
                Some(_) => break,
                None => {}
            }
            if self.fuel == 0 {
                break;
            }
        }
        let mut ends = Vec::new();
        if self.ended.is_none() {
            ends.push(std::mem::take(&mut self.state));
        }
        if many {
            self.runs_away(body, body.span);
        }
        self.rounds.truncate(value::ARMS);
        self.rounds.append(&mut ends);
        self.go_on(Vec::new());
        self.rounds = outer_rounds;
        output
    }

    /// `for (( start; condition; step ))`
    pub(super) fn counted(&mut self, header: &Word, body: &Program, span: Span, flow: Flow<'_>) -> String {
        let text = self.single(header);
        if !text.contains(';') {
            return self.so_often(&text, body, span, flow);
        }
        let mut pieces = text.splitn(3, ';');
        let mut piece = || pieces.next().unwrap_or_default().trim().to_owned();
        let (start, condition, step) = (piece(), piece(), piece());
        self.calculate(&start);
        let outer_rounds = std::mem::take(&mut self.rounds);
        let mut output = String::new();
        let mut ends = Vec::new();
        for round in 0..ROUNDS {
            let goes_on = if condition.is_empty() { Some(1) } else { self.calculate(&condition) };
            if goes_on == Some(0) {
                ends.push(std::mem::take(&mut self.state));
                break;
            }
            self.loops += 1;
            let written = self.program(body, flow);
            self.loops -= 1;
            if output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
            match self.ended {
                Some(End::Round) => self.ended = None,
                Some(_) => break,
                None => {}
            }
            let stops = goes_on.is_none() || condition.is_empty() || !self.rounds.is_empty();
            if stops || self.fuel == 0 || round + 1 == ROUNDS {
                if condition.is_empty() && self.rounds.is_empty() {
                    self.runs_away(body, span);
                } else if round + 1 == ROUNDS {
                    self.fills_up(body);
                }
                ends.push(std::mem::take(&mut self.state));
                break;
            }
            self.calculate(&step);
        }
        self.go_on(ends);
        self.rounds = outer_rounds;
        output
    }
}

/// Numbers from which on a row of them is as good as without an end.
pub(super) const FAR: u64 = 10_000;
/// Numbers that are too many to be counted.
pub(super) const SO_MANY: &str = "$(seq)";
/// Rounds of `repeat` from which on programs that nobody waits for are too many.
const MANY: i64 = 500;

impl Machine<'_> {
    /// `repeat COUNT`: two rounds say what all do.
    fn so_often(&mut self, count: &str, body: &Program, span: Span, flow: Flow<'_>) -> String {
        let count = self.calculate(count);
        let outer_rounds = std::mem::take(&mut self.rounds);
        let before = self.state.clone();
        let mut output = String::new();
        for _ in 0..count.unwrap_or(1).clamp(0, 2) {
            self.loops += 1;
            let written = self.program(body, flow);
            self.loops -= 1;
            if output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
            if self.ended == Some(End::Round) {
                self.ended = None;
            }
            if self.ended.is_some() || self.fuel == 0 {
                break;
            }
        }
        if count.is_some_and(|count| count >= MANY) {
            self.runs_away(body, span);
        }
        let state = std::mem::replace(&mut self.state, before);
        self.go_on(vec![state]);
        self.rounds = outer_rounds;
        output
    }
}

/// True for a condition that holds by itself: `true`, `:`, `[ 1 ]`.
fn always(condition: &Program) -> bool {
    let [statement] = &condition.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    match &stage.command.kind {
        CommandKind::Simple(simple) => {
            let name = simple.words.first().and_then(Word::literal);
            matches!(name.as_deref(), Some(":" | "true" | "false" | "[" | "test"))
                && simple.words.iter().all(|word| word.literal().is_some())
        }
        CommandKind::Arithmetic(word) | CommandKind::ArithmeticFor { header: word, .. } => {
            word.literal().is_some_and(|text| text.trim().parse::<i64>().is_ok())
        }
        CommandKind::Test(words) => words.iter().all(|word| word.literal().is_some()),
        _ => false,
    }
}

/// True for a command that makes a file of a size that it names: `fallocate -l 1G f$i`, `head -c 10M /dev/urandom > f$i`.
fn makes_much(name: &str, simple: &crate::syntax::ir::Simple, command: &Command) -> bool {
    use crate::syntax::ir::RedirectionKind;
    let words: Vec<_> = simple.words.iter().skip(1).take(16).map(Word::literal).collect();
    let has = |wanted: &[&str]| {
        words.iter().flatten().any(|word| wanted.iter().any(|start| word.starts_with(start)))
    };
    match name {
        "fallocate" => {
            has(&["-l", "--length"]) && !has(&["-d", "-p", "-c", "--dig", "--punch", "--collapse"])
        }
        "mkfile" | "xfs_mkfile" => words.len() > 1,
        "cat" | "head" | "yes" => {
            (name != "head" || has(&["-c", "--bytes"]))
                && (name == "yes" || has(&["/dev/zero", "/dev/urandom", "/dev/random"]))
                && command.redirections.iter().any(|redirection| {
                    matches!(&redirection.kind, RedirectionKind::Write(word) | RedirectionKind::Append(word)
                        if word.literal().is_none())
                })
        }
        _ => false,
    }
}

/// What the body of a loop does, as far as it is written there.
#[derive(Default)]
struct Seen {
    /// Programs are started that nobody waits for.
    starts: bool,
    /// Something waits.
    waits: bool,
    /// A file grows.
    fills: bool,
    /// A variable grows.
    gathers: bool,
}

fn look(body: &Program, seen: &mut Seen, depth: usize) {
    for statement in body.statements.iter().take(64) {
        if statement.background {
            // Nobody waits for it, not even where it only sleeps.
            seen.starts = true;
            continue;
        }
        for (_, pipeline) in &statement.chain {
            for stage in &pipeline.stages {
                look_at(&stage.command, seen, depth);
            }
        }
    }
}

/// True for the ends of a row that is as good as without one.
pub(super) fn is_far(from: &str, to: &str) -> bool {
    match (from.parse::<i64>(), to.parse::<i64>()) {
        (Ok(from), Ok(to)) => from.abs_diff(to) >= FAR,
        _ => false,
    }
}

/// True for `{1..100000}`.
fn counts_far(word: &Word) -> bool {
    use crate::syntax::ir::{Brace, PartKind};
    word.parts.iter().any(|part| match &part.kind {
        PartKind::Brace(Brace::Range { from, to, step: None }) => {
            match (from.parse::<i64>(), to.parse::<i64>()) {
                (Ok(from), Ok(to)) => from.abs_diff(to) >= MANY.unsigned_abs(),
                _ => false,
            }
        }
        _ => false,
    })
}

/// True for `x=$x$x` and `list+=(…)`.
fn grows(assignment: &crate::syntax::ir::Assignment) -> bool {
    use crate::syntax::ir::{AssignedValue, PartKind};
    if assignment.append {
        return match &assignment.value {
            AssignedValue::Array(_) => true,
            AssignedValue::Word(word) => word.literal().is_none_or(|text| text.parse::<i64>().is_err()),
        };
    }
    let AssignedValue::Word(word) = &assignment.value else { return false };
    let names = |parts: &[crate::syntax::ir::Part]| {
        parts
            .iter()
            .filter(|part| matches!(&part.kind, PartKind::Parameter(parameter) if parameter.name == assignment.name))
            .count()
    };
    let quoted: usize = word
        .parts
        .iter()
        .map(|part| match &part.kind {
            PartKind::Quoted { parts, .. } => names(parts),
            _ => 0,
        })
        .sum();
    names(&word.parts) + quoted > 1
}

fn look_at(command: &Command, seen: &mut Seen, depth: usize) {
    use crate::syntax::ir::RedirectionKind;
    for redirection in &command.redirections {
        if let RedirectionKind::Append(word) | RedirectionKind::AppendBoth(word) = &redirection.kind
            && !word.literal().is_some_and(|path| path.starts_with("/dev/"))
        {
            seen.fills = true;
        }
    }
    match &command.kind {
        CommandKind::Simple(simple) => {
            let name = simple.words.first().and_then(Word::literal).unwrap_or_default();
            // `sh -c 'yes &'` starts what nobody waits for too; `dd of=f$RANDOM` fills one file after the other.
            let nested = matches!(name.as_str(), "sh" | "bash" | "zsh" | "dash" | "setsid" | "nohup");
            let told = simple.words.iter().skip(1).filter_map(Word::literal);
            seen.starts |= nested && told.into_iter().any(|word| word.trim_end().ends_with('&'));
            seen.fills |= makes_much(&name, simple, command);
            seen.fills |= name == "dd"
                && simple.words.iter().any(|word| {
                    word.literal().is_some_and(|text| text == "if=/dev/zero" || text == "if=/dev/urandom")
                });
            if name == "set"
                && let Some(variable) =
                    simple.words.iter().skip(1).filter_map(Word::literal).find(|word| !word.starts_with('-'))
            {
                let again = simple.words.iter().flat_map(|word| &word.parts).filter(|part| {
                    matches!(&part.kind, crate::syntax::ir::PartKind::Parameter(parameter) if parameter.name == variable)
                });
                let appends = simple.words.iter().filter_map(Word::literal).any(|word| {
                    word == "--append"
                        || word.starts_with('-') && !word.starts_with("--") && word.contains('a')
                });
                seen.gathers |= again.count() > 1 || appends && simple.words.len() > 3;
            }
            seen.gathers |= simple.words.is_empty() && simple.assignments.iter().any(grows);
            seen.waits |= WAITING.binary_search(&name.as_str()).is_ok();
        }
        CommandKind::Group(program) | CommandKind::Subshell(program) if depth < 4 => {
            look(program, seen, depth + 1);
        }
        CommandKind::If { arms, .. } if depth < 4 => {
            for (condition, body) in arms {
                look(condition, seen, depth + 1);
                look(body, seen, depth + 1);
            }
        }
        _ => {}
    }
}
