//! Lists whose pages are requested by bytes, offsets or numbers, and by fields in nested messages.

use archive::v1::*;
use rust_sdk_runtime::{Error, Fake};

use crate::script;

fn client(fake: &Fake) -> ArchiveServiceClient {
    archive::Client::builder().grpc_service(fake.clone()).build().unwrap().archive_service()
}

fn carton(label: &str) -> Carton {
    Carton { label: label.to_owned(), ..Carton::default() }
}

#[tokio::test]
async fn a_key_of_bytes_is_in_a_message() {
    let page = |labels: &[&str], next: &[u8]| {
        let boxes = labels.iter().map(|label| carton(label)).collect();
        Ok(ListBoxesResponse { boxes, paged: Some(Paged { next_key: next.to_vec(), total: 3 }) })
    };
    // A last page without a message for paging ends the list.
    let last = Ok(ListBoxesResponse { boxes: vec![carton("c")], paged: None });
    let (fake, seen) =
        script(&ArchiveService::LIST_BOXES, [page(&["a", "b"], &[0, 255]), page(&[], &[1]), last]);
    let call = client(&fake).list_boxes().house("h").paging(Paging { limit: 2, ..Paging::default() });
    let boxes = call.items().collect().await.unwrap();
    assert_eq!(boxes.iter().map(|item| item.label.as_str()).collect::<Vec<_>>(), ["a", "b", "c"]);
    let keys: Vec<_> = seen.all().into_iter().map(|request| request.paging.unwrap()).collect();
    assert!(keys.iter().all(|paging| paging.limit == 2));
    assert_eq!(keys.into_iter().map(|paging| paging.key).collect::<Vec<_>>(), [&[][..], &[0, 255], &[1]]);
}

#[tokio::test]
async fn a_token_may_be_bytes() {
    let page = |letter: &str, next: &[u8]| {
        Ok(ListLettersResponse { letters: vec![letter.to_owned()], next_page_token: next.to_vec() })
    };
    let (fake, _) =
        script(&ArchiveService::LIST_LETTERS, [page("a", b"x"), page("b", b"y"), page("c", b"y")]);
    // The writer is required by the API's own option, so it is an argument.
    let mut pages = client(&fake).list_letters("w").pages();
    assert_eq!(pages.page().await.unwrap().unwrap().letters, ["a"]);
    assert_eq!(pages.next_page_token(), b"x");
    assert_eq!(pages.page().await.unwrap().unwrap().letters, ["b"]);
    // The page that repeats a token comes before the error.
    assert_eq!(pages.page().await.unwrap().unwrap().letters, ["c"]);
    assert!(pages.page().await.unwrap_err().to_string().contains("the same page token twice"));
}

#[expect(clippy::unnecessary_wraps, reason = "it is one of the answers of a script")]
fn shelves(numbers: &[i32]) -> Result<SearchShelvesResponse, Error> {
    Ok(SearchShelvesResponse { numbers: numbers.to_vec() })
}

#[tokio::test]
async fn offsets_count_what_came_and_an_empty_page_is_the_last() {
    // The server gives fewer than the limit, as servers do that have a lower one.
    let answers = [shelves(&[1, 2]), shelves(&[3]), shelves(&[])];
    let (fake, seen) = script(&ArchiveService::SEARCH_SHELVES, answers);
    let part = Part { offset: 10, limit: 100 };
    let numbers = client(&fake).search_shelves().part(part).words("w").items().collect().await.unwrap();
    assert_eq!(numbers, [1, 2, 3]);
    let parts: Vec<_> = seen.all().into_iter().map(|request| request.part.unwrap()).collect();
    assert_eq!(parts.iter().map(|part| part.offset).collect::<Vec<_>>(), [10, 12, 13]);
    assert!(parts.iter().all(|part| part.limit == 100));
}

