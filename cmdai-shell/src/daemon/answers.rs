//! What each question is answered with: the library is called with what this machine and this user have.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use cmdai_core::complete::{Completer, Past, Query, Source, Suggestion, World, alternatives, complete};
use cmdai_core::engine::CancelToken;
use cmdai_core::explain::explain;
use cmdai_core::generate::Request;
use cmdai_core::protocol::{Alternative, Answer, Asked, Check, Line};
use cmdai_core::recall::Memory;
use cmdai_core::safety::{Report, Risk};
use cmdai_core::session::{Asker, Outcome};
use cmdai_core::{Context, Os};

use super::engine::{self, Engine};
use super::judge::{self, Judge, one_line};
use super::lane::{Shared, now};
use super::past::Surroundings;
use crate::log::{self, Judged};
use crate::{look, memory, surroundings};

/// How long the list of programs is good for.
const PROGRAMS_TIME: Duration = Duration::from_secs(60);

/// What an offer of the model names as its source.
const MODEL: &str = "model";

/// Asks memory for so many ways on.
type Ask = fn(&Past, &Query<'_>, &dyn World, usize) -> Vec<Suggestion>;
/// Files and when each was changed.
type Files = Vec<(PathBuf, Option<SystemTime>)>;

/// What one lane answers with.
pub(super) struct Answers {
    judge: Judge,
    shared: Shared,
    /// The files of the user's own intents with their times, and the memory that was made with them.
    intents: Option<(Files, Option<Arc<Memory>>)>,
    programs: Option<(Instant, Vec<String>)>,
    /// A verdict that is to be logged once it is answered.
    unlogged: Option<(String, Context, Report)>,
}

impl Answers {
    /// Nothing is read yet.
    pub(super) fn new(shared: Shared) -> Self {
        let judge = Judge::new(Arc::clone(&shared.hung));
        Self { judge, shared, intents: None, programs: None, unlogged: None }
    }

    /// May it run?
    pub(super) fn check(&mut self, asker: &Asker, check: &Check) -> Outcome {
        let mut ctx = self.judge.context(asker, check.cwd.as_deref());
        ctx.known = check.known.unwrap_or_default();
        let report = self.judge.verdict(&check.buffer, &ctx);
        let answer = judge::answer(&report);
        self.unlogged = Some((check.buffer.clone(), ctx, report));
        Outcome::Answered(answer)
    }

    /// What is done when nobody waits any more: a disk may be slow.
    pub(super) fn after(&mut self) {
        if let Some((line, ctx, report)) = self.unlogged.take()
            && let Some(settings) = self.judge.settings()
        {
            log::judged(
                settings,
                &Judged { door: "daemon", tool: None, line: &line, ctx: &ctx, report: &report },
            );
        }
    }

    /// How does the line go on, and may what is shown behind it stay?
    pub(super) fn suggest(&mut self, asker: &Asker, line: &Line, shown: Option<&Alternative>) -> Outcome {
        let ctx = self.context(asker, line.cwd.as_deref());
        let judgement = self.judge.look(&line.buffer, &ctx);
        let query =
            Query { buffer: &line.buffer, context: &ctx, session: asker.session.as_deref(), now: now() };
        let offer = self.offers(line, &query, 1, complete).into_iter().next();
        let stays = shown.is_none_or(|shown| {
            let remembered = &*self.shared.remembered;
            let world = Surroundings { machine: &*self.shared.machine, remembered };
            let (past, by_model) = (remembered.past(), shown.source == MODEL);
            Completer::shipped().stays(&past, &query, &world, &shown.suffix, by_model, offer.as_ref())
        });
        let offer = offer.map(alternative);
        if stays { Outcome::Suggested(judgement, offer) } else { Outcome::Replaced(judgement, offer) }
    }

    /// The ways in which it may go on.
    pub(super) fn alternatives(&mut self, asker: &Asker, line: &Line, most: usize) -> Outcome {
        let ctx = self.context(asker, line.cwd.as_deref());
        let query =
            Query { buffer: &line.buffer, context: &ctx, session: asker.session.as_deref(), now: now() };
        let offers = self.offers(line, &query, most, alternatives);
        Outcome::Answered(Answer::Alternatives(offers.into_iter().map(alternative).collect()))
    }

    /// Where a line would run, with what is known of more tools than ours.
    fn context(&self, asker: &Asker, cwd: Option<&str>) -> Context {
        let table = self.shared.breadth.get_or_init(surroundings::breadth).clone();
        self.judge.context(asker, cwd).with_breadth(table)
    }

    fn offers(&self, line: &Line, query: &Query<'_>, most: usize, ask: Ask) -> Vec<Suggestion> {
        if !line.is_at_end() {
            return Vec::new();
        }
        let remembered = &*self.shared.remembered;
        let world = Surroundings { machine: &*self.shared.machine, remembered };
        let offers = ask(&remembered.past(), query, &world, most);
        offers.into_iter().filter(|offer| offer.risk != Risk::Critical).collect()
    }

    /// What does it do?
    pub(super) fn what(&self, asker: &Asker, line: &Line) -> Outcome {
        let explanation = explain(&line.buffer, &self.context(asker, line.cwd.as_deref()));
        let cursor = line.cursor_bytes();
        // At the end of a word the word is meant, and so it is right behind it.
        let mut parts = explanation.parts.iter();
        let under = parts.rfind(|part| part.span.start <= cursor && cursor <= part.span.end);
        let word = under.and_then(|part| Some(format!("{}: {}", part.text, part.meaning.as_ref()?)));
        let line = one_line(&explanation.summary);
        Outcome::Answered(Answer::What { line, word: one_line(&word.unwrap_or_default()) })
    }

    /// What the memory alone says; a draft of it is shown while the model works.
    pub(super) fn recall(&mut self, asker: &Asker, asked: &Asked, show: impl FnOnce(Answer)) -> Outcome {
        let request = self.request(asker, asked);
        if let Some(answer) = engine::recall(&request, &mut self.judge) {
            return Outcome::Answered(answer);
        }
        if let Some(draft) = engine::draft(&request, &mut self.judge) {
            show(draft);
        }
        Outcome::AskTheModel
    }

    /// The whole answer to a request.
    pub(super) fn generate(
        &mut self,
        asker: &Asker,
        asked: &Asked,
        engine: &mut Engine,
        cancel: &CancelToken,
    ) -> Outcome {
        let request = self.request(asker, asked);
        engine.generate(&request, &mut self.judge, &self.shared.model, cancel)
    }

    /// How the model would go on.
    pub(super) fn guess(
        &mut self,
        asker: &Asker,
        line: &Line,
        engine: &mut Engine,
        cancel: &CancelToken,
    ) -> Outcome {
        let ctx = self.context(asker, line.cwd.as_deref());
        let query =
            Query { buffer: &line.buffer, context: &ctx, session: asker.session.as_deref(), now: now() };
        let remembered = &*self.shared.remembered;
        let world = Surroundings { machine: &*self.shared.machine, remembered };
        let (config, model) = (self.judge.config(), &self.shared.model);
        let guess = engine.guess(&query, &remembered.last(), &world, &config, model, cancel);
        match guess {
            Ok(offer) => Outcome::Continued(offer.map(alternative)),
            Err(reason) => {
                self.shared.journal.say(&format!("the model could not continue a line: {reason}"));
                Outcome::Continued(None)
            }
        }
    }

    /// Lets the model read what comes before the next line of this terminal.
    pub(super) fn prepare(
        &mut self,
        asker: &Asker,
        cwd: &str,
        engine: &mut Engine,
        cancel: &CancelToken,
    ) -> Outcome {
        let ctx = self.context(asker, Some(cwd));
        let query = Query { buffer: "", context: &ctx, session: asker.session.as_deref(), now: now() };
        let remembered = &*self.shared.remembered;
        let world = Surroundings { machine: &*self.shared.machine, remembered };
        let (config, model) = (self.judge.config(), &self.shared.model);
        if let Err(reason) = engine.read_ahead(&query, &remembered.last(), &world, &config, model, cancel) {
            self.shared.journal.say(&format!("the model could not read ahead: {reason}"));
        }
        Outcome::Prepared
    }

    fn request(&mut self, asker: &Asker, asked: &Asked) -> Request {
        let context = self.context(asker, asked.cwd.as_deref());
        let programs = (context.os == Os::host()).then(|| self.programs());
        let mut request = Request {
            text: asked.request.clone(),
            programs,
            profile: self.judge.config().profile.unwrap_or_default(),
            memory: self.memory(),
            candidates: asked.count.unwrap_or(1).clamp(1, 10),
            context,
            tree: None,
        };
        look::around(&mut request, self.judge.config().look_around);
        request
    }

    fn programs(&mut self) -> Vec<String> {
        let fresh = self.programs.take_if(|(read, _)| read.elapsed() < PROGRAMS_TIME);
        let (read, programs) = fresh.unwrap_or_else(|| (Instant::now(), surroundings::programs()));
        self.programs.insert((read, programs)).1.clone()
    }

    /// The memory with the user's own intents, read again where their files changed.
    fn memory(&mut self) -> Option<Arc<Memory>> {
        let settings = self.judge.settings()?;
        let files: Vec<_> = memory::files()
            .into_iter()
            .map(|path| {
                let changed = std::fs::metadata(&path).and_then(|meta| meta.modified()).ok();
                (path, changed)
            })
            .collect();
        if self.intents.as_ref().is_none_or(|(known, _)| *known != files) {
            self.intents = Some((files, memory::open(settings)));
        }
        self.intents.as_ref().and_then(|(_, memory)| memory.clone())
    }
}

fn alternative(offer: Suggestion) -> Alternative {
    let source = match offer.source {
        Source::History => "history",
        Source::Spec => "spec",
        Source::Path => "path",
        Source::Git => "git",
        Source::Command => "command",
        Source::Model => MODEL,
        _ => "other",
    };
    Alternative { risk: offer.risk, suffix: offer.suffix, source: source.to_owned() }
}
