//! The rule `overwrite-file`.

use super::shell_startup::is_set_up;
use crate::safety::arrivals::WHATEVER;
use crate::safety::payload::RESTORES;
use crate::safety::placed;
use crate::safety::redirect::OWN_INPUT;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::search::WHOLE;
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{known, windows};

/// Detail of a file whose packed form takes its place, as the spec of gzip says it.
const PACKS: &str = "packs";

declare_rule! {
    /// Replaces or empties a file that was likely there before.
    ///
    /// ## Why
    /// What was in the file is not kept. A new file, or the output of a program in the folder at hand, is no
    /// loss; settings, data and whole groups of files are.
    ///
    /// ## Instead
    /// Copy it first, or write to a new name.
    ///
    /// ```sh,flagged
    /// sort names.txt > names.txt
    /// grep -v '^#' hosts.list | sort > hosts.list
    /// truncate -s 0 app.log
    /// : > notes.txt
    /// cp /dev/null ~/.ssh/config
    /// gcc -o ~/.ssh/id_rsa x.c
    /// truncate -s 0 ~/notes/*.md
    /// (cat notes.txt; date) > notes.txt
    /// find . -type f -exec sed -i 's/a/b/' {} +
    /// echo x > ~/.gitconfig
    /// echo x > /srv/app/config.yml
    /// sed -i 's/a/b/' /srv/app/app.conf
    /// tar xf x.tar -C ~
    /// cp -r dotfiles/. ~
    /// ```
    /// ```sh,clean
    /// echo x > notes.txt
    /// ls > ~/listing.txt
    /// tar xf x.tar -C ~/src
    /// cp a.txt b.txt
    /// mv a.txt b.txt
    /// sort names.txt -o sorted.txt
    /// echo "$(sort names.txt)" > names.txt
    /// sort names.txt | sponge names.txt
    /// sort names.txt > sorted.txt
    /// sed -i 's/a/b/' notes.txt
    /// find . -name '*.py' -exec sed -i 's/a/b/' {} +
    /// git ls-files -z | xargs -0 sed -i 's/a/b/'
    /// sed 's/a/b/' notes.txt
    /// make 2> /dev/null
    /// dd if=/dev/zero of=swapfile bs=1M count=64
    /// ```
    /// ```fish,flagged
    /// echo -n > ~/.kube/config
    /// ```
    /// ```fish,clean
    /// cat ~/.kube/config
    /// ```
    /// ```nu,flagged
    /// '' | save -f ~/.ssh/id_rsa
    /// ```
    /// ```nu,clean
    /// 'x' | save -f notes.txt
    /// ```
    /// ```powershell,flagged
    /// Clear-Content ~/.ssh/id_rsa
    /// gci ~/Documents -File -Recurse | % { clc $_.FullName }
    /// ```
    /// ```powershell,clean
    /// Get-Content notes.txt
    /// ```
    OVERWRITE_FILE { name: "overwrite-file", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create, EffectKind::Move], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let text = target.text.as_str();
    if effect.detail == "told" {
        return Some(Alarm::new(Risk::Moderate, format!("Writes to whatever {text} names.")));
    }
    if effect.detail == RESTORES {
        return Some(Alarm::new(
            Risk::Moderate,
            format!("Puts an older state in the place of {text}: what changed since then is lost."),
        ));
    }
    if effect.kind == EffectKind::Create {
        let home = matches!(target.class, TargetClass::Home | TargetClass::OtherHome);
        return (home && effect.detail == WHATEVER).then(|| {
            Alarm::new(
                Risk::Moderate,
                format!("Puts whatever comes into {text}, over files of the same name."),
            )
        });
    }
    let local =
        matches!(target.class, TargetClass::Local | TargetClass::WorkingDirectory | TargetClass::Parent);
    let own = matches!(target.class, TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::OtherHome);
    // The settings of the project at hand are so wherever it lies.
    let of_project = text.rsplit_once('/').is_some_and(|(folder, name)| {
        name.starts_with(".env")
            && folder.len() > 1
            && scene.cwd.trim_end_matches('/').ends_with(folder.trim_start_matches('~'))
    });
    let rooted = !of_project && (text.starts_with(['/', '~']) || windows::has_drive(text));
    let secret = matches!(target.class, TargetClass::Secret | TargetClass::ShellStartup) && rooted;
    let local = local || target.class == TargetClass::Secret && !rooted;
    let whole = matches!(target.class, TargetClass::Home | TargetClass::Root) && text.contains('*');
    if whole && matches!(effect.detail.as_str(), "empties" | "fills") {
        // A pattern of the shell takes files of one folder, a search those of all.
        let searched = scene.effects.iter().any(|other| {
            other.kind == EffectKind::Read
                && matches!(other.program.as_str(), "find" | "fd")
                && other.target.class == target.class
        });
        let risk = if searched { Risk::Critical } else { Risk::High };
        return Some(Alarm::new(risk, format!("Empties {text}: nothing is left of what is in the files.")));
    }
    let edits = matches!(effect.program.as_str(), "awk" | "perl" | "ruby" | "sed");
    let everywhere =
        matches!(text, "/…" | "/*" | "~/…" | "~/*") || text.starts_with("/*.") || text.starts_with("//*");
    if edits && everywhere && effect.kind == EffectKind::Overwrite {
        return Some(Alarm::new(
            Risk::High,
            format!("Changes whatever it finds below {text}, wherever it lies."),
        ));
    }
    if effect.detail == PACKS {
        // `find . -type f -exec gzip {} +`, `gzip -r .`
        let all = target.class == TargetClass::WorkingDirectory || everywhere;
        let below = effect.recursive || scene.around(effect).iter().any(|other| other.detail == WHOLE);
        return (all && below).then(|| {
            let risk = if everywhere { Risk::High } else { Risk::Moderate };
            Alarm::new(
                risk,
                format!(
                    "Packs every file below {text}, what git keeps in .git too, and leaves none as it was."
                ),
            )
        });
    }
    let listed = |program: &str| {
        scene.around(effect).iter().any(|other| {
            other.detail == WHOLE
                && other.target.class == TargetClass::WorkingDirectory
                && other.program == program
        })
    };
    let all_here = edits
        && effect.kind == EffectKind::Overwrite
        && effect.detail.is_empty()
        && match target.class {
            TargetClass::WorkingDirectory => listed("find"),
            // What a search for a text has named.
            TargetClass::Local => text.trim_start_matches("./") == "…" && listed("grep"),
            _ => false,
        };
    if all_here {
        return Some(Alarm::new(
            Risk::Moderate,
            "Changes every file below the working directory, what git keeps in .git and what is no text too.",
        ));
    }
    let renamed = effect.kind == EffectKind::Overwrite
        && matches!(effect.program.as_str(), "mv" | "Rename-Item" | "Move-Item")
        && known::is_by_chance(text)
        && scene.around(effect).iter().any(|other| {
            other.kind == EffectKind::Move
                && other.program == effect.program
                && other.target.text.contains('*')
        });
    if renamed {
        return Some(Alarm::new(
            Risk::Moderate,
            "Gives files names that nobody chose: what each of them was can no longer be told.",
        ));
    }
    if !(local || own || secret) {
        return None;
    }
    let beside = effect.detail == placed::BACKUP && target.class == TargetClass::ShellStartup;
    if beside
        || is_set_up(effect)
        || matches!(effect.detail.as_str(), placed::BACKUP | placed::PLACED) && !secret
    {
        return None;
    }
    let many = text.contains('*');
    let kept = known::is_settings(text);
    let alarm = |risk, what: &str| Some(Alarm::new(risk, format!("{what} {text}.")));
    if effect.detail == "empties" {
        // Of a tree that was listed, by more than names.
        let many = many || own && text.ends_with("/…");
        let ending = text.rsplit_once('.').map_or("", |(_, ending)| ending);
        let lasting = (own && (many || kept || known::is_work(ending) && text.starts_with('~'))) || secret;
        let risk = if lasting || (many && local) { Risk::High } else { Risk::Moderate };
        return alarm(risk, "Empties");
    }
    if effect.detail == "collide" {
        return alarm(Risk::High, "Gives many files one name, so that only the last of them is left:");
    }
    if effect.detail == "replaces" && many {
        return alarm(Risk::Moderate, "Gives files new names, over those that have them:");
    }
    if effect.detail == "fills" {
        let risk = if own || many || secret { Risk::High } else { Risk::Moderate };
        return alarm(risk, "Writes zeros or noise over");
    }
    if effect.kind == EffectKind::Move {
        return (secret || target.class == TargetClass::OtherHome || target.class == TargetClass::Parent)
            .then(|| alarm(Risk::Moderate, "Moves"))
            .flatten();
    }
    if effect.program.is_empty() && (effect.detail == OWN_INPUT || reads_itself(effect, scene)) {
        return alarm(Risk::High, "The shell empties the file before it is read: nothing is left of");
    }
    if effect.program == "tee" && effect.kind == EffectKind::Overwrite && reads_itself(effect, scene) {
        return alarm(Risk::Moderate, "Empties while it is still being read, whichever comes first:");
    }
    if secret
        && effect.kind == EffectKind::Overwrite
        && !effect.program.is_empty()
        && known::is_private_key(text)
        && !puts_a_key(effect, scene)
    {
        return alarm(Risk::High, "Writes over a key that nobody can make again:");
    }
    // `for f in *; do echo x > $f; done`: not names made from theirs, but themselves.
    let all = match effect.program.as_str() {
        "save" => text == "*" || text.ends_with("/*"),
        "" | "tee" => text == "*" && effect.span.of(scene.line).contains('$'),
        _ => false,
    };
    if all && (local || own) {
        return alarm(Risk::High, "Writes over whatever is in");
    }
    // What was there is read, changed and put back; nobody kept the old text.
    if effect.program == "save" && kept && reads_itself(effect, scene) {
        return alarm(Risk::Moderate, "Writes over");
    }
    if secret || (own && (edits || kept || many)) {
        return alarm(Risk::Moderate, "Writes over");
    }
    None
}

