//! Seeded choices: the same seed gives the same lines on every machine.

/// A stream of numbers (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    /// The stream of this seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    /// One of these.
    pub(crate) fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// So many pieces, from `least` to `most`, joined.
    pub(crate) fn several(
        &mut self,
        least: usize,
        most: usize,
        between: &str,
        mut piece: impl FnMut(&mut Self) -> String,
    ) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| piece(self)).collect::<Vec<_>>().join(between)
    }
}
