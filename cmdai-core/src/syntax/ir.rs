//! The one tree that every dialect is read into.
//!
//! A [`Program`] is a list of statements, a statement a chain of pipelines, a pipeline a row of
//! commands, and a command is made of [`Word`]s. A word keeps its parts as they were written, quoted
//! or not, with a [`Span`] each, because quoting decides what an expansion may become. Nothing is
//! evaluated here: `$x`, `*` and `$(…)` stay what they are.

use std::sync::Arc;

use crate::line::Span;

/// A list of statements: a whole line, a script, or the inside of a substitution, group or branch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// In the order written.
    pub statements: Vec<Statement>,
    /// All of it.
    pub span: Span,
}

/// A chain of pipelines up to `;`, `&`, a newline or the end.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// The pipelines, each with how it is joined to the one before.
    pub chain: Vec<(Join, Pipeline)>,
    /// True where the statement ends in `&` and runs in the background.
    pub background: bool,
    /// From the first pipeline to the last, without the terminator.
    pub span: Span,
}

/// How a pipeline depends on the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// The first of its chain.
    First,
    /// After `&&`: runs if the one before succeeded.
    And,
    /// After `||`: runs if the one before failed.
    Or,
}

/// Commands connected by pipes.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipeline {
    /// True after `!`.
    pub negated: bool,
    /// True after the reserved word `time`.
    pub timed: bool,
    /// Each command reads what the one before it wrote.
    pub stages: Vec<Stage>,
    /// All of it.
    pub span: Span,
}

/// One command of a pipeline.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// The command.
    pub command: Command,
    /// True where it is followed by `|&`, so that standard error goes down the pipe too.
    pub pipes_stderr: bool,
}

/// A command with the redirections that hold for all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// What it is.
    pub kind: CommandKind,
    /// In the order written.
    pub redirections: Vec<Redirection>,
    /// All of it, redirections included.
    pub span: Span,
}

/// Kinds of command.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum CommandKind {
    /// Assignments, a program or builtin, and its arguments.
    Simple(Simple),
    /// `{ …; }`
    Group(Program),
    /// `( … )`
    Subshell(Program),
    /// `if`, with its `elif` arms in order.
    If {
        /// Condition and body of each arm.
        arms: Vec<(Program, Program)>,
        /// The `else` body.
        otherwise: Option<Program>,
    },
    /// `while` and `until`.
    While {
        /// True for `until`.
        until: bool,
        /// Runs before each round.
        condition: Program,
        /// Runs each round.
        body: Program,
    },
    /// `for NAME in WORDS` and `select`.
    For {
        /// The variable.
        name: String,
        /// What it runs over; `None` means the positional parameters.
        words: Option<Vec<Word>>,
        /// True for `select`, which asks the user.
        select: bool,
        /// Runs for each word.
        body: Program,
    },
    /// `for (( …; …; … ))`
    ArithmeticFor {
        /// The text between the double parentheses.
        header: Word,
        /// Runs each round.
        body: Program,
    },
    /// `case WORD in …`
    Case {
        /// What is compared.
        subject: Word,
        /// The arms in order.
        arms: Vec<CaseArm>,
    },
    /// A function definition. Its body runs when the name is called.
    Function {
        /// The name.
        name: String,
        /// The body, shared with whoever remembers the function.
        body: Arc<Command>,
        /// True where its definition says what calls it by itself: `function f --on-event …` of fish.
        handler: bool,
    },
    /// `[[ … ]]`, as its words.
    Test(Vec<Word>),
    /// `(( … ))`
    Arithmetic(Word),
    /// `coproc [NAME] COMMAND`
    Coprocess(Box<Command>),
    /// A value on its own, as PowerShell and nushell have it: `"text"`, `$x.Delete()`, `1..3`.
    Expression(Box<Expression>),
    /// `$x = …`, `let x = …`
    Assign {
        /// What is set; a variable, mostly.
        target: Box<Expression>,
        /// `=`, `+=` and the like.
        operator: String,
        /// What writes the value.
        value: Program,
    },
    /// `try { … } catch { … } finally { … }`
    Try {
        /// Runs first.
        body: Program,
        /// What runs when it fails, and what runs in any case, in order.
        handlers: Vec<Program>,
    },
    /// Text that stands where a command should and could not be read.
    Opaque,
}

/// Assignments, then words; either may be empty, not both.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Simple {
    /// `NAME=value` before the program.
    pub assignments: Vec<Assignment>,
    /// The program and its arguments.
    pub words: Vec<Word>,
}

