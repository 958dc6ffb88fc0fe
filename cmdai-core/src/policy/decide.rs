//! From a report and a policy to a verdict with its reason.
//!
//! Each finding, and each effect and program that an entry names, gets a verdict; the strictest one is
//! the line's. To loosen, an entry must cover all that a finding is about; to tighten, it is enough
//! that it may touch a part of it.

use super::glob::absolute;
use super::{Entry, Glob, Policy, Subject};
use crate::Context;
use crate::line::Span;
use crate::safety::{
    Decision, Effect, EffectKind, Finding, Layer, Profile, Report, ResolvedCommand, Risk, TargetClass,
    Verdict,
};

/// The finding that no policy may wave through.
const NOT_READ: &str = "not-fully-read";
/// What an agent asks a person about although it is bounded: it stays, and runs later without being asked.
const AGENT_ASKS: &[&str] = &["git-hook", "project-startup", "shell-startup"];
/// Effects and commands that are held against the entries of a file. Of a line with more, nobody looked at the rest:
/// it is at least asked about.
const MOST: usize = 4096;

/// What stands for the end of a path that is not known: a pattern for whoever tightens, and nothing that an entry covers.
const CUT: &str = "*\0";

/// What stands at one place of the line, and all its commands: those of a wrapped program stand elsewhere than its effects.
#[derive(Clone, Copy)]
struct Place<'a> {
    effects: &'a [Located<'a>],
    commands: &'a [ResolvedCommand],
}

/// An effect with the path that it is on, where that is known.
type Located<'a> = (&'a Effect, Option<String>);

impl Policy {
    /// Sets the report's verdict and what decided it.
    pub fn decide(&self, report: &mut Report, ctx: &Context) {
        let decision = self.decision(report, ctx);
        report.verdict = decision.verdict;
        report.decision = Some(decision);
    }

    fn decision(&self, report: &Report, ctx: &Context) -> Decision {
        let mut strictest = self.of_safe();
        let entries: Vec<&Entry> =
            self.entries.iter().filter(|entry| entry.holds_for(self.profile())).collect();
        let wanted = !entries.is_empty();
        // Sorted by place, so that what a finding is about is found without looking at all of them.
        let mut effects: Vec<Located<'_>> = Vec::new();
        if wanted {
            let located = |effect: &Effect| {
                let path =
                    is_path(effect.target.class).then(|| absolute(&effect.target.text, ctx)).flatten()?;
                // Of a long text only the beginning is kept.
                Some(path.strip_suffix('…').map_or_else(|| path.clone(), |known| format!("{known}{CUT}")))
            };
            effects.extend(report.effects.iter().take(MOST).map(|effect| (effect, located(effect))));
            effects.sort_by_key(|(effect, _)| effect.span);
        }
        let commands = &report.commands[..report.commands.len().min(MOST)];
        let at = |span: Span| {
            let first = effects.partition_point(|(effect, _)| effect.span < span);
            let count = effects[first..].partition_point(|(effect, _)| effect.span == span);
            Place { effects: &effects[first..first + count], commands }
        };
        // Of what was not compared, nobody knows that it lies where an entry allows it.
        let too_many = wanted && (report.abridged || report.effects.len() > MOST);
        // How closely an entry of the user spoke about a place: what speaks less closely is silent there.
        let mut spoken: Vec<(Span, u8)> = Vec::new();
        for finding in &report.findings {
            let place = at(finding.span);
            let (decision, rank) = self.of_finding(finding, &place, &entries, too_many);
            if rank > 0 {
                spoken.push((finding.span, rank));
            }
            strictest = stricter(strictest, decision);
        }
        spoken.sort_unstable();
        let rank_in = |span: Span| {
            let first = spoken.partition_point(|(at, _)| at.start < span.start);
            let inside = spoken[first..].iter().take_while(|(at, _)| at.end <= span.end);
            inside.map(|(_, rank)| *rank).max().unwrap_or(0)
        };
        for entry in entries.iter().filter(|entry| entry.verdict > Verdict::Allow) {
            let silent = |span: Span| entry.layer != Layer::Project && entry.rank() < rank_in(span);
            let hit = match &entry.subject {
                Subject::Risk(_) | Subject::Rule(_) => false,
                Subject::Program(words) if entry.paths.is_empty() => {
                    commands.iter().any(|command| may_be(words, command) && !silent(command.span))
                }
                _ => effects.iter().any(|effect| touches(entry, effect, commands) && !silent(effect.0.span)),
            };
            if hit {
                strictest = stricter(strictest, said_by(entry, entry.verdict, None));
            }
        }
        // An entry that tightens could have been about what is missing; a level of risk is that of the whole line.
        let could_miss = entries
            .iter()
            .any(|entry| entry.verdict > Verdict::Allow && !matches!(entry.subject, Subject::Risk(_)));
        if too_many && could_miss {
            strictest =
                stricter(strictest, Decision::new(Verdict::Ask, Layer::BuiltIn, format!("rules.{NOT_READ}")));
        }
        strictest
    }

