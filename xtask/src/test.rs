//! `cargo xtask test`: everything the tests need, then all tests.
//!
//! Tests of real inference skip themselves where the model or the runtime is absent, so that
//! `cargo test` alone works anywhere. Here nothing may skip: `CMDAI_REQUIRE_MODEL=1` turns a skip
//! into a failure.

use anyhow::Result;

use crate::process::{cargo, run, succeeds};
use crate::{Options, Taken, runtime, setup};

pub(crate) fn task(args: &[String]) -> Result<()> {
    Options::new("test", args).each(|_, _| Taken::Unknown)?;
    runtime::ensure()?;
    setup::verify_models()?;
    if succeeds(cargo().args(["nextest", "--version"])) {
        run(cargo().env("CMDAI_REQUIRE_MODEL", "1").args(["nextest", "run", "--workspace", "--locked"]))?;
        // nextest runs no documentation tests.
        run(cargo().args(["test", "--workspace", "--locked", "--doc"]))
    } else {
        run(cargo().env("CMDAI_REQUIRE_MODEL", "1").args(["test", "--workspace", "--locked"]))
    }
}
