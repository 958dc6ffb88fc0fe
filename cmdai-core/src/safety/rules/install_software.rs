//! The rule `install-software`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Installs or removes software.
    ///
    /// ## Why
    /// Packages bring programs that run with your rights, and removing one may take others with it.
    ///
    /// ```sh,flagged
    /// sudo apt install jq
    /// pip install requests
    /// npm install
    /// brew uninstall jq
    /// ```
    /// ```sh,clean
    /// apt list --installed
    /// pip list
    /// npm run build
    /// brew search jq
    /// ```
    INSTALL_SOFTWARE { name: "install-software", subject: Subject::Effects(&[EffectKind::Install], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    let what = if effect.target.text.is_empty() { "software" } else { effect.target.text.as_str() };
    Some(Alarm::new(Risk::Moderate, format!("Installs or removes {what}.")))
}
