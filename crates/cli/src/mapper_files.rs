//! Reading mappers with the files of their tables. A mapper reads nothing outside of its
//! folder, also not through a link.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use provost_core::Diagnostic;
use provost_mapper::{Around, Checked, LARGEST_TABLE, Mapper};

/// Reads a mapper and its tables.
///
/// # Errors
/// The first thing that cannot be read, with its place.
pub(crate) fn load(file: &Path, text: &str) -> Result<Mapper, Box<Diagnostic>> {
    Mapper::load_with(file, text, &|table| read_beside(file, table))
}

/// Judges a mapper and its tables.
pub(crate) fn check(file: &Path, text: &str, around: &Around<'_>) -> Checked {
    Mapper::check_with(file, text, around, &|table| read_beside(file, table))
}

/// The text of a file in a mapper's folder.
fn read_beside(mapper: &Path, file: &Path) -> io::Result<String> {
    let folder = mapper.parent().filter(|folder| !folder.as_os_str().is_empty());
    read_below(folder.unwrap_or(Path::new(".")), file)
}

/// The text of a file below a folder; of one that is too large just more than is allowed.
fn read_below(folder: &Path, file: &Path) -> io::Result<String> {
    let file = file.canonicalize()?;
    if !file.starts_with(folder.canonicalize()?) || !file.is_file() {
        return Err(io::Error::other("it is no file in the mapper's folder"));
    }
    let mut text = String::new();
    let allowed = LARGEST_TABLE as u64 + 1;
    File::open(file)?.take(allowed).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAPPER: &str = "mapper: T\ndirection: outgoing\nfields: {a: \"lookup('sites', b)\"}\ntables:\n  \
                          sites: {csv: sites.csv, key: code, take: region}\n";

    #[test]
    fn tables_are_read_from_the_folder_and_not_through_links() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("mappers"), folder.path().join("outside.csv"));
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&outside, "code,region\nOSL,EMEA\n").unwrap();
        let problem = || load(&inside.join("m.yaml"), MAPPER).unwrap_err().to_string();
        assert!(problem().contains("could not read `sites.csv`"), "{}", problem());
        std::fs::create_dir(inside.join("sites.csv")).unwrap();
        assert!(problem().contains("no file in the mapper's folder"), "{}", problem());
        std::fs::remove_dir(inside.join("sites.csv")).unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, inside.join("sites.csv")).unwrap();
            assert!(problem().contains("no file in the mapper's folder"), "{}", problem());
            std::fs::remove_file(inside.join("sites.csv")).unwrap();
        }
        std::fs::copy(&outside, inside.join("sites.csv")).unwrap();
        assert!(load(&inside.join("m.yaml"), MAPPER).is_ok());
    }
}
