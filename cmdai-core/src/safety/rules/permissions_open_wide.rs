//! The rule `permissions-open-wide`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Lets everybody write, or lets everybody run with the owner's rights.
    ///
    /// ## Why
    /// Any program of any user can then change these files, or take over the owner's account.
    ///
    /// ## Instead
    /// `chmod u+rwX` gives yourself what you need; `chmod 755` and `644` are the usual modes.
    ///
    /// ```sh,flagged
    /// chmod -R 777 .
    /// chmod -R 777 /
    /// chmod 777 /etc/hosts
    /// chmod -R a+rwX /srv/www
    /// chmod u+s /bin/bash
    /// chmod 4755 tool
    /// ```
    /// ```sh,clean
    /// chmod 644 notes.txt
    /// chmod +x run.sh
    /// chmod -R u+rwX,go-w src
    /// chmod 1777 /tmp/shared
    /// find . -type d -exec chmod 2775 {} +
    /// ```
    PERMISSIONS_OPEN_WIDE { name: "permissions-open-wide", subject: Subject::Effects(&[EffectKind::Permission], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    if effect.program != "chmod" {
        return None;
    }
    let target = &effect.target;
    let mode = Mode::read(&effect.detail);
    if mode.takes_over {
        return Some(Alarm::new(
            Risk::High,
            format!("Lets everybody run {} with its owner's rights.", target.text),
        ));
    }
    if !mode.all_write {
        return None;
    }
    let everything = effect.recursive || target.text.ends_with('*');
    let risk = match target.class {
        TargetClass::Root | TargetClass::System | TargetClass::Home if everything => Risk::Critical,
        TargetClass::Root | TargetClass::System | TargetClass::Home | TargetClass::Secret => Risk::High,
        TargetClass::ShellStartup | TargetClass::OtherHome => Risk::High,
        TargetClass::Temporary => Risk::Moderate,
        _ if everything => Risk::High,
        _ => Risk::Moderate,
    };
    let below = if effect.recursive { " and everything below it" } else { "" };
    let alarm = Alarm::new(risk, format!("Lets every user of this machine change {}{below}.", target.text));
    let words = effect.span;
    let line = crate::line::Span::new(0, words.end);
    Some(alarm.instead(scene, line, &effect.detail, "u+rwX"))
}

#[derive(Default)]
struct Mode {
    all_write: bool,
    takes_over: bool,
}

impl Mode {
    fn read(text: &str) -> Self {
        let digits = text.len() >= 3 && text.chars().all(|letter| letter.is_digit(8));
        if digits {
            let others = text.as_bytes()[text.len() - 1] - b'0';
            let special = if text.len() > 3 { text.as_bytes()[text.len() - 4] - b'0' } else { 0 };
            // A sticky directory such as /tmp is meant for everybody.
            return Self { all_write: others & 2 != 0 && special & 1 == 0, takes_over: special & 4 != 0 };
        }
        let mut mode = Self::default();
        for clause in text.split(',') {
            let Some(at) = clause.find(['+', '=']) else { continue };
            let (who, what) = clause.split_at(at);
            mode.all_write |= who.contains(['o', 'a']) && what.contains('w');
            mode.takes_over |= what.contains('s') && !who.starts_with(['o', 'g']);
        }
        mode
    }
}
