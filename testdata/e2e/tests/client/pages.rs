//! Lists that come page by page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lumen_cloud::greenhouse::v1::*;
use rust_sdk_runtime::{Code, Error, ErrorKind, Fake};
use tokio_stream::StreamExt as _;

use crate::{client, script, status};

const LIST: rust_sdk_runtime::Rpc<ListGreenhousesRequest, ListGreenhousesResponse> =
    GreenhouseService::LIST_GREENHOUSES;

#[expect(clippy::unnecessary_wraps, reason = "it is one of the answers of a script")]
fn page(names: &[&str], next: &str) -> Result<ListGreenhousesResponse, Error> {
    Ok(ListGreenhousesResponse {
        items: names.iter().map(|name| Greenhouse::default().with_name(*name)).collect(),
        next_page_token: (!next.is_empty()).then(|| next.to_owned()),
        total_size: 3,
    })
}

fn names(items: &[Greenhouse]) -> Vec<&str> {
    items.iter().map(|item| item.name.as_str()).collect()
}

#[tokio::test]
async fn items_come_from_all_pages_of_the_same_request() {
    // The second page is empty, and yet not the last one.
    let (fake, seen) = script(&LIST, [page(&["a", "b"], "2"), page(&[], "3"), page(&["c"], "")]);
    let call = client(&fake).greenhouse_service().list_greenhouses().account_id("x").page_size(2);
    let items: Vec<_> = call.heated(false).search("q").items().collect().await.unwrap();
    assert_eq!(names(&items), ["a", "b", "c"]);
    let request = ListGreenhousesRequest::default()
        .with_account_id("x")
        .with_page_size(2)
        .with_heated(false)
        .with_search("q");
    let of = |token: &str| request.clone().with_page_token(token);
    assert_eq!(seen.all(), [request.clone(), of("2"), of("3")]);
}

#[tokio::test]
async fn an_item_at_a_time_fetches_no_page_before_it_is_needed() {
    let (fake, seen) = script(&LIST, [page(&["a", "b"], "2"), page(&["c"], "")]);
    let call = client(&fake).greenhouse_service().list_greenhouses();
    let mut items = call.items();
    assert_eq!(seen.count(), 0);
    for (name, requests) in [("a", 1), ("b", 1), ("c", 2)] {
        assert_eq!(items.item().await.unwrap().unwrap().name, name);
        assert_eq!(seen.count(), requests);
    }
    assert_eq!(items.item().await.unwrap(), None);
    assert_eq!(items.item().await.unwrap(), None);
    assert_eq!(seen.count(), 2);
}

#[tokio::test]
async fn pages_hold_all_that_the_server_said_and_can_be_resumed() {
    let (fake, seen) = script(&LIST, [page(&["a"], "2"), page(&["b"], "3"), page(&["c"], "")]);
    let service = client(&fake).greenhouse_service();
    let mut pages = service.list_greenhouses().pages();
    assert_eq!(pages.next_page_token(), "");
    let first = pages.page().await.unwrap().unwrap();
    assert_eq!((first.total_size, pages.next_page_token()), (3, "2"));
    let token = pages.next_page_token().to_owned();
    drop(pages);

    let mut rest = service.list_greenhouses().page_token(token).pages();
    assert_eq!(rest.next_page_token(), "2");
    let mut last = String::new();
    while let Some(page) = rest.next().await {
        last = page.unwrap().items[0].name.clone();
    }
    assert_eq!((last.as_str(), rest.next_page_token()), ("c", ""));
    assert_eq!(rest.page().await.unwrap(), None);
    let tokens = seen.all().into_iter().map(|request| request.page_token);
    assert_eq!(tokens.collect::<Vec<_>>(), [None, Some("2".to_owned()), Some("3".to_owned())]);
}

#[tokio::test]
async fn a_page_token_that_comes_twice_ends_the_list() {
    let (fake, seen) = script(&LIST, [page(&["a"], "2"), page(&["b"], "2")]);
    let mut items = client(&fake).greenhouse_service().list_greenhouses().items();
    // The page that repeats the token is as good as the others.
    assert_eq!(items.item().await.unwrap().unwrap().name, "a");
    assert_eq!(items.item().await.unwrap().unwrap().name, "b");
    let error = items.item().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("page token"), "{error}");
    assert_eq!(error.method(), Some(LIST.full_name()));
    assert_eq!(items.item().await.unwrap(), None);
    assert_eq!(seen.count(), 2);

    // So does one that was the first page's.
    let (fake, seen) = script(&LIST, [page(&["a"], "2")]);
    let mut pages = client(&fake).greenhouse_service().list_greenhouses().page_token("2").pages();
    assert_eq!(pages.page().await.unwrap().unwrap().items.len(), 1);
    assert_eq!(pages.page().await.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(pages.page().await.unwrap(), None);
    assert_eq!(seen.count(), 1);
}

