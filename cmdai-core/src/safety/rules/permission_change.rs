//! The rule `permission-change`.

use super::permissions_open_wide::Mode;
use crate::safety::data;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Changes the permissions or the owner of files far from the folder at hand, or of many.
    ///
    /// ## Why
    /// It can be changed back, but nothing remembers what it was. The mode of one's own file is everyday
    /// work.
    ///
    /// ```sh,flagged
    /// chown -R anna ~/projects
    /// chmod -R go-w /srv/www
    /// sudo chown anna notes.txt
    /// chmod 000 notes.txt
    /// setfacl -R -m u:anna:rwx /srv/www
    /// ```
    /// ```sh,clean
    /// chmod +x run.sh
    /// chmod 644 notes.txt
    /// chmod 600 ~/.ssh/config
    /// chmod 600 ~/.ssh/id_rsa
    /// find . -type f -exec chmod 644 {} +
    /// chown anna notes.txt
    /// ls -l
    /// stat notes.txt
    /// ```
    PERMISSION_CHANGE { name: "permission-change", subject: Subject::Effects(&[EffectKind::Permission], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let below = if effect.recursive { " and everything below it" } else { "" };
    let thing = if effect.program == "chmod" { "permissions" } else { "owner" };
    let text = &effect.target.text;
    let near = matches!(
        effect.target.class,
        TargetClass::Local | TargetClass::WorkingDirectory | TargetClass::Temporary | TargetClass::Unknown
    );
    if effect.target.text == "/…" {
        let message = format!("Changes the {thing} of whatever it finds on the whole disk.");
        return Some(Alarm::new(Risk::High, message));
    }
    // The folder above is one of them for many a shell.
    let written = effect.span.of(scene.line);
    if effect.recursive && (written == ".*" || written.ends_with("/.*")) {
        let message =
            format!("Changes the {thing} of {written}, which may reach the folder above and all in it.");
        return Some(Alarm::new(Risk::High, message));
    }
    let protects = effect.program == "chattr" && effect.detail == "-i" || effect.detail == "-a";
    let guarded = effect.target.class == TargetClass::System
        && (text.starts_with("/var/log/")
            || data::holds_path(data::VITAL_FILES, text.trim_start_matches('/')));
    if protects && guarded {
        let message = format!("Lets {text} be changed or deleted, which was kept from that.");
        return Some(Alarm::new(Risk::High, message));
    }
    if effect.program == "setfacl" && effect.recursive && effect.detail == "removes" {
        let message = format!("Takes all rights of others from {text}{below}; what they were is not kept.");
        return Some(Alarm::new(Risk::High, message));
    }
    let mode = Mode::read(&effect.detail);
    let odd = effect.program == "chmod" && (mode.locks || mode.all_write);
    let far = !near && effect.recursive;
    (odd || far || scene.is_privileged(effect))
        .then(|| Alarm::new(Risk::Moderate, format!("Changes the {thing} of {text}{below}.")))
}
