//! What is counted of requests to some paths: declared rates, and what the system says.

use std::time::Duration;

use tokio::time::Instant;

use super::budget::Budget;
use super::limits::{PathLimit, Rate};
use super::window::Window;

pub(super) struct Meter {
    path: String,
    pub(super) windows: Windows,
    pub(super) budget: Budget,
}

impl Meter {
    pub(super) fn new(limit: &PathLimit) -> Self {
        let (path, windows) = (limit.path.clone(), Windows::new(&limit.rates));
        Self { path, windows, budget: Budget::default() }
    }

    /// Whether it counts requests to this path: whether the path begins with its segments.
    pub(super) fn counts(&self, path: &str) -> bool {
        let mut given = segments(path);
        segments(&self.path).all(|wanted| given.next().is_some_and(|given| wanted == "*" || wanted == given))
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// The spans of time in which requests are counted.
pub(super) struct Windows(Vec<(Window, bool)>);

impl Windows {
    pub(super) fn new(rates: &[Rate]) -> Self {
        let windows = |rate: &Rate| {
            let bursts = rate.burst.map(|burst| (Window::new(burst, span_of(burst, rate)), rate.writes_only));
            [Some((Window::new(rate.count, rate.per), rate.writes_only)), bursts]
        };
        Self(rates.iter().flat_map(windows).flatten().collect())
    }

    /// How long until one more fits into all of them.
    pub(super) fn wait(&mut self, writes: bool, now: Instant) -> Option<Duration> {
        self.counting(writes).filter_map(|window| window.wait(now)).max()
    }

    pub(super) fn take(&mut self, writes: bool, now: Instant) {
        self.counting(writes).for_each(|window| window.take(now));
    }

    fn counting(&mut self, writes: bool) -> impl Iterator<Item = &mut Window> {
        let counting = self.0.iter_mut().filter(move |(_, writes_only)| writes || !*writes_only);
        counting.map(|(window, _)| window)
    }
}

/// The span in which a burst may leave, so that bursts in a row keep the rate.
fn span_of(burst: usize, rate: &Rate) -> Duration {
    let share = |count: usize| u32::try_from(count.max(1)).unwrap_or(u32::MAX);
    rate.per / share(rate.count) * share(burst.min(rate.count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_by_segments() {
        let cases = [
            ("", "/users", true),
            ("/users", "/users", true),
            ("/users", "/users/17", true),
            ("users/", "users", true),
            ("/users", "/usersets", false),
            ("/users/*", "/users", false),
            ("/users/*", "/users/17", true),
            ("/groups/*/users", "/groups/1/users/2", true),
            ("/groups/*/users", "/groups/1/apps", false),
        ];
        for (pattern, path, expected) in cases {
            let meter = Meter::new(&PathLimit { path: pattern.to_owned(), rates: Vec::new() });
            assert_eq!(meter.counts(path), expected, "{pattern} {path}");
        }
    }
}
