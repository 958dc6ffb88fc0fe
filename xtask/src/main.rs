//! Development tasks of cmdai, run as `cargo xtask <task>`.
//!
//! A task is one entry of [`TASKS`]: its name, its options, a sentence, and the function that does it.
//! Tasks call the ordinary clients (`cargo`, `python3 -m pip`) and show their output; whatever a task
//! writes is built aside and renamed, so that a task which was killed is simply run again.

mod bench;
mod breadth;
mod ci;
mod completion;
mod inline;
mod install;
mod process;
mod runtime;
mod setup;
mod test;
mod tidy;
mod tree;

use std::process::ExitCode;

use anyhow::{Result, bail};

/// One task.
struct Task {
    name: &'static str,
    options: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<()>,
}

const TASKS: &[Task] = &[
    Task {
        name: "setup",
        options: "",
        about: "make the checkout ready: fetch the runtime and the table of tools, build cmdai",
        run: setup::task,
    },
    Task {
        name: "test",
        options: "",
        about: "fetch what the tests need and run all of them",
        run: test::task,
    },
    Task {
        name: "install",
        options: "[--prefix DIR]",
        about: "set up, then install below a prefix (~/.local)",
        run: install::install,
    },
    Task {
        name: "uninstall",
        options: "[--prefix DIR]",
        about: "remove what install wrote",
        run: install::uninstall,
    },
    Task {
        name: "ci",
        options: "[--keep-going]",
        about: "run every check that a change must pass",
        run: ci::task,
    },
    Task {
        name: "bench",
        options: "[--json] [--peer MODEL.gguf --modules DIR] | inline [--write] [--suggest FILE] | ghost --people DIR [--only NAME,NAME] [--model DIR] [--sample N]",
        about: "measure the release build; beside llama.cpp where a GGUF is given; inline: in zsh, in a terminal; ghost: how long the daemon takes to one of the model",
        run: bench::task,
    },
    Task {
        name: "eval-completion",
        options: "--people DIR [--json] [--only NAME,NAME] [--weights DIR] [--model DIR [--sample N]]",
        about: "replay people's lines and measure completion beside what shells suggest",
        run: completion::eval,
    },
    Task {
        name: "fit-completion",
        options: "--people DIR [--only NAME,NAME] [--leave NAME,NAME] [--folds N] [--write]",
        about: "fit the weights of completion; with --folds measure on people left out",
        run: completion::fit,
    },
    Task {
        name: "fit-ghost",
        options: "--people DIR --model DIR [--only NAME,NAME] [--sample N] [--every N] [--write]",
        about: "fit the scale of the model's ghosts on every second person, and report on the others",
        run: completion::fit_ghost,
    },
    Task {
        name: "shots",
        options: "",
        about: "draw the pictures of docs/img from the real thing in a terminal",
        run: inline::shots,
    },
    Task {
        name: "tidy",
        options: "",
        about: "check the walls between modules, licences, and what lies in the repository",
        run: tidy::task,
    },
    Task {
        name: "runtime",
        options: "[--platform NAME --into DIR] [--wheel FILE]",
        about: "fetch the ONNX Runtime library into vendor/",
        run: runtime::task,
    },
    Task {
        name: "breadth",
        options: "[--package FILE] [--into DIR]",
        about: "make the table of many tools in vendor/, from an npm package",
        run: breadth::task,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((name, rest)) = args.split_first() else {
        print!("{}", usage());
        return ExitCode::from(2);
    };
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some(task) = TASKS.iter().find(|task| task.name == name) else {
        eprint!("error: no task is called {name:?}\n\n{}", usage());
        return ExitCode::from(2);
    };
    match (task.run)(rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let mut text = String::from("usage: cargo xtask <task> [options]\n\n");
    for task in TASKS {
        text += &format!("  {} {}\n      {}\n", task.name, task.options, task.about);
    }
    text
}

/// Reads `--name value` and `--flag` options; anything else is an error that names the task's options.
struct Options<'a> {
    task: &'static str,
    args: &'a [String],
}

impl<'a> Options<'a> {
    fn new(task: &'static str, args: &'a [String]) -> Self {
        Self { task, args }
    }

    /// Calls `take` with each option; `take` says whether it used the value that follows.
    fn each(&self, mut take: impl FnMut(&str, Option<&'a str>) -> Taken) -> Result<()> {
        let mut at = 0;
        while let Some(arg) = self.args.get(at) {
            let value = self.args.get(at + 1).map(String::as_str);
            at += match take(arg, value) {
                Taken::Flag => 1,
                Taken::Value if value.is_some() => 2,
                Taken::Value => bail!("{arg} needs a value"),
                Taken::Unknown => {
                    let task = TASKS.iter().find(|task| task.name == self.task);
                    let options = task.map_or("", |task| task.options);
                    bail!("{:?} is not an option of {}; it takes {options}", arg, self.task)
                }
            };
        }
        Ok(())
    }
}

/// What became of one option.
enum Taken {
    Flag,
    Value,
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_or_refused() {
        let args = ["--into", "x", "--quick"].map(String::from);
        let mut seen = Vec::new();
        let read = |arg: &str, value: Option<&str>, seen: &mut Vec<String>| match arg {
            "--into" => {
                seen.push(value.unwrap_or("").to_owned());
                Taken::Value
            }
            "--quick" => {
                seen.push("quick".to_owned());
                Taken::Flag
            }
            _ => Taken::Unknown,
        };
        Options::new("runtime", &args).each(|arg, value| read(arg, value, &mut seen)).unwrap();
        assert_eq!(seen, ["x", "quick"]);

        let refused = |args: &[&str]| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            let mut seen = Vec::new();
            let result = Options::new("runtime", &args).each(|arg, value| read(arg, value, &mut seen));
            result.unwrap_err().to_string()
        };
        assert_eq!(refused(&["--into"]), "--into needs a value");
        assert!(refused(&["--what"]).contains("is not an option of runtime"));
    }

    #[test]
    fn task_names_are_unique_and_described() {
        for (at, task) in TASKS.iter().enumerate() {
            assert!(!task.about.is_empty(), "{}", task.name);
            assert!(TASKS[at + 1..].iter().all(|other| other.name != task.name), "{}", task.name);
        }
    }
}
