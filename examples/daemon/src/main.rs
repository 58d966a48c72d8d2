//! Prints what a server sees of both daemons. No wait is waited.

use std::error::Error;

use example_daemon::demo;
use retrospec_client::testing;

fn main() -> Result<(), Box<dyn Error>> {
    testing::divide_waits(u32::MAX);
    print!("{}", demo::output()?);
    Ok(())
}
