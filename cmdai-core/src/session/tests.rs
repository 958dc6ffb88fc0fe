//! Promises of the module, held over any order of events.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::protocol::{Form, Hello, Stage, State};
use crate::safety::Verdict;

const ONE: ConnId = ConnId(1);

/// A client and its lanes, driven by hand. Draws lines as `git che|ckout`.
struct Scene {
    sessions: Sessions,
    now: Millis,
    begun: BTreeMap<Lane, (JobId, Work)>,
    sent: Vec<(ConnId, u64, Answer)>,
    abandoned: BTreeSet<JobId>,
    hung_up: bool,
    others: Vec<Action>,
    id: u64,
}

impl Scene {
    fn new(model: bool) -> Self {
        let identity = Identity { version: "0.1.0".into(), capabilities: vec!["check".into()] };
        let mut stage = Self {
            sessions: Sessions::new(identity, model),
            now: 0,
            begun: BTreeMap::new(),
            sent: Vec::new(),
            abandoned: BTreeSet::new(),
            hung_up: false,
            others: Vec::new(),
            id: 0,
        };
        stage.event(Event::Opened(ONE));
        stage
    }

    fn event(&mut self, event: Event) {
        for action in self.sessions.handle(self.now, event) {
            match action {
                Action::Send(conn, message) => self.sent.push((conn, message.id, message.body)),
                Action::Begin(lane, job, _, work) => {
                    assert!(self.begun.insert(lane, (job, work)).is_none(), "{lane:?} does two things");
                }
                Action::Abandon(job) => assert!(self.abandoned.insert(job), "{job:?} is abandoned twice"),
                Action::Hangup(_) => self.hung_up = true,
                other => self.others.push(other),
            }
        }
    }

    fn ask_of(&mut self, conn: ConnId, body: Request) -> u64 {
        self.id += 1;
        self.event(Event::Received(conn, Ok(Message { id: self.id, form: Form::Tab, body })));
        self.id
    }

    fn ask(&mut self, body: Request) -> u64 {
        self.ask_of(ONE, body)
    }

    fn wait(&mut self, millis: Millis) {
        self.now += millis;
        self.event(Event::Woke);
    }

    fn finish(&mut self, lane: Lane, outcome: Outcome) {
        let (job, _) = self.begun.remove(&lane).unwrap_or_else(|| panic!("{lane:?} is idle"));
        self.event(Event::Finished(job, outcome));
    }

    /// The fast lane offers this; what the client is sent.
    fn fast(&mut self, suffix: &str, source: &str) -> String {
        self.finish(Lane::Fast, Outcome::Suggested(Judgement::NOTHING, offer(suffix, source)));
        self.last_suffix()
    }

    fn last_suffix(&self) -> String {
        match self.sent.last() {
            Some((_, _, Answer::Suggestion { suffix, .. })) => suffix.clone(),
            other => panic!("no suggestion but {other:?}"),
        }
    }

    fn type_line(&mut self, line: &str) -> u64 {
        self.ask(Request::Suggest(typed(line)))
    }
}

fn typed(line: &str) -> Line {
    Line { buffer: line.to_owned(), cwd: Some("/w".to_owned()), ..Line::default() }
}

fn offer(suffix: &str, source: &str) -> Option<Alternative> {
    let risk = Risk::Safe;
    (!suffix.is_empty()).then(|| Alternative { risk, suffix: suffix.to_owned(), source: source.to_owned() })
}

fn check(line: &str) -> Request {
    Request::Check(Check { buffer: line.to_owned(), ..Check::default() })
}

fn asked() -> Request {
    Request::Generate(Asked { request: "list files".to_owned(), ..Asked::default() })
}

fn checked() -> Outcome {
    let line = Judgement { verdict: Verdict::Allow, risk: Risk::Safe };
    Outcome::Answered(Answer::Check { line, reason: String::new(), rule: String::new() })
}

fn generated(state: State) -> Answer {
    let line = Judgement::NOTHING;
    Answer::Generated { command: "ls".into(), line, explanation: String::new(), state, others: Vec::new() }
}

