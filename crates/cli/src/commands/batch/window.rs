//! The lines that wait for an instance, in order. Two lines about the same person are never
//! handed out at the same time, and never in another order than they came.

use std::collections::{HashSet, VecDeque};

/// Whom a line is about.
pub(super) trait About {
    /// What it has in common with other lines about the same person.
    fn who(&self) -> &[u64];
}

/// Lines that wait, and whom is worked on meanwhile.
pub(super) struct Window<T> {
    waiting: VecDeque<T>,
    busy: HashSet<u64>,
}

impl<T: About> Window<T> {
    pub(super) fn new() -> Self {
        Self { waiting: VecDeque::new(), busy: HashSet::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.waiting.len()
    }

    pub(super) fn push(&mut self, line: T) {
        self.waiting.push_back(line);
    }

    /// Forgets the lines that wait.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The first line that is about nobody who is worked on, nor about anybody for whom an
    /// earlier line waits.
    pub(super) fn next(&mut self) -> Option<T> {
        let mut passed = HashSet::<u64>::new();
        let place = self.waiting.iter().position(|line| {
            let is_free = line.who().iter().all(|who| !self.busy.contains(who) && !passed.contains(who));
            if !is_free {
                passed.extend(line.who());
            }
            is_free
        })?;
        let line = self.waiting.remove(place)?;
        self.busy.extend(line.who());
        Some(line)
    }

    /// A line that was handed out is done.
    pub(super) fn done(&mut self, line: &T) {
        line.who().iter().for_each(|who| {
            self.busy.remove(who);
        });
    }
}

/// Whom lines were about not long ago.
#[derive(Default)]
pub(super) struct Recent {
    order: VecDeque<u64>,
    known: HashSet<u64>,
}

/// How many are remembered: systems show a write after seconds, and memory is not to grow.
const REMEMBERED: usize = 10_000;

impl Recent {
    /// Notes whom a line is about; whether that is somebody of an earlier line.
    pub(super) fn add(&mut self, who: &[u64]) -> bool {
        let is_again = who.iter().any(|who| self.known.contains(who));
        for who in who {
            if self.known.insert(*who) {
                self.order.push_back(*who);
            }
        }
        while self.order.len() > REMEMBERED {
            if let Some(oldest) = self.order.pop_front() {
                self.known.remove(&oldest);
            }
        }
        is_again
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_there_not_long_ago_is_known() {
        let mut recent = Recent::default();
        assert!(!recent.add(&[1, 2]) && recent.add(&[2, 3]) && recent.add(&[3]));
        for who in 10..10 + REMEMBERED as u64 {
            assert!(!recent.add(&[who]));
        }
        assert!(!recent.add(&[3]), "it was long ago");
    }

    #[derive(Debug, PartialEq)]
    struct Line(char, &'static [u64]);

    impl About for Line {
        fn who(&self) -> &[u64] {
            self.1
        }
    }

    #[test]
    fn nobody_is_worked_on_twice_at_once_and_the_order_stays() {
        let mut window = Window::new();
        for line in [Line('a', &[1]), Line('b', &[1, 2]), Line('c', &[2, 3]), Line('d', &[4]), Line('e', &[])]
        {
            window.push(line);
        }
        let next = |window: &mut Window<Line>| window.next().map(|line| line.0);
        assert_eq!(next(&mut window), Some('a'));
        assert_eq!(next(&mut window), Some('d'), "b waits for a, and c for b");
        assert_eq!(next(&mut window), Some('e'), "about nobody that is known");
        assert_eq!(next(&mut window), None);
        window.done(&Line('a', &[1]));
        assert_eq!(next(&mut window), Some('b'));
        assert_eq!(next(&mut window), None);
        window.done(&Line('b', &[1, 2]));
        assert_eq!((next(&mut window), window.len()), (Some('c'), 0));
    }
}
