//! Which programs run, or make, programs in languages that we have no reader for, and by which names such programs reach
//! out: one row a family. A language joins when people start it with code in a line.

use std::collections::HashSet;
use std::sync::LazyLock;

/// How a program is given the text that it runs.
pub(super) struct Runner {
    /// Its names.
    pub(super) names: &'static [&'static str],
    /// Words after which it runs what follows; empty where it needs none.
    pub(super) subs: &'static [&'static str],
    /// Options whose value is code.
    pub(super) code: &'static [&'static str],
    /// Endings of the files that it reads.
    pub(super) endings: &'static [&'static str],
    /// It makes a program, and does not run it.
    pub(super) compiles: bool,
}

const fn runner(
    names: &'static [&'static str],
    subs: &'static [&'static str],
    code: &'static [&'static str],
    endings: &'static [&'static str],
) -> Runner {
    Runner { names, subs, code, endings, compiles: false }
}

const fn compiler(
    names: &'static [&'static str],
    subs: &'static [&'static str],
    endings: &'static [&'static str],
) -> Runner {
    Runner { names, subs, code: &[], endings, compiles: true }
}

pub(super) const RUNNERS: &[Runner] = &[
    runner(&["go"], &["run"], &[], &["go"]),
    runner(&["gorun", "yaegi"], &[], &["-e"], &["go"]),
    compiler(&["go"], &["build", "install"], &["go"]),
    runner(&["java", "jbang"], &[], &[], &["java"]),
    compiler(&["javac"], &[], &["java"]),
    runner(&["kotlin", "kotlinc", "kscript"], &[], &["-e"], &["kt", "kts"]),
    runner(&["scala", "scala-cli", "amm"], &[], &["-e", "-c"], &["scala", "sc"]),
    compiler(
        &[
            "rustc", "swiftc", "gdc", "ldc2", "valac", "fpc", "mcs", "csc", "ghc", "ocamlopt", "ocamlc",
            "gnatmake",
        ],
        &[],
        &["rs", "swift", "d", "vala", "pas", "cs", "hs", "ml", "adb"],
    ),
    runner(&["rust-script", "cargo-script", "runner"], &[], &["-e", "--expr"], &["rs", "ers"]),
    runner(&["swift"], &[], &["-e"], &["swift"]),
    runner(&["nim"], &["r", "e"], &["--eval", "-e"], &["nim", "nims"]),
    compiler(&["nim"], &["c", "cpp", "compile"], &["nim"]),
    runner(&["zig"], &["run"], &[], &["zig"]),
    compiler(&["zig", "odin", "crystal", "v"], &["build-exe", "build"], &["zig", "odin", "cr", "v"]),
    runner(&["crystal"], &["run", "eval"], &[], &["cr"]),
    runner(&["v", "odin"], &["run"], &["-e"], &["v", "odin"]),
    runner(&["dart"], &["run"], &[], &["dart"]),
    runner(&["dart"], &[], &[], &["dart"]),
    runner(&["dmd"], &[], &[], &["d"]),
    runner(&["rdmd"], &[], &["--eval"], &["d"]),
    runner(&["runghc", "runhaskell", "stack"], &[], &["-e"], &["hs"]),
    runner(&["ghci"], &[], &["-e"], &["hs"]),
    runner(
        &["ocaml", "sml", "poly", "fsharpi", "fsi", "csi", "csharp", "mono", "cling", "root"],
        &[],
        &["-e", "-q", "--eval"],
        &["ml", "sml", "fsx", "csx", "cs", "C", "cpp"],
    ),
    runner(&["dotnet"], &["fsi", "script", "run"], &["--exec", "eval"], &["fsx", "csx", "cs"]),
    runner(
        &["swipl", "prolog", "gprolog", "yap", "sicstus", "scryer-prolog"],
        &[],
        &["-g", "-t", "--goal", "--query-goal", "--entry-goal"],
        &["pl", "pro"],
    ),
    runner(
        &["gp", "maxima", "sage", "magma", "giac", "yacas", "gap"],
        &[],
        &["-c", "--batch-string", "-r", "--execute"],
        &["gp", "mac", "sage", "g"],
    ),
    runner(&["wolframscript", "math", "wolfram"], &[], &["-code", "-c", "-run", "-r"], &["wls", "m"]),
    runner(
        &[
            "bb",
            "clj",
            "clojure",
            "janet",
            "hy",
            "lein",
            "gosh",
            "chibi-scheme",
            "scheme",
            "mit-scheme",
            "petite",
            "csi",
            "bigloo",
            "gsi",
            "kawa",
            "abcl",
            "ecl",
            "picolisp",
            "newlisp",
        ],
        &[],
        &["-e", "-c", "--eval", "-eval", "-M", "-p"],
        &["clj", "cljs", "janet", "hy", "scm", "ss", "lisp"],
    ),
    runner(
        &[
            "raku",
            "perl6",
            "rakudo",
            "pike",
            "io",
            "factor",
            "rexx",
            "regina",
            "jimsh",
            "picat",
            "mercury",
            "haxe",
            "moon",
            "coffee",
            "lsc",
            "fennel",
            "wren_cli",
            "gravity",
            "squirrel",
            "sq",
            "angelscript",
            "euphoria",
            "icon",
            "unicon",
            "red",
            "rebol",
            "k",
            "q",
        ],
        &[],
        &["-e", "--eval", "--do", "-s"],
        &["raku", "p6", "pike", "io", "factor", "rexx", "tcl", "pi", "moon", "coffee", "ls", "fnl"],
    ),
    runner(&["elixir", "iex"], &[], &["-e", "--eval"], &["exs", "ex"]),
    runner(&["mix"], &["run", "eval"], &["-e", "--eval"], &["exs"]),
    runner(&["scilab", "scilab-cli", "scilab-adv-cli"], &[], &["-e"], &["sce", "sci"]),
    runner(&["bpftrace", "stap"], &[], &["-e"], &["bt", "stp"]),
    runner(&["escript", "erl"], &[], &["-eval"], &["erl", "escript"]),
];