#[test]
fn only_the_newest_line_is_answered() {
    let mut stage = Scene::new(false);
    stage.type_line("g");
    stage.type_line("gi");
    let newest = stage.type_line("git");
    // The lane is still at the first; what it finds is for nobody.
    stage.finish(Lane::Fast, Outcome::Suggested(Judgement::NOTHING, offer("it", "history")));
    assert_eq!(stage.sent, []);
    assert_eq!(stage.begun[&Lane::Fast].1, Work::Suggest(typed("git"), None));
    assert_eq!(stage.fast(" status", "history"), " status");
    assert_eq!((stage.sent.len(), stage.sent[0].1), (1, newest));
}

#[test]
fn what_is_shown_stays_while_it_fits() {
    let mut stage = Scene::new(false);
    stage.type_line("git ");
    assert_eq!(stage.fast("status", "history"), "status");
    stage.type_line("git s");
    assert_eq!(stage.fast("how", "history"), "tatus", "another line is no reason to change");
    stage.type_line("git st");
    assert_eq!(stage.fast("", ""), "atus", "nor is none");
    stage.type_line("git sta");
    assert_eq!(stage.fast("tus --short", "history"), "tus --short", "a longer one is");
    stage.type_line("git stash");
    assert_eq!(stage.fast(" pop", "history"), " pop", "and what no longer fits is gone");
    stage.type_line("git stash pop");
    assert_eq!(stage.fast("", ""), "", "typed to its end it is over");
}

#[test]
fn what_was_shown_behind_a_line_that_is_taken_back_is_over() {
    let mut stage = Scene::new(false);
    let line = stage.type_line("vim s");
    assert_eq!(stage.fast("rc/", "path"), "rc/");
    stage.event(Event::Received(ONE, Ok(Message { id: line, form: Form::Tab, body: Request::Cancel })));
    stage.type_line("v");
    assert_eq!(stage.fast("", ""), "");
    // An older one changes nothing.
    let older = stage.type_line("vim ");
    stage.fast("src/", "path");
    stage.type_line("vim s");
    stage.fast("", "");
    stage.event(Event::Received(ONE, Ok(Message { id: older, form: Form::Tab, body: Request::Cancel })));
    stage.type_line("vim sr");
    assert_eq!(stage.fast("", ""), "c/");
}

#[test]
fn another_directory_or_cursor_is_another_line() {
    let mut stage = Scene::new(false);
    stage.type_line("make ");
    stage.fast("test", "history");
    stage.ask(Request::Suggest(Line { cwd: Some("/other".into()), ..typed("make ") }));
    assert_eq!(stage.fast("all", "history"), "all");
    stage.ask(Request::Suggest(Line { cursor: Some(2), ..typed("make ") }));
    assert_eq!(stage.fast("", ""), "");
}

#[test]
fn what_has_become_unlikely_goes() {
    let mut stage = Scene::new(false);
    stage.type_line("git ");
    stage.fast("status", "history");
    stage.type_line("git s");
    assert_eq!(stage.begun[&Lane::Fast].1, Work::Suggest(typed("git s"), offer("tatus", "history")));
    stage.finish(Lane::Fast, Outcome::Replaced(Judgement::NOTHING, offer("tash", "history")));
    assert_eq!(stage.last_suffix(), "tash");
    stage.type_line("git st");
    stage.finish(Lane::Fast, Outcome::Replaced(Judgement::NOTHING, None));
    assert_eq!(stage.last_suffix(), "");
    stage.type_line("git sta");
    assert_eq!(stage.begun[&Lane::Fast].1, Work::Suggest(typed("git sta"), None), "it does not come back");
}

#[test]
fn the_model_is_asked_where_memory_says_nothing() {
    let mut stage = Scene::new(true);
    let id = stage.type_line("git commit ");
    stage.fast("", "");
    assert_eq!(stage.sessions.deadline(), Some(PAUSE_MS));
    stage.wait(PAUSE_MS - 1);
    assert!(stage.begun.is_empty());
    stage.wait(1);
    assert_eq!(stage.begun[&Lane::Engine].1, Work::Continue(typed("git commit ")));
    stage.finish(Lane::Engine, Outcome::Continued(offer("-m 'fix'", "model")));
    assert_eq!(stage.last_suffix(), "-m 'fix'");
    assert!(
        matches!(stage.sent[1], (_, found, Answer::Suggestion { stage: Stage::Model, .. }) if found == id)
    );
    // What the model said is kept, and it is not asked for it again.
    stage.type_line("git commit -");
    assert_eq!(stage.fast("m", "spec"), "m 'fix'");
    assert_eq!(stage.sessions.deadline(), None);
    // Where memory speaks the model is left alone.
    stage.type_line("git push ");
    stage.fast("origin", "git");
    assert_eq!(stage.sessions.deadline(), None);
}

