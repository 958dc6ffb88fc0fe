//! Redirections: where a command reads from and writes to, and the files that the line itself fills.

use super::machine::{Flow, Machine, Status, VALUE_BYTES};
use super::value::{self, Origin};
use super::walk::COPROCESS;
use super::{Effect, EffectKind, TargetClass, paths};
use crate::line::Span;
use crate::syntax::ir::{
    Command, CommandKind, Join, PartKind, Pipeline, Program, Redirection, RedirectionKind, Stage, Statement,
    Word,
};

/// Effects near one that is looked at.
const READS: usize = 64;

/// What a pipeline empties before it runs, by the places of effects.
#[derive(Default)]
pub(super) struct Emptied {
    /// Where the pipeline began.
    from: usize,
    /// Files that redirections write anew.
    written: Vec<usize>,
    /// What substitutions did.
    substituted: Vec<std::ops::Range<usize>>,
}

/// What the effect of a redirection says of itself where the commands that write there read it.
pub(super) const OWN_INPUT: &str = "own-input";

/// True for a redirection that may not succeed: to a file or a descriptor that may not be there.
fn may_fail(redirection: &Redirection) -> bool {
    let is = |word: &Word, names: &[&str]| word.literal().is_some_and(|text| names.contains(&&*text));
    match &redirection.kind {
        RedirectionKind::Read(word)
        | RedirectionKind::Write(word)
        | RedirectionKind::Append(word)
        | RedirectionKind::ReadWrite(word)
        | RedirectionKind::WriteBoth(word)
        | RedirectionKind::AppendBoth(word) => !is(word, &["/dev/null", "/dev/stderr", "/dev/stdout"]),
        RedirectionKind::Duplicate(word) => !is(word, &["0", "1", "2", "-"]),
        _ => false,
    }
}

