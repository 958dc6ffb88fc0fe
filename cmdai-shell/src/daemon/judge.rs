//! Verdicts under the policy that holds in a directory, as `cmdai check` gives them, from memory where nothing changed.
//!
//! Each thread has a judge of its own, so that none waits for another. What was read is kept as long as the
//! files have the same size, time and number; one look at them is all that a key costs.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cmdai_core::config::Config;
use cmdai_core::models::Places;
use cmdai_core::policy::Policy;
use cmdai_core::protocol::{Answer, Judgement};
use cmdai_core::safety::{Decision, Layer, Report, Risk, Verdict};
use cmdai_core::session::Asker;
use cmdai_core::{Context, Dialect};

use crate::args::CommonArgs;
use crate::guard::{self, Wish};
use crate::settings::{Settings, config_path};
use crate::surroundings;

/// Directories whose policies are kept.
const MAX_KEPT: usize = 64;
/// How long a directory is not looked into whose disk did not answer.
const LEFT_ALONE: Duration = Duration::from_secs(60);

/// What tells a file from what it was before: device, number, size, time. `None` where there is none.
type Stamp = Option<(u64, u64, u64, i64, i64)>;

/// Directories whose disk did not answer, and when that was seen.
#[derive(Debug, Default)]
pub(super) struct Hung(Mutex<HashMap<String, Instant>>);

impl Hung {
    /// The disk under this directory does not answer.
    pub(super) fn add(&self, cwd: &str) {
        let mut hung = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hung.retain(|_, since| since.elapsed() < LEFT_ALONE);
        hung.insert(cwd.to_owned(), Instant::now());
    }

    /// True where it is to be left alone.
    pub(super) fn has(&self, cwd: &str) -> bool {
        let hung = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hung.get(cwd).is_some_and(|since| since.elapsed() < LEFT_ALONE)
    }
}

/// Judges lines.
pub(super) struct Judge {
    common: CommonArgs,
    config: Option<PathBuf>,
    config_stamp: Stamp,
    /// The settings, or why they cannot be read.
    settings: Result<Settings, String>,
    kept: HashMap<Option<String>, Kept>,
    hung: Arc<Hung>,
}

struct Kept {
    stamps: Vec<(PathBuf, Stamp)>,
    /// The policy, or why it cannot be read.
    policy: Result<Arc<Policy>, String>,
}

impl Judge {
    /// A judge who has read nothing yet.
    pub(super) fn new(hung: Arc<Hung>) -> Self {
        let common = CommonArgs { quiet: true, ..CommonArgs::default() };
        let config = config_path(&Places::from_env()).map(|(path, _)| path);
        let config_stamp = config.as_deref().and_then(stamp);
        let settings = load(&common);
        Self { common, config, config_stamp, settings, kept: HashMap::new(), hung }
    }

    /// The settings, where they can be read.
    pub(super) fn settings(&mut self) -> Option<&Settings> {
        self.refresh();
        self.settings.as_ref().ok()
    }

    /// The configuration; what holds without one where it cannot be read.
    pub(super) fn config(&self) -> Config {
        self.settings.as_ref().map(|settings| settings.config.clone()).unwrap_or_default()
    }

    /// Where a client's line would run.
    pub(super) fn context(&self, asker: &Asker, cwd: Option<&str>) -> Context {
        let config = self.settings.as_ref().ok().map(|settings| &settings.config);
        let named = asker.shell.rsplit('/').next().and_then(|shell| shell.parse::<Dialect>().ok());
        let dialect = named.or(config.and_then(|config| config.shell)).unwrap_or_default();
        let os = config.and_then(|config| config.os);
        match cwd.map(Path::new).filter(|cwd| cwd.is_absolute()) {
            Some(path) if !cwd.is_some_and(|cwd| self.hung.has(cwd)) => {
                surroundings::context_in(path, dialect, os)
            }
            there => {
                let mut ctx = Context::new(dialect);
                ctx.os = os.unwrap_or(cmdai_core::Os::host());
                ctx.cwd = there.and_then(Path::to_str).map(str::to_owned);
                ctx.home = surroundings::home().and_then(|home| home.into_os_string().into_string().ok());
                ctx
            }
        }
    }