#[test]
fn keys_in_a_storm_are_waited_for_longer() {
    let mut stage = Scene::new(true);
    stage.type_line("g");
    stage.fast("", "");
    stage.wait(3);
    stage.type_line("gi");
    stage.fast("", "");
    assert_eq!(stage.sessions.deadline(), Some(3 + DEBOUNCE_MS));
    stage.wait(STORM_MS);
    stage.finish(Lane::Engine, Outcome::Continued(None));
    stage.type_line("git");
    stage.fast("", "");
    assert_eq!(stage.sessions.deadline(), Some(3 + STORM_MS + PAUSE_MS));
}

#[test]
fn the_model_reads_what_was_run_before_the_first_key() {
    let begin = |stage: &mut Scene| {
        stage.ask(Request::Hello(Hello { cwd: Some("/w".into()), ..Hello::default() }));
        stage.ask(Request::Ran {
            command: "make".into(),
            cwd: None,
            status: None,
            duration_ms: None,
            started: None,
        });
        stage.event(Event::Recorded(1));
    };
    let mut stage = Scene::new(true);
    begin(&mut stage);
    assert_eq!(stage.sessions.deadline(), Some(PREPARE_MS));
    stage.wait(PREPARE_MS);
    assert_eq!(stage.begun[&Lane::Engine].1, Work::Prepare("/w".to_owned()));
    // Whoever asks goes first.
    stage.type_line("git ");
    stage.fast("", "");
    let (job, _) = stage.begun[&Lane::Engine].clone();
    assert_eq!(stage.sessions.deadline(), Some(PREPARE_MS + PAUSE_MS));
    stage.wait(PAUSE_MS);
    assert!(stage.abandoned.contains(&job));
    stage.finish(Lane::Engine, Outcome::Prepared);
    assert_eq!(stage.begun[&Lane::Engine].1, Work::Continue(typed("git ")));
    // A key before that is asked about at once, and nothing is read ahead.
    let mut stage = Scene::new(true);
    begin(&mut stage);
    stage.type_line("git ");
    stage.fast("x", "history");
    assert_eq!(stage.sessions.deadline(), None);
    // Nor is it without a model, or while what was run is not recorded.
    let mut stage = Scene::new(false);
    begin(&mut stage);
    assert_eq!(stage.sessions.deadline(), None);
}

#[test]
fn a_key_takes_the_model_away_from_the_line_before() {
    let mut stage = Scene::new(true);
    stage.type_line("ls ");
    stage.fast("", "");
    stage.wait(DEBOUNCE_MS);
    let (job, _) = stage.begun[&Lane::Engine].clone();
    stage.type_line("ls -");
    assert!(stage.abandoned.contains(&job));
    stage.finish(Lane::Engine, Outcome::Continued(offer("-a", "model")));
    stage.fast("", "");
    assert_eq!(stage.sent.len(), 2, "each line is answered once: {:?}", stage.sent);
}

#[test]
fn an_empty_line_needs_no_model() {
    let mut stage = Scene::new(true);
    stage.type_line("");
    stage.fast("", "");
    assert_eq!(stage.sessions.deadline(), None);
}

#[test]
fn words_come_before_guesses() {
    let mut stage = Scene::new(true);
    stage.type_line("ls ");
    stage.fast("", "");
    stage.wait(DEBOUNCE_MS);
    let (guess, _) = stage.begun[&Lane::Engine].clone();
    let id = stage.ask(asked());
    stage.event(Event::Progress(stage.begun[&Lane::Fast].0, generated(State::Draft)));
    stage.finish(Lane::Fast, Outcome::AskTheModel);
    assert!(stage.abandoned.contains(&guess));
    stage.finish(Lane::Engine, Outcome::Continued(None));
    assert!(matches!(stage.begun[&Lane::Engine].1, Work::Generate(_)));
    stage.finish(Lane::Engine, Outcome::Answered(generated(State::Final)));
    let states: Vec<_> = stage.sent.iter().filter(|(_, found, _)| *found == id).collect();
    assert_eq!(states.len(), 2);
    assert_eq!(stage.sessions.deadline(), None, "the guess is not made again");
}

