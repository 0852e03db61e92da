//! REST and JSON over HTTP, by the methods' `google.api.http` bindings.

mod content;
mod frames;
mod request;
mod response;
mod scan;

use http::HeaderMap;

use self::content::Content;
pub(crate) use self::response::Messages;
use super::{RawRequest, Transport, failure};
use crate::error::{Error, ErrorKind};
use crate::method::Streaming;

/// Sends the request and waits for the response's headers.
pub(super) async fn open(transport: &Transport, request: RawRequest) -> Result<(HeaderMap, Messages), Error> {
    let Some(schemas) = request.schemas else {
        let message =
            "REST needs the schemas of the messages: switch on the feature `rest` of the crate that has them";
        return Err(Error::new(ErrorKind::Config, message));
    };
    let streaming = matches!(request.method.streaming(), Streaming::Server | Streaming::Bidirectional);
    let (request, binding) = request::prepare(transport, request, &schemas).await?;
    let response = transport.service.send(request).await.map_err(failure::of_transport)?;
    response::open(response, Content::new(binding, schemas), streaming, transport.max_message_size).await
}
