//! Names of resources as arguments, the order of arguments, and fields that only the server sets.

use rust_sdk_runtime::Error;
use rust_sdk_runtime::resource::ResourceNameError;
use signal::v1::*;

use crate::{Beacons, Protocol};

#[tokio::test]
async fn a_name_goes_where_its_resource_is_named() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let client = beacons.client(protocol).await;

        let name = BeaconName::new("west", "b 1?").unwrap();
        client.beacon_service().get_beacon(&name).await.unwrap();
        let seen = beacons.seen();
        assert_eq!(seen[0].message::<GetBeaconRequest>().name, "coasts/west/beacons/b 1?", "{protocol:?}");
        assert_eq!(seen[0].routing(), Some("name=coasts%2Fwest%2Fbeacons%2Fb%201%3F"), "{protocol:?}");

        // Each pattern has a constructor, and each has its path over REST.
        for name in
            [KeeperName::new("west", "k").unwrap(), KeeperName::from_sea_keeper("north", "k").unwrap()]
        {
            let keeper = client.keeper_service().get_keeper(name.clone()).await.unwrap();
            assert_eq!(keeper.name.parse(), Ok(name), "{protocol:?}");
            assert_eq!(keeper.watches, 7);
        }
        // The name of a coast has a type here, though its file is only imported.
        let coast = CoastName::new("west").unwrap();
        client.keeper_service().create_keeper("k", &coast, Keeper::default()).await.unwrap();
        let request: CreateKeeperRequest = beacons.seen().pop().unwrap().message();
        assert_eq!(
            (request.keeper_id.as_str(), request.parent.as_str()),
            ("k", "coasts/west"),
            "{protocol:?}"
        );

        let watch = SignalWatchName::new("west", "k", "2030-01-01").unwrap();
        client.keeper_service().assign_watch(&watch).await.unwrap();
        client.keeper_service().read_log(LogPageName::new("west", "1/2/3").unwrap()).await.unwrap();
        let seen = beacons.seen();
        assert_eq!(seen[0].message::<AssignWatchRequest>().watch, "coasts/west/watches/k~2030-01-01");
        assert_eq!(seen[1].message::<ReadLogRequest>().name, "coasts/west/log/1/2/3");
    }
}

#[tokio::test]
async fn no_value_calls_another_resource() {
    async fn get(client: &signal::Client, beacon: &str) -> Result<Beacon, Error> {
        client.beacon_service().get_beacon(BeaconName::new("west", beacon)?).await
    }
    let beacons = Beacons::default();
    let client = beacons.client(Protocol::Rest).await;
    for beacon in ["", "b/../../../coasts/east/beacons/b", "..", "b/x"] {
        let error = get(&client, beacon).await.unwrap_err();
        assert!(error.is_local(), "{error}");
        assert!(error.to_string().contains("name of signal.example.com/Beacon: `beacon` is"), "{error}");
    }
    assert!(beacons.seen().is_empty());
    assert!(matches!("coasts/west".parse::<BeaconName>(), Err(ResourceNameError::Form { .. })));
}

#[tokio::test]
async fn the_request_has_only_what_the_client_sets() {
    for protocol in Protocol::BOTH {
        let beacons = Beacons::default();
        let service = beacons.client(protocol).await.keeper_service();
        let port = PortName::new("west", "p").unwrap();
        service.hire_keeper("coasts/west/keepers/k", port).title("Miller").password("open").await.unwrap();
        let request: Keeper = beacons.seen().pop().unwrap().message();
        let expected = Keeper::default()
            .with_name("coasts/west/keepers/k")
            .with_port("coasts/west/ports/p")
            .with_title("Miller")
            .with_password("open");
        assert_eq!(request, expected, "{protocol:?}");
    }
}