impl Machine<'_> {
    /// Walks one command with its redirections and returns what it writes to standard output.
    pub(super) fn command(&mut self, command: &Command, flow: Flow<'_>) -> String {
        if self.dialect == crate::Dialect::Nu {
            return self.nu_alone(command, flow);
        }
        if !self.spend(1) {
            return String::new();
        }
        if command.redirections.is_empty() {
            let sink = if flow.want || self.detached { None } else { self.exec_sink.clone() };
            let Some(sink) = sink else { return self.kind(&command.kind, command.span, flow) };
            let written = self.kind(&command.kind, command.span, Flow { want: true, ..flow });
            if !written.is_empty() {
                self.write_file(sink, written, false);
            }
            return String::new();
        }
        self.reads_from_pipe(command);
        let empties = writes_nothing(&command.kind);
        let mut input: Option<String> = None;
        let mut sinks = Vec::new();
        let mut socket = None;
        for redirection in &command.redirections {
            if !self.spend(1) {
                break;
            }
            let before = self.effects.len();
            self.redirection(redirection, empties, &mut input, &mut sinks, &mut socket);
            let is_emptied = |effect: &&Effect| {
                effect.kind == EffectKind::Overwrite && effect.program.is_empty() && effect.detail.is_empty()
            };
            if self.effects.get(before..).unwrap_or_default().last().filter(is_emptied).is_some()
                && self.emptied.written.len() < 16
            {
                self.emptied.written.push(self.effects.len() - 1);
            }
        }
        // In zsh what is written goes to a file and to a pipe.
        let piped = flow.want && self.detached && self.dialect == crate::Dialect::Zsh;
        let flow = Flow { input: input.as_deref().or(flow.input), want: flow.want || !sinks.is_empty() };
        let flow = Flow { want: flow.want || socket.is_some(), ..flow };
        let outer = self.socket;
        self.socket = socket.or(outer);
        let before = self.effects.len();
        let mut written = self.kind(&command.kind, command.span, flow);
        if command.redirections.iter().any(may_fail) {
            // The command does not run then, and `||` goes on.
            self.status = Status::Unknown;
        }
        if input.as_deref() == Some("") {
            self.copies_nothing(before);
        }
        self.socket = if moves_the_shell(&command.kind) { self.socket } else { outer };
        if self.dialect == crate::Dialect::Zsh
            && let CommandKind::Simple(simple) = &command.kind
            && simple.words.is_empty()
            && simple.assignments.is_empty()
        {
            // A redirection alone is read by this program.
            let name = if sinks.is_empty() { "READNULLCMD" } else { "NULLCMD" };
            written = match (self.get(name), flow.input) {
                (Some(super::machine::Value::One(reader)), _) => {
                    self.code_here(&reader, self.at(command.span), flow)
                }
                (_, Some(input)) if flow.want => input.to_owned(),
                _ => written,
            };
        }
        if let Some(span) = socket {
            let shown = self.unknowns.show(written.trim_end());
            self.sends(&written, &shown, span, "sh");
            self.says(&written, span, "sh");
        }
        if sinks.is_empty() {
            return written;
        }
        if moves_the_shell(&command.kind) {
            let led =
                sinks.iter().find(|(place, _)| self.consumers.iter().any(|(path, _)| *path == place.path));
            self.exec_sink = led.map(|(place, _)| place.path.clone());
        }
        for (place, appended) in sinks {
            if !self.spend(1) {
                break;
            }
            self.fills(&written, &place, self.at(command.span), "");
            self.lasting(&place, &written, self.at(command.span));
            self.keeps_setup(&command.kind, &place, appended);
            self.write_file(place.path, written.clone(), appended);
        }
        if piped { written } else { String::new() }
    }

    /// A pipeline begins: what it writes and reads is its own. Returns what was known of the one around it.
    pub(super) fn begins_to_write(&mut self) -> Emptied {
        let own = Emptied { from: self.effects.len(), ..Emptied::default() };
        std::mem::replace(&mut self.emptied, own)
    }

    /// A pipeline ends: `sort x > x`, `(cat x; date) > x` read what their redirections have emptied before.
    pub(super) fn reads_what_it_wrote(&mut self, outer: Emptied) {
        let own = std::mem::replace(&mut self.emptied, outer);
        for at in own.written {
            let Some(target) = self.effects.get(at).map(|effect| effect.target.clone()) else { continue };
            if !self.spend(1) {
                return;
            }
            let end = (at + READS).min(self.effects.len());
            let mut others = own.from.max(at.saturating_sub(READS))..end;
            // Unless something in a group has written it first.
            let first = others.find(|&other| {
                let effect = &self.effects[other];
                other != at
                    && effect.target.text == target.text
                    && effect.target.class == target.class
                    && !own.substituted.iter().any(|range| range.contains(&other))
                    && !matches!(effect.program.as_str(), "ls" | "stat" | "test")
            });
            let reads = first.and_then(|first| self.effects.get(first));
            if reads.is_some_and(|effect| effect.kind == EffectKind::Read && !effect.recursive)
                && let Some(emptied) = self.effects.get_mut(at)
            {
                emptied.detail = OWN_INPUT.to_owned();
            }
        }
    }

    /// What a substitution reads is read before the redirections are made: `echo "$(sort x)" > x`.
    pub(super) fn was_substituted(&mut self, before: usize) {
        if self.effects.len() > before && self.emptied.substituted.len() < 16 {
            self.emptied.substituted.push(before..self.effects.len());
        }
    }

    /// A command that reads from a named pipe reads what is written there later.
    fn reads_from_pipe(&mut self, command: &Command) {
        if !self.consumers.iter().any(|(_, program)| program.statements.is_empty()) {
            return;
        }
        for (at, redirection) in command.redirections.iter().enumerate() {
            let RedirectionKind::Read(word) = &redirection.kind else { continue };
            let text = self.single(word);
            let path = paths::locate_path(&text, &self.state.cwd, self.ctx);
            let waits = |(known, program): &(String, std::rc::Rc<Program>)| {
                *known == path && program.statements.is_empty()
            };
            let Some(index) = self.consumers.iter().position(waits) else { continue };
            if !self.spend(1 + command.span.len() / 16) {
                return;
            }
            let mut command = command.clone();
            command.redirections.remove(at);
            let span = command.span;
            let stages = vec![Stage { command, pipes_stderr: false }];
            let pipeline = Pipeline { negated: false, timed: false, stages, span };
            let statement = Statement { chain: vec![(Join::First, pipeline)], background: false, span };
            if let Some((_, program)) = self.consumers.get_mut(index) {
                *program = std::rc::Rc::new(Program { statements: vec![statement], span });
            }
            return;
        }
    }

    /// `mkfifo`: nothing reads from it yet.
    pub(super) fn named_pipe(&mut self, path: &str, span: Span) {
        let path = paths::locate_path(path, &self.state.cwd, self.ctx);
        if self.consumers.len() < 8 && !self.consumers.iter().any(|(known, _)| *known == path) {
            let nothing = Program { statements: Vec::new(), span };
            self.consumers.push((path, std::rc::Rc::new(nothing)));
        }
    }

    /// Remembers what a file holds that the line wrote.
    pub(super) fn write_file(&mut self, path: String, text: String, appended: bool) {
        if let Some((_, program)) = self.consumers.iter().find(|(known, _)| *known == path) {
            let program = program.clone();
            let (status, facts) = (self.status, std::mem::take(&mut self.facts));
            let sink = self.exec_sink.take();
            self.apart(|machine| machine.program(&program, Flow { input: Some(&text), want: false }));
            (self.status, self.facts, self.exec_sink) = (status, facts, sink);
        }
        if let Some(name) = self.unknowns.name_of(text.trim_end())
            && let Some(program) = name.strip_prefix("/usr/bin/").or_else(|| name.strip_prefix("/bin/"))
            && !program.is_empty()
        {
            // `cat /bin/rm > k` is a copy of it.
            let pair = (path.clone(), program.to_owned());
            self.shell_mut().programs.push(pair);
            self.files.retain(|(known, _)| *known != path);
            return;
        }
        let room = self.files.len() < 64;
        match self.files.iter_mut().find(|(known, _)| *known == path) {
            Some((_, content)) if appended && content.len() + text.len() <= VALUE_BYTES => {
                content.push_str(&text)
            }
            Some((_, content)) => *content = text,
            None if room => self.files.push((path, text)),
            None => {}
        }
    }

    /// Remembers what can be read from a descriptor.
    pub(super) fn open(&mut self, fd: u32, content: String) {
        self.descriptors.retain(|(known, _)| *known != fd);
        if self.descriptors.len() < 16 {
            self.descriptors.push((fd, content));
        }
    }

    fn redirection(
        &mut self,
        redirection: &Redirection,
        empties: bool,
        input: &mut Option<String>,
        sinks: &mut Vec<(paths::Place, bool)>,
        socket: &mut Option<Span>,
    ) {
        let span = self.at(redirection.span);
        let is_output = redirection.fd.is_none_or(|fd| fd == 1);
        match &redirection.kind {
            RedirectionKind::Read(word) | RedirectionKind::ReadWrite(word) => {
                let text = self.single(word);
                let writes = matches!(redirection.kind, RedirectionKind::ReadWrite(_));
                let content = self.read_path(&text, span, "");
                if self.unknowns.comes_from(&content, Origin::Socket) {
                    *socket = Some(span);
                }
                if writes {
                    self.touch(EffectKind::Create, &text, span, false, "");
                }
                match redirection.fd {
                    Some(fd) if fd > 0 => {
                        self.holds_program(fd, &text);
                        self.open(fd, content);
                    }
                    _ => *input = Some(content),
                }
            }
            RedirectionKind::Write(word)
            | RedirectionKind::WriteBoth(word)
            | RedirectionKind::Append(word)
            | RedirectionKind::AppendBoth(word) => {
                let appended =
                    matches!(redirection.kind, RedirectionKind::Append(_) | RedirectionKind::AppendBoth(_));
                let text = self.single(word);
                let zsh = self.dialect == crate::Dialect::Zsh;
                if zsh && self.unknowns.comes_from(&text, Origin::Socket) {
                    *socket = Some(span);
                    return;
                }
                let coprocess = value::has_hole(&text) || zsh && text == "p";
                if coprocess && self.consumers.iter().any(|(known, _)| known == COPROCESS) {
                    // `>&"${COPROC[1]}"`
                    let place = paths::Place { class: TargetClass::Stream, path: COPROCESS.to_owned() };
                    sinks.push((place, false));
                    return;
                }
                let kind = if appended { EffectKind::Create } else { EffectKind::Overwrite };
                let detail = if empties && !appended { "empties" } else { "" };
                if zsh && word.parts.iter().any(|part| matches!(part.kind, PartKind::Brace(_))) {
                    // What is written goes to all of these.
                    let mut fields = Vec::new();
                    self.expand(word, &mut fields);
                    for field in fields.into_iter().take(16) {
                        if let Some(place) = self.touch_as(kind, &field.text, span, false, "", detail) {
                            sinks.push((place, appended));
                        }
                    }
                    return;
                }
                if self.is_told(&text) {
                    let target = self.target(TargetClass::Unknown, &self.unknowns.show(&text), span);
                    self.emit_with(EffectKind::Overwrite, target, false, "", span, "told");
                }
                let place = self.touch_as(kind, &text, span, false, "", detail);
                if let (Some(fd), Some(place)) = (redirection.fd.filter(|fd| *fd > 2), &place)
                    && place.class == TargetClass::Host
                {
                    let shown = self.unknowns.show(&place.path);
                    let content = self.unknowns.hole(&shown, Origin::Socket).to_string();
                    self.open(fd, content);
                }
                match place {
                    Some(place) if place.class == TargetClass::Host => *socket = Some(span),
                    Some(place) if is_output => sinks.push((place, appended)),
                    _ => {}
                }
            }
            RedirectionKind::Duplicate(word) => {
                let mut from = self.single(word);
                if from == "p"
                    && let Some(heard) = self.zsh.heard.clone()
                {
                    // What the coprocess writes.
                    if redirection.fd == Some(0) && !self.unknowns.comes_from(&heard, Origin::Socket) {
                        *input = Some(heard);
                        return;
                    }
                    from = heard;
                }
                if value::has_hole(&from)
                    && from.chars().count() == 1
                    && let Some(heard) = self.zsh.heard.clone()
                {
                    if redirection.fd == Some(0) && !self.unknowns.comes_from(&heard, Origin::Socket) {
                        *input = Some(heard);
                        return;
                    }
                    // `<&"${COPROC[0]}"` where the coprocess is a connection.
                    from = heard;
                }
                if self.unknowns.comes_from(&from, Origin::Socket) {
                    // The descriptor of a connection that zsh's `ztcp` opened.
                    *socket = Some(span);
                    if redirection.fd == Some(0) {
                        *input = Some(from.clone());
                    }
                }
                let from = from.trim_end_matches('-').parse::<u32>().ok();
                let Some((_, content)) =
                    from.and_then(|fd| self.descriptors.iter().rev().find(|(known, _)| *known == fd))
                else {
                    return;
                };
                let content = content.clone();
                if self.unknowns.comes_from(&content, Origin::Socket) {
                    *socket = Some(span);
                }
                match redirection.fd {
                    Some(0) => *input = Some(content),
                    Some(fd) if fd > 2 => self.open(fd, content),
                    _ => {}
                }
            }
            RedirectionKind::HereString(word) => {
                let mut text = self.single(word);
                text.push('\n');
                match redirection.fd {
                    Some(fd) if fd > 2 => self.open(fd, text),
                    _ => *input = Some(text),
                }
            }
            RedirectionKind::HereDocument { quoted, body, .. } => {
                let text = if *quoted { body.literal() } else { None };
                let text = text.unwrap_or_else(|| self.single(body));
                match redirection.fd {
                    Some(fd) if fd > 2 => self.open(fd, text),
                    _ => *input = Some(text),
                }
            }
        }
    }
}

