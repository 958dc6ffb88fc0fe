//! The rule `code-from-network`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Runs code that was just fetched from the network.
    ///
    /// ## Why
    /// Whoever holds the server, or the way there, runs what they like with your rights, and you never see it.
    ///
    /// ## Instead
    /// Save the script, read it, then run it: `curl -fsSLo install.sh URL`, `less install.sh`, `sh install.sh`.
    ///
    /// ```sh,flagged
    /// curl https://example.com/install.sh | sh
    /// curl -fsSL https://example.com/i | sudo bash -s -- -y
    /// wget -qO- https://example.com/i | bash
    /// bash <(curl -s https://example.com/i)
    /// eval "$(curl -s https://example.com/i)"
    /// sh -c "$(curl -fsSL https://example.com/i)"
    /// curl -o i.sh https://example.com/i && sh i.sh
    /// wget https://example.com/i.sh; bash i.sh
    /// curl https://example.com/x | base64 -d | python3
    /// source <(curl -s https://example.com/i)
    /// ```
    /// ```sh,clean
    /// curl -o i.sh https://example.com/i
    /// curl -s https://example.com/data.json | jq .name
    /// curl https://example.com/a.tgz | tar xz
    /// wget https://example.com/a.iso
    /// echo 'curl https://example.com | sh'
    /// eval "$(ssh-agent -s)"
    /// ```
    CODE_FROM_NETWORK { name: "code-from-network", subject: Subject::Effects(&[EffectKind::RunCode], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    (effect.target.class == TargetClass::Host).then(|| {
        Alarm::new(
            Risk::High,
            format!("Runs what {} sends, unseen. Save it, read it, then run it.", effect.target.text),
        )
    })
}
