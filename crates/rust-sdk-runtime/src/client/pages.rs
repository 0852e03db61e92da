//! Paginated lists: by tokens (AIP-158), offsets or page numbers.

use std::collections::HashSet;
use std::fmt;
use std::future::IntoFuture;
use std::hash::{BuildHasher as _, Hash};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use tokio_stream::Stream;

use crate::client::call::{Call, CallFuture};
use crate::error::{Error, ErrorKind};
use crate::platform::{self, Task};

/// A request whose response `O` is one page of a list. Implemented by [`paginated!`](crate::paginated).
#[diagnostic::on_unimplemented(
    message = "a call with a `{Self}` is not paginated",
    note = "`items` and `pages` are for methods with a page token in their request and their response, or that the generator's option \
            `pagination` names"
)]
pub trait Paginated<O>: Clone {
    /// The type of the list's items.
    type Item;

    /// The type of tokens: text, bytes, or the offset or number of a page.
    type Token: Token;

    /// Whether the client counts items or pages instead of taking a token from the server.
    #[doc(hidden)]
    const NUMBERED: bool;

    /// The token of the requested page; empty or 0 for the first one.
    fn page_token(&self) -> Self::Token;

    /// Requests the page with this token.
    fn set_page_token(&mut self, token: Self::Token);

    /// The token of the page after this response; empty or 0 after the last one.
    fn next_page_token(&self, response: &O) -> Self::Token;

    /// The items of a page.
    fn into_items(response: O) -> Vec<Self::Item>;
}

impl<I, O> Call<I, O>
where
    I: Paginated<O> + prost::Message,
    O: prost::Message + Default + 'static,
{
    /// The pages from the requested one on. Each page is fetched when you ask for it.
    ///
    /// All requests are equal except for the page token. The timeout applies to each page.
    pub fn pages(self) -> Pages<I, O> {
        Pages::new(self)
    }

    /// The items of all pages from the requested one on, as a stream.
    pub fn items(self) -> Items<I, O> {
        Items { pages: self.pages(), page: Vec::new().into_iter() }
    }
}

/// The tokens of a list so far. Not generic, so that it is compiled once.
#[derive(Debug, Default)]
struct Tokens {
    hashes: HashSet<u64>,
}

impl Tokens {
    /// The most tokens that are remembered, which bounds the memory.
    const MOST: usize = 4096;

    fn of(first: impl Hash) -> Self {
        let mut tokens = Self::default();
        // The first one is new.
        let _ = tokens.add(first);
        tokens
    }

    /// Adds a token. Fails if the list had it before.
    fn add(&mut self, token: impl Hash) -> Result<(), Error> {
        if self.hashes.len() >= Self::MOST {
            // A cycle of fewer pages is still found, one round later.
            self.hashes.clear();
        }
        if self.hashes.insert(self.hashes.hasher().hash_one(token)) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Decode, "the server gave the same page token twice"))
    }
}

/// The pages of a list, as a [`Stream`] of the responses. An error ends it.
///
/// If the server gives a page token that it gave before, the page with that token is the last one, and an error follows. Otherwise the client
/// would request the same pages for ever. If pages have an offset or a number instead of a token, the first empty page is the last one: a
/// server may give fewer items than requested. Two equal pages in a row are an error then.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<I: Paginated<O>, O> {
    call: Call<I, O>,
    /// The request of the next page.
    request: Option<I>,
    token: I::Token,
    tokens: Tokens,
    /// The hash of the last page, if the server gives no tokens.
    last: Option<u64>,
    /// The error after the last page.
    failure: Option<Error>,
    fetching: Fetching<O>,
    ahead: bool,
}

enum Fetching<O> {
    Nothing,
    Waiting(CallFuture<O>),
    Ahead(Task<Result<O, Error>>),
}

