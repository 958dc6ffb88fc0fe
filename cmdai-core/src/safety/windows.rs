//! Places of Windows: drives, profiles, the registry.
//!
//! A path with a drive is kept as `C:/Windows/System32`; the drive is its first part. Names are the same in
//! either case.

use super::TargetClass;
use super::data;

/// Folders of a drive that Windows needs. Sorted.
const SYSTEM_FOLDERS: &[&str] = &[
    "$winreagent",
    "boot",
    "bootmgr",
    "bootnxt",
    "documents and settings",
    "efi",
    "msocache",
    "ntldr",
    "perflogs",
    "program files",
    "program files (x86)",
    "programdata",
    "recovery",
    "system volume information",
    "windows",
    "windows.old",
];

/// Parts of paths whose files run at login or start, wherever they lie.
const STARTUP: &[&str] = &[
    "start menu/programs/startup",
    "system32/tasks",
    "windows/tasks",
    "currentversion/run",
    "currentversion/runonce",
    "currentversion/runonceex",
    "currentversion/runservices",
    "currentversion/policies/explorer/run",
    "currentversion/winlogon",
    "currentversion/image file execution options",
    "currentversion/silentprocessexit",
    "currentversion/windows/appinit_dlls",
    "active setup/installed components",
    "control/lsa/notification packages",
    "control/lsa/security packages",
    "control/session manager/bootexecute",
    "group policy/scripts",
    "shell/open/command",
    "shell/runas/command",
    "shellserviceobjectdelayload",
    "inprocserver32",
    "environment/userinitmprlogonscript",
    "command processor/autorun",
    "control/print/monitors",
];

/// Parts of paths that hold keys and passwords.
const SECRETS: &[&str] = &[
    "psreadline/consolehost_history.txt",
    "system32/config/sam",
    "system32/config/security",
    "system32/config/system",
    "windows/ntds",
    "windows/repair/sam",
    "microsoft/credentials",
    "microsoft/protect",
    "microsoft/vault",
    "microsoft/crypto",
    "google/chrome/user data/default/login data",
    "google/chrome/user data/default/cookies",
    "google/chrome/user data/local state",
    "edge/user data/default/login data",
    "mozilla/firefox/profiles",
    "panther/unattend.xml",
    "keepass",
    "hklm:/sam",
    "hklm:/security",
];

/// True for text that begins with a drive: `C:`, `C:/x`, `HKLM:/x`, or the long name of a hive.
pub(super) fn has_drive(text: &str) -> bool {
    drive(text).is_some()
}

