//! Folders below a home in which a tool keeps what it can fetch or build again, and whose own documentation says that they may be
//! deleted. A closed list: what else a tool keeps there (settings, tokens, packages of one's own) is no cache.

/// Below the home, without a slash at the end. Sorted.
const FOLDERS: &[&str] = &[
    ".android/build-cache",
    ".android/cache",
    ".ansible/tmp",
    ".bun/install/cache",
    ".cargo/git/checkouts",
    ".cargo/registry/cache",
    ".cargo/registry/index",
    ".cargo/registry/src",
    ".ccache",
    ".composer/cache",
    ".conda/pkgs/cache",
    ".coursier/cache",
    ".cpan/build",
    ".cpan/sources",
    ".gradle/build-cache-1",
    ".gradle/caches",
    ".gradle/daemon",
    ".helm/cache",
    ".ivy2/cache",
    ".julia/compiled",
    ".konan/cache",
    ".kube/cache",
    ".kube/http-cache",
    ".local/share/pnpm/store",
    ".node-gyp",
    ".npm/_cacache",
    ".npm/_logs",
    ".npm/_npx",
    ".nuget/packages",
    ".nv/ComputeCache",
    ".nv/GLCache",
    ".pnpm-store",
    ".sbt/boot",
    ".swiftpm/cache",
    ".terraform.d/plugin-cache",
    ".yarn/berry/cache",
    ".zcompcache",
    "AppData/Local/NuGet/Cache",
    "AppData/Local/NuGet/v3-cache",
    "AppData/Local/Yarn/Cache",
    "AppData/Local/electron/Cache",
    "AppData/Local/go-build",
    "AppData/Local/npm-cache",
    "AppData/Local/pip/Cache",
    "AppData/Local/pip/cache",
    "AppData/Local/pnpm/store",
    "AppData/Local/uv/cache",
    "Library/Developer/CoreSimulator/Caches",
    "Library/Developer/Xcode/DerivedData",
    "Library/Developer/Xcode/iOS DeviceSupport",
    "go/pkg/mod/cache",
];

/// Folders of which every entry is a cache of somebody's, but which nobody empties as a whole for nothing. Sorted.
const OF_ALL: &[&str] = &[".cache", "Library/Caches"];

/// True for a path `~/…` that is one of those folders or lies in one, and for the index that a shell makes of its completions.
pub(super) fn is_cache(path: &str) -> bool {
    let Some(below) = path.strip_prefix("~/") else { return false };
    let below = below.trim_end_matches('/');
    let within = |folder: &str| {
        below.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let one_of = |folder: &str| {
        let rest = below.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric()))
    };
    let index = below.strip_prefix(".zcompdump").is_some_and(|rest| !rest.contains('/'));
    !below.split('/').any(|part| part == "..")
        && (index
            || FOLDERS.iter().any(|folder| within(folder))
            || OF_ALL.iter().any(|folder| one_of(folder)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};
    use crate::{Context, Dialect, Os};

    #[test]
    fn the_tables_are_sorted() {
        assert!(FOLDERS.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(OF_ALL.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn what_tools_fetch_or_build_again() {
        check_all(
            &context(),
            &[
                (Safe, "rm -rf ~/.gradle/caches"),
                (Safe, "rm -rf ~/.gradle/caches/* ~/.gradle/daemon"),
                (Moderate, "rm -rf ~/.gradle"),
                (Safe, "rm -rf ~/.cargo/registry/cache ~/.cargo/registry/src"),
                (High, "rm -rf ~/.cargo"),
                (High, "rm -rf ~/.cargo/bin"),
                (Safe, "rm -rf ~/Library/Developer/Xcode/DerivedData/*"),
                (High, "rm -rf ~/Library/Developer"),
                (Safe, "rm -rf ~/Library/Caches/Homebrew"),
                (Moderate, "rm -rf ~/Library/Caches/*"),
                (Moderate, "rm -rf ~/.cache"),
                (Critical, "rm -rf ~/.npm/_cacache/../.."),
                (High, "rm -rf ~/.npm/_cacache ~/work"),
                (Safe, "rm -rf ~/.npm/_cacache"),
                (Safe, "rm -f ~/.zcompdump*"),
                (Moderate, "rm -f ~/.z*"),
                (Critical, "sudo rm -rf /home/*/.gradle/caches /home"),
                (Safe, "rm -rf .svelte-kit .vite"),
            ],
        );
        check_all(&Context::new(Dialect::Zsh), &[(Safe, "rm -f ~/.zcompdump*(N); compinit")]);
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (Safe, "Remove-Item -Recurse -Force $env:LOCALAPPDATA\\npm-cache"),
                (High, "Remove-Item -Recurse -Force $env:LOCALAPPDATA"),
            ],
        );
    }
}