#[test]
fn a_check_waits_for_no_model_and_not_for_ever() {
    let mut stage = Scene::new(true);
    stage.ask(asked());
    let first = stage.ask(check("ls"));
    let second = stage.ask(check("pwd"));
    assert_eq!(stage.sessions.deadline(), Some(CHECK_LATE_MS));
    stage.wait(CHECK_LATE_MS);
    let late = |answer: &Answer| matches!(answer, Answer::Check { line: Judgement::UNKNOWN, .. });
    assert!(stage.sent.iter().all(|(_, _, answer)| late(answer)));
    assert_eq!(stage.sent.iter().map(|sent| sent.1).collect::<Vec<_>>(), [first, second]);
    let third = stage.ask(check("id"));
    assert_eq!(stage.sent.last().unwrap().1, third, "nobody waits for a lane that hangs");
    stage.finish(Lane::Check, checked());
    assert_eq!(stage.sent.len(), 3);
    stage.ask(check("date"));
    stage.finish(Lane::Check, checked());
    assert!(!late(&stage.sent.last().unwrap().2), "it is over when the lane is back");
}

#[test]
fn a_lane_that_hangs_is_told() {
    let mut stage = Scene::new(false);
    let id = stage.type_line("ls");
    stage.wait(HANGING_MS - 1);
    assert_eq!(stage.sessions.hanging(stage.now), []);
    assert_eq!(stage.sessions.deadline(), Some(HANGING_MS));
    stage.wait(1);
    let job = stage.begun[&Lane::Fast].0;
    assert_eq!(stage.sessions.hanging(stage.now), [(Lane::Fast, job, Some("/w".to_owned()))]);
    stage.finish(Lane::Fast, Outcome::Failed(ErrorCode::Unavailable, "it hangs".into()));
    assert!(
        matches!(stage.sent[0], (_, found, Answer::Suggestion { line: Judgement::UNKNOWN, .. }) if found == id)
    );
    stage.event(Event::Finished(job, Outcome::Suggested(Judgement::NOTHING, None)));
    assert_eq!(stage.sent.len(), 1, "what it finds later is for nobody");
}

#[test]
fn lanes_go_round_the_connections() {
    let mut stage = Scene::new(false);
    for conn in [ConnId(2), ConnId(3)] {
        stage.event(Event::Opened(conn));
    }
    for conn in [ONE, ONE, ONE, ConnId(2), ConnId(2), ConnId(3)] {
        stage.ask_of(conn, check("ls"));
    }
    for _ in 0..6 {
        stage.finish(Lane::Check, checked());
    }
    let order: Vec<u64> = stage.sent.iter().map(|(conn, ..)| conn.0).collect();
    assert_eq!(order, [1, 2, 3, 1, 2, 1]);
}

#[test]
fn what_waits_is_bounded() {
    let mut stage = Scene::new(false);
    let mut asked = 0;
    while stage.sessions.may_receive(ONE) {
        stage.ask(check("ls"));
        asked += 1;
    }
    // One is worked on.
    assert_eq!(asked, MAX_CHECKS + 1);
    for _ in 0..MAX_QUEUED + 1 {
        stage.ask(Request::What(typed("ls")));
    }
    assert_eq!(stage.sent, []);
    stage.ask(Request::What(typed("ls")));
    assert!(matches!(stage.sent[0].2, Answer::Error { code: ErrorCode::Busy, .. }));
    let mut stage = Scene::new(false);
    for _ in 0..MAX_UNRECORDED {
        assert!(stage.sessions.may_receive(ONE));
        let run = ["true", ""].map(str::to_owned);
        stage.ask(Request::Ran {
            command: run[0].clone(),
            cwd: None,
            status: None,
            duration_ms: None,
            started: None,
        });
    }
    assert!(!stage.sessions.may_receive(ONE));
    stage.event(Event::Recorded(1));
    assert!(stage.sessions.may_receive(ONE));
}

