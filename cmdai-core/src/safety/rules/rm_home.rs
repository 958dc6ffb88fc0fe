//! The rule `rm-home`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, known, windows};
declare_rule! {
    /// Deletes a whole home directory.
    ///
    /// ## Why
    /// All documents, settings and keys of a user are gone, and there is no undo.
    ///
    /// ## Instead
    /// Name the folder below the home directory that you mean.
    ///
    /// ```sh,flagged
    /// rm -rf ~
    /// rm -rf ~/*
    /// rm -rf "$HOME"
    /// rm -rf "$HOME"/
    /// rm -rf /home
    /// rm -rf ~/projects/..
    /// find ~ -delete
    /// cd && rm -rf *
    /// ```
    /// ```sh,clean
    /// rm -rf ~/.cache/thumbnails
    /// rm -rf build
    /// ls ~
    /// echo 'rm -rf ~'
    /// ```
    /// ```zsh,flagged
    /// p='~'; rm -rf ${~p}
    /// wipe() { rm -rf -- $REPLY }; : ~/*(+wipe)
    /// rm -rf ~/*(D)
    /// ```
    /// ```zsh,clean
    /// p='~'; print ${~p}
    /// print -r -- ~/*(D)
    /// ```
    /// ```fish,flagged
    /// set d ~; rm -rf $d
    /// rm -rf $HOME
    /// for d in ~; rm -rf $d; end
    /// ```
    /// ```fish,clean
    /// set d ~; cd $d
    /// echo rm -rf $HOME
    /// ```
    /// ```nu,flagged
    /// rm -rf $nu.home-path
    /// "~" | path expand | rm -rf $in
    /// ```
    /// ```nu,clean
    /// ls $nu.home-path
    /// ```
    /// ```powershell,flagged
    /// Remove-Item $HOME -Recurse -Force
    /// gci ~ | ri -r -fo
    /// ```
    /// ```powershell,clean
    /// Remove-Item $HOME -Recurse -WhatIf
    /// ```
    RM_HOME { name: "rm-home", subject: Subject::Effects(&[EffectKind::Delete, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let everything = effect.recursive || target.text.ends_with('*');
    if !everything {
        return None;
    }
    match target.class {
        // `rm ~/*` leaves folders, and what is hidden.
        TargetClass::Home if effect.kind == EffectKind::Delete && !effect.recursive => Some(Alarm::new(
            Risk::High,
            "Deletes every file that lies in your home directory itself; only folders and hidden files stay.",
        )),
        TargetClass::Home => Some(Alarm::new(
            Risk::Critical,
            "Deletes your whole home directory: documents, settings and keys. There is no undo.",
        )),
        TargetClass::OtherHome if known::is_made_again(target, scene.cwd) => None,
        TargetClass::OtherHome => {
            let all = matches!(
                target.text.as_str(),
                "/home" | "/Users" | "/home/*" | "/Users/*" | "/root" | "/root/*"
            ) || is_ones_own(&target.text)
                || windows::below_drive(target.text.trim_end_matches("/*")).eq_ignore_ascii_case("users");
            if effect.kind == EffectKind::Move && !all {
                return None;
            }
            // What a project may be built into; a folder of work may be called so, too.
            let name = target.text.trim_end_matches("/*").rsplit('/').next().unwrap_or_default();
            let built = known::below_a_home(&target.text).is_some() && data::holds(data::REBUILDABLE, name);
            let risk = match (all, built) {
                (true, _) => Risk::Critical,
                (_, true) => Risk::Moderate,
                _ => Risk::High,
            };
            let whose = if all { "the home" } else { "in the home" };
            Some(Alarm::new(
                risk,
                format!(
                    "Deletes {} and everything below it, {whose} of another user. There is no undo.",
                    target.text
                ),
            ))
        }
        _ => None,
    }
}

/// True for one's own home, by the variable that has one's name.
fn is_ones_own(path: &str) -> bool {
    let name = ["/home/", "/Users/"].iter().find_map(|start| path.strip_prefix(start)).unwrap_or_default();
    matches!(name.trim_end_matches("/*"), "$USER" | "$LOGNAME" | "$(whoami)" | "$(id -un)" | "$env.USER")
}