/// True where a key takes the place of the key: it is put back from a copy, or comes from what keeps keys.
fn puts_a_key(effect: &Effect, scene: &Scene<'_>) -> bool {
    const KEEPERS: &[&str] =
        &["age", "bw", "gopass", "gpg", "gpg2", "op", "pass", "sops", "step", "tee", "vault"];
    let of_keys = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        ["id_", "key", "rsa", "ed25519", "ssh", ".pem", ".kdbx", ".p12", ".pfx", ".ppk"]
            .iter()
            .any(|part| name.contains(part))
    };
    KEEPERS.contains(&effect.program.as_str())
        || scene.around(effect).iter().any(|other| {
            matches!(other.kind, EffectKind::Read | EffectKind::ReadSecret | EffectKind::Move)
                && other.program == effect.program
                && of_keys(&other.target.text)
        })
}

/// True for `sort x > x`: the same pipeline reads what its redirection has just emptied.
fn reads_itself(effect: &Effect, scene: &Scene<'_>) -> bool {
    let same_pipeline = |other: &Effect| {
        let (first, last) =
            if other.span.start < effect.span.start { (other, effect) } else { (effect, other) };
        // Of code within a word all stands in one place.
        if first.span.end > last.span.start {
            return false;
        }
        let between = scene.line.get(first.span.end..last.span.start).unwrap_or_default();
        // The next command is mostly near. What a substitution reads is read before the redirection is made:
        // `echo "$(sort x)" > x`.
        !between.contains([';', '&', '\n'])
            && !between.contains("||")
            && !between.contains([')', '`'])
            && !between.contains("$(")
    };
    scene.around(effect).iter().any(|other| {
        other.kind == EffectKind::Read
            && !other.recursive
            && other.target.text == effect.target.text
            && other.target.class == effect.target.class
            && !matches!(other.program.as_str(), "ls" | "stat" | "test")
            && same_pipeline(other)
    })
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn files_that_are_packed_where_they_lie() {
        check_all(
            &context(),
            &[
                (Safe, "gzip notes.txt"),
                (Safe, "gzip -9 logs/*.log"),
                (Safe, "find . -name '*.log' -exec gzip {} +"),
                (Safe, "gzip -kr ."),
                (Safe, "gzip -c a > a.gz"),
                (Safe, "find . -type f -exec zstd {} +"),
                (Moderate, "find . -type f -exec gzip {} +"),
                (Moderate, "gzip -r ."),
                (High, "gzip -r ~/*"),
                (High, "find / -type f -exec xz {} +"),
            ],
        );
    }
}