#[tokio::test]
async fn tokens_that_come_in_turns_end_the_list() {
    for ahead in [false, true] {
        let answers = [page(&["a"], "2"), page(&["b"], "3"), page(&["c"], "2"), page(&["b"], "3")];
        let (fake, seen) = script(&LIST, answers);
        let mut items = client(&fake).greenhouse_service().list_greenhouses().items();
        if ahead {
            items = items.fetch_ahead();
        }
        for name in ["a", "b", "c"] {
            assert_eq!(items.item().await.unwrap().unwrap().name, name);
        }
        assert_eq!(items.item().await.unwrap_err().kind(), ErrorKind::Decode);
        assert_eq!(items.item().await.unwrap(), None);
        assert_eq!(seen.count(), 3);
    }
}

#[tokio::test]
async fn an_error_in_the_middle_comes_after_the_items_before_it_and_ends_the_list() {
    for ahead in [false, true] {
        let (fake, seen) = script(&LIST, [page(&["a", "b"], "2"), Err(status(Code::PermissionDenied))]);
        let mut items = client(&fake).greenhouse_service().list_greenhouses().items();
        if ahead {
            items = items.fetch_ahead();
        }
        assert_eq!(items.item().await.unwrap().unwrap().name, "a");
        assert_eq!(items.item().await.unwrap().unwrap().name, "b");
        assert!(items.item().await.unwrap_err().is_permission_denied());
        assert_eq!(items.item().await.unwrap(), None);
        assert_eq!(seen.count(), 2);

        let all = client(&fake).greenhouse_service().list_greenhouses().items().collect().await;
        assert!(all.unwrap_err().is_permission_denied());
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_unavailable_is_asked_for_again() {
    let answers = [page(&["a"], "2"), Err(status(Code::Unavailable)), page(&["b"], "")];
    let (fake, seen) = script(&LIST, answers);
    let items = client(&fake).greenhouse_service().list_greenhouses().items().collect().await.unwrap();
    assert_eq!(names(&items), ["a", "b"]);
    assert_eq!(seen.all()[1], seen.all()[2]);
}

#[tokio::test(start_paused = true)]
async fn the_next_page_is_there_before_it_is_asked_for() {
    let (fake, seen) = script(&LIST, [page(&["a", "b"], "2"), page(&["c"], "")]);
    let mut items = client(&fake).greenhouse_service().list_greenhouses().items().fetch_ahead();
    assert_eq!(items.item().await.unwrap().unwrap().name, "a");
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(seen.count(), 2);
    assert_eq!(names(&items.collect().await.unwrap()), ["b", "c"]);
    assert_eq!(seen.count(), 2);
}

#[tokio::test(start_paused = true)]
async fn dropping_the_list_ends_the_call_that_fetches_ahead() {
    struct Ended(Arc<AtomicUsize>);
    impl Drop for Ended {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (begun, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (begins, ends) = (Arc::clone(&begun), Arc::clone(&ended));
    let fake = Fake::new().on_async(&LIST, move |request: ListGreenhousesRequest| {
        let (begins, ends) = (Arc::clone(&begins), Arc::clone(&ends));
        async move {
            if request.page_token.is_none() {
                return page(&["a"], "2");
            }
            let _ended = Ended(ends);
            begins.fetch_add(1, Ordering::SeqCst);
            std::future::pending().await
        }
    });
    let mut pages = client(&fake).greenhouse_service().list_greenhouses().pages().fetch_ahead();
    pages.page().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!((begun.load(Ordering::SeqCst), ended.load(Ordering::SeqCst)), (1, 0));
    drop(pages);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(ended.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_set_on_the_call_holds_for_every_page() {
    let (fake, seen) = script(&LIST, [page(&["a"], "2"), page(&["b"], "")]);
    let call = client(&fake).greenhouse_service().list_greenhouses().within("acme").header("x-run", "7");
    assert_eq!(call.items().collect().await.unwrap().len(), 2);
    assert!(seen.all().iter().all(|request| request.account_id == "acme"));
    assert!(fake.calls().iter().all(|call| call.headers.get("x-run") == Some("7")));

    let call = client(&fake).greenhouse_service().list_greenhouses().header("not a name", "x");
    let mut items = call.items();
    assert!(items.item().await.unwrap_err().is_local());
    assert_eq!(items.item().await.unwrap(), None);
    assert_eq!(seen.count(), 2);
}