/// The drive that a path begins with, without its colon, and the rest.
fn drive(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(':')?;
    let letter = name.len() == 1 && name.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let known = || {
        ["hklm", "hkcu", "hkcr", "hku", "hkcc", "registry", "cert", "wsman", "ad", "iis", "sqlserver"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
    };
    let ends = rest.is_empty() || rest.starts_with('/') || (letter && !rest.starts_with([':', ' ', '=']));
    ((letter || known()) && ends).then_some((name, rest))
}

/// True for a disk or volume below its file system: `//./PhysicalDrive0`, `//./C:`.
pub(super) fn is_device(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("//./").or_else(|| text.strip_prefix("//?/")) else { return false };
    let lower = rest.to_ascii_lowercase();
    let names = ["physicaldrive", "harddisk", "globalroot", "volume{", "scsi", "cdrom"];
    names.iter().any(|name| lower.starts_with(name)) || (lower.len() == 2 && lower.ends_with(':'))
}

/// The path in its usual form: one drive, one spelling of each hive. `None` where there is nothing to change.
pub(super) fn usual(text: &str) -> Option<String> {
    let start = text.get(..text.len().min(48))?.to_ascii_lowercase();
    let start = start.strip_prefix("microsoft.powershell.core/").unwrap_or(&start);
    let cut = text.len().min(48) - start.len();
    for (long, short) in [
        ("registry::hkey_local_machine", "HKLM:"),
        ("registry::hkey_current_user", "HKCU:"),
        ("registry::hkey_classes_root", "HKCR:"),
        ("registry::hkey_users", "HKU:"),
        ("registry::hklm", "HKLM:"),
        ("registry::hkcu", "HKCU:"),
        ("hkey_local_machine", "HKLM:"),
        ("hkey_current_user", "HKCU:"),
        ("hkey_classes_root", "HKCR:"),
        ("hkey_users", "HKU:"),
        ("filesystem::", ""),
    ] {
        if start.starts_with(long) {
            return Some(format!("{short}{}", text.get(cut + long.len()..)?));
        }
    }
    for hive in ["hklm/", "hkcu/", "hkcr/", "hku/"] {
        if start.starts_with(hive) {
            let name = hive.trim_end_matches('/').to_ascii_uppercase();
            return Some(format!("{name}:{}", text.get(hive.len() - 1..)?));
        }
    }
    // `C:x` is in the folder where the drive stands; its root is the worst it can be.
    let (name, rest) = drive(text)?;
    if !rest.is_empty() && !rest.starts_with('/') && name.len() == 1 {
        return Some(format!("{name}:/{rest}"));
    }
    None
}

/// What sort of place a path with a drive is. `home` is the user's profile where it is known.
pub(super) fn class_of(parts: &[&str], home: Option<&str>) -> TargetClass {
    let Some((drive, rest)) = parts.split_first() else { return TargetClass::Root };
    let drive = drive.trim_end_matches(':').to_ascii_lowercase();
    let lower: Vec<String> = rest.iter().map(|part| part.to_ascii_lowercase()).collect();
    let joined = lower.join("/");
    let whole = format!("{drive}:/{joined}");
    if SECRETS.iter().any(|part| whole.contains(part)) {
        return TargetClass::Secret;
    }
    if STARTUP.iter().any(|part| joined.contains(part)) {
        return TargetClass::ShellStartup;
    }
    match drive.as_str() {
        "hklm" | "hkcr" | "hku" | "hkcc" => return TargetClass::System,
        "hkcu" => {
            let vital = matches!(
                joined.as_str(),
                "" | "software" | "software/microsoft" | "software/microsoft/windows" | "environment"
            );
            return if vital { TargetClass::System } else { TargetClass::HomeFile };
        }
        "cert" => return TargetClass::System,
        "registry" | "wsman" | "ad" | "iis" | "sqlserver" => return TargetClass::OtherPath,
        _ => {}
    }
    let Some(first) = lower.first().map(String::as_str) else { return TargetClass::Root };
    match first {
        "windows" if lower.get(1).is_some_and(|part| matches!(part.as_str(), "temp" | "prefetch")) => {
            TargetClass::Temporary
        }
        "temp" | "tmp" => TargetClass::Temporary,
        "$recycle.bin" => TargetClass::OtherPath,
        "programdata" | "program files" | "program files (x86)" | "windows.old" | "perflogs" | "msocache"
            if lower.len() > 1 =>
        {
            TargetClass::OtherPath
        }
        "users" if lower.len() == 1 => TargetClass::OtherHome,
        "users" if matches!(lower.get(1).map(String::as_str), Some("public" | "default")) => {
            TargetClass::OtherPath
        }
        "users" => {
            let own = match home {
                Some(home) => {
                    let home = home.replace('\\', "/").to_ascii_lowercase();
                    home.rsplit('/').next() == lower.get(1).map(String::as_str)
                }
                // Whose profile it is cannot be told; of one that is gone as a whole it does not matter.
                None => lower.len() > 2,
            };
            match (own, lower.len()) {
                (true, 2) => TargetClass::Home,
                (true, _) => super::paths::in_home(&rest[2..]),
                (false, _) => TargetClass::OtherHome,
            }
        }
        _ if data::holds(SYSTEM_FOLDERS, first) => TargetClass::System,
        _ if data::holds(data::SECRET_NAMES, lower.last().map_or("", String::as_str)) => TargetClass::Secret,
        _ => TargetClass::OtherPath,
    }
}

/// What sort of place a path below a profile is, where it is one of those that only Windows has.
pub(super) fn in_home(parts: &[&str]) -> Option<TargetClass> {
    let joined = parts.join("/").to_ascii_lowercase();
    let first = joined.split('/').next().unwrap_or_default();
    if joined.is_empty() {
        return None;
    }
    if parts.len() < 2 {
        // All that follows lies below something.
        return (first == "appdata").then_some(TargetClass::HomeFile);
    }
    let is_profile = joined.starts_with("documents/") && joined.ends_with("profile.ps1");
    if is_profile || STARTUP.iter().any(|part| joined.contains(part)) || joined.ends_with("/profile.ps1") {
        return Some(TargetClass::ShellStartup);
    }
    if first == "appdata" {
        if SECRETS.iter().any(|part| joined.contains(part)) {
            return Some(TargetClass::Secret);
        }
        if joined.starts_with("appdata/local/temp")
            || joined.contains("/cache")
            || joined.contains("/inetcache")
        {
            return Some(TargetClass::Temporary);
        }
        return Some(TargetClass::HomeFile);
    }
    None
}

/// True for a place of which Windows runs whatever is put there.
pub(super) fn starts_by_itself(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    STARTUP.iter().any(|part| lower.contains(part))
}

/// The path below its drive; the path itself where it has none.
pub(super) fn below_drive(path: &str) -> &str {
    match drive(path) {
        Some((_, rest)) => rest.trim_start_matches('/'),
        None => path.trim_start_matches('/'),
    }
}

/// True for a part of Windows without which it does not start.
pub(super) fn is_vital(path: &str) -> bool {
    let Some((name, rest)) = drive(path) else { return false };
    let lower = rest.trim_start_matches('/').to_ascii_lowercase();
    if name.len() > 1 {
        return name.eq_ignore_ascii_case("hklm")
            && ["system", "sam", "security", "bcd"].iter().any(|hive| lower.starts_with(hive));
    }
    [
        "windows/system32",
        "windows/syswow64",
        "windows/boot",
        "windows/explorer.exe",
        "boot",
        "bootmgr",
        "efi",
        "recovery",
        "ntldr",
    ]
    .iter()
    .any(|vital| lower == *vital || lower.strip_prefix(vital).is_some_and(|rest| rest.starts_with('/')))
}

/// True for a whole part of Windows: a first folder of a drive, System32, or a key near the top of its hive.
pub(super) fn is_whole_part(path: &str) -> bool {
    let Some((name, rest)) = drive(path) else { return false };
    let rest = rest.trim_matches('/').to_ascii_lowercase();
    let rest = rest.trim_end_matches("/*");
    let levels = rest.split('/').filter(|part| !part.is_empty()).count();
    if name.len() > 1 {
        return levels <= 1
            || matches!(
                rest,
                "software/classes"
                    | "software/microsoft"
                    | "system/currentcontrolset"
                    | "system/currentcontrolset/control"
                    | "system/currentcontrolset/services"
            );
    }
    levels <= 1 || matches!(rest, "windows/system32" | "windows/syswow64" | "windows/winsxs" | "windows/boot")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drives_are_told_from_other_colons() {
        for (text, expected) in [
            ("C:", true),
            ("c:/x", true),
            ("HKLM:/Software", true),
            ("https://x", false),
            ("host:path", false),
            ("a", false),
        ] {
            assert_eq!(has_drive(text), expected, "{text}");
        }
        assert_eq!(usual("HKEY_LOCAL_MACHINE/SOFTWARE").as_deref(), Some("HKLM:/SOFTWARE"));
        assert_eq!(usual("HKCU/Software/x").as_deref(), Some("HKCU:/Software/x"));
        assert!(data::holds(SYSTEM_FOLDERS, "windows") && SYSTEM_FOLDERS.is_sorted());
    }
}
