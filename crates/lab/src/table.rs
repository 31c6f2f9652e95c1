//! Rows in the order in which they were made, found by what they are looked up by without
//! looking at all.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// What a table keeps.
pub(crate) trait Row {
    /// The values by which it is found: the number of an index, and the value there.
    fn keys(&self) -> Vec<(usize, String)>;
}

/// Where a row stands. Places are never used twice, so they are a good page token.
pub(crate) type Place = u64;

/// All rows of a kind.
pub(crate) struct Table<R> {
    rows: BTreeMap<Place, R>,
    next: Place,
    indexes: Vec<HashMap<String, Vec<Place>>>,
}

impl<R: Row> Table<R> {
    /// An empty table with so many indexes.
    pub(crate) fn new(indexes: usize) -> Self {
        Self { rows: BTreeMap::new(), next: 1, indexes: vec![HashMap::new(); indexes] }
    }

    /// The place of the next row.
    pub(crate) fn next_place(&self) -> Place {
        self.next
    }

    /// Puts a row at the end.
    pub(crate) fn add(&mut self, row: R) -> Place {
        let place = self.next;
        self.next += 1;
        self.put(place, row);
        place
    }

    /// Puts a row in the place of another, and gives it back as it is there.
    pub(crate) fn put(&mut self, place: Place, row: R) {
        self.remove(place);
        for (index, value) in row.keys() {
            let places = self.indexes[index].entry(value).or_default();
            if let Err(at) = places.binary_search(&place) {
                places.insert(at, place);
            }
        }
        self.rows.insert(place, row);
    }

    /// Takes a row away.
    pub(crate) fn remove(&mut self, place: Place) -> Option<R> {
        let row = self.rows.remove(&place)?;
        for (index, value) in row.keys() {
            let Some(places) = self.indexes[index].get_mut(&value) else { continue };
            if let Ok(at) = places.binary_search(&place) {
                places.remove(at);
            }
            if places.is_empty() {
                self.indexes[index].remove(&value);
            }
        }
        Some(row)
    }

    /// The row at a place.
    pub(crate) fn get(&self, place: Place) -> Option<&R> {
        self.rows.get(&place)
    }

    /// The places of the rows with this value in an index.
    pub(crate) fn places(&self, index: usize, value: &str) -> &[Place] {
        self.indexes[index].get(value).map_or(&[], Vec::as_slice)
    }

    /// The first place with this value in an index.
    pub(crate) fn place(&self, index: usize, value: &str) -> Option<Place> {
        self.places(index, value).first().copied()
    }

    /// The rows with this value in an index.
    pub(crate) fn found(&self, index: usize, value: &str) -> impl Iterator<Item = (Place, &R)> {
        self.places(index, value).iter().filter_map(|place| self.rows.get(place).map(|row| (*place, row)))
    }

    /// All rows after a place, in order.
    pub(crate) fn after(&self, place: Place) -> impl Iterator<Item = (Place, &R)> {
        self.rows.range((Bound::Excluded(place), Bound::Unbounded)).map(|(place, row)| (*place, row))
    }

    /// All rows, in order.
    pub(crate) fn rows(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values()
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Word(&'static str);

    impl Row for Word {
        fn keys(&self) -> Vec<(usize, String)> {
            vec![(0, self.0.to_owned()), (1, self.0[..1].to_owned())]
        }
    }

    #[test]
    fn indexes_follow_the_rows() {
        let mut table = Table::new(2);
        let places: Vec<Place> = ["ann", "bo", "abe"].into_iter().map(|word| table.add(Word(word))).collect();
        assert_eq!(table.places(1, "a"), [places[0], places[2]]);
        table.put(places[0], Word("bea"));
        assert_eq!((table.place(0, "ann"), table.place(0, "bea")), (None, Some(places[0])));
        assert_eq!(table.places(1, "b"), [places[0], places[1]]);
        assert_eq!(table.remove(places[1]).map(|word| word.0), Some("bo"));
        assert_eq!((table.count(), table.places(1, "b")), (2, &places[..1]));
        assert_eq!(table.after(places[0]).map(|(_, word)| word.0).collect::<Vec<_>>(), ["abe"]);
        assert!(table.add(Word("cy")) > places[2], "a place is not used twice");
    }
}