/// The names of all of them.
pub(super) static NAMES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| RUNNERS.iter().flat_map(|runner| runner.names).copied().collect());

/// Names of calls that run a line of shell code, or a program with its arguments. In lower case, sorted.
pub(super) const RUNS: &[&str] = &[
    "callcommand",
    "cmd",
    "command",
    "commandline",
    "doshellscript",
    "exec",
    "exec_command",
    "execcmd",
    "execcmdex",
    "execl",
    "execlp",
    "execprocess",
    "execshellcmd",
    "executable_shell",
    "execute",
    "executeshell",
    "execv",
    "execvp",
    "extern",
    "launch",
    "open3",
    "openproc",
    "os_cmd",
    "pipeprocess",
    "pipeshell",
    "popen",
    "process",
    "processbuilder",
    "processcreate",
    "process_create",
    "qx",
    "rawsystem",
    "readprocess",
    "run",
    "run_process",
    "runcommand",
    "runinteractivecommand",
    "runprocess",
    "runshell",
    "runsync",
    "sh",
    "shell",
    "shell_exec",
    "shellexecute",
    "spawn",
    "spawncommand",
    "spawncommandline",
    "spawnprocess",
    "spawnshell",
    "start",
    "startprocess",
    "system",
    "systemopen",
    "unix",
    "unix_command",
];

/// Names of calls that delete a file. In lower case, sorted.
pub(super) const DELETES: &[&str] = &[
    "delete",
    "delete_file",
    "deletefile",
    "dremove",
    "remove",
    "remove_file",
    "removefile",
    "rm",
    "unlink",
    "unlinksync",
];

/// Names of calls that delete a folder with all that is in it. In lower case, sorted.
pub(super) const DELETES_ALL: &[&str] = &[
    "delete-directory",
    "delete-tree",
    "delete_directory_and_contents",
    "deletedirectory",
    "deleterecursively",
    "deletetree",
    "remove_all",
    "remove_dir_all",
    "removeall",
    "removedirectoryrecursive",
    "removedirrecursive",
    "removeitem",
    "removepathforcibly",
    "removetree",
    "rm_rf",
    "rm_rf!",
    "rmdirrecurse",
    "rmrf",
    "rmtree",
];

/// Names of calls that replace a file. In lower case, sorted.
pub(super) const WRITES: &[&str] =
    &["fs.write", "os.writefile", "spit", "writealltext", "writefile", "writestring", "writetextfile"];
