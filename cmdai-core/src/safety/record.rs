//! Writing down what commands do: effects, targets, and the commands as they would run.

use super::machine::{Field, Machine};
use super::value::{self, Origin};
use super::{Effect, EffectKind, ResolvedCommand, Target, TargetClass, paths};
use crate::line::Span;

impl Machine<'_> {
    /// Writes down a command as it would run.
    pub(super) fn record(&mut self, argv: &[Field], span: Span) {
        if self.commands.len() < 256 {
            let known =
                |field: &Field| (!value::has_hole(&field.text)).then(|| self.unknowns.show(&field.text));
            let argv = argv.iter().map(known).collect();
            self.commands.push(ResolvedCommand { argv, span: self.at(span) });
        }
    }

    pub(super) fn target(&self, class: TargetClass, text: &str, span: Span) -> Target {
        Target { class, text: text.to_owned(), span }
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
        if self.effects[recent..].contains(&effect) {
            return;
        }
        if self.effects.len() >= 2048 {
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
        if path.is_empty() {
            return None;
        }
        let place = paths::locate(path, &self.state.cwd, self.ctx);
        let writes = matches!(
            kind,
            EffectKind::Overwrite | EffectKind::Create | EffectKind::Delete | EffectKind::Move
        );
        let kind = match (kind, place.class) {
            (EffectKind::Read, TargetClass::Secret) => EffectKind::ReadSecret,
            (EffectKind::Read, TargetClass::Host) => EffectKind::Fetch,
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Host) => EffectKind::Send,
            (EffectKind::Overwrite | EffectKind::Create, TargetClass::Device) => EffectKind::WriteDevice,
            (kind, _) => kind,
        };
        let _ = writes;
        let target = self.target(place.class, &self.unknowns.show(&place.path), span);
        self.emit(kind, target, recursive, program, span);
        Some(place)
    }

    /// Writes down that a path is read, and returns what is known of its content.
    pub(super) fn read_path(&mut self, path: &str, span: Span, program: &str) -> String {
        let Some(place) = self.touch(EffectKind::Read, path, span, false, program) else {
            return String::new();
        };
        if let Some((_, content)) = self.files.iter().rev().find(|(known, _)| *known == place.path) {
            return content.clone();
        }
        let name = self.unknowns.show(&place.path);
        match place.class {
            TargetClass::Secret => self.unknowns.hole(&name, Origin::Secret).to_string(),
            TargetClass::Host => self.unknowns.hole(&name, Origin::Socket).to_string(),
            _ => self.unknowns.hole(&name, Origin::Program).to_string(),
        }
    }
}
