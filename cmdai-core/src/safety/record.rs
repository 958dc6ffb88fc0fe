//! Writing down what commands do: effects, targets, and the commands as they would run.

use super::machine::{Fact, Field, Known, Machine};
use super::value::{self, Origin, STAR};
use super::{Effect, EffectKind, ResolvedCommand, Target, TargetClass, paths};
use crate::line::{Dialect, Span};

/// Effects of one line.
const EFFECTS: usize = 768;
/// Commands of one line that are written down.
pub(super) const COMMANDS: usize = 256;
/// Bytes of a target's text that are shown.
const TARGET_BYTES: usize = 160;

impl Machine<'_> {
    /// Writes down a command as it would run.
    pub(super) fn record(&mut self, argv: &[Field], span: Span) {
        if self.commands.len() < COMMANDS {
            let known =
                |field: &Field| (!value::has_hole(&field.text)).then(|| self.unknowns.show(&field.text));
            let argv = argv.iter().map(known).collect();
            self.commands.push(ResolvedCommand { argv, span: self.at(span) });
        }
    }

    pub(super) fn target(&self, class: TargetClass, text: &str, span: Span) -> Target {
        if !text.contains(char::is_control) && text.len() <= TARGET_BYTES {
            return Target { class, text: text.to_owned(), span };
        }
        // It is shown to people, in a sentence: one line, not too long.
        let mut line: String =
            text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(TARGET_BYTES).collect();
        if line.len() < text.len() {
            line.push('…');
        }
        Target { class, text: line, span }
    }

    /// Writes an effect down, once.
    pub(super) fn emit(
        &mut self,
        kind: EffectKind,
        target: Target,
        recursive: bool,
        program: &str,
        span: Span,
    ) {
        self.emit_with(kind, target, recursive, program, span, "");
    }

    pub(super) fn emit_with(
        &mut self,
        kind: EffectKind,
        target: Target,
        recursive: bool,
        program: &str,
        span: Span,
        detail: &str,
    ) {
        if self.mute {
            return;
        }
        let effect =
            Effect { kind, target, recursive, program: program.to_owned(), detail: detail.to_owned(), span };
        let recent = self.effects.len().saturating_sub(32);
        // Most differ in where they stand, which is compared more quickly than their texts.
        let is_same = |known: &Effect| {
            known.target.span == effect.target.span && known.span == effect.span && *known == effect
        };
        if self.effects[recent..].iter().any(is_same) {
            return;
        }
        // What only reads and makes leaves room for what destroys.
        let mild = matches!(kind, EffectKind::Read | EffectKind::Create | EffectKind::Fetch);
        if self.effects.len() >= if mild { EFFECTS / 2 } else { EFFECTS } {
            self.cut = true;
            return;
        }
        self.effects.push(effect);
    }

    /// Writes down an effect on a path and returns where that is.
    pub(super) fn touch(
        &mut self,
        kind: EffectKind,
        path: &str,
        span: Span,
        recursive: bool,
        program: &str,
    ) -> Option<paths::Place> {
        self.touch_as(kind, path, span, recursive, program, "")
    }

    /// The same, with something more to say of it.
    pub(super) fn touch_as(
        &mut self,
        kind: EffectKind,
        path: &str,
        span: Span,
        recursive: bool,
        program: &str,
        detail: &str,
    ) -> Option<paths::Place> {
        if path.is_empty() {
            return None;
        }
        if let Some((group, arms)) = self.unknowns.group_in(path)
            && self.pivots < super::code::PIVOTS
        {
            self.pivots += 1;
            let mut place = None;
            for arm in 0..arms {
                let path = self.unknowns.pick(path, group, arm);
                place = self.touch(kind, &path, span, recursive, program).or(place);
            }
            return place;
        }
        // Every rule looks at what is written down here.
        if !self.spend(3 + path.len() / 128) {
            return None;
        }
        if kind == EffectKind::Delete && !recursive && self.is_whole_tree(path) {
            let path = path.trim_end_matches(['/', STAR]).to_owned();
            return self.touch_as(kind, &format!("{path}/{STAR}"), span, true, program, detail);
        }
        if let Some((start, rest)) = at_any_depth(path) {
            if rest.chars().all(|letter| letter == STAR) {
                let below = recursive || kind == EffectKind::Delete;
                let path = format!("{start}/{STAR}");
                return self.touch_as(kind, &path, span, below, program, detail);
            }
            let before = self.effects.len();
            let place = self.touch_as(kind, &format!("{start}/{rest}"), span, recursive, program, detail);
            if kind == EffectKind::Delete {
                self.mark_search(before, start, true);
            }
            return place;
        }
        let mut place = paths::locate(path, &self.state.cwd, self.ctx);
        let deletes = kind == EffectKind::Delete && recursive;
        if self.abroad || deletes && self.went_far(path) {
            place = paths::far_away(place);
        }
        if !self.state.shell().links.is_empty() {
            // To open a link, or to change its mode, is to do so with what it leads to.
            let opens = matches!(
                kind,
                EffectKind::Read
                    | EffectKind::Create
                    | EffectKind::Overwrite
                    | EffectKind::Permission
                    | EffectKind::WriteDevice
            ) && program != "ln";
            place = self.behind_links(path, &place, opens).unwrap_or(place);
        }
        if let Some(mounts) = &self.mounts {
            let outside = super::containers::outside(mounts, &place.path)?;
            if let Some(name) = outside.strip_prefix(super::containers::VOLUME) {
                if kind == EffectKind::Delete && (recursive || name.contains(value::STAR)) {
                    let text = format!("what is in the volume {}", self.unknowns.show(name));
                    let target = self.target(TargetClass::Named, &text, span);
                    let was_mute = std::mem::replace(&mut self.mute, false);
                    self.emit(EffectKind::DropData, target, recursive, program, span);
                    self.mute = was_mute;
                }
                return None;
            }
            place = paths::locate(&outside, "", self.ctx);
        }
        if kind == EffectKind::Delete {
            self.untied(path, &place, span, recursive, program);
        }
        let kind = match (kind, place.class) {
            (EffectKind::Read, TargetClass::Secret) => EffectKind::ReadSecret,
            (EffectKind::Read, TargetClass::Host) => EffectKind::Fetch,
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Host) => EffectKind::Send,
            // A name in `/dev` that is made, or led elsewhere: nothing is written to what bears it.
            (EffectKind::Create, TargetClass::Device)
                if matches!(program, "ln" | "mkdir" | "mkfifo" | "mknod" | "touch") =>
            {
                kind
            }
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Device) => EffectKind::WriteDevice,
            (kind, _) => kind,
        };
        let target = self.target(place.class, &self.unknowns.show(&place.path), span);
        if kind == EffectKind::Create
            && matches!(program, "ln" | "mkdir" | "mkfifo" | "touch")
            && value::has_hole(path)
            && target.text.contains(super::branches::SO_MANY)
        {
            // Each of them takes one of the names that the disk has.
            self.emit_with(EffectKind::Exhaust, target.clone(), false, program, span, "many");
        }
        if matches!(kind, EffectKind::Create | EffectKind::Overwrite)
            && matches!(program, "dd" | "fallocate" | "mkfile")
            && value::has_hole(path)
            && target.text.contains(super::branches::SO_MANY)
        {
            self.emit_with(EffectKind::Exhaust, target.clone(), true, program, span, "disk");
        }
        // The path has lost the slash at its end; where what stands before it is empty, it is all that is left.
        let is_folder = kind == EffectKind::Delete && path.len() > 1 && path.ends_with('/');
        // Another machine says which.
        let told = kind == EffectKind::Delete && self.unknowns.comes_from(path, Origin::Network);
        let detail = if told && detail.is_empty() { "told" } else { detail };
        let was_mute = self.mute;
        self.mute &= self.mounts.is_none();
        let detail = if is_folder && detail.is_empty() { "folder" } else { detail };
        let is_spare = kind == EffectKind::Delete && detail.is_empty() && self.is_spare(&place);
        let detail = if is_spare { super::spare::SPARE } else { detail };
        self.emit_with(kind, target, recursive, program, span, detail);
        self.mute = was_mute;
        Some(place)
    }

    /// True for `/data/**/*` in a shell whose `**` stands for all folders below: every file of a tree.
    fn is_whole_tree(&self, path: &str) -> bool {
        let deep = matches!(self.dialect, Dialect::Fish | Dialect::Nu | Dialect::Zsh);
        let trimmed = path.trim_end_matches(['/', STAR]);
        let stars = path.get(trimmed.len()..).unwrap_or_default();
        deep && trimmed.starts_with('/')
            && stars.matches(STAR).count() > 1
            && !value::has_hole(trimmed)
            && paths::locate(trimmed, "", self.ctx).class == TargetClass::OtherPath
    }

    /// True for a name below a folder that the line has gone to, far from any home.
    fn went_far(&self, path: &str) -> bool {
        let cwd = self.state.cwd.as_str();
        let own = self.ctx.cwd.as_deref().is_some_and(|own| cwd.starts_with(own));
        // A folder of the root itself; deeper ones are where people work.
        cwd.starts_with('/')
            && cwd.matches('/').count() == 1
            && !own
            && !path.starts_with(['/', '.', value::HOME])
            && paths::locate(cwd, "", self.ctx).class == TargetClass::OtherPath
    }

    /// A deletion that happens even where the `cd` or the copy before it has failed.
    fn untied(&mut self, path: &str, place: &paths::Place, span: Span, recursive: bool, program: &str) {
        if let Some(elsewhere) = self.state.elsewhere.clone() {
            let there = paths::locate(path, &elsewhere, self.ctx);
            let whole = matches!(
                there.class,
                TargetClass::WorkingDirectory
                    | TargetClass::Parent
                    | TargetClass::Home
                    | TargetClass::Root
                    | TargetClass::System
                    | TargetClass::OtherHome
            );
            let everything = there.path.ends_with(value::STAR) || recursive;
            if whole && everything && there != *place {
                let target = self.target(there.class, &self.unknowns.show(&there.path), span);
                self.emit_with(EffectKind::Delete, target, recursive, program, span, "after-cd");
            }
        }
        if let Some(copied) = &self.state.copied
            && copied.iter().any(|source| covers(&place.path, source))
        {
            let target = self.target(place.class, &self.unknowns.show(&place.path), span);
            self.emit_with(EffectKind::Delete, target, recursive, program, span, "after-copy");
        }
    }

    /// A copy or an archive is made: deleting its sources is safe only where it has been.
    pub(super) fn keeps_copies(&mut self, call: &super::call::Call<'_>) {
        let args = call.args;
        let operands: Vec<&str> = args.operands().map(|item| item.text).collect();
        let sources = match call.program {
            "cp" | "rsync" | "scp" if operands.len() > 1 => &operands[..operands.len() - 1],
            "tar" if args.has("-c") => &operands[..],
            "zip" if operands.len() > 1 => &operands[1..],
            _ => return,
        };
        if self.mute {
            return;
        }
        let places = sources.iter().map(|source| paths::locate_path(source, &self.state.cwd, self.ctx));
        let mut all: Vec<std::rc::Rc<str>> = places.take(8).map(Into::into).collect();
        if all.is_empty() {
            return;
        }
        if let Some(before) = &self.state.copied {
            all.extend(before.iter().take(8).cloned());
        }
        self.state.copied = Some(std::rc::Rc::new(all));
        self.facts.push(Fact { on: true, what: Known::Copied });
    }

    /// Where a path leads that goes through a link which the line made.
    fn behind_links(&self, path: &str, place: &paths::Place, opens: bool) -> Option<paths::Place> {
        self.state.shell().links.iter().rev().find_map(|(link, target)| {
            let rest = place.path.strip_prefix(link.as_str())?;
            // The link itself is only a name; what is behind its slash is not.
            let inside = rest.starts_with('/') || (rest.is_empty() && (opens || path.ends_with(['/', '.'])));
            let behind = if rest.is_empty() { target.clone() } else { format!("{target}/{rest}") };
            inside.then(|| paths::locate(&behind, &self.state.cwd, self.ctx))
        })
    }

    /// What never ends is written to a file: the disk fills up.
    pub(super) fn fills(&mut self, text: &str, place: &paths::Place, span: Span, program: &str) {
        let holds = !matches!(
            place.class,
            TargetClass::Temporary | TargetClass::Device | TargetClass::Host | TargetClass::Stream
        ) || place.path.starts_with("/tmp/")
            || place.path.starts_with("/var/");
        if holds && self.unknowns.comes_from(text, Origin::Endless) {
            let target = self.target(TargetClass::Named, &self.unknowns.show(&place.path), span);
            self.emit_with(EffectKind::Exhaust, target, true, program, span, "disk");
        }
    }

    /// Writes down that a path is read, and returns what is known of its content.
    pub(super) fn read_path(&mut self, path: &str, span: Span, program: &str) -> String {
        let Some(place) = self.touch(EffectKind::Read, path, span, false, program) else {
            return String::new();
        };
        if let Some((_, content)) = self.files.iter().rev().find(|(known, _)| *known == place.path) {
            return content.clone();
        }
        if value::has_pattern(&place.path) && !self.files.is_empty() && self.spend(self.files.len()) {
            let fitting = self.files.iter().filter(|(known, _)| value::fits(&place.path, known));
            let content: String = fitting.map(|(_, text)| text.as_str()).collect();
            if !content.is_empty() {
                return content;
            }
        }
        // Of an archive that was unpacked there.
        if let Some(content) = self.script_text(path) {
            return content;
        }
        let name = self.unknowns.show(&place.path);
        if name == "/dev/null" {
            return String::new();
        }
        match place.class {
            TargetClass::Secret => self.unknowns.hole(&name, Origin::Secret).to_string(),
            _ if super::secret_names::names_a_secret(&name) => {
                self.unknowns.hole(&name, Origin::Secret).to_string()
            }
            TargetClass::Host => self.unknowns.hole(&name, Origin::Socket).to_string(),
            _ if name == "/etc/passwd" => self.accounts(),
            // `\\host\\share\\x.ps1`: whoever may write there decides what it says.
            _ if self.dialect == Dialect::PowerShell
                && path.starts_with("//")
                && !path.starts_with("//./") =>
            {
                self.unknowns.hole(&name, Origin::Network).to_string()
            }
            _ if matches!(name.as_str(), "/dev/zero" | "/dev/urandom" | "/dev/random") => {
                self.unknowns.hole(&name, Origin::Endless).to_string()
            }
            _ => self.unknowns.hole(&name, Origin::Program).to_string(),
        }
    }
}

/// `start/**/rest`: what lies at any depth below a place, as a search finds it.
fn at_any_depth(path: &str) -> Option<(&str, &str)> {
    const DEEP: [char; 2] = [STAR, STAR];
    let deep: String = DEEP.iter().collect();
    let at = path.find(&deep)?;
    let start = match path[..at].strip_suffix('/') {
        Some(start) if !start.is_empty() => start,
        // Below `/` every name would have to be looked at; it is told apart by what comes first.
        Some(_) => return None,
        None if at == 0 => ".",
        None => return None,
    };
    let rest = &path[at + deep.len()..];
    if rest.is_empty() { Some((start, rest)) } else { rest.strip_prefix('/').map(|rest| (start, rest)) }
}

/// True where deleting `deleted` takes what was copied from `source` with it.
fn covers(deleted: &str, source: &str) -> bool {
    let below = |path: &str, base: &str| {
        path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let source = source.trim_end_matches(value::STAR).trim_end_matches('/');
    let deleted = deleted.trim_end_matches(value::STAR).trim_end_matches('/');
    !source.is_empty() && !deleted.is_empty() && below(source, deleted)
}
