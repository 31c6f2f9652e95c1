//! The files of cases, and one test for each case in them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{CaseFile, differences, manifest, play, runtime};

/// One test for each id of a file, and one that none is missing on either side.
macro_rules! cases {
    ($module:ident, $file:literal, $integration:literal, $($id:ident)+) => {
        mod $module {
            use super::CaseFile;

            fn file() -> CaseFile {
                CaseFile::here($file, $integration)
            }

            #[test]
            fn every_case_has_its_test() {
                super::check_ids(&file(), &[$(stringify!($id)),+]);
            }

            $(
                #[test]
                fn $id() {
                    file().run(stringify!($id));
                }
            )+
        }
    };
}

cases!(
    shared_module, "8.1-shared-module.yaml", "mock",
    m1 m2 m3 m5 m6 m7 m8 m10 m12
    mb1 mb2 mb4 mb5 mb6 mb7 mb9 mb11 mb13 mb14 mb16 mb18
    mb3a mb8da mb8db mb10b mb20 mb21 mb22
);

cases!(
    hello_iam_world, "8.2-hello-iam-world.yaml", "hello-iam-world",
    h1 h2 h3 h4 h6 h8 h10 hb2 hb4 hb5 hb6 hb8
);

cases!(
    decisions, "decisions.yaml", "hello-iam-world",
    d1 d2 d3 d4 d5 d6 d7 d8 d10 d11 d12 d13 d14 d15 d16 d17 d18 d19
);

cases!(
    answers, "answers.yaml", "hello-iam-world",
    d20 d21 d22 d23 d24 d25 d26 d27 d28 d30 d31 d32 d33 d34 d35 d36 d37 d38 d39 d40 d41 d42 d43 d44 d45
);

cases!(
    profiles, "profiles.yaml", "hello-iam-world",
    d50 d51 d52 d53 d54 d55 d56 d57 d58 d60 d61 d62 d63 d64 d65 d66
);

cases!(
    safety, "safety.yaml", "hello-iam-world",
    d70 d71 d72 d73 d74 d75 d76 d77 d78 d79
);

cases!(
    effects, "effects.yaml", "mock-effects",
    d80 d81 d82 d83 d84 d85 d86
);

cases!(
    okta_iam, "8.3-okta-iam.yaml", "okta-iam",
    o1 o3 o4 o5 o6 o7 o9 o10 o12 ob1 ob3 ob13 ob15 ox1 ox2 ox3 ox4 ox5 ox6
    ob9 ob18 ox7 ox8 ox9 ox10
);

cases!(
    okta_own, "8.3-okta-own.yaml", "okta-iam",
    o13 ob16 o20 o21 o23 ox20 ox21 ox22 ox23 ox24 ox25 ox26 ox27
);

cases!(
    servicenow_iam, "8.4-servicenow-iam.yaml", "servicenow-iam",
    s1 s3 s4 s5 s6 s8 s9 s10 sb1 sb3 sb5 sb6 sb9 sx1 sx2 s12
);

fn check_ids(file: &CaseFile, tests: &[&str]) {
    let ids: Vec<String> = file.cases().iter().map(|case| case.id.to_lowercase()).collect();
    assert_eq!(ids, tests, "the cases of {} and their tests", file.path.display());
}

/// The exchanges that integrations ship as proof of how they speak: each goes as it says, and
/// together they provoke every row of the fault table that says something.
#[test]
fn recorded_exchanges_of_integrations() {
    let mut shipped: BTreeMap<String, Vec<CaseFile>> = BTreeMap::new();
    for file in recorded() {
        shipped.entry(file.integration.clone()).or_default().push(file);
    }
    assert!(shipped.contains_key("hello-iam-world"), "none is found");
    let failures: Vec<String> =
        shipped.iter().flat_map(|(integration, files)| failures(integration, files)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// What is wrong with the recorded cases of an integration.
fn failures(integration: &str, files: &[CaseFile]) -> Vec<String> {
    let manifest = manifest(integration);
    let mut unprovoked: Vec<&str> = manifest.fault_words().collect();
    let mut failures = Vec::new();
    for file in files {
        let cases = file.cases();
        assert!(!cases.is_empty(), "{} has no cases", file.path.display());
        for case in cases {
            let played = runtime().block_on(play(&case, integration));
            unprovoked.retain(|words| !played.printed.holds(words));
            let found = differences(played);
            if !found.is_empty() {
                failures.push(format!("{} {}\n{}", file.path.display(), case.id, found.join("\n")));
            }
        }
    }
    let silent =
        |words| format!("{integration}: no case provokes the row of the fault table that says `{words}`");
    failures.extend(unprovoked.into_iter().map(silent));
    failures
}

/// Every `integrations/*/cases/*.yaml`.
pub(crate) fn recorded() -> Vec<CaseFile> {
    let integrations = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../integrations");
    let of_integration = |folder: PathBuf| {
        let name = folder.file_name().expect("a folder has a name").to_string_lossy().into_owned();
        entries(&folder.join("cases"))
            .into_iter()
            .filter(|file| file.extension().is_some_and(|extension| extension == "yaml"))
            .map(move |path| CaseFile { path, integration: name.clone() })
    };
    entries(&integrations).into_iter().flat_map(of_integration).collect()
}

/// What is in a folder, sorted; nothing where there is none.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let found = folder.read_dir().into_iter().flatten();
    let mut paths: Vec<PathBuf> = found.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}
