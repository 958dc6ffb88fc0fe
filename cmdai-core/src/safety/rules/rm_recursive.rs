//! The rule `rm-recursive`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{data, known, spare};
declare_rule! {
    /// Deletes a directory tree.
    ///
    /// ## Why
    /// There is no trash on the command line: what was in the tree is gone. In the folder at hand that is
    /// everyday work; far from it, one wrong word loses years of work.
    ///
    /// ## Instead
    /// Look first with `ls`, or move the folder aside.
    ///
    /// ```sh,flagged
    /// rm -rf ~/projects/app
    /// rm -r /srv/www
    /// rm -rf ../other
    /// mv ~/Documents /dev/null
    /// rm -rf .git
    /// rm -rf src package-lock.json
    /// cd ~/projects && rm -rf app/.git
    /// find /data -name '*.raw' -mtime +30 -exec rm -rf {} +
    /// rsync -a --delete empty/ /srv/www/
    /// find /srv/data -type f -exec rm {} +
    /// find ~/projects -type f | xargs rm
    /// ssh h 'cd /srv/www && rm -rf rel'
    /// cd / && rm -rf opt srv
    /// xargs rm -rf < list.txt
    /// rm -rf $(cat list.txt)
    /// for m in $(df --output=target); do rm -rf $m; done
    /// rm -rf "$PGDATA"
    /// ```
    /// ```sh,clean
    /// ls -R ~/projects
    /// rm notes.txt
    /// rm -rf node_modules package-lock.json && npm install
    /// rmdir old
    /// rsync -a src/ dest/
    /// du -sh ~/.npm/_cacache
    /// ```
    /// ```fish,flagged
    /// eval (string join ' ' rm -rf ~/work)
    /// function f; rm -rf $argv; end; f ~/work
    /// rm -r (path resolve ~/projects/app)
    /// rm -rf {~/work,~/photos}/old
    /// ```
    /// ```fish,clean
    /// string match 'rm -rf *' $cmd
    /// ls -R ~/projects
    /// ```
    /// ```nu,flagged
    /// rm -r ~/projects/app
    /// [~/a ~/b] | each {|d| rm -rf $d }
    /// sys disks | get mount | each {|m| rm -rf $m }
    /// ```
    /// ```nu,clean
    /// ls ~/projects | where type == dir
    /// ```
    /// ```powershell,flagged
    /// Get-ChildItem C:\Data -Recurse -File | Remove-Item -Force
    /// [IO.Directory]::Delete('C:\Data', $true)
    /// ```
    /// ```powershell,clean
    /// Get-ChildItem C:\Data -Recurse
    /// ```
    /// ```zsh,flagged
    /// typeset -l c=RM; $c -rf ~/work
    /// hash -d w=~/work; rm -rf ~w/app
    /// ```
    /// ```zsh,clean
    /// hash -d w=~/work; cd ~w
    /// ```
    RM_RECURSIVE { name: "rm-recursive", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    if !effect.recursive || effect.detail == spare::SPARE {
        return None;
    }
    if goes_with_its_packages(effect, scene) || is_build_of_dotnet(effect, scene) {
        return None;
    }
    let text = target.text.trim_end_matches("/*");
    let name = text.rsplit('/').next().unwrap_or_default();
    let far = || {
        Alarm::new(Risk::High, format!("Deletes {} and everything below it. There is no undo.", target.text))
    };
    let near = || Alarm::new(Risk::Moderate, format!("Deletes {} and everything below it.", target.text));
    if effect.detail == "literal" && !matches!(target.class, TargetClass::Secret | TargetClass::ShellStartup)
    {
        // Quoted, a star is a letter of the name: hardly ever is there a file of it.
        return Some(near());
    }
    if target.class == TargetClass::Local
        && text.split('/').rev().skip(1).any(|part| part.contains('*') || part == "…")
        && matches!(
            name,
            "app" | "config" | "docs" | "lib" | "migrations" | "src" | "test" | "tests" | "*" | "…"
        )
    {
        return Some(far());
    }
    match target.class {
        _ if known::is_made_again(target, scene.cwd) && !keeps_copies(text) => None,
        TargetClass::Local
        | TargetClass::HomeFile
        | TargetClass::OtherPath
        | TargetClass::Parent
        | TargetClass::Unknown
            if name == ".git" || in_history(text) =>
        {
            Some(Alarm::new(
                Risk::High,
                format!(
                    "Deletes {}: the whole history of the project, with all that was not pushed.",
                    target.text
                ),
            ))
        }
        TargetClass::Temporary if keeps_copies(text) => Some(far()),
        TargetClass::Local | TargetClass::Temporary => Some(near()),
        TargetClass::HomeFile | TargetClass::OtherPath if data::holds(data::REBUILDABLE, name) => {
            Some(near())
        }
        TargetClass::HomeFile if in_cache(text) => Some(near()),
        TargetClass::HomeFile | TargetClass::OtherPath | TargetClass::Parent => Some(far()),
        TargetClass::Unknown if effect.detail == "listed" || known::is_content(target) => Some(Alarm::new(
            Risk::High,
            format!("Deletes whatever {} names, each with everything below it.", target.text),
        )),
        // Whatever is mounted, each with all that is on it.
        TargetClass::Unknown
            if matches!(text, "$(df)" | "$(findmnt)" | "$(lsblk)" | "$(mount)" | "$(sys)") =>
        {
            Some(far())
        }
        // Folders of programs, or of what a shell is made of.
        TargetClass::Unknown if is_list_of_folders(text) => Some(far()),
        // By its name where a server keeps its data.
        TargetClass::Unknown if is_data_folder(text) => Some(far()),
        // Where the project begins: all of it, and its history.
        TargetClass::Unknown if text.starts_with("$(git rev-parse --show-toplevel)") => Some(far()),
        TargetClass::Secret | TargetClass::ShellStartup => Some(far()),
        _ => None,
    }
}

/// True for variables that always hold folders which a shell or the system needs.
pub(super) fn is_list_of_folders(text: &str) -> bool {
    let name = text.trim_start_matches("$env.").trim_start_matches(['$', '{']).trim_end_matches(['}', '…']);
    text.starts_with('$')
        && matches!(name, "PATH" | "path" | "Path" | "FPATH" | "fpath" | "fish_function_path" | "MANPATH")
}

/// True for `$PGDATA` and its like.
fn is_data_folder(text: &str) -> bool {
    let name = text.strip_prefix('$').unwrap_or_default();
    matches!(name, "DATADIR" | "MYSQL_DATA" | "PGDATA")
        || ["_DATADIR", "_DATA_DIR"].iter().any(|end| name.len() > end.len() && name.ends_with(end))
}

/// True for the list of exact versions that goes together with the packages it lists: the next install writes both.
pub(super) fn goes_with_its_packages(effect: &Effect, scene: &Scene<'_>) -> bool {
    const LISTS: &[&str] = &[
        "Gemfile.lock",
        "Podfile.lock",
        "bun.lock",
        "bun.lockb",
        "composer.lock",
        "package-lock.json",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "yarn.lock",
    ];
    let (folder, name) = effect.target.text.rsplit_once('/').unwrap_or(("", &effect.target.text));
    data::holds(LISTS, name)
        && effect.target.class == TargetClass::Local
        && scene.around(effect).iter().any(|other| {
            let (place, packages) = other.target.text.rsplit_once('/').unwrap_or(("", &other.target.text));
            other.kind == EffectKind::Delete
                && place == folder
                && matches!(packages, "node_modules" | ".venv" | "Pods" | "vendor")
        })
}

/// True for `bin` that goes together with the `obj` beside it: what a project of .NET is built into. Alone it may hold scripts.
pub(super) fn is_build_of_dotnet(effect: &Effect, scene: &Scene<'_>) -> bool {
    let folder = |effect: &Effect, name: &str| {
        let text = effect.target.text.trim_start_matches("./");
        let folder = text.strip_suffix(name)?;
        (folder.is_empty() || folder.ends_with('/')).then(|| folder.to_owned())
    };
    let of_project = |effect: &Effect| {
        matches!(effect.target.class, TargetClass::Local | TargetClass::HomeFile | TargetClass::OtherPath)
    };
    let Some(here) = folder(effect, "bin").filter(|_| of_project(effect)) else { return false };
    scene.around(effect).iter().any(|other| {
        other.kind == EffectKind::Delete
            && of_project(other)
            && folder(other, "obj").is_some_and(|there| there == here)
    })
}

/// True below a folder in which a program keeps copies for others: `/var/cache/rsnapshot`.
fn keeps_copies(path: &str) -> bool {
    path.starts_with("/var/")
        && path.split('/').any(|part| {
            ["backup", "rsnapshot", "snapshot", "restic", "borg"].iter().any(|name| part.contains(name))
        })
}

/// True below a folder that tools fill and fill again.
fn in_cache(path: &str) -> bool {
    path.split('/')
        .skip(1)
        .any(|part| matches!(part, ".cache" | "Caches" | "DerivedData" | "_cacache" | "caches"))
}

/// True for the parts of `.git` in which commits and branches are.
fn in_history(path: &str) -> bool {
    let mut parts = path.split('/').skip_while(|part| *part != ".git").skip(1);
    matches!(parts.next(), Some("objects" | "refs" | "logs" | "modules" | "worktrees"))
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::check;
    use crate::safety::tests::{check_all, context};
    use crate::{Context, Dialect};

    #[test]
    fn what_a_project_is_built_into_wherever_it_lies() {
        check_all(
            &context(),
            &[
                (Safe, "rm -rf ~/code/shop/api/dist"),
                (Safe, "rm -rf ~/code/shop/node_modules/.cache ~/code/shop/.next"),
                (Safe, "rm -rf /home/somebody/code/shop/node_modules"),
                (Safe, "rm -rf /home/somebody/code/parser/target && cargo build"),
                (Safe, "rm -rf /workspace/shop/build"),
                (Safe, "for d in ~/code/shop/{api,web}/dist; do rm -rf \"$d\"; done"),
                (Moderate, "rm -rf ~/build"),
                (Moderate, "rm -rf ~/code/shop/vendor"),
                (Moderate, "rm -rf ~/Documents/thesis/out"),
                (Moderate, "rm -rf /var/www/shop/dist"),
                (Moderate, "rm -rf /home/somebody/build"),
                (High, "rm -rf /home/somebody/code/shop"),
                (High, "rm -rf /home/somebody/code/shop/dist/.."),
                (High, "rm -rf ~/code/*/src"),
                (Critical, "rm -rf /home/somebody/.."),
            ],
        );
        let nu = check("rm -rf /home/somebody/code/parser/target; cargo build", &Context::new(Dialect::Nu));
        assert_eq!(nu.risk, Safe);
        let windows = |line: &str| check(line, &Context::new(Dialect::PowerShell)).risk;
        assert_eq!(
            windows(r"Get-ChildItem D:\src\Shop -Directory -Recurse -Include bin,obj | Remove-Item -Recurse"),
            Moderate
        );
        assert_eq!(windows(r"Remove-Item -Recurse -Force D:\src\Shop\bin"), High);
    }
}
