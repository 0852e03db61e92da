//! The life of a resource, by one program over both transports, against a server in memory.

mod server;

use std::time::Duration;

use lumen_cloud::greenhouse::v1::GreenhousePhase::Running;
use lumen_cloud::greenhouse::v1::{GetGreenhouseResponse, Greenhouse};
use lumen_cloud::runtime::Gateway;
use lumen_cloud::{API, Client, Error};

async fn live(client: &Client) -> Result<(), Error> {
    let service = client.greenhouse_service();
    let new = Greenhouse::default().with_name("tomatoes").with_region_id("eu-1");
    let created = service.create_greenhouse(new).await?.into_greenhouse()?;

    let is_running = |response: &GetGreenhouseResponse| {
        response.greenhouse().is_ok_and(|one| one.state.iter().any(|state| state.phase() == Running))
    };
    let wait = service.get_greenhouse(&created.id).wait_until(is_running).every(Duration::from_millis(5));
    let running = wait.await?.into_greenhouse()?;

    let mut all = service.list_greenhouses().page_size(2).items();
    while let Some(greenhouse) = all.item().await? {
        println!("  {}: {}", greenhouse.id, greenhouse.name);
    }

    let update = service.update_greenhouse(running.with_name("peppers"));
    let renamed = update.update_mask(Greenhouse::mask().name()).await?.into_greenhouse()?;
    println!("  renamed: {}", renamed.name);

    match service.get_greenhouse("no-such").await {
        Err(error) if error.is_not_found() => println!("  {error}\n  its trace: {:?}", error.trace_id()),
        other => println!("  what should not be there: {other:?}"),
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let routes = server::routes();
    let client = || Client::builder().account_id("acc-1").api_key("demo-key");
    println!("over gRPC:");
    live(&client().grpc_service(routes.clone()).build()?).await?;
    println!("over REST:");
    live(&client().rest_service(Gateway::new(&API, routes)).build()?).await
}
