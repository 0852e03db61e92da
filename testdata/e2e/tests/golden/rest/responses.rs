//! What a successful response's body is read as.

use rust_sdk_runtime::schema::HasSchema;
use rust_sdk_runtime::transcode::response;
use rust_sdk_runtime::{Rpc, method::MethodSchemas};
use serde_json::json;
use shapes::google::api::HttpBody;
use shapes::http::v1::{BodyItem, BodyReply, BodyService as S, DownloadNamedResponse, TemplateService};

fn read<I: HasSchema, O: HasSchema + prost::Message + Default>(
    rpc: &Rpc<I, O>,
    content_type: &str,
    body: &[u8],
) -> Result<O, String> {
    let binding = rpc.binding_at(0).unwrap();
    let wire =
        response(binding, &MethodSchemas::of(rpc), Some(content_type), body).map_err(|e| e.to_string())?;
    Ok(O::decode(&*wire).unwrap())
}

fn json<I: HasSchema, O: HasSchema + prost::Message + Default>(
    rpc: &Rpc<I, O>,
    body: &serde_json::Value,
) -> O {
    read(rpc, "application/json", body.to_string().as_bytes()).unwrap()
}

#[test]
fn response_body_names_the_field_that_the_body_is() {
    let item = BodyItem { id: "x".into(), count: Some(0), ..BodyItem::default() };
    assert_eq!(
        json(&S::GET_MESSAGE, &json!({"id": "x", "count": 0, "newer": {"than": "this"}})),
        BodyReply { item: Some(item.clone()), ..BodyReply::default() }
    );
    assert_eq!(json(&S::GET_TEXT, &json!("t")), BodyReply { text: "t".into(), ..BodyReply::default() });
    assert_eq!(
        json(&S::GET_ITEMS, &json!([{"id": "x", "count": 0}, {}])),
        BodyReply { items: vec![item, BodyItem::default()], ..BodyReply::default() }
    );
    assert_eq!(
        json(&S::GET_LABELS, &json!({"a": 1})),
        BodyReply { labels: [("a".to_owned(), 1)].into(), ..BodyReply::default() }
    );
}

#[test]
fn without_response_body_it_is_the_message() {
    let shelf = json(&TemplateService::GET_SHELF, &json!({"name": "shelves/1", "unknown": [1]}));
    assert_eq!(shelf.name, "shelves/1");
    assert!(read(&TemplateService::GET_SHELF, "application/json", b"{\"name\":").is_err());
    assert!(read(&TemplateService::GET_SHELF, "application/json", b"").is_err());
}

#[test]
fn an_http_body_is_the_bytes_as_they_are() {
    let body = HttpBody { content_type: "image/png".into(), data: vec![0, 0xff], extensions: vec![] };
    assert_eq!(read(&S::DOWNLOAD_RAW, "image/png", &[0, 0xff]), Ok(body.clone()));
    assert_eq!(
        read(&S::DOWNLOAD_NAMED, "image/png", &[0, 0xff]),
        Ok(DownloadNamedResponse { content: Some(body), checksum: String::new() })
    );
}