#[test]
fn who_speaks_another_protocol_is_told_and_left() {
    let mut stage = Scene::new(false);
    stage.ask(Request::Hello(Hello { protocol: Some(99), ..Hello::default() }));
    assert!(stage.hung_up);
    assert!(matches!(stage.sent[0].2, Answer::Error { code: ErrorCode::Version, .. }));
    let mut stage = Scene::new(false);
    let hello =
        Hello { protocol: Some(1), shell: "zsh".into(), session: Some("s".into()), ..Hello::default() };
    stage.ask(Request::Hello(hello));
    assert!(matches!(&stage.sent[0].2, Answer::Hello { version, .. } if version == "0.1.0"));
    assert_eq!(stage.sessions.asker(ONE).unwrap().session.as_deref(), Some("s"));
}

#[test]
fn what_must_not_be_shown_is_not_sent() {
    let mut stage = Scene::new(false);
    let risky = Alternative { risk: Risk::Critical, suffix: " -rf /".into(), source: "history".into() };
    let escape = Alternative { risk: Risk::Safe, suffix: "\u{1b}[2J".into(), source: "history".into() };
    let long = "x".repeat(MAX_SUFFIX_BYTES + 1);
    let long = Alternative { risk: Risk::Safe, suffix: long, source: "history".into() };
    for offer in [risky, escape, long] {
        stage.type_line("rm");
        stage.finish(Lane::Fast, Outcome::Suggested(Judgement::NOTHING, Some(offer)));
        assert_eq!(stage.last_suffix(), "");
    }
}

/// What a random client does next.
#[derive(Clone, Debug)]
enum Step {
    Open,
    Close(u8),
    Ask(u8, u8),
    Cancel(u8, u8),
    Finish(u8, u8),
    Draft,
    Wait(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => Just(Step::Open),
        1 => any::<u8>().prop_map(Step::Close),
        8 => (any::<u8>(), any::<u8>()).prop_map(|(conn, what)| Step::Ask(conn, what)),
        1 => (any::<u8>(), any::<u8>()).prop_map(|(conn, back)| Step::Cancel(conn, back)),
        6 => (any::<u8>(), any::<u8>()).prop_map(|(lane, how)| Step::Finish(lane, how)),
        1 => Just(Step::Draft),
        3 => (0u8..60).prop_map(Step::Wait),
    ]
}