    /// The verdict of a line that nothing is found in.
    fn of_safe(&self) -> Decision {
        match self.of_risk(Risk::Safe) {
            (verdict, Some(entry)) => said_by(entry, verdict, None),
            (verdict, None) => Decision::new(verdict, Layer::BuiltIn, "risk.safe"),
        }
    }

    /// The verdict on a finding, and how closely an entry of the user spoke about it.
    fn of_finding(
        &self,
        finding: &Finding,
        place: &Place<'_>,
        entries: &[&Entry],
        too_many: bool,
    ) -> (Decision, u8) {
        let mut decision = Decision::new(
            finding.risk.verdict(self.profile()),
            Layer::BuiltIn,
            format!("risk.{}", finding.risk),
        );
        if finding.rule == NOT_READ && decision.verdict < Verdict::Ask {
            decision = Decision::new(Verdict::Ask, Layer::BuiltIn, format!("rules.{NOT_READ}"));
        }
        let stays = self.profile() == Profile::Agent && AGENT_ASKS.contains(&finding.rule);
        if stays && decision.verdict < Verdict::Ask {
            decision = Decision::new(Verdict::Ask, Layer::BuiltIn, format!("agent.rules.{}", finding.rule));
        }
        decision.rule = Some(finding.rule);
        let mut rank = 0;
        let mut users: Option<&Entry> = None;
        for entry in entries.iter().filter(|entry| entry.layer != Layer::Project) {
            let critical = finding.risk == Risk::Critical;
            if entry.verdict < decision.verdict && (too_many || critical && !entry.may_loosen_critical()) {
                continue;
            }
            if entry.verdict == Verdict::Allow && finding.rule == NOT_READ {
                continue;
            }
            if !fits(entry, finding, place, entry.verdict < decision.verdict) {
                continue;
            }
            let order = |entry: &Entry| (entry.rank(), entry.verdict);
            if users.is_none_or(|chosen| order(entry) >= order(chosen)) {
                users = Some(entry);
            }
        }
        if let Some(entry) = users {
            rank = entry.rank();
            decision = said_by(entry, entry.verdict, Some(finding.rule));
        }
        for entry in entries.iter().filter(|entry| entry.layer == Layer::Project) {
            if entry.verdict > decision.verdict && fits(entry, finding, place, false) {
                decision = said_by(entry, entry.verdict, Some(finding.rule));
            }
        }
        (decision, rank)
    }
}

fn said_by(entry: &Entry, verdict: Verdict, rule: Option<&'static str>) -> Decision {
    let mut decision = Decision::new(verdict, entry.layer, entry.name());
    decision.reason.clone_from(&entry.reason);
    decision.source = Some(entry.source.clone());
    decision.rule = rule;
    decision
}

/// The stricter of two. Of equals the first that a finding or a file stands behind is kept.
fn stricter(a: Decision, b: Decision) -> Decision {
    let weight =
        |decision: &Decision| (decision.verdict, decision.rule.is_some() || decision.source.is_some());
    if weight(&b) > weight(&a) { b } else { a }
}

/// True where an entry is about a finding. To loosen, it must cover all of it.
fn fits(entry: &Entry, finding: &Finding, place: &Place<'_>, loosens: bool) -> bool {
    let subject = match &entry.subject {
        Subject::Risk(risk) => *risk == finding.risk,
        Subject::Rule(rule) => *rule == finding.rule,
        Subject::Effect(kind) if loosens => {
            let mut changes = place.effects.iter().filter(|(effect, _)| is_change(effect.kind)).peekable();
            changes.peek().is_some() && changes.all(|(effect, _)| effect.kind == *kind)
        }
        Subject::Effect(kind) => place.effects.iter().any(|(effect, _)| effect.kind == *kind),
        Subject::Path(glob) => covers(std::slice::from_ref(glob), &entry.effects, place, loosens),
        Subject::Program(words) if loosens => {
            !place.effects.is_empty()
                && place.effects.iter().all(|(effect, _)| words.first() == Some(&effect.program))
                && place
                    .commands
                    .iter()
                    .filter(|command| is_program(words, command))
                    .all(|command| is_plainly(words, command))
        }
        Subject::Program(words) => runs(words, place.effects, place.commands),
    };
    subject && (entry.paths.is_empty() || covers(&entry.paths, &[], place, loosens))
}

