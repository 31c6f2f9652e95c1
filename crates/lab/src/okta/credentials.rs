//! Passwords: setting one, changing one, and being locked out.

use jiff::Timestamp;
use serde_json::Value;

use super::refusal::{Refusal, kinds};
use super::user::{Status, User};

/// The shortest password.
const SHORTEST: usize = 8;
/// After so many wrong passwords somebody is locked out.
const PATIENCE: u32 = 10;

/// Sets the password that a request's `credentials` hold, if they hold one.
///
/// # Errors
/// A password that is too short.
pub(super) fn set(user: &mut User, credentials: &Value, now: Timestamp) -> Result<(), Refusal> {
    let Some(password) = credentials["password"]["value"].as_str() else { return Ok(()) };
    if password.chars().count() < SHORTEST {
        let cause =
            "password: Password requirements were not met. Password requirements: at least 8 characters.";
        return Err(Refusal::invalid("password", vec![cause.to_owned()]));
    }
    user.password = Some(password.to_owned());
    user.password_changed = Some(now);
    // Whoever was waiting to choose one is there now.
    if user.status == Status::Provisioned {
        user.set_status(Status::Active, now);
    }
    Ok(())
}

/// Whether the old password is right; wrong ones lock somebody out in the end.
pub(super) fn check(user: &mut User, old: &Value, now: Timestamp) -> Result<(), Refusal> {
    if user.status != Status::Active {
        return Err(Refusal::of(kinds::STATUS));
    }
    if user.password.as_deref() == old["value"].as_str() {
        user.failures = 0;
        return Ok(());
    }
    user.failures += 1;
    if user.failures >= PATIENCE {
        user.set_status(Status::LockedOut, now);
    }
    Err(Refusal::because(kinds::CREDENTIALS, "oldPassword: The credentials provided were incorrect."))
}
