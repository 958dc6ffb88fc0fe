//! Words that tell what a name in a request is. Each table is sorted.

/// Words after which a place may be named. Sorted.
pub(super) const PREPOSITIONS: &[&str] = &[
    "across", "against", "below", "beneath", "between", "compare", "from", "in", "inside", "into", "onto",
    "over", "to", "under", "within",
];

/// Deeds done to a folder as a whole. Sorted.
pub(super) const DEEDS: &[&str] = &[
    "archive",
    "backup",
    "bundle",
    "chmod",
    "chown",
    "clean",
    "compress",
    "copy",
    "delete",
    "duplicate",
    "empty",
    "enter",
    "erase",
    "gzip",
    "mirror",
    "move",
    "open",
    "pack",
    "remove",
    "rename",
    "rsync",
    "search",
    "symlink",
    "sync",
    "tar",
    "wipe",
    "zip",
];

/// Things that folders are called after and that requests are about all the same: "delete tags" need not mean `./tags`. Sorted.
pub(super) const THINGS: &[&str] = &[
    "all",
    "branches",
    "commits",
    "containers",
    "directories",
    "files",
    "folders",
    "groups",
    "images",
    "jobs",
    "links",
    "modules",
    "networks",
    "packages",
    "pods",
    "ports",
    "processes",
    "remotes",
    "services",
    "stashes",
    "symlinks",
    "tags",
    "tests",
    "users",
    "volumes",
];

/// What makes the word before it something else than a place: "in config files", "in test mode". Sorted.
pub(super) const NOT_BEFORE: &[&str] = &[
    "branch",
    "command",
    "container",
    "environment",
    "file",
    "filename",
    "files",
    "format",
    "image",
    "line",
    "lines",
    "mode",
    "order",
    "package",
    "process",
    "script",
    "service",
    "style",
    "version",
];

/// Words that say that one certain thing is meant. Sorted.
pub(super) const DEFINITE: &[&str] = &["my", "our", "that", "the", "this"];

/// Words after which a file may be new. Sorted.
pub(super) const NEW: &[&str] =
    &["as", "called", "create", "into", "make", "named", "new", "output", "save", "to", "touch", "write"];

/// Words that say that a name is no place. Sorted.
pub(super) const EVERYWHERE: &[&str] = &[
    "all",
    "any",
    "anywhere",
    "each",
    "every",
    "everywhere",
    "recursive",
    "recursively",
    "subfolders",
    "wherever",
];

/// Deeds that look for a file wherever it is. Sorted.
pub(super) const LOOKS_FOR: &[&str] =
    &["exists", "find", "locate", "search", "where", "where's", "wheres", "which"];

/// Words behind "to" that name no folder of their own. Sorted.
pub(super) const NO_TARGETS: &[&str] = &[
    "clipboard",
    "desktop",
    "documents",
    "downloads",
    "end",
    "external",
    "front",
    "github",
    "here",
    "home",
    "host",
    "it",
    "lowercase",
    "me",
    "parent",
    "remote",
    "root",
    "s3",
    "sd",
    "server",
    "stdout",
    "tape",
    "top",
    "trash",
    "uppercase",
    "usb",
];

/// Words that give a name to what is new. Sorted.
pub(super) const CALLED: &[&str] = &["as", "called", "create", "make", "named", "new", "save", "touch"];
