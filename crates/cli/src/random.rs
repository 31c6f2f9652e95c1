//! The operating system's random bytes.

use provost_core::Random;

/// The operating system's source of random bytes.
pub(crate) struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("every system that we run on gives random bytes");
    }
}
