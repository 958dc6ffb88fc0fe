//! The four levels of risk and the verdict that follows from them.

use std::fmt;
use std::str::FromStr;

/// How bad a line is. Ordered: the worst finding decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Reads, or changes only what is trivially made again.
    #[default]
    Safe,
    /// Changes state, bounded and recoverable, or was not fully understood.
    Moderate,
    /// Likely loss of work or data, broad permission or remote effect, code from the network.
    High,
    /// Catastrophic or plainly hostile.
    Critical,
}

impl Risk {
    /// Every level, mildest first.
    pub const ALL: &'static [Self] = &[Self::Safe, Self::Moderate, Self::High, Self::Critical];

    /// The name used in JSON and on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Moderate => "moderate",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The verdict of the default policy.
    pub const fn verdict(self, profile: Profile) -> Verdict {
        match (self, profile) {
            (Self::Safe | Self::Moderate, _) => Verdict::Allow,
            (Self::High, Profile::Person) => Verdict::Ask,
            (Self::High, Profile::Agent) | (Self::Critical, _) => Verdict::Deny,
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What to do with a line. Ordered: the strictest wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It may run.
    #[default]
    Allow,
    /// It may run after a person has confirmed it.
    Ask,
    /// It may not run.
    Deny,
}

impl Verdict {
    /// Every verdict, mildest first.
    pub const ALL: &'static [Self] = &[Self::Allow, Self::Ask, Self::Deny];

    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who acts on the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A person at a prompt, who can be asked.
    #[default]
    Person,
    /// A coding agent, for which High is already no.
    Agent,
}

impl Profile {
    /// Every profile.
    pub const ALL: &'static [Self] = &[Self::Person, Self::Agent];

    /// The name used in policies and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Agent => "agent",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            "person" => Ok(Self::Person),
            "agent" => Ok(Self::Agent),
            _ => Err(format!("unknown profile {name:?}; known are person, agent")),
        }
    }
}
