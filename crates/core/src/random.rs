//! Chance as a parameter.

/// Gives bytes that nobody can guess. Code that makes secrets takes one of these, so that
/// tests can set them.
pub trait Random: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, bytes: &mut [u8]);
}