/// A server that ignores the offset gives the same page for ever.
#[tokio::test]
async fn the_same_page_twice_ends_with_an_error() {
    let (fake, seen) = script(&ArchiveService::SEARCH_SHELVES, [shelves(&[1, 2])]);
    let mut pages = client(&fake).search_shelves().pages();
    assert!(pages.page().await.unwrap().is_some());
    assert!(pages.page().await.unwrap().is_some());
    let error = pages.page().await.unwrap_err().to_string();
    assert!(error.contains("the same page twice") && error.contains("SearchShelves"), "{error}");
    assert!(pages.page().await.unwrap().is_none());
    assert_eq!(seen.count(), 2);
}

#[tokio::test]
async fn numbers_begin_at_one_or_at_zero() {
    let rolls =
        |rolls: &[&str]| Ok(ListRollsResponse { rolls: rolls.iter().map(|&roll| roll.to_owned()).collect() });
    let (fake, seen) = script(&ArchiveService::LIST_ROLLS, [rolls(&["a"]), rolls(&["b"]), rolls(&[])]);
    assert_eq!(client(&fake).list_rolls().limit(1).items().collect().await.unwrap(), ["a", "b"]);
    // An unset number is the first page.
    assert_eq!(seen.all().iter().map(|request| request.page).collect::<Vec<_>>(), [0, 2, 3]);

    let scrolls = |scrolls: &[(i32, &str)]| {
        let scrolls = scrolls.iter().map(|(number, text)| (*number, (*text).to_owned())).collect();
        Ok(ListScrollsResponse { result: Some(Found { scrolls }) })
    };
    let nothing = Ok(ListScrollsResponse { result: None });
    let (fake, seen) =
        script(&ArchiveService::LIST_SCROLLS, [scrolls(&[(7, "x")]), scrolls(&[(8, "y")]), nothing]);
    let found = client(&fake).list_scrolls().items().collect().await.unwrap();
    assert_eq!(found, [(7, "x".to_owned()), (8, "y".to_owned())]);
    let sheets: Vec<_> =
        seen.all().into_iter().map(|request| request.sheet.and_then(|sheet| sheet.number)).collect();
    assert_eq!(sheets, [None, Some(1), Some(2)]);
}

#[tokio::test]
async fn a_rule_names_the_list_among_several() {
    let page = |note: &str, last: &str| {
        let (notes, writers) = (vec![note.to_owned()], vec!["w".to_owned(), "v".to_owned()]);
        Ok(ListNotesResponse { last: last.to_owned(), notes, writers })
    };
    let (fake, seen) = script(&ArchiveService::LIST_NOTES, [page("a", "1"), page("b", "")]);
    assert_eq!(client(&fake).list_notes().items().fetch_ahead().collect().await.unwrap(), ["a", "b"]);
    assert_eq!(seen.all().iter().map(|request| request.after.as_str()).collect::<Vec<_>>(), ["", "1"]);
}

/// The values that the API's own option marks are in no `Debug` output; others are.
#[test]
fn what_an_option_marks_as_secret_is_not_shown() {
    let text =
        format!("{:?}", Carton { code: "s3cret".to_owned(), place: "cellar".to_owned(), ..carton("l") });
    assert!(text.contains("cellar") && !text.contains("s3cret"), "{text}");
}

/// A scope and a rank: neither alone is enough.
#[test]
fn permissions_of_two_options_are_both_needed() {
    use archive::runtime::access::Caller;
    let access = ArchiveService::LIST_BOXES.access();
    for (permissions, allowed) in [
        (&["scope/boxes:read", "rank/reader"][..], true),
        (&["scope/boxes:read"], false),
        (&["rank/reader"], false),
        (&["boxes:read", "reader"], false),
    ] {
        let caller = Caller::new(&permissions).within("h");
        assert_eq!(access.check(&caller, Some("h")).is_allowed(), allowed, "{permissions:?}");
        assert!(!access.check(&caller, Some("another")).is_allowed());
    }
    // The ranks of a list are all needed, too.
    assert_eq!(ArchiveService::LIST_LETTERS.access().permissions().len(), 3);
}
