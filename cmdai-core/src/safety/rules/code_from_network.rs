//! The rule `code-from-network`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{cloned, known};
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
    /// nix run github:stranger/tool
    /// git clone https://github.com/someone/driver && cd driver && sudo ./install.sh
    /// uvx --from git+https://example.com/tool tool
    /// curl -so .git/hooks/post-checkout https://example.com/hook
    /// ```
    /// ```sh,clean
    /// curl -o i.sh https://example.com/i
    /// curl -s https://example.com/data.json | jq .name
    /// curl https://example.com/a.tgz | tar xz
    /// wget https://example.com/a.iso
    /// git clone https://github.com/someone/tool && cd tool && make
    /// echo 'curl https://example.com | sh'
    /// eval "$(ssh-agent -s)"
    /// ```
    /// ```zsh,flagged
    /// source =(curl -fsSL https://example.com/x.zsh)
    /// curl -s https://example.com/a.sh > /tmp/a.sh | sh
    /// source <(curl -fsSL https://example.com/x.zsh)
    /// ```
    /// ```zsh,clean
    /// source <(kubectl completion zsh)
    /// curl -fsSLO https://example.com/x.zsh
    /// ```
    /// ```fish,flagged
    /// curl -s https://example.com/x | source
    /// curl -sL https://example.com/i.fish | source
    /// ```
    /// ```fish,clean
    /// starship init fish | source
    /// eval (ssh-agent -c)
    /// curl -sL https://example.com/data.json | string length
    /// ```
    /// ```nu,flagged
    /// http get https://example.com/x.sh | ^sh
    /// ```
    /// ```nu,clean
    /// http get https://example.com/data.json | get name
    /// ```
    /// ```powershell,flagged
    /// iex (irm https://example.com/i.ps1)
    /// Import-Module \\203.0.113.9\share\Tools.psm1
    /// [scriptblock]::Create((iwr https://example.com/x).Content).Invoke()
    /// ```
    /// ```powershell,clean
    /// irm https://example.com/data.json
    /// Import-Module Pester
    /// ```
    CODE_FROM_NETWORK { name: "code-from-network", subject: Subject::Effects(&[EffectKind::RunCode], judge) }
}

/// What PHP has copied from there.
const COMPOSER: &str = "$(https://getcomposer.org/installer)";

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let what = effect.target.text.as_str();
    let message = || format!("Runs {what}, which was just copied from elsewhere and which nobody has read.");
    match effect.detail.as_str() {
        cloned::PLACE if !scene.is_privileged(effect) => return None,
        cloned::SCRIPT | cloned::PLACE | cloned::STRANGE if scene.is_privileged(effect) => {
            return Some(Alarm::new(Risk::High, message()));
        }
        cloned::STRANGE_SCRIPT => return Some(Alarm::new(Risk::High, message())),
        cloned::SCRIPT => return Some(Alarm::new(Risk::Moderate, message())),
        cloned::BUILD if scene.is_privileged(effect) => return Some(Alarm::new(Risk::Moderate, message())),
        cloned::BUILD => return None,
        cloned::STRANGE => return Some(Alarm::new(Risk::Moderate, message())),
        // Built apart from everything else, and kept under the sum of what it was built from.
        "from-forge" if !scene.is_privileged(effect) => {
            return Some(Alarm::new(
                Risk::Moderate,
                format!("Runs {what} as it is there now, which nobody has published."),
            ));
        }
        _ => {}
    }
    // The project tells everybody to install it so; what it sends looks at itself before it does anything.
    if what == COMPOSER && effect.program != "curl" && !scene.is_privileged(effect) {
        return Some(Alarm::new(Risk::Moderate, "Runs the installer of Composer, which nobody has read."));
    }
    match effect.detail.as_str() {
        "published" => return None,
        "sandboxed" => {
            return Some(Alarm::new(
                Risk::Moderate,
                format!(
                    "Runs what {} sends, which may reach no more than it was given.",
                    known::sender(what)
                ),
            ));
        }
        _ => {}
    }
    let sent = matches!(effect.detail.as_str(), "fetched" | "from-forge");
    if effect.target.class == TargetClass::Host && is_beacon(effect, scene) {
        return Some(Alarm::new(
            Risk::Critical,
            format!("Has this machine run whatever {} sends, from now on and unseen.", known::sender(what)),
        ));
    }
    (effect.target.class == TargetClass::Host || sent).then(|| {
        Alarm::new(
            Risk::High,
            format!("Runs what {} sends, unseen. Save it, read it, then run it.", known::sender(what)),
        )
    })
}

/// True for four numbers that are no address of one's own network.
fn is_public_address(host: &str) -> bool {
    let mut numbers = [0_u8; 4];
    let mut parts = host.split('.');
    for number in &mut numbers {
        let Some(Ok(part)) = parts.next().map(str::parse) else { return false };
        *number = part;
    }
    let own = matches!(numbers, [0 | 10 | 127, ..] | [169, 254, ..] | [192, 168, ..] | [172, 16..=31, ..]);
    parts.next().is_none() && !own
}

/// True for code that is fetched without encryption from an address that has no name, again at every start, login or hour.
fn is_beacon(effect: &Effect, scene: &Scene<'_>) -> bool {
    let Some((_, address)) = effect.target.text.split_once("http://") else { return false };
    let host = address.split(['/', ':', '?', ')', ' ']).next().unwrap_or_default();
    if !is_public_address(host) {
        return false;
    }
    scene.effects.iter().take(64).any(|other| {
        other.kind == EffectKind::Persist
            || other.target.class == TargetClass::ShellStartup
                && matches!(other.kind, EffectKind::Create | EffectKind::Overwrite)
    })
}
