//! The rule `shell-startup`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Changes what is run at every login, start or by a timer.
    ///
    /// ## Why
    /// It runs again and again without being asked; a wrong line can lock you out, a hostile one stays.
    ///
    /// ```sh,flagged
    /// echo 'export PATH=$PATH:~/bin' >> ~/.bashrc
    /// echo x > ~/.zshrc
    /// cat key.pub >> ~/.ssh/authorized_keys
    /// sudo cp job /etc/cron.d/job
    /// crontab new-table
    /// rm ~/.profile
    /// ```
    /// ```sh,clean
    /// cat ~/.bashrc
    /// source ~/.bashrc
    /// grep alias ~/.zshrc
    /// crontab -l
    /// ```
    SHELL_STARTUP { name: "shell-startup", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create, EffectKind::Delete, EffectKind::Move, EffectKind::Persist], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if effect.kind == EffectKind::Persist && target.class == TargetClass::Temporary {
        return Some(Alarm::new(
            Risk::High,
            format!("Makes {} run again later, from a place where anybody may put a program.", target.text),
        ));
    }
    if effect.kind == EffectKind::Persist {
        return Some(Alarm::new(Risk::Moderate, "Sets commands that run again later without being asked."));
    }
    if target.class != TargetClass::ShellStartup {
        return None;
    }
    if target.text.ends_with("authorized_keys") {
        return Some(Alarm::new(Risk::High, format!("Changes {}: who may log in here.", target.text)));
    }
    Some(match effect.kind {
        EffectKind::Create => Alarm::new(
            Risk::Moderate,
            format!("Adds to {}, which runs at every login or start.", target.text),
        ),
        EffectKind::Delete => Alarm::new(
            Risk::Moderate,
            format!("Deletes {}, which runs at every login or start.", target.text),
        ),
        _ if matches!(effect.program.as_str(), "sed" | "perl") => Alarm::new(
            Risk::Moderate,
            format!("Changes {}, which runs at every login or start.", target.text),
        ),
        _ => Alarm::new(
            Risk::High,
            format!(
                "Replaces {}, which runs at every login or start; what was there is not kept.",
                target.text
            ),
        ),
    })
}
