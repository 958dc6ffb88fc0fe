//! The rule `delete-file`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, windows};
declare_rule! {
    /// Deletes files, or something else by its name.
    ///
    /// ## Why
    /// There is no trash on the command line. A few named files are a small loss; a file that the system
    /// starts from is a big one.
    ///
    /// ```sh,flagged
    /// rm notes.txt
    /// rm *.log
    /// unlink old.lock
    /// docker rm web
    /// git tag -d v1.0
    /// mv notes.txt /dev/null
    /// rm /etc/passwd
    /// ```
    /// ```sh,clean
    /// ls
    /// rm --help
    /// git branch -a
    /// kubectl get pods
    /// ```
    DELETE_FILE { name: "delete-file", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let vital = || {
        let path = target.text.as_str();
        (path.starts_with('/') && data::holds_path(data::VITAL_FILES, path.trim_start_matches('/')))
            || windows::is_vital(path)
    };
    match target.class {
        TargetClass::System | TargetClass::Secret if vital() => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, which the system needs to start or to log in.", target.text),
        )),
        TargetClass::Stream => None,
        // By this file alone terraform knows what it made.
        _ if target.text.contains(".tfstate") && !target.text.contains(".backup") => Some(Alarm::new(
            Risk::High,
            format!("Deletes {}, the record of infrastructure, which then nobody manages.", target.text),
        )),
        _ => {
            let alarm = Alarm::new(Risk::Moderate, format!("Deletes {}.", target.text));
            Some(alarm.instead(scene, effect.span, "-delete", "-print"))
        }
    }
}