/// What was asked of one connection, to hold the answers to.
#[derive(Default)]
struct Client {
    /// Suggestions by number, the newest last.
    suggestions: Vec<u64>,
    checks: BTreeSet<u64>,
    requests: BTreeSet<u64>,
    cancelled: BTreeSet<u64>,
    /// Answers by number: those of stage fast, of stage model, others that end it.
    fast: BTreeMap<u64, usize>,
    model: BTreeMap<u64, usize>,
    ended: BTreeMap<u64, usize>,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn promises_hold_in_any_order(model: bool, steps in proptest::collection::vec(step(), 1..120)) {
        let mut stage = Scene::new(model);
        let mut clients = BTreeMap::from([(ONE, Client::default())]);
        let mut opened = 1;
        let mut seen = 0;
        for step in steps {
            let nth = |n: u8, clients: &BTreeMap<ConnId, Client>| {
                clients.keys().copied().nth(usize::from(n) % clients.len().max(1))
            };
            match step {
                Step::Open => {
                    opened += 1;
                    clients.insert(ConnId(opened), Client::default());
                    stage.event(Event::Opened(ConnId(opened)));
                }
                Step::Close(n) => {
                    if let Some(conn) = nth(n, &clients) {
                        clients.remove(&conn);
                        stage.event(Event::Closed(conn));
                    }
                }
                Step::Ask(n, what) => {
                    let Some(conn) = nth(n, &clients).filter(|conn| stage.sessions.may_receive(*conn)) else {
                        continue;
                    };
                    let line = typed(["", "g", "gi", "git", "git s", "ls"][usize::from(what / 8) % 6]);
                    let client = clients.get_mut(&conn).unwrap();
                    let id = stage.id + 1;
                    let request = match what % 8 {
                        0..4 => {
                            client.suggestions.push(id);
                            Request::Suggest(line)
                        }
                        4 | 5 => {
                            client.checks.insert(id);
                            check("ls")
                        }
                        6 => {
                            client.requests.insert(id);
                            Request::What(line)
                        }
                        _ => {
                            client.requests.insert(id);
                            asked()
                        }
                    };
                    stage.ask_of(conn, request);
                }
                Step::Cancel(n, back) => {
                    let Some(conn) = nth(n, &clients) else { continue };
                    let id = stage.id.saturating_sub(u64::from(back % 6));
                    clients.get_mut(&conn).unwrap().cancelled.insert(id);
                    stage.event(Event::Received(conn, Ok(Message { id, form: Form::Tab, body: Request::Cancel })));
                }
                Step::Finish(lane, how) => finish(&mut stage, lane, how),
                Step::Draft => {
                    if let Some((job, Work::Recall(_))) = stage.begun.get(&Lane::Fast).cloned() {
                        stage.event(Event::Progress(job, generated(State::Draft)));
                    }
                }
                Step::Wait(millis) => stage.wait(Millis::from(millis)),
            }
            count(&mut clients, &stage.sent[seen..])?;
            seen = stage.sent.len();
        }
        // All work comes to its end.
        while !stage.begun.is_empty() || stage.sessions.deadline().is_some() {
            for lane in 0..4 {
                finish(&mut stage, lane, 0);
            }
            stage.wait(DEBOUNCE_MS);
            count(&mut clients, &stage.sent[seen..])?;
            seen = stage.sent.len();
        }
        for (conn, client) in &clients {
            prop_assert!(!stage.sessions.is_waiting(*conn));
            if let Some(newest) = client.suggestions.last().filter(|id| !client.cancelled.contains(id)) {
                prop_assert_eq!(client.fast.get(newest), Some(&1), "the newest line is answered");
            }
            for id in &client.checks {
                prop_assert_eq!(client.ended.get(id), Some(&1), "a check is answered once");
            }
            for id in client.requests.difference(&client.cancelled) {
                prop_assert_eq!(client.ended.get(id), Some(&1), "a request is answered to its end, once");
            }
        }
        prop_assert!(!stage.sessions.is_busy());
    }
}

fn finish(stage: &mut Scene, lane: u8, how: u8) {
    let lane = Lane::ALL[usize::from(lane) % 4];
    let Some((_, work)) = stage.begun.get(&lane) else { return };
    let offered = offer(
        ["", "x", "it status", "tatus"][usize::from(how / 4) % 4],
        ["history", "spec"][usize::from(how) % 2],
    );
    let outcome = match work {
        _ if how % 16 == 15 => Outcome::Failed(ErrorCode::Unavailable, "broken".into()),
        Work::Suggest(..) if how % 16 == 14 => Outcome::Replaced(Judgement::NOTHING, offered),
        Work::Suggest(..) => Outcome::Suggested(Judgement::NOTHING, offered),
        Work::Continue(_) => Outcome::Continued(offered),
        Work::Recall(_) if how.is_multiple_of(2) => Outcome::AskTheModel,
        Work::Recall(_) | Work::Generate(_) => Outcome::Answered(generated(State::Final)),
        Work::Check(_) => checked(),
        _ => Outcome::Answered(Answer::What { line: String::new(), word: String::new() }),
    };
    stage.finish(lane, outcome);
}

/// Counts new answers, and holds each to what may be sent at all.
fn count(
    clients: &mut BTreeMap<ConnId, Client>,
    sent: &[(ConnId, u64, Answer)],
) -> Result<(), TestCaseError> {
    for (conn, id, answer) in sent {
        let Some(client) = clients.get_mut(conn) else { continue };
        match answer {
            Answer::Suggestion { stage, .. } => {
                prop_assert_eq!(client.suggestions.last(), Some(id), "an older line is not answered");
                prop_assert!(!client.cancelled.contains(id), "what was taken back is not answered");
                let counts = if *stage == Stage::Fast { &mut client.fast } else { &mut client.model };
                let count = counts.entry(*id).or_default();
                *count += 1;
                prop_assert_eq!(*count, 1, "a stage is answered once");
                prop_assert_eq!(client.fast.get(id), Some(&1), "the fast one comes first");
            }
            Answer::Generated { state: State::Draft, .. } => {}
            _ => *client.ended.entry(*id).or_default() += 1,
        }
    }
    Ok(())
}
