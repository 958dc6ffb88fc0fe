//! The rule `publish`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Publishes something on a server that others use.
    ///
    /// ## Why
    /// Others see it at once, and it can seldom be taken back completely; a version in a registry of
    /// packages is there for good.
    ///
    /// ## Instead
    /// `--dry-run` shows what would be published.
    ///
    /// ```sh,flagged
    /// npm publish
    /// docker push registry.example.com/app
    /// twine upload dist/*
    /// helm push app-1.0.tgz oci://registry.example.com/charts
    /// ```
    /// ```sh,clean
    /// git push
    /// git push --dry-run
    /// npm pack
    /// ```
    PUBLISH { name: "publish", subject: Subject::Effects(&[EffectKind::Publish], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    // A push that only adds is what everybody does all day; one that takes away has rules of its own.
    if effect.program == "git" && effect.target.text != "people by mail" {
        return None;
    }
    let where_to = if effect.target.text.is_empty() { "the server" } else { effect.target.text.as_str() };
    // What lies there is thrown away every now and then, and nobody installs from it by accident.
    let for_tests = matches!(where_to, "testpypi" | "https://test.pypi.org/legacy/");
    Some(if effect.recursive && effect.target.class == TargetClass::Named && !for_tests {
        let message =
            format!("Publishes to {where_to}: a version that is out cannot be taken back completely.");
        Alarm::new(Risk::High, message)
    } else {
        Alarm::new(Risk::Moderate, format!("Publishes to {where_to}."))
    })
}
