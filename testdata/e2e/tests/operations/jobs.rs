//! Operations of the API's own, whose messages have other fields than Google's.

use kiln::glaze::v1::{Glaze, GlazeService, GlazeTest, MixingMetadata};
use kiln::google::longrunning::{Operation, operation};
use rust_sdk_runtime::ErrorKind;
use tonic::Status;

use crate::SECOND;
use crate::server::{Studio, any};

#[expect(clippy::unnecessary_wraps, reason = "it is one of the states of a script")]
fn job(percent: i32) -> Result<Operation, Status> {
    let metadata = any("kiln.glaze.v1.MixingMetadata", &MixingMetadata { percent });
    Ok(Operation { name: "j-1".into(), metadata: Some(metadata), ..Operation::default() })
}

fn mixed() -> Result<Operation, Status> {
    let glaze = any("kiln.glaze.v1.Glaze", &Glaze { colour: "celadon".into() });
    job(100).map(|job| Operation { done: true, result: Some(operation::Result::Response(glaze)), ..job })
}

fn tested() -> Result<Operation, Status> {
    let test = any("kiln.glaze.v1.GlazeTest", &GlazeTest { cracked: true });
    job(100).map(|job| Operation { done: true, result: Some(operation::Result::Response(test)), ..job })
}

#[tokio::test(start_paused = true)]
async fn it_is_polled_by_the_apis_own_method() {
    Studio::each(
        || vec![job(0), job(50), mixed()],
        |studio, client| async move {
            let mut poller = client.glaze_service().mix_glaze().colour("celadon").poller().every(SECOND);
            let first = poller.state().await.unwrap().unwrap();
            assert_eq!(
                (first.name(), first.metadata().unwrap()),
                ("j-1", Some(MixingMetadata { percent: 0 }))
            );
            assert_eq!(poller.until_done().await.unwrap().colour, "celadon");
            let polls = vec![("GetJob", "j-1".to_owned()); 2];
            assert_eq!(studio.calls(), [vec![("MixGlaze", "celadon".to_owned())], polls].concat());
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn methods_with_one_request_have_responses_of_their_own() {
    Studio::each(
        || vec![job(0), tested()],
        |_, client| async move {
            let mut poller = client.glaze_service().test_glaze().poller().every(SECOND);
            // The API states no metadata.
            let state = poller.state().await.unwrap().unwrap();
            assert_eq!((state.metadata().unwrap(), state.any_metadata().is_some()), (None, true));
            assert_eq!(poller.until_done().await.unwrap(), GlazeTest { cracked: true });
        },
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn it_is_cancelled_by_the_apis_own_method_and_has_no_other() {
    Studio::each(
        || vec![job(0)],
        |studio, client| async move {
            let poller = client.operation(&GlazeService::MIX_GLAZE, "j-1");
            poller.cancel().await.unwrap();
            let error = poller.delete().await.unwrap_err();
            assert_eq!(
                (error.kind(), error.message()),
                (ErrorKind::Config, "the API has no method that deletes operations")
            );
            assert!(poller.until_done().await.unwrap_err().is_cancelled());
            assert_eq!(studio.calls(), [("CancelJob", "j-1".to_owned()), ("GetJob", "j-1".to_owned())]);
        },
    )
    .await;
}

#[test]
fn the_tables_say_how_an_operation_is_followed() {
    let info = GlazeService::MIX_GLAZE.operation().unwrap();
    assert_eq!(
        (info.response_type(), info.metadata_type()),
        ("kiln.glaze.v1.Glaze", "kiln.glaze.v1.MixingMetadata")
    );
    let methods = info.methods();
    assert_eq!(methods.get().path(), "/kiln.jobs.v1.JobService/GetJob");
    assert_eq!(methods.cancel().unwrap().path(), "/kiln.jobs.v1.JobService/CancelJob");
    assert!(methods.delete().is_none());
    assert!(kiln::v1::KilnService::SMASH_PIECE.operation().is_none());
}
