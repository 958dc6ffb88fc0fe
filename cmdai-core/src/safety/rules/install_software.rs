//! The rule `install-software`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
use crate::safety::{gallery, indices, known, publishers};
declare_rule! {
    /// Installs software from anywhere, or removes it.
    ///
    /// ## Why
    /// Packages bring programs that run with your rights, and removing one may take others with it: without
    /// the C library, the kernel or the package manager itself the system does not start again. What a
    /// project or a user installs for itself is trivially undone, and so is a package by its plain name from
    /// the signed repositories of the system: neither is found. A file, an address, a public registry
    /// as root (where anybody may publish), force and a whole new release of the system are.
    ///
    /// ## Instead
    /// Look first what would go: `apt-get -s remove NAME`, `dnf remove --assumeno NAME`.
    ///
    /// ```sh,flagged
    /// sudo apt install ./jq.deb
    /// sudo dpkg -i jq.deb
    /// sudo pip install jq
    /// sudo apt full-upgrade
    /// brew uninstall jq
    /// fisher install someone/plugin
    /// sudo apt-get purge linux-image-generic
    /// sudo dpkg --purge --force-depends libssl3
    /// sudo apt purge -y 'python3*'
    /// brew list -1 | xargs brew uninstall --force
    /// sudo rpm -e --nodeps openssl-libs
    /// pip install -U git+https://github.com/someone/tool.git@main
    /// npx -y create-acme-thing@latest .
    /// cargo install --git https://github.com/someone/tool
    /// npm install https://example.com/tool.tgz
    /// npm install --registry http://registry.example.com tool
    /// npm config set registry https://npm.example.com
    /// GOPROXY=https://go.example.com go get ./...
    /// nix-build -E 'import (fetchTarball "http://example.com/x.tar.gz") {}'
    /// sudo dnf install --nogpgcheck http://repo.example.com/agent.rpm
    /// ```
    /// ```sh,clean
    /// apt list --installed
    /// sudo apt install jq
    /// sudo dnf upgrade --refresh
    /// sudo pacman -Syu --needed base-devel
    /// sudo snap install code --classic
    /// npm install
    /// pip install requests
    /// pip install git+https://github.com/huggingface/transformers
    /// cargo install ripgrep
    /// npm install --registry https://registry.npmjs.org tool
    /// nix-build -E 'import (fetchTarball "https://example.com/x.tar.gz") {}'
    /// npm config set registry https://registry.npmjs.org
    /// GOPROXY=https://proxy.golang.org,direct go get ./...
    /// npm run build
    /// npx prettier --check .
    /// npx -y prettier --check .
    /// brew search jq
    /// apt-get -s remove jq
    /// ```
    INSTALL_SOFTWARE { name: "install-software", subject: Subject::Effects(&[EffectKind::Install], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let name = publishers::address_of(effect.target.text.as_str());
    let what = if name.is_empty() { "software" } else { name };
    let moderate = |message: String| Some(Alarm::new(Risk::Moderate, message));
    let high = |message: String| Some(Alarm::new(Risk::High, message));
    match effect.detail.as_str() {
        // What this machine itself offers, nobody on the way can replace.
        // What was built here a moment ago.
        publishers::OFFERED => None,
        "unchecked" if known::is_own_host(known::host_of(name)) => {
            moderate(format!("Installs from {what}, without looking whether it is what it says it is."))
        }
        "unchecked" => high(format!("Installs {what} without looking whether it is what it says it is.")),
        indices::STRANGE => {
            high(format!("Takes packages from {what}, which decides what every name stands for."))
        }
        indices::CHOSEN => {
            moderate(format!("Takes packages from {what}, which is not where they usually come from."))
        }
        // Nothing starts any more, not even what could put it back.
        "remove" | "purge" | "remove-forced" if is_core(name) && is_forced(effect, scene) => {
            Some(Alarm::new(
                Risk::Critical,
                format!("Removes {what} by force: no program starts without it, not even one that mends it."),
            ))
        }
        "remove-forced" => high(format!("Removes {what} although other programs need it.")),
        // What one has put there oneself; the system's own lies elsewhere.
        "remove" | "purge" | "autoremove" | "uninstall"
            if name.starts_with("$(pip") && !scene.is_privileged(effect) =>
        {
            moderate(format!("Removes {what}."))
        }
        "remove" | "purge" | "autoremove" | "uninstall" if known::is_vital_package(name) => {
            high(format!("Removes {what}, without which the system does not start or work."))
        }
        "remove" | "purge" | "autoremove" | "uninstall" => moderate(format!("Removes {what}.")),
        // As packages of other indices, which are taken for what people trust anyhow.
        "gallery" => None,
        "gallery-unasked" if name.split(',').all(|name| gallery::is_known(name.trim())) => None,
        "plugin" if publishers::is_shell_plugin(name) => None,
        "plugin" => moderate(format!("Installs {what}, which runs at every start from now on.")),
        "risky" => moderate(format!("Installs or changes {what} by force.")),
        _ if scene.is_privileged(effect) && name.starts_with("https://") => {
            high(format!("Installs {what} for the whole machine, without looking what it is."))
        }
        _ if name.starts_with("http://") || name.contains("+http://") => {
            high(format!("Installs {what}, which anybody on the way can replace."))
        }
        // Published or not, it is what well-known people work on.
        publishers::ODD => moderate(format!("Installs {what} with options that may lead it elsewhere.")),
        _ if publishers::is_repository(name) && !scene.is_privileged(effect) => None,
        "unpublished"
            if effect.program == "cargo" && publishers::is_crate(name) && !scene.is_privileged(effect) =>
        {
            None
        }
        _ if name.starts_with("git+")
            || publishers::is_of_other_system(name)
            || name.contains("@git+")
            || (name.starts_with("https://") && effect.detail != "project")
            || effect.detail == "unpublished" =>
        {
            moderate(format!("Installs {what} as it is there now, which nobody has published."))
        }
        "" | "install" if matches!(effect.program.as_str(), "npm" | "bun") && is_short_address(name) => {
            moderate(format!("Installs {what} as it is there now, which nobody has published."))
        }
        "unasked" => moderate(format!("Fetches {what} and runs it without asking.")),
        // Cmdlets install for whoever asks and say nothing of for whom.
        _ if effect.program.starts_with("Uninstall-") => moderate(format!("Removes {what}.")),
        _ if effect.program.starts_with("Install-") => moderate(format!("Installs {what}.")),
        _ if known::is_offered(effect) => None,
        _ if scene.is_privileged(effect) => moderate(format!("Installs {what} for the whole machine.")),
        _ => None,
    }
}

/// True for the library of C and the few programs without which no other can be installed.
fn is_core(name: &str) -> bool {
    matches!(name, "libc6" | "libc-bin" | "glibc" | "musl" | "coreutils")
}

/// True where the package manager was told to do it although others need it.
fn is_forced(effect: &Effect, scene: &Scene<'_>) -> bool {
    scene.around(effect).iter().any(|other| {
        other.kind == EffectKind::Install
            && other.program == effect.program
            && other.detail == "remove-forced"
    })
}

/// True for a repository by the short names that package managers of JavaScript know: `github:OWNER/NAME`, `OWNER/NAME`.
fn is_short_address(name: &str) -> bool {
    let forge = ["github:", "gitlab:", "bitbucket:", "gist:"].iter().any(|start| name.starts_with(start));
    let mut words = name.split('/');
    let plain = |word: &str| {
        word.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.#".contains(letter))
    };
    let pair = matches!((words.next(), words.next(), words.next()), (Some(owner), Some(name), None)
        if plain(owner) && plain(name))
        && ![".tgz", ".tar.gz"].iter().any(|end| name.ends_with(end));
    forge || pair
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn repositories_by_their_short_names() {
        check_all(
            &context(),
            &[
                (Moderate, "npm install github:owner/repo"),
                (Moderate, "npm i owner/repo"),
                (Moderate, "pnpm add owner/repo#main"),
                (Moderate, "yarn add gist:1234"),
                (Moderate, "bun add github:owner/repo"),
                (Safe, "npm install @scope/pkg lodash"),
                (Safe, "npm install ./local ../other"),
                (Safe, "npm install vendor/x.tgz"),
            ],
        );
    }
}