impl<I, O> Pages<I, O>
where
    I: Paginated<O> + prost::Message,
    O: prost::Message + Default + 'static,
{
    fn new(call: Call<I, O>) -> Self {
        let request = call.request().cloned();
        let token = request.as_ref().map(Paginated::page_token).unwrap_or_default();
        let tokens = Tokens::of(&token);
        let fetching = Fetching::Nothing;
        Self { call, request, token, tokens, last: None, failure: None, fetching, ahead: false }
    }

    /// Fetches the next page in a separate task while you process the current one.
    pub fn fetch_ahead(mut self) -> Self {
        self.ahead = true;
        self
    }

    /// The next page; `None` after the last one.
    pub async fn page(&mut self) -> Result<Option<O>, Error> {
        std::future::poll_fn(|context| self.poll_page(context)).await.transpose()
    }

    /// The token of the next page, with which a later call can resume. Before the first page it is the request's own token; after the last
    /// page it is empty or 0.
    pub fn next_page_token(&self) -> &<I::Token as Token>::Borrowed {
        self.token.borrowed()
    }

    fn poll_page(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<O, Error>>> {
        if let Fetching::Nothing = self.fetching {
            if let Some(error) = self.call.take_error() {
                self.request = None;
                return Poll::Ready(Some(Err(error)));
            }
            let Some(request) = &self.request else {
                return Poll::Ready(self.failure.take().map(Err));
            };
            self.fetching = Fetching::Waiting(self.call.again(request.clone()).into_future());
        }
        let result = match &mut self.fetching {
            Fetching::Nothing => return Poll::Ready(None),
            Fetching::Waiting(future) => ready!(Pin::new(future).poll(context)),
            Fetching::Ahead(task) => ready!(Pin::new(task).poll(context)).unwrap_or_else(|error| {
                Err(Error::new(ErrorKind::Config, "the background task of `fetch_ahead` has ended")
                    .with_method(self.call.method().full_name())
                    .with_source(error))
            }),
        };
        self.fetching = Fetching::Nothing;
        match &result {
            Ok(page) => self.turn(page),
            Err(_) => self.request = None,
        }
        Poll::Ready(Some(result))
    }

    /// Fails if the list would not end.
    fn check(&mut self, page: &O) -> Result<(), Error> {
        if !I::NUMBERED {
            return self.tokens.add(&self.token);
        }
        let hash = self.tokens.hashes.hasher().hash_one(page.encode_to_vec());
        if self.last.replace(hash) == Some(hash) {
            return Err(Error::new(ErrorKind::Decode, "the server gave the same page twice"));
        }
        Ok(())
    }

    /// Prepares the request of the page after this one.
    fn turn(&mut self, page: &O) {
        self.token = self.request.as_ref().map(|request| request.next_page_token(page)).unwrap_or_default();
        if self.token == I::Token::default() {
            self.request = None;
            return;
        }
        if let Err(error) = self.check(page) {
            self.request = None;
            self.failure = Some(error.with_method(self.call.method().full_name()));
            return;
        }
        if let Some(request) = &mut self.request {
            request.set_page_token(self.token.clone());
            if self.ahead {
                let call = self.call.again(request.clone()).into_future();
                self.fetching = Fetching::Ahead(platform::spawn(call));
            }
        }
    }
}

impl<I, O> Stream for Pages<I, O>
where
    I: Paginated<O> + prost::Message + Unpin,
    I::Token: Unpin,
    O: prost::Message + Default + 'static,
{
    type Item = Result<O, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_page(context)
    }
}

impl<I: Paginated<O>, O> Drop for Pages<I, O> {
    fn drop(&mut self) {
        if let Fetching::Ahead(task) = &self.fetching {
            task.abort();
        }
    }
}

impl<I: Paginated<O>, O> fmt::Debug for Pages<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").field("call", &self.call).finish_non_exhaustive()
    }
}

/// The items of all pages of a list, as a [`Stream`]. An error ends it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<I: Paginated<O>, O> {
    pages: Pages<I, O>,
    page: vec::IntoIter<I::Item>,
}

