//! The same over sockets, with real time.

use std::time::Duration;

use kiln::Client;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use crate::server::{fired, piece, running, studio};
use crate::{fire, firing};

#[tokio::test]
async fn both_transports_follow_an_operation_over_a_connection() {
    for rest in [false, true] {
        let studio = studio([running(0), running(50), fired()]);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Server::builder().accept_http1(true);
        tokio::spawn(server.serve_with_incoming(studio.gateway(), TcpIncoming::from(listener)));
        let builder = Client::builder();
        let client = if rest { builder.rest(url) } else { builder.grpc(url) }.build().unwrap();
        let poller = fire(&client).every(Duration::from_millis(20)).at_most(Duration::from_secs(30));
        assert_eq!(poller.until_done().await.unwrap(), piece());
        assert_eq!(studio.calls(), firing(2));
    }
}