/// `NAME=value`, `NAME+=value`, `NAME[index]=value` or `NAME=(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The variable.
    pub name: String,
    /// The text between the brackets of `NAME[index]=`.
    pub index: Option<Word>,
    /// True for `+=`.
    pub append: bool,
    /// What it is set to.
    pub value: AssignedValue,
    /// All of it.
    pub span: Span,
}

/// The right-hand side of an [`Assignment`].
#[derive(Clone, Debug, PartialEq)]
pub enum AssignedValue {
    /// A single word; empty for `NAME=`.
    Word(Word),
    /// `( … )`
    Array(Vec<Word>),
}

/// One arm of a `case`.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseArm {
    /// Alternatives.
    pub patterns: Vec<Word>,
    /// Runs when one matches.
    pub body: Program,
    /// What happens after it ran.
    pub end: CaseEnd,
}

/// How an arm of a `case` ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseEnd {
    /// `;;`, or nothing: the `case` is done.
    Stop,
    /// `;&`: the next body runs too.
    RunNext,
    /// `;;&`: the next patterns are tried too.
    TestNext,
}

/// A word: what becomes zero or more arguments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Word {
    /// In the order written.
    pub parts: Vec<Part>,
    /// All of it, quotes included.
    pub span: Span,
}

impl Word {
    /// The word's text if it is fixed text whatever its quoting, with no expansion in it.
    ///
    /// `r\m`, `'rm'` and `r"m"` are all `rm`; `r$x`, `*.c` and `~` are `None`.
    pub fn literal(&self) -> Option<String> {
        fn add(parts: &[Part], out: &mut String) -> Option<()> {
            for part in parts {
                match &part.kind {
                    PartKind::Text(text) => out.push_str(text),
                    PartKind::Quoted { parts, .. } => add(parts, out)?,
                    _ => return None,
                }
            }
            Some(())
        }
        let mut out = String::new();
        add(&self.parts, &mut out)?;
        Some(out)
    }

    /// True where no character of the word is quoted or escaped and it is fixed text: only such a word can be a reserved word.
    pub fn is_bare(&self) -> bool {
        matches!(&self.parts[..], [Part { kind: PartKind::Text(text), span }] if text.len() == span.len())
    }
}

/// A piece of a word.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// Where it is, marks included.
    pub span: Span,
}

/// Kinds of [`Part`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PartKind {
    /// Fixed text after backslashes were taken away.
    Text(String),
    /// A quoted stretch. Its parts are never split into words nor matched against file names.
    Quoted {
        /// How it is quoted.
        style: Quote,
        /// What stands inside, already unescaped.
        parts: Vec<Part>,
    },
    /// `$name`, `${…}`, `$1`, `$@`.
    Parameter(Box<Parameter>),
    /// `$(…)`, backticks and `${ …; }`: replaced by what the program writes.
    Substitution(Program),
    /// `<(…)` and `>(…)`: replaced by a file name that is connected to the program.
    Process {
        /// True for `<(…)`, which is read from.
        reads: bool,
        /// What runs.
        program: Program,
    },
    /// `$((…))` and `$[…]`, kept as the parts of its expression.
    Arithmetic(Vec<Part>),
    /// `*`, `?`, `[…]` or an extended pattern, unquoted: matched against file names. The text is as
    /// written, backslashes included. A pattern with a quote or an expansion inside is several parts:
    /// `[$x]` is `[`, `$x`, `]`.
    Glob(String),
    /// `{a,b}` or `{1..9}`, unquoted.
    Brace(Brace),
    /// `( … )` behind `NAME=` in an argument of `declare` and its like.
    Array(Vec<Word>),
    /// `(…)[1..2]` of fish: some of the lines that a substitution gives.
    Slice {
        /// The substitution.
        of: Box<Part>,
        /// The text between the brackets.
        index: Word,
    },
    /// A leading `~` or `~user`, unquoted; the user's name or the empty string.
    Tilde(String),
    /// Code as a value: a script block of PowerShell, a closure or block of nushell.
    Closure(Box<Closure>),
    /// A value that is computed, as `(…)`, `$x.y` and `[a b]` of PowerShell and nushell.
    Expression(Box<Expression>),
    /// Text that could not be read.
    Opaque,
}

/// How a stretch is quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `$'…'`, with C escapes already replaced.
    AnsiC,
    /// `$"…"`
    Locale,
}

/// A parameter expansion.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The name, number or special character: `HOME`, `1`, `@`, `?`.
    pub name: String,
    /// The text between the brackets of `${name[index]}`.
    pub index: Option<Word>,
    /// True for `${!name}`.
    pub indirect: bool,
    /// True for `${#name}`.
    pub length: bool,
    /// What is done with the value.
    pub operation: Option<Operation>,
}