/// True where the places cover what stands here: all of it to loosen, a part of it to tighten.
fn covers(globs: &[Glob], kinds: &[EffectKind], place: &Place<'_>, loosens: bool) -> bool {
    let about = |kind: EffectKind| if kinds.is_empty() { is_change(kind) } else { kinds.contains(&kind) };
    if loosens {
        // What a program will print may hold `..`: a word with it is nowhere for sure.
        let acts = |command: &ResolvedCommand| match command.argv.first() {
            Some(Some(program)) => {
                let name = program.rsplit('/').next().unwrap_or_default();
                place.effects.iter().any(|(effect, _)| effect.program == name)
            }
            _ => true,
        };
        if place.commands.iter().any(|command| acts(command) && command.argv.iter().any(Option::is_none)) {
            return false;
        }
        let mut changes = place
            .effects
            .iter()
            .filter(|(effect, _)| is_change(effect.kind) || about(effect.kind))
            .peekable();
        changes.peek().is_some()
            && changes.all(|(effect, path)| {
                let parts: Option<Vec<&str>> =
                    path.as_deref().map(|path| path.split('/').filter(|part| !part.is_empty()).collect());
                // Whatever the end of a cut path is, `**` at the end of a pattern covers it; nothing else does.
                let cut = path.as_deref().is_some_and(|path| path.ends_with(CUT));
                let fits = |glob: &Glob, parts: &[&str]| glob.matches(parts) && (!cut || glob.is_open());
                about(effect.kind) && parts.is_some_and(|parts| globs.iter().any(|glob| fits(glob, &parts)))
            })
    } else {
        place.effects.iter().any(|effect| about(effect.0.kind) && may_touch(globs, effect))
    }
}

fn may_touch(globs: &[Glob], (effect, path): &(&Effect, Option<String>)) -> bool {
    let Some(path) = path else { return false };
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    globs.iter().any(|glob| glob.may_touch(&parts, effect.recursive || effect.kind == EffectKind::Move))
}

/// True where an entry that tightens is about this effect, whatever the rules say of it.
fn touches(entry: &Entry, effect: &Located<'_>, commands: &[ResolvedCommand]) -> bool {
    let kind = effect.0.kind;
    let subject = match &entry.subject {
        Subject::Effect(wanted) => *wanted == kind,
        Subject::Path(glob) => {
            let about =
                if entry.effects.is_empty() { is_change(kind) } else { entry.effects.contains(&kind) };
            return about && may_touch(std::slice::from_ref(glob), effect);
        }
        Subject::Program(words) => runs(words, std::slice::from_ref(effect), commands),
        Subject::Risk(_) | Subject::Rule(_) => false,
    };
    subject && (entry.paths.is_empty() || may_touch(&entry.paths, effect))
}

/// True where some of these effects may be of this program with these subcommands.
fn runs(words: &[String], effects: &[Located<'_>], commands: &[ResolvedCommand]) -> bool {
    effects.iter().any(|(effect, _)| words.first() == Some(&effect.program))
        && (words.len() == 1 || commands.iter().any(|command| may_be(words, command)))
}

/// True where a command is this program, with whatever subcommand.
fn is_program(words: &[String], command: &ResolvedCommand) -> bool {
    let name = command.argv.first().and_then(|name| name.as_deref());
    name.is_some_and(|name| words.first().is_some_and(|word| word == base_name(name)))
}

/// True where a command is certainly this program with these subcommands.
fn is_plainly(words: &[String], command: &ResolvedCommand) -> bool {
    let said = command.argv.iter().skip(1).take(words.len().saturating_sub(1)).map(|arg| arg.as_deref());
    is_program(words, command) && words.iter().skip(1).map(|word| Some(word.as_str())).eq(said)
}

/// True where a command may be: global options may stand between a program and its subcommand.
fn may_be(words: &[String], command: &ResolvedCommand) -> bool {
    let mut argv = command.argv.iter().skip(1);
    // A word that is not known could be the subcommand.
    is_program(words, command)
        && words.iter().skip(1).all(|word| argv.any(|arg| arg.as_deref().is_none_or(|arg| arg == word)))
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// True for an effect that changes something somewhere.
fn is_change(kind: EffectKind) -> bool {
    !matches!(kind, EffectKind::Read | EffectKind::ReadSecret | EffectKind::Fetch | EffectKind::Privilege)
}

/// True where a target of this class is a path.
fn is_path(class: TargetClass) -> bool {
    !matches!(
        class,
        TargetClass::Unknown
            | TargetClass::Stream
            | TargetClass::Host
            | TargetClass::Process
            | TargetClass::Named
    )
}
