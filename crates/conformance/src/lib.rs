//! Whether an integration does what it says.
//!
//! [`Player`] plays an integration's recorded cases: the program is run, and a server answers
//! with what the case has written down. [`kit`] asks a system itself, through an instance, and
//! makes people there to do so.

mod entry;
pub mod kit;
mod player;
mod settings;

pub use player::{Played, Player, Printed};
pub use settings::{KEY_VARIABLE, PASSWORD, PASSWORD_VARIABLE, made_up};
