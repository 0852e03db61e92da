//! What the methods of the API do. The books are in memory.

use std::collections::BTreeMap;

use acme_books::v1::book_service::server::BookService;
use acme_books::v1::*;
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status, Streaming};

/// A book by its shelf and its ID.
type Key = (String, String);

pub struct Library {
    books: watch::Sender<BTreeMap<Key, Book>>,
    /// Ends the streams that have no end of their own.
    stopping: CancellationToken,
}

impl Library {
    pub fn new(stopping: CancellationToken) -> Self {
        let books = [("emma", "Emma"), ("dune", "Dune"), ("momo", "Momo")].map(|(id, title)| {
            let book = Book { id: id.to_owned(), title: title.to_owned(), available: true };
            (("novels".to_owned(), id.to_owned()), book)
        });
        Self { books: watch::Sender::new(BTreeMap::from(books)), stopping }
    }

    /// Changes a book and tells those who watch it.
    fn change(
        &self,
        key: &Key,
        change: impl FnOnce(&mut Book) -> Result<(), Status>,
    ) -> Result<Book, Status> {
        let mut result = Err(no_such_book());
        self.books.send_if_modified(|books| {
            if let Some(book) = books.get_mut(key) {
                result = change(book).map(|()| book.clone());
            }
            result.is_ok()
        });
        result
    }
}

fn no_such_book() -> Status {
    Status::not_found("the shelf has no such book")
}

#[tonic::async_trait]
impl BookService for Library {
    async fn list_books(
        &self,
        request: Request<ListBooksRequest>,
    ) -> Result<Response<ListBooksResponse>, Status> {
        let ListBooksRequest { shelf_id, title, page_size, page_token } = request.into_inner();
        let size = usize::try_from(page_size).unwrap_or_default().clamp(1, 100);
        let books = self.books.borrow();
        let found = books.iter().filter(|((shelf, id), book)| {
            *shelf == shelf_id && book.title.contains(&title) && *id > page_token
        });
        let mut found: Vec<Book> = found.map(|(_, book)| book.clone()).take(size + 1).collect();
        let has_more = found.len() > size;
        found.truncate(size);
        let last = found.last().filter(|_| has_more).map(|book| book.id.clone());
        Ok(Response::new(ListBooksResponse { books: found, next_page_token: last.unwrap_or_default() }))
    }

    async fn get_book(&self, request: Request<GetBookRequest>) -> Result<Response<Book>, Status> {
        let GetBookRequest { shelf_id, book_id } = request.into_inner();
        let book = self.books.borrow().get(&(shelf_id, book_id)).cloned();
        book.map(Response::new).ok_or_else(no_such_book)
    }

    async fn lend_book(&self, request: Request<LendBookRequest>) -> Result<Response<Book>, Status> {
        let LendBookRequest { shelf_id, book_id, .. } = request.into_inner();
        let lent = self.change(&(shelf_id, book_id), |book| {
            if std::mem::replace(&mut book.available, false) {
                Ok(())
            } else {
                Err(Status::failed_precondition("somebody else has the book"))
            }
        });
        lent.map(Response::new)
    }

    async fn watch_book(
        &self,
        request: Request<WatchBookRequest>,
    ) -> Result<Response<BoxStream<Book>>, Status> {
        let WatchBookRequest { shelf_id, book_id } = request.into_inner();
        let (key, mut books) = ((shelf_id, book_id), self.books.subscribe());
        let stopping = self.stopping.clone();
        let (sender, responses) = mpsc::channel(1);
        tokio::spawn(async move {
            let mut last = None;
            loop {
                let now = books.borrow_and_update().get(&key).cloned();
                let Some(book) = now else {
                    let _ = sender.send(Err(no_such_book())).await;
                    return;
                };
                if last.as_ref() != Some(&book) && sender.send(Ok(book.clone())).await.is_err() {
                    return;
                }
                last = Some(book);
                tokio::select! {
                    changed = books.changed() => if changed.is_err() { return },
                    // The client has left.
                    () = sender.closed() => return,
                    // The client may watch again; another server will answer.
                    () = stopping.cancelled() => {
                        let _ = sender.send(Err(Status::unavailable("the server is shutting down"))).await;
                        return;
                    }
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(responses))))
    }

    async fn return_books(
        &self,
        request: Request<Streaming<ReturnBooksRequest>>,
    ) -> Result<Response<ReturnBooksResponse>, Status> {
        let mut books = request.into_inner();
        let mut count = 0;
        while let Some(ReturnBooksRequest { shelf_id, book_id }) = books.message().await? {
            self.change(&(shelf_id, book_id), |book| {
                book.available = true;
                Ok(())
            })?;
            count += 1;
        }
        Ok(Response::new(ReturnBooksResponse { count }))
    }
}
