//! The rule `rm-unset-variable`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk, TargetClass};
declare_rule! {
    /// Deletes a tree whose path begins with a variable that may be empty.
    ///
    /// ## Why
    /// Where the variable is not set, `$dir/*` is `/*` and `$dir/` is `/`: everything on the machine.
    ///
    /// ## Instead
    /// `${dir:?}` stops with an error where the variable is not set.
    ///
    /// ```sh,flagged
    /// rm -rf $dir/*
    /// rm -rf "$dir"/*
    /// rm -rf "${BUILD_ROOT}/"*
    /// rm -rf "$dir"/
    /// rm -rf "${BUILD_ROOT}/usr"
    /// rm -rf "$(cat folder.txt)"/*
    /// rm -rf "$dir/$name"/*
    /// ```
    /// ```sh,clean
    /// rm -rf "${dir:?}"/*
    /// dir=build; rm -rf "$dir"/*
    /// rm -rf "$dir/cache"
    /// rm -rf "$dir"
    /// rm -rf "$dir/$name"
    /// rm -rf "${dir:?}/$name"/*
    /// d=$(mktemp -d); rm -rf "$d"/*
    /// ```
    RM_UNSET_VARIABLE { name: "rm-unset-variable", subject: Subject::Effects(&[EffectKind::Delete], judge) }
}

fn judge(effect: &Effect, scene: &Scene<'_>) -> Option<Alarm> {
    let target = &effect.target;
    let written = effect.span.of(scene.line);
    let is_folder = effect.recursive && effect.detail == "folder";
    let everything = target.class == TargetClass::Unknown && (target.text.ends_with("/*") || is_folder);
    let name =
        target.text.strip_prefix('$').unwrap_or(&target.text).trim_end_matches("/*").trim_end_matches('/');
    // `$root/usr` is `/usr` then; names that every project has below it are left out.
    // What is in a file, or what a program prints, may be nothing.
    let of_file = !target.text.starts_with(['$', '{', '(', '…']) && name.contains(['.', '/']);
    if everything && effect.recursive && (may_say_nothing(name) || of_file) {
        return Some(Alarm::new(
            Risk::High,
            format!(
                "Deletes everything below what {name} says; where it says nothing, that is the whole machine."
            ),
        ));
    }
    let (name, below) = name.split_once('/').unwrap_or((name, ""));
    let system = effect.recursive && matches!(below, "boot" | "etc" | "home" | "root" | "sbin" | "usr");
    let of_powershell = effect.program == "Remove-Item";
    let bare = name.strip_prefix("env:").filter(|_| of_powershell).unwrap_or(name);
    // Where nushell was told not to complain: `$env.NAME?`.
    let of_nu = |name: &&str| scene.line.contains(&format!("env.{name}?"));
    let lenient = bare.strip_prefix("env.").filter(of_nu);
    let bare = lenient.unwrap_or(bare);
    // `$dir/$name/*` is as much where neither is set.
    let unset = below.is_empty() || below.split('/').all(is_variable);
    let plain = target.text.starts_with('$')
        && !bare.is_empty()
        && bare.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if !plain || target.class != TargetClass::Unknown || !(system || everything && unset) {
        return None;
    }
    if system {
        return Some(Alarm::new(
            Risk::High,
            format!(
                "Deletes /{below} where {name} is not set; {} stops there.",
                format_args!("${{{name}:?}}")
            ),
        ));
    }
    let alarm = Alarm::new(
        Risk::High,
        format!(
            "Deletes everything in ${name}; where {name} is not set, that is everything on this machine."
        ),
    );
    if of_powershell || lenient.is_some() {
        // It has no form that stops where a variable is not set.
        return Some(alarm);
    }
    let old =
        if written.contains(&format!("${{{name}}}")) { format!("${{{name}}}") } else { format!("${name}") };
    Some(alarm.instead(scene, effect.span, &old, &format!("${{{name}:?}}")))
}

/// True for a variable alone: `$name`.
fn is_variable(part: &str) -> bool {
    part.strip_prefix('$').is_some_and(|name| {
        !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

/// True for the output of a program that prints nothing where a file or a line is missing.
fn may_say_nothing(name: &str) -> bool {
    let program = name.strip_prefix('(').unwrap_or_default();
    let end = program.find([' ', ')']).unwrap_or(program.len());
    let program = program.get(..end).unwrap_or_default();
    matches!(program, "awk" | "cat" | "cut" | "grep" | "head" | "jq" | "sed" | "tail")
}