/// What `${name…}` does with the value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Operation {
    /// `-`, `=`, `?`, `+`, with a colon or without: a value for when the parameter is unset (or empty).
    Default {
        /// The character: `-`, `=`, `?` or `+`; `:` for `::=` of zsh, which sets it whatever it was.
        operator: char,
        /// True with the colon: empty counts as unset.
        or_empty: bool,
        /// What stands after it.
        word: Word,
    },
    /// `#`, `##`, `%`, `%%`: takes away what matches.
    Trim {
        /// True for `%`: at the end.
        suffix: bool,
        /// True for the doubled sign.
        longest: bool,
        /// What is taken away.
        pattern: Word,
    },
    /// `/`, `//`, `/#`, `/%`.
    Replace {
        /// True for `//`.
        all: bool,
        /// `#` or `%` where the match is tied to an end.
        anchor: Option<char>,
        /// What is replaced.
        pattern: Word,
        /// By what.
        replacement: Word,
    },
    /// `:offset:length`
    Substring {
        /// From where.
        offset: Word,
        /// How much; to the end without it.
        length: Option<Word>,
    },
    /// `^`, `^^`, `,`, `,,`, `~`, `~~`: another case.
    Case {
        /// The character.
        operator: char,
        /// True for the doubled sign.
        all: bool,
        /// Which characters; all without it.
        pattern: Word,
    },
    /// `@Q`, `@E` and the like.
    Transform(char),
    /// What zsh adds: flags, a nested expansion in the place of a name, several operations in a row.
    Zsh(Box<ZshExpansion>),
    /// `:h`, `:t2`, `:s/a/b/` of zsh, without the colon.
    Modifier(String),
    /// An operation that is not understood, as written.
    Other(Word),
}

/// `${(flags)^=~name[…][…]op op}` of zsh.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ZshExpansion {
    /// What stands between the parentheses, as written: `f`, `j:,:`.
    pub flags: String,
    /// The marks before the name: `^`, `=`, `~`, `+`, `#`.
    pub marks: String,
    /// An expansion or quoted text in the place of the name.
    pub inner: Option<Word>,
    /// Indices, applied from left to right.
    pub indices: Vec<Word>,
    /// Operations, applied from left to right.
    pub steps: Vec<Operation>,
}

/// A brace expansion.
#[derive(Clone, Debug, PartialEq)]
pub enum Brace {
    /// `{a,b,c}`
    List(Vec<Word>),
    /// `{1..9}`, `{a..e}`, `{1..9..2}`: the ends and the step as written.
    Range {
        /// First value.
        from: String,
        /// Last value.
        to: String,
        /// Distance between values.
        step: Option<String>,
    },
}

/// A redirection.
#[derive(Clone, Debug, PartialEq)]
pub struct Redirection {
    /// What is redirected, and how.
    pub kind: RedirectionKind,
    /// The file descriptor named before the operator; the operator's own default without it.
    pub fd: Option<u32>,
    /// The variable of `{name}>`, which receives a new descriptor.
    pub variable: Option<String>,
    /// All of it.
    pub span: Span,
}

/// Kinds of [`Redirection`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum RedirectionKind {
    /// `< file`
    Read(Word),
    /// `> file` and `>| file`
    Write(Word),
    /// `>> file`
    Append(Word),
    /// `<> file`
    ReadWrite(Word),
    /// `&> file` and `>& file`: both outputs.
    WriteBoth(Word),
    /// `&>> file`
    AppendBoth(Word),
    /// `>&2`, `<&3`, `2>&-`: a copy of a descriptor, or its closing. `<&` without a descriptor has the 0 that it
    /// stands for.
    Duplicate(Word),
    /// `<<< word`
    HereString(Word),
    /// `<< END`
    HereDocument {
        /// The delimiter, quotes taken away.
        delimiter: String,
        /// True for `<<-`: the tabs that begin its lines are taken away.
        strip_tabs: bool,
        /// True where the delimiter was quoted: the body holds no expansions.
        quoted: bool,
        /// The body.
        body: Word,
    },
}

/// Code that is a value: it runs where it is called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closure {
    /// Its parameters in order.
    pub parameters: Vec<ClosureParameter>,
    /// What runs.
    pub body: Program,
}

/// A parameter of a [`Closure`].
#[derive(Clone, Debug, PartialEq)]
pub struct ClosureParameter {
    /// Its name without sigil.
    pub name: String,
    /// Its value where the caller gives none.
    pub default: Option<Expression>,
}

/// A value that is computed. Dialects without expressions have none.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// All of it, parentheses included.
    pub span: Span,
}