impl<I, O> Items<I, O>
where
    I: Paginated<O> + prost::Message,
    O: prost::Message + Default + 'static,
{
    /// Fetches the next page in a separate task while you process the current one.
    pub fn fetch_ahead(mut self) -> Self {
        self.pages.ahead = true;
        self
    }

    /// The next item; `None` after the last one.
    pub async fn item(&mut self) -> Result<Option<I::Item>, Error> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// All remaining items.
    pub async fn collect(mut self) -> Result<Vec<I::Item>, Error> {
        let mut items = Vec::new();
        loop {
            items.extend(self.page.by_ref());
            match self.pages.page().await? {
                Some(page) => self.page = I::into_items(page).into_iter(),
                None => return Ok(items),
            }
        }
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<I::Item, Error>>> {
        loop {
            if let Some(item) = self.page.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            // A page that is empty need not be the last one.
            match ready!(self.pages.poll_page(context)) {
                Some(Ok(page)) => self.page = I::into_items(page).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<I, O> Stream for Items<I, O>
where
    I: Paginated<O> + prost::Message + Unpin,
    I::Item: Unpin,
    I::Token: Unpin,
    O: prost::Message + Default + 'static,
{
    type Item = Result<I::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context)
    }
}

impl<I: Paginated<O>, O> fmt::Debug for Items<I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("call", &self.pages.call).finish_non_exhaustive()
    }
}

/// A page's token: text, bytes, or the offset or number of the page.
pub trait Token: Clone + Default + Eq + Hash + Send {
    /// Its borrowed form: `str`, `[u8]` or `u64`.
    type Borrowed: ?Sized;

    /// Borrows it.
    fn borrowed(&self) -> &Self::Borrowed;
}

impl Token for String {
    type Borrowed = str;

    fn borrowed(&self) -> &str {
        self
    }
}

impl Token for Vec<u8> {
    type Borrowed = [u8];

    fn borrowed(&self) -> &[u8] {
        self
    }
}

impl Token for u64 {
    type Borrowed = Self;

    fn borrowed(&self) -> &Self {
        self
    }
}

/// The field of a message that holds a page's token, offset or number.
#[doc(hidden)]
pub trait PageToken {
    /// Its value, without the type of the field.
    type Token;

    /// The value; empty or 0 if there is none.
    fn token(&self) -> Self::Token;

    /// Sets the value.
    fn set(&mut self, token: Self::Token);
}

macro_rules! page_tokens {
    ($($ty:ty as $token:ty: |$value:ident| $read:expr, |$new:ident| $write:expr;)*) => {$(
        impl PageToken for $ty {
            type Token = $token;

            fn token(&self) -> $token {
                let $value = self;
                $read
            }

            fn set(&mut self, $new: $token) {
                *self = $write;
            }
        }

        impl PageToken for Option<$ty> {
            type Token = $token;

            fn token(&self) -> $token {
                self.as_ref().map(PageToken::token).unwrap_or_default()
            }

            fn set(&mut self, token: $token) {
                self.get_or_insert_default().set(token);
            }
        }
    )*};
}

page_tokens! {
    String as String: |text| text.clone(), |text| text;
    Vec<u8> as Vec<u8>: |bytes| bytes.clone(), |bytes| bytes;
    u64 as u64: |number| *number, |number| number;
    // A page beyond the field's range is requested as the last one that it can name. The server has no page there.
    i64 as u64: |number| u64::try_from(*number).unwrap_or(0), |number| Self::try_from(number).unwrap_or(Self::MAX);
    u32 as u64: |number| u64::from(*number), |number| Self::try_from(number).unwrap_or(Self::MAX);
    i32 as u64: |number| u64::try_from(*number).unwrap_or(0), |number| Self::try_from(number).unwrap_or(Self::MAX);
}

/// The offset of the page after one with this offset and so many items; 0 after an empty page, the last one.
#[doc(hidden)]
pub fn next_offset(offset: u64, count: usize) -> u64 {
    if count == 0 { 0 } else { offset.saturating_add(count as u64) }
}

/// The number of the page after one with this number, which is 0 for the first page by default; 0 after an empty page, the last one.
#[doc(hidden)]
pub fn next_number(first: u64, number: u64, count: usize) -> u64 {
    if count == 0 { 0 } else { number.max(first).saturating_add(1) }
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    #[test]
    fn every_cycle_of_tokens_is_found_and_no_other() {
        for length in [1, 2, 3, 100, Tokens::MOST - 1] {
            let mut tokens = Tokens::of("");
            let cycle = (0..length).cycle().take(3 * Tokens::MOST);
            assert!(cycle.map(|n| tokens.add(n.to_string())).any(|added| added.is_err()), "{length}");
        }
        let mut tokens = Tokens::of("");
        assert!((0..20_000).all(|n| tokens.add(n.to_string()).is_ok()));
        assert!(tokens.hashes.len() <= Tokens::MOST);
    }
}
