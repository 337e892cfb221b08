use super::*;

const GOOD: &str = "+++\ntopics = [\"returns\"]\nsteps = [{ key = \"ask\", due = \"30m\" }, { key = \"send\" }]\n+++\n\
    # en: Return\nWhen.\n## ask: Ask\nHow.\n\n> Words\n## send: Send\nIt.\n## stop: Over\nWhen it is back.\n\
    # fr: Retour\nQuand.\n## ask: Demander\nComment.\n## send: Envoyer\nLe colis.\n";

fn findings(text: &str) -> Vec<String> {
    check_playbook(text, "playbooks/care-return.md", None).findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_playbook_is_read_in_both_languages() {
    let playbook = check_playbook(GOOD, "playbooks/care-return.md", None).value.expect("it is sound");
    assert_eq!(playbook.name, "care-return");
    assert_eq!(playbook.steps.len(), 2);
    assert_eq!(playbook.steps[0].title[&Lang::Fr], "Demander");
    assert_eq!(playbook.steps[0].text[&Lang::En], "How.\n\n> Words");
    assert_eq!(playbook.steps[0].due_minutes, Some(30));
    assert_eq!(playbook.stop[&Lang::En], "When it is back.");
    assert_eq!(playbook.review_days, REVIEW_DAYS);
    let other =
        check_playbook(&GOOD.replace("Le colis", "Un colis"), "care-return.md", None).value.expect("it is sound");
    assert_ne!(playbook.version, other.version, "one word changes the version");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, told) in [
        ("no front matter", ":1:1: error: the file does not begin with front matter"),
        (&GOOD.replace("# fr:", "# de:"), "there is no part `# fr: Title`"),
        (&GOOD.replace("# fr:", "# de:"), ":15:1: error: `de` is not a language"),
        (&GOOD.replace("## send: Envoyer", "## sent: Envoyer"), ":19:1: error: `sent` is none of the steps"),
        (&GOOD.replace("## send: Envoyer", "## sent: Envoyer"), "`## send: ...` in this part is empty"),
        (&GOOD.replace("30m", "soon"), ":3:"),
        (&GOOD.replace("topics", "topic"), "unknown key `topic`"),
        (&GOOD.replace("steps = [", "stepz = ["), "a playbook has 1 to 20 steps, not 0"),
        (&GOOD.replace("key = \"send\"", "key = \"ask\""), "the key `ask` is taken"),
    ] {
        let found = findings(text);
        assert!(found.iter().any(|line| line.contains(told)), "{told}: {found:#?}");
    }
}

#[test]
fn roles_are_looked_up_in_the_office() {
    let office =
        crate::config::load_office(include_str!("../../config/office.toml"), "office.toml").expect("the sample");
    let text = GOOD.replace("key = \"send\"", "key = \"send\", role = \"car\"");
    let found = check_playbook(&text, "care-return.md", Some(&office)).findings;
    assert!(
        found.iter().any(|finding| finding.message.contains("no role `car`") && finding.hint.contains("care")),
        "{found:?}"
    );
}