/// Kinds of [`Expression`]. Operators and names are as written.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ExpressionKind {
    /// Literal text, a string or a variable: whatever a word can say.
    Word(Word),
    /// A number as written: `42`, `0x1F`, `10mb`.
    Number(String),
    /// `a, b`, `[a b]`
    List(Vec<Expression>),
    /// `@{a = 1}`, `{a: 1}`
    Record(Vec<(Expression, Expression)>),
    /// `value.name[index].method(…)`: a value and what is taken of it, step by step.
    Access {
        /// What has it.
        value: Box<Expression>,
        /// From left to right.
        steps: Vec<Access>,
    },
    /// `-x`, `!x`, `-not x`, `-join x`, `x++`; `@x` where it is spread over arguments.
    Unary {
        /// As written.
        operator: String,
        /// What it is applied to.
        operand: Box<Expression>,
    },
    /// `x + y - z`, `x -f y`, `x .. y`, `x == y`: operators of one precedence, from left to right.
    Binary {
        /// The first operand.
        first: Box<Expression>,
        /// Each operator, as written, with the operand after it.
        rest: Vec<(String, Expression)>,
    },
    /// `[type]value`
    Cast {
        /// The type as written.
        to: String,
        /// What is converted.
        value: Box<Expression>,
    },
    /// `[type]` on its own.
    Type(String),
    /// `( … )`, `$( … )`, `@( … )`: the value that a program writes.
    Program {
        /// What runs.
        program: Program,
        /// True where it is a list even of one: `@( … )`.
        list: bool,
    },
    /// Code as a value.
    Closure(Box<Closure>),
    /// Text that could not be read.
    Opaque,
}

/// One step of [`ExpressionKind::Access`].
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// `[index]`, with a list of indices or a range for a slice.
    Index(Expression),
    /// `.name`, `::name`
    Member {
        /// Its name, which may be computed.
        name: Expression,
        /// True for `::`.
        is_static: bool,
    },
    /// `.name(…)`, `::name(…)`
    Call {
        /// Its name, which may be computed.
        name: Expression,
        /// True for `::`.
        is_static: bool,
        /// In order.
        arguments: Vec<Expression>,
    },
}

impl Access {
    fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (first, rest): (&Expression, &[Expression]) = match self {
            Self::Index(index) => (index, &[]),
            Self::Member { name, .. } => (name, &[]),
            Self::Call { name, arguments, .. } => (name, arguments),
        };
        std::iter::once(first).chain(rest)
    }

    fn expressions_mut(&mut self) -> impl Iterator<Item = &mut Expression> {
        let (first, rest): (&mut Expression, &mut [Expression]) = match self {
            Self::Index(index) => (index, &mut []),
            Self::Member { name, .. } => (name, &mut []),
            Self::Call { name, arguments, .. } => (name, arguments),
        };
        std::iter::once(first).chain(rest)
    }
}

impl Expression {
    /// The expressions directly inside it, in the order written.
    pub fn children(&self) -> Vec<&Expression> {
        match &self.kind {
            ExpressionKind::List(list) => list.iter().collect(),
            ExpressionKind::Record(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            ExpressionKind::Access { value, steps } => {
                let steps = steps.iter().flat_map(Access::expressions);
                std::iter::once(&**value).chain(steps).collect()
            }
            ExpressionKind::Unary { operand, .. } => vec![&**operand],
            ExpressionKind::Binary { first, rest } => {
                std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect()
            }
            ExpressionKind::Cast { value, .. } => vec![&**value],
            ExpressionKind::Closure(closure) => {
                closure.parameters.iter().filter_map(|parameter| parameter.default.as_ref()).collect()
            }
            ExpressionKind::Word(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Type(_)
            | ExpressionKind::Program { .. }
            | ExpressionKind::Opaque => Vec::new(),
        }
    }

    pub(super) fn children_mut(&mut self) -> Vec<&mut Expression> {
        match &mut self.kind {
            ExpressionKind::List(list) => list.iter_mut().collect(),
            ExpressionKind::Record(entries) => {
                entries.iter_mut().flat_map(|(key, value)| [key, value]).collect()
            }
            ExpressionKind::Access { value, steps } => {
                let steps = steps.iter_mut().flat_map(Access::expressions_mut);
                std::iter::once(&mut **value).chain(steps).collect()
            }
            ExpressionKind::Unary { operand, .. } => vec![&mut **operand],
            ExpressionKind::Binary { first, rest } => {
                std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, operand)| operand)).collect()
            }
            ExpressionKind::Cast { value, .. } => vec![&mut **value],
            ExpressionKind::Closure(closure) => {
                closure.parameters.iter_mut().filter_map(|parameter| parameter.default.as_mut()).collect()
            }
            ExpressionKind::Word(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Type(_)
            | ExpressionKind::Program { .. }
            | ExpressionKind::Opaque => Vec::new(),
        }
    }
}
