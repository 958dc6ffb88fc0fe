//! Rights matter together with what is done with them: `sudo ls` only looks.

use super::call::Call;
use super::machine::Machine;
use super::rules::{Mode, is_swap_file};
use super::{Effect, EffectKind, TargetClass, data, known, placed, publishers};
use crate::specs::{self, Role, ValueKind};

impl Machine<'_> {
    /// Notes how far the privilege reaches that a wrapper has just taken, all of its command, and whether it
    /// opens a shell, of which nobody can tell what it will do.
    pub(super) fn weigh_privilege(&mut self, call: &Call<'_>, before: usize) {
        let of_call =
            |effect: &Effect| effect.kind == EffectKind::Privilege && effect.program == call.program;
        let Some(at) = self.effects.iter().skip(before).position(of_call) else { return };
        let shell = opens_shell(call);
        let words = call.argv.iter().fold(call.argv[0].span, |span, field| span.to(field.span));
        let words = self.at(words);
        if let Some(effect) = self.effects.get_mut(before + at) {
            effect.recursive |= shell;
            effect.target.span = words;
        }
    }
}

fn opens_shell(call: &Call<'_>) -> bool {
    let command =
        call.args.items.iter().find(
            |item| matches!(item.role, Role::Operand(Some(operand)) if operand.kind == ValueKind::Command),
        );
    let Some(item) = command else {
        return match call.program {
            "su" => !call.args.has_any(&["-c", "--session-command"]),
            _ => call.args.has_any(&["-i", "-s"]),
        };
    };
    let words = call.argv.get(item.word + 1..).unwrap_or_default();
    let Some((first, rest)) = words.split_first() else { return false };
    let spec = specs::lookup(&first.text).map_or("", |spec| spec.name);
    // A shell with a script or with code is judged by what that does.
    let bare = rest.iter().all(|word| word.text.starts_with('-') && word.text != "-c");
    matches!(spec, "bash" | "fish" | "su" | "pwsh") && bare
}

/// True where the mode of one file, none of the system's, is set so that not everybody may write it.
fn narrows(effect: &Effect) -> bool {
    let mode = Mode::read(&effect.detail);
    let own =
        matches!(effect.target.class, TargetClass::Local | TargetClass::OtherPath | TargetClass::HomeFile);
    effect.program == "chmod"
        && !effect.recursive
        && own
        && !mode.all_write
        && !mode.takes_over
        && !mode.locks
}

/// True for an effect that is had under a privilege and leaves something other than it was.
pub(super) fn changes_under(effect: &Effect, privilege: &Effect) -> bool {
    let reach = privilege.target.span;
    if effect.span.start < reach.start || effect.span.end > reach.end {
        return false;
    }
    let harmless_place = matches!(effect.target.class, TargetClass::Temporary | TargetClass::Stream);
    let adds = super::rules::is_new_server(effect)
        || matches!(effect.detail.as_str(), placed::BACKUP | placed::PLACED | publishers::OFFERED);
    if adds {
        return false;
    }
    match effect.kind {
        EffectKind::Read | EffectKind::ReadSecret | EffectKind::Fetch | EffectKind::Privilege => false,
        EffectKind::Send => false,
        EffectKind::Kill => effect.detail != "0" && !known::starts_again(effect),
        // Something new beside what is there; where that matters, its own rule says so.
        EffectKind::Create => {
            matches!(
                effect.target.class,
                TargetClass::System | TargetClass::Secret | TargetClass::ShellStartup
            )
            // Whose folder is searched for programs, by root too.
            || effect.target.text.starts_with("/snap/bin/")
        }
        EffectKind::WriteDevice => !is_swap_file(effect),
        EffectKind::Overwrite if is_swap_file(effect) => false,
        EffectKind::Install => !known::is_offered(effect),
        EffectKind::Configure => !data::STARTING.contains(&effect.detail.as_str()),
        EffectKind::Permission if narrows(effect) => false,
        EffectKind::Permission if publishers::lets_read(&effect.target.text, &effect.detail) => {
            effect.recursive
        }
        EffectKind::Permission if placed::lets_run(&effect.target.text, &effect.detail) => effect.recursive,
        EffectKind::Overwrite | EffectKind::Delete | EffectKind::Move => !harmless_place,
        _ => true,
    }
}