    /// Judges a line that is about to run. What a person let through once is used up by it.
    pub(super) fn verdict(&mut self, line: &str, ctx: &Context) -> Report {
        match self.policy(ctx) {
            Ok(policy) => guard::judge(&policy, line, ctx),
            Err(reason) => {
                let mut report = cmdai_core::safety::check(line, ctx);
                // A disk that hangs is no reason to forbid everything; what nobody could read is asked about.
                let hung = ctx.cwd.as_deref().is_some_and(|cwd| self.hung.has(cwd));
                let verdict = if hung { report.verdict.max(Verdict::Ask) } else { Verdict::Deny };
                let mut decision = Decision::new(verdict, Layer::Project, "policy");
                decision.reason = Some(reason);
                report.verdict = verdict;
                report.decision = Some(decision);
                report
            }
        }
    }

    /// Judges a line that is only looked at.
    pub(super) fn look(&mut self, line: &str, ctx: &Context) -> Judgement {
        if line.trim().is_empty() {
            return Judgement::NOTHING;
        }
        match self.policy(ctx) {
            Ok(policy) => {
                let report = policy.check(line, ctx);
                Judgement { verdict: report.verdict, risk: report.risk }
            }
            Err(_) => Judgement { verdict: Verdict::Deny, risk: cmdai_core::safety::check(line, ctx).risk },
        }
    }

    fn policy(&mut self, ctx: &Context) -> Result<Arc<Policy>, String> {
        if ctx.cwd.as_deref().is_some_and(|cwd| self.hung.has(cwd)) {
            return Err("the disk of this directory does not answer".to_owned());
        }
        self.refresh();
        let settings = self.settings.as_ref().map_err(Clone::clone)?;
        let sources = guard::sources(None, ctx.cwd.as_deref().map(Path::new));
        let stamps: Vec<(PathBuf, Stamp)> =
            sources.into_iter().map(|source| (source.path.clone(), stamp(&source.path))).collect();
        if let Some(kept) = self.kept.get(&ctx.cwd).filter(|kept| kept.stamps == stamps) {
            return kept.policy.clone();
        }
        let policy = guard::policy(&Wish::default(), settings, ctx);
        let policy = policy.map(Arc::new).map_err(|failure| failure.one_line());
        if self.kept.len() >= MAX_KEPT {
            self.kept.clear();
        }
        self.kept.insert(ctx.cwd.clone(), Kept { stamps, policy: policy.clone() });
        policy
    }

    /// Reads the configuration again where it changed.
    fn refresh(&mut self) {
        let now = self.config.as_deref().and_then(stamp);
        if now != self.config_stamp {
            self.config_stamp = now;
            self.settings = load(&self.common);
            self.kept.clear();
        }
    }
}

fn load(common: &CommonArgs) -> Result<Settings, String> {
    Settings::load(common).map_err(|failure| failure.one_line())
}

fn stamp(path: &Path) -> Stamp {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.dev(), meta.ino(), meta.len(), meta.ctime(), meta.ctime_nsec()))
}

/// The answer to a check.
pub(super) fn answer(report: &Report) -> Answer {
    let line = Judgement { verdict: report.verdict, risk: report.risk };
    let worst = report.findings.iter().max_by_key(|finding| finding.risk);
    let decision = report.decision.as_ref();
    let reason = decision.and_then(|decision| decision.reason.clone());
    let found = worst.map(|finding| finding.message.clone());
    let unread = (report.risk > Risk::Safe).then(|| "it was not fully understood".to_owned());
    let reason = match (reason, found) {
        (Some(reason), Some(found)) if report.verdict != Verdict::Allow => format!("{found} ({reason})"),
        (Some(reason), _) => reason,
        (None, found) => found.or(unread).unwrap_or_default(),
    };
    let rule = decision.and_then(|decision| decision.rule).or(worst.map(|finding| finding.rule));
    Answer::Check { line, reason: one_line(&reason), rule: rule.unwrap_or_default().to_owned() }
}

/// Words between single blanks.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