impl Machine<'_> {
    /// `tee FILE < /dev/null`: what copies its input to a file leaves nothing of it.
    pub(super) fn copies_nothing(&mut self, before: usize) {
        for effect in self.effects.iter_mut().skip(before) {
            if effect.kind == EffectKind::Overwrite
                && matches!(effect.program.as_str(), "tee" | "sponge" | "dd")
                && effect.detail.is_empty()
            {
                effect.detail = "empties".to_owned();
            }
        }
    }
}

/// True for `exec` alone: its redirections are those of the shell from now on.
fn moves_the_shell(kind: &CommandKind) -> bool {
    let CommandKind::Simple(simple) = kind else { return false };
    matches!(&simple.words[..], [only] if only.literal().as_deref() == Some("exec"))
}

/// True for `: > file`, `> file` and the like, which leave nothing in it.
pub(super) fn writes_nothing(kind: &CommandKind) -> bool {
    let CommandKind::Simple(simple) = kind else { return false };
    let word = |at: usize| simple.words.get(at).and_then(|word| word.literal());
    match word(0).as_deref() {
        None => simple.words.is_empty() && simple.assignments.is_empty(),
        Some(":" | "true") => true,
        Some("cat") => word(1).as_deref() == Some("/dev/null"),
        Some("echo") => word(1).as_deref() == Some("-n") && word(2).is_none_or(|text| text.is_empty()),
        Some("printf") => word(1).as_deref() == Some(""),
        _ => false,
    }
}
